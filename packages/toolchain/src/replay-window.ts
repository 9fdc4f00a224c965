// `lumen replay` of a part of a run: a window of a trace, or a window document alone (formats 19).

import { compileSchema, readCfs, type Schema } from "@lumen/core/cfs";
import { readWindow, type WindowDocument, writeWindow } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  checkRange,
  DEFAULT_WINDOW_SIZE,
  type RecordedLeaf,
  type StepRange,
  WindowBuilder,
  windowAt,
} from "@lumen/raster";
import { type EvidenceMaterial, replayWindow, type WindowVerdict } from "@lumen/raster/verify";
import { type EvidenceFile, materialOf, materialOfFile } from "./evidence-material.ts";
import { readEvidence, writeFileWhole } from "./files.ts";
import { openTraceAt, type RecordedProgram, type TraceRequest } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { readLeaves } from "./trace-leaves.ts";
import { readEvents } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** Which steps: from one to another, or the window of some size that one of them is in (19.1). */
export type WindowChoice =
  | { readonly kind: "range"; readonly start: number; readonly end: number }
  | {
      readonly kind: "around";
      readonly at: number;
      readonly size: number | undefined;
      readonly context: boolean;
    };

/** A part of a trace to be replayed. */
export interface WindowRequest extends TraceRequest {
  readonly choice: WindowChoice;
  /** Where the window document goes. */
  readonly out: string | undefined;
}

/** What the replay gave, and where the document is. */
export interface WindowReport {
  readonly path: string;
  readonly window: WindowDocument;
  readonly verdict: WindowVerdict;
  readonly out: string | undefined;
}

/**
 * Cuts a window out of a trace and replays it. `E_WINDOW_RANGE`; `E_STEP_MISMATCH` for a trace that
 * is wrong before the window; `E_MISSING_VALUE` for one that holds digests only.
 */
export async function replayPart(request: WindowRequest): Promise<UseCase<WindowReport>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const opened = await openTraceAt(path.value, request);
  if (!opened.ok) return refuse(opened.error);
  const program = opened.value.program;
  if (program === null) return refuse(notBound(path.value));
  const material = materialOf(program, opened.value.tiles, request.backend);
  if (!material.ok) return refuse(material.error);
  const window = cutWindow(opened.value, request.choice, material.value);
  if (!window.ok) return refuse(window.error);
  const { out } = request;
  const written =
    out === undefined ? ok(null) : writeFileWhole(out, writeWindow(window.value), "replay");
  if (!written.ok) return refuse(written.error);
  const verdict = await replayWindow(window.value, material.value);
  return ok({ path: path.value, window: window.value, verdict, out });
}

/** Replays a window document. `E_UNSUPPORTED_VERSION`, `E_MALFORMED`, `E_ARTIFACT_MISSING`. */
export async function replayWindowFile(request: EvidenceFile): Promise<UseCase<WindowReport>> {
  const text = readEvidence(request.file);
  if (!text.ok) return refuse(text.error);
  const window = readWindow(text.value, request.file);
  if (!window.ok) return refuse(window.error);
  const material = await materialOfFile(request, window.value.programId);
  if (!material.ok) return refuse(material.error);
  const verdict = await replayWindow(window.value, material.value);
  return ok({ path: request.file, window: window.value, verdict, out: undefined });
}

function cutWindow(
  { path }: RecordedProgram,
  choice: WindowChoice,
  material: EvidenceMaterial,
): Result<WindowDocument, Failure> {
  const leaves = readLeaves(path);
  if (!leaves.ok) return leaves;
  const { tree, steps, genesis } = leaves.value;
  const range = rangeOf(choice, steps);
  if (!range.ok) return range;
  const schema = sequenceOf(material, genesis.entry);
  if (!schema.ok) return schema;
  const { codes } = material;
  const builder = new WindowBuilder(schema.value, { tree, range: range.value, codes });
  const followed = eachLeaf(path, (leaf) => builder.take(leaf));
  return followed.ok ? builder.finish() : followed;
}

function rangeOf(choice: WindowChoice, steps: number): Result<StepRange, Failure> {
  if (choice.kind === "range") return checkRange(choice, steps);
  const { at, context, size = DEFAULT_WINDOW_SIZE } = choice;
  return windowAt(steps, { at, size, context });
}

/** The schema of a run; `E_NOT_EXPRESSIBLE` for one that a cell entered. */
function sequenceOf(material: EvidenceMaterial, entry: string): Result<Schema, Failure> {
  const cfs = readCfs(material.schema);
  if (!cfs.ok) return cfs;
  if (cfs.value.sequenceById.has(entry)) return compileSchema(cfs.value, entry);
  const message = `the run was entered by the cell '${entry}', so it has no windows`;
  const hint = "lumen replay TRACE replays it whole.";
  return err(failure("E_NOT_EXPRESSIBLE", "replay", message, { subject: entry, hint }));
}

/** Hands over the records of a trace with their bytes, up to the first failure. */
export function eachLeaf(
  path: string,
  take: (leaf: RecordedLeaf) => Result<null, Failure>,
): Result<null, Failure> {
  let taken: Result<null, Failure> = ok(null);
  const read = readEvents(path, ({ event }) => {
    if (event.kind !== "TileStep" || !taken.ok) return;
    const { record, input, output } = event;
    taken = take({ record, input, output });
  });
  return read.ok ? taken : read;
}

function notBound(subject: string): Failure {
  const message = "the trace does not bind its code, so there is nothing to run again";
  return failure("E_ARTIFACT_MISSING", "replay", message, { subject });
}
