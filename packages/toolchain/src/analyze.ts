// `lumen analyze`: where time and cycles of a run went (formats 22).

import { type AnalysisReport, type ComplianceVerdict, TraceAnalyzer } from "@lumen/analysis";
import { type Cfs, readCfs } from "@lumen/core/cfs";
import { selectCostModel } from "@lumen/core/cost";
import { parseDocument } from "@lumen/core/encoding";
import { ok } from "@lumen/core/result";
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
}

/** The numbers of a run, with what a verifier says about it. */
export interface AnalyzeReport {
  readonly path: string;
  readonly report: AnalysisReport;
}

/** Reads the trace once, and asks the verifier for the schema compliance. */
export async function analyze(request: AnalyzeRequest): Promise<UseCase<AnalyzeReport>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const model = selectCostModel(request.model ?? "rv32im-1");
  if (!model.ok) return refuse(model.error);
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
  const cfs = verified.ok ? cfsOf(verified.value.opened.program) : null;
  const analyzer = new TraceAnalyzer({
    header: header.value,
    model: model.value,
    ...(cfs === null ? {} : { cfs }),
    ...(verified.ok ? { compliance: complianceOf(verified.value.verdict) } : {}),
  });
  const read = readEvents(path.value, (placed) => analyzer.add(placed));
  if (!read.ok) return refuse(read.error);
  return ok({ path: path.value, report: analyzer.report() });
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
