// `lumen analyze`: where time and cycles of a run went (formats 22).

import {
  type AnalysisReport,
  type ComplianceVerdict,
  FlowBuilder,
  type RunPicture,
  TimelineBuilder,
  TraceAnalyzer,
  type TraceValidator,
} from "@lumen/analysis";
import { type Cfs, readCfs } from "@lumen/core/cfs";
import { type CostModel, RV32IM_1, selectCostModel } from "@lumen/core/cost";
import { parseDocument } from "@lumen/core/encoding";
import { ok } from "@lumen/core/result";
import type { TraceHeader } from "@lumen/core/trace";
import type { Verdict } from "@lumen/raster/verify";
import { cfsText, type ReadProgram } from "./program-file.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";
import { verify } from "./verify.ts";

/** What is to be analysed. */
export interface AnalyzeRequest {
  /** undefined: the newest trace of the project. */
  readonly trace: string | undefined;
  readonly projectFolder: string;
  readonly model: string | undefined;
  readonly program: string | undefined;
  /** Cost models beside the built-in ones. */
  readonly models?: readonly CostModel[];
  /** Rules of your own; made anew for each trace. */
  readonly validators?: () => readonly TraceValidator[];
}

/** The numbers of a run, with what a verifier says about it, and what a page draws. */
export interface AnalyzeReport extends RunPicture {
  readonly path: string;
  readonly report: AnalysisReport;
}

/** Reads the trace once, and asks the verifier for the schema compliance. */
export async function analyze(request: AnalyzeRequest): Promise<UseCase<AnalyzeReport>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const header = readHeader(path.value);
  if (!header.ok) return refuse(header.error);
  const { projectFolder, program } = request;
  const verified = await verify({
    trace: path.value,
    projectFolder,
    program,
    level: undefined,
    cfs: undefined,
  });
  const opened = verified.ok ? verified.value.opened.program : null;
  const pass = openAnalysis(header.value, request, {
    program: opened,
    ...(verified.ok ? { compliance: complianceOf(verified.value.verdict) } : {}),
  });
  if (!pass.ok) return pass;
  const read = readEvents(path.value, ({ event }) => pass.value.add(event));
  if (!read.ok) return refuse(read.error);
  return ok({ path: path.value, ...pass.value.picture() });
}

/** One pass over a trace: the report and what is drawn of it. */
export interface AnalysisPass {
  readonly add: (event: Parameters<TimelineBuilder["add"]>[0]) => void;
  /** Of the events so far. */
  readonly picture: () => RunPicture;
}

/** What is known beside the events. */
export interface AnalysisContext {
  readonly program: ReadProgram | null;
  readonly compliance?: ComplianceVerdict;
}

/** Begins a pass. The failures are those of the cost model. */
export function openAnalysis(
  header: TraceHeader,
  request: Pick<AnalyzeRequest, "model" | "models" | "validators">,
  { program, compliance }: AnalysisContext,
): UseCase<AnalysisPass> {
  const model = selectCostModel(request.model ?? RV32IM_1.name, request.models);
  if (!model.ok) return refuse(model.error);
  const cfs = cfsOf(program);
  const { deterministic } = header;
  const analyzer = new TraceAnalyzer({
    header,
    model: model.value,
    validators: request.validators?.() ?? [],
    estimatedCycles: estimatesOf(program),
    ...(cfs === null ? {} : { cfs }),
    ...(compliance === undefined ? {} : { compliance }),
  });
  const timeline = new TimelineBuilder({ deterministic });
  const flow = new FlowBuilder({ deterministic });
  return ok({
    add: (event) => {
      analyzer.add(event);
      timeline.add(event);
      flow.add(event);
    },
    picture: () => ({
      report: analyzer.report(),
      timeline: timeline.timeline(),
      flow: flow.flow(cfs),
    }),
  });
}

/** What the tiles of a program declare. */
function estimatesOf(program: ReadProgram | null): ReadonlyMap<string, number> {
  const tiles = program?.program.tiles ?? [];
  return new Map(
    tiles.flatMap(({ id, estimatedCycles }): [string, number][] =>
      estimatedCycles === null ? [] : [[id, estimatedCycles]],
    ),
  );
}

function complianceOf(verdict: Verdict): ComplianceVerdict {
  switch (verdict.kind) {
    case "accepted": {
      const assumed = Object.values(verdict.assumed).reduce((sum, n) => sum + n, 0);
      return { verdict: "accepted", level: verdict.level, code: null, message: null, assumed };
    }
    case "rejected":
    case "undecided":
      return {
        verdict: verdict.kind,
        level: null,
        code: verdict.code,
        message: verdict.message,
        assumed: 0,
      };
  }
}

function cfsOf(program: ReadProgram | null): Cfs | null {
  if (program === null) return null;
  const document = parseDocument(cfsText(program.program), {
    subject: "cfs.json of the program file",
  });
  const cfs = document.ok ? readCfs(document.value) : document;
  return cfs.ok ? cfs.value : null;
}
