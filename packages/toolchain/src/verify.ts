// `lumen verify`: checks a trace against the program that it names (formats 18, 25).

import { readCfs } from "@lumen/core/cfs";
import type { Failure } from "@lumen/core/diagnostic";
import { failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { machineOutcome, whenOk } from "@lumen/raster";
import { type Verdict, type VerifyLevel, verifyTrace } from "@lumen/raster/verify";
import { readText } from "./files.ts";
import { cfsText } from "./program-file.ts";
import { openTrace, type TraceRequest, type TraceWithProgram } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { replayCellTrace } from "./replay-cell.ts";
import { targetOf } from "./target.ts";
import { traceChunks } from "./trace-read.ts";

/** What is to be verified, and how far. */
export interface VerifyRequest extends TraceRequest {
  /** undefined: the highest level that the material allows. */
  readonly level: VerifyLevel | undefined;
  /** `--cfs FILE`: the schema, instead of that of the program file. */
  readonly cfs: string | undefined;
}

/** The verdict and what it was reached with. */
export interface VerifyReport {
  readonly path: string;
  readonly verdict: Verdict;
  readonly opened: TraceWithProgram;
}

/** Verifies a trace. A refusal means that it could not be checked, never that it is wrong. */
export async function verify(request: VerifyRequest): Promise<UseCase<VerifyReport>> {
  const opened = await openTrace(request);
  if (!opened.ok) return refuse(opened.error);
  const trace = opened.value;
  const schema = schemaOf(request, trace);
  if (!schema.ok) return refuse(schema.error);
  const chunks = traceChunks(trace.path);
  if (!chunks.ok) return refuse(chunks.error);
  const { program, tiles } = trace;
  const verdict = await verifyTrace({
    chunks: chunks.value,
    subject: trace.path,
    schema: schema.value,
    program:
      program === null
        ? null
        : {
            programId: program.bundle.index.programId,
            codes: new Map(program.program.tiles.map((t): [string, Uint8Array] => [t.id, t.code])),
            cells: new Set(program.program.cells.map((c) => c.name)),
          },
    level: request.level ?? null,
    ...(program === null
      ? {}
      : {
          isConfined: trace.isConfined,
          execute: ({ tileId, input }) => {
            const tile = tiles.get(tileId);
            if (tile === undefined) {
              const message = `the program file has no tile '${tileId}'`;
              return err(failure("E_TILE_NOT_FOUND", "verify", message, { subject: tileId }));
            }
            return whenOk(tile.execute(input), (ran) => ok(machineOutcome(ran)));
          },
        }),
  });
  const settled = await withReplay(request, trace, verdict);
  return settled.ok
    ? ok({ path: trace.path, verdict: settled.value, opened: trace })
    : refuse(settled.error);
}

/**
 * The schema that the trace is checked against: `--cfs`, the program file's, else the last build's.
 */
function schemaOf(request: VerifyRequest, trace: TraceWithProgram): Result<unknown, Failure> {
  if (request.cfs === undefined && trace.program !== null) {
    return parseDocument(cfsText(trace.program.program), {
      subject: "cfs.json of the program file",
    });
  }
  const path = request.cfs ?? targetOf({ root: request.projectFolder }).cfs;
  const text = readText(path, "load");
  if (!text.ok) return text;
  const document = parseDocument(text.value, { subject: path });
  if (!document.ok) return document;
  const checked = readCfs(document.value, { subject: path });
  return checked.ok ? ok(document.value) : checked;
}

/** A run entered by a cell is re-executed by replaying it with its recorded answers (15.4). */
async function withReplay(
  request: VerifyRequest,
  trace: TraceWithProgram,
  verdict: Verdict,
): Promise<Result<Verdict, Failure>> {
  if (verdict.kind !== "accepted" || verdict.level !== "dataflow") return ok(verdict);
  const wanted = request.level === undefined || request.level === "reexecute";
  const isCell = trace.program?.program.cells.some((c) => c.name === verdict.entry) === true;
  if (!wanted || !isCell) return ok(verdict);
  const replayed = await replayCellTrace(trace);
  if (!replayed.ok) return replayed;
  if (replayed.value.kind === "identical") return ok({ ...verdict, level: "reexecute" });
  const { leafIndex, expected, found, message } = replayed.value;
  return ok({
    kind: "rejected",
    code: "E_STEP_MISMATCH",
    check: "re-execution",
    clause: "15.4",
    reason: "output",
    expected,
    found,
    message,
    warnings: verdict.warnings,
    leafIndex,
    eventIndex: null,
    offset: null,
    tileId: null,
    path: null,
  });
}
