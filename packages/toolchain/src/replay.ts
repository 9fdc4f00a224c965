// `lumen replay`: the same program with the same answers must give the same records (formats 19.3).

import { readCfs } from "@lumen/core/cfs";
import { failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { ok } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import { machineOutcome, type ReplayVerdict, replaySequence } from "@lumen/raster";
import { describe } from "./compare-runs.ts";
import { cfsText } from "./program-file.ts";
import { openTrace, type TraceRequest, type TraceWithProgram } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { type CellReplay, replayCellTrace } from "./replay-cell.ts";
import { readEvents } from "./trace-read.ts";

/** How the runs compare. */
export interface ReplayReport {
  readonly path: string;
  readonly result: CellReplay;
  /** The recorded run has no end: what is compared are the records that are there. */
  readonly unfinished: boolean;
  readonly opened: TraceWithProgram;
}

/** Replays a whole run from its program file. */
export async function replay(request: TraceRequest): Promise<UseCase<ReplayReport>> {
  const opened = await openTrace(request);
  if (!opened.ok) return refuse(opened.error);
  const trace = opened.value;
  if (trace.program === null) {
    return refuse(
      failure(
        "E_ARTIFACT_MISSING",
        "replay",
        "the trace does not bind its code, so there is nothing to run again",
        { subject: trace.path },
      ),
    );
  }
  const events: TraceEvent[] = [];
  let aborted = false;
  const read = readEvents(trace.path, ({ event }) => {
    if (event.kind === "TileStep") events.push(event);
    if (event.kind === "RunEnd") aborted = event.status === "Aborted";
  });
  if (!read.ok) return refuse(read.error);
  const unfinished = !read.value.finished || aborted;
  const { program } = trace.program;
  if (program.cells.some((c) => c.name === trace.header.entry)) {
    const cell = await replayCellTrace(trace);
    return cell.ok
      ? ok({ path: trace.path, result: cell.value, unfinished, opened: trace })
      : refuse(cell.error);
  }
  const document = parseDocument(cfsText(program), { subject: "cfs.json of the program file" });
  if (!document.ok) return refuse(document.error);
  const cfs = readCfs(document.value, { entry: trace.header.entry });
  if (!cfs.ok) return refuse(cfs.error);
  const verdict = await replaySequence({
    events,
    cfs: cfs.value,
    tiles: (id) => {
      const tile = trace.tiles.get(id);
      if (tile === undefined) return undefined;
      return {
        code: tile.code,
        isConfined: trace.isConfined(id),
        execute: async (input) => {
          const ran = await tile.execute(input);
          return ran.ok ? ok(machineOutcome(ran.value)) : ran;
        },
      };
    },
  });
  if (!verdict.ok) return refuse(verdict.error);
  return ok({
    path: trace.path,
    result: asResult(verdict.value, unfinished),
    unfinished,
    opened: trace,
  });
}

/** The records of an unfinished run need only be the first ones of the run made again. */
function asResult(verdict: ReplayVerdict, unfinished: boolean): CellReplay {
  if (verdict.kind === "identical") return verdict;
  if (unfinished && verdict.recorded === null)
    return { kind: "identical", steps: verdict.leafIndex - 1 };
  const { leafIndex, path, recorded, replayed } = verdict;
  const expected = replayed === null ? "the end of the run" : describe(replayed);
  const found = recorded === null ? "the end of the trace" : describe(recorded);
  const at = path === null ? "" : ` at ${path}`;
  const message = `record ${leafIndex}${at} of the trace is not what the program gives: expected ${expected}, found ${found}`;
  const place = { eventIndex: null, at: null };
  return { kind: "diverged", leafIndex, expected, found, message, ...place };
}
