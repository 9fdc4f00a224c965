// `lumen run-sequence`: a sequence on a back end, without a trace (spec/formats.md 11.2, 25).

import { ok } from "@lumen/core/result";
import { nullTracer, RunRecorder } from "@lumen/raster";
import type { ProjectOptions } from "./compile-project.ts";
import type { InputSource } from "./input.ts";
import { openProgramFor } from "./open-program.ts";
import { packProgram } from "./program-file.ts";
import type { Recording } from "./recording.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { driveSequence, openSequence, selectSequence } from "./run.ts";
import type { RunReport } from "./run-report.ts";
import { type BackendRequest, modeOf, type ProofRequest, runTiles } from "./run-tiles.ts";

/** Which sequence is run, on what. */
export interface SequenceRunRequest extends BackendRequest, ProofRequest {
  readonly target: string;
  readonly options?: ProjectOptions;
  /** undefined: by rule 11.1. */
  readonly sequence: string | undefined;
  readonly input: InputSource;
}

/** A program and the sequence of it that is to be run: all of a run but its tiles and recording. */
export type OpenedSequence = Omit<Parameters<typeof driveSequence>[0], "tiles" | "record">;

/** Compiles the program, and reads the input of the sequence that is asked for. */
export async function openForSequence(
  request: Pick<SequenceRunRequest, "target" | "options" | "sequence" | "input">,
): Promise<UseCase<OpenedSequence>> {
  const opened = await openProgramFor("--sequence", request);
  if (!opened.ok) return opened;
  const project = opened.value;
  const entry = selectSequence(project, request.sequence);
  if (!entry.ok) return refuse(entry.error);
  const ready = openSequence(project, entry.value, request.input);
  if (!ready.ok) return refuse(ready.error);
  const packed = packProgram(project);
  if (!packed.ok) return refuse(packed.error);
  const { programId } = packed.value;
  return ok({ project, entry: entry.value, ...ready.value, programId });
}

/** Runs one sequence; nothing is written. */
export async function runOneSequence(request: SequenceRunRequest): Promise<UseCase<RunReport>> {
  const opened = await openForSequence(request);
  if (!opened.ok) return opened;
  const { project } = opened.value;
  const tiles = await runTiles(project, request, modeOf(request));
  if (!tiles.ok) return refuse(tiles.error);
  return driveSequence({
    ...opened.value,
    tiles: tiles.value,
    record: () => ok(unrecorded()),
  });
}

/** A recording that goes nowhere; the commitment is computed all the same. */
export function unrecorded(): Recording {
  const clock = { kind: "logical" } as const;
  const recorder = new RunRecorder({ tracer: nullTracer, io: "Digest", clock });
  return { recorder, tracePath: null, runId: "", release: () => undefined };
}
