// The program that a trace names, ready to be checked or run again.

import { dirname, join } from "node:path";
import type { Failure } from "@lumen/core/diagnostic";
import { equalBytes, ZERO32 } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import type { TraceHeader } from "@lumen/core/trace";
import type { LoadedTile } from "@lumen/raster";
import { backendNamed, checkingBackend, hasLimits } from "./backends.ts";
import type { ReadProgram } from "./program-file.ts";
import { loadTiles } from "./tiles.ts";
import { firstOf, readHeader } from "./trace-read.ts";
import { findProgram, findTrace } from "./trace-store.ts";
import { type WorkingCopy, workingCopyOf } from "./working-copy.ts";

/** A trace on a command line. */
export interface TraceRequest {
  /** Run id or file; undefined: the newest trace of the project. */
  readonly trace: string | undefined;
  readonly projectFolder: string;
  /** `--program FILE`. */
  readonly program: string | undefined;
  /** The back end to run tiles with; when absent that of the trace where it has limits. */
  readonly backend?: string | undefined;
}

/** A trace and its program. `program` null: the run did not bind its code. */
export interface RecordedProgram {
  readonly path: string;
  readonly header: TraceHeader;
  readonly program: ReadProgram | null;
  readonly tiles: ReadonlyMap<string, LoadedTile>;
  /** Whether a tile of `tiles` has limits that it did not have in the recorded run (12). */
  readonly isConfined: (tileId: string) => boolean;
}

/** The same, beside what there is now. */
export interface TraceWithProgram extends RecordedProgram {
  readonly workingCopy: WorkingCopy;
}

/**
 * Finds trace and program file; tiles are compiled from the program file, never from the working
 * copy.
 */
export async function openTrace(request: TraceRequest): Promise<Result<TraceWithProgram, Failure>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return path;
  const recorded = await openTraceAt(path.value, request);
  if (!recorded.ok) return recorded;
  const { program } = recorded.value;
  const workingCopy: WorkingCopy =
    program === null
      ? { kind: "unknown", reason: "the run did not bind its code" }
      : await workingCopyOf(projectOf(path.value, request.projectFolder), program.bundle);
  return ok({ ...recorded.value, workingCopy });
}

/** The same for a trace file that was found, whatever the working copy. */
export async function openTraceAt(
  path: string,
  request: Omit<TraceRequest, "trace">,
): Promise<Result<RecordedProgram, Failure>> {
  const header = readHeader(path);
  if (!header.ok) return header;
  const { programId } = header.value;
  if (programId === null || equalBytes(programId, ZERO32))
    return ok({
      path,
      header: header.value,
      program: null,
      tiles: new Map(),
      isConfined: () => false,
    });
  const program = findProgram({
    programId,
    tracePath: path,
    projectFolder: request.projectFolder,
    given: request.program,
  });
  if (!program.ok) return program;
  const recorded = recordedBackend(path);
  const tiles = await loadEvidenceTiles(program.value, request.backend, recorded);
  if (!tiles.ok) return tiles;
  const isFree = request.backend === undefined && !hasLimits(recorded);
  const isConfined = (id: string): boolean => isFree && isSandboxed(program.value, id);
  const opened = { path, header: header.value, program: program.value, tiles: tiles.value };
  return ok({ ...opened, isConfined });
}

/** Whether a tile of somebody else runs in the sandbox, which has limits on every back end. */
export function isSandboxed({ program }: ReadProgram, tileId: string): boolean {
  return program.tiles.some(({ id, guest }) => id === tileId && guest.kind === "js");
}

/** Tiles of a program file, for those who check what somebody else ran. */
export async function loadEvidenceTiles(
  { program }: ReadProgram,
  name: string | undefined,
  recorded: string | null = null,
): Promise<Result<ReadonlyMap<string, LoadedTile>, Failure>> {
  const languages = new Set(program.tiles.map((tile) => tile.guest.kind));
  const backend =
    name === undefined
      ? ok(checkingBackend(recorded, languages))
      : backendNamed(name, { code: "foreign" });
  return backend.ok ? loadTiles(program, backend.value) : backend;
}

/** The back end of the first tile that a trace tells of; null without one. */
function recordedBackend(path: string): string | null {
  return firstOf(path, (event) =>
    event.kind === "TileStep" && event.backend !== "" ? event.backend : null,
  );
}

/** The project that a trace in `target/raster/traces` belongs to, else the one that was named. */
export function projectOf(tracePath: string, projectFolder: string): string {
  const folder = dirname(tracePath);
  return folder.endsWith(join("target", "raster", "traces"))
    ? join(folder, "..", "..", "..")
    : projectFolder;
}
