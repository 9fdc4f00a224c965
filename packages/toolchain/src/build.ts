// `lumen build`: artifacts of every tile, the schema and the project manifest (formats 8, 9, 10.1).

import type { Diagnostic, Failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import type { Program, TileEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { type BackendEntry, backendNamed } from "./backends.ts";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import { writeFileWhole } from "./files.ts";
import { buildNative, type NativeReport } from "./native/build-native.ts";
import type { ObjectSetting } from "./native/object-store.ts";
import { openProgram } from "./open-program.ts";
import { cfsText, projectManifestText } from "./program-file.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { targetOf } from "./target.ts";
import { noTile, type ProvidedTile, TileProvider } from "./tiles.ts";
import { LIBRARY_DECLARATIONS } from "./typescript/library-declarations.ts";

/** What is to be built. */
export interface BuildRequest {
  readonly target: string;
  readonly tile: string | undefined;
  readonly backend: string;
  /** The back ends that there are; those of this version when absent. */
  readonly backends?: readonly BackendEntry[];
  readonly force: boolean;
  /** Where native code is kept, where it is to be made too (formats 28). */
  readonly native?: ObjectSetting;
  readonly options?: ProjectOptions;
}

/** One tile's artifact. `state` says whether it was made now or was there already. */
export interface BuiltTile {
  readonly tileId: string;
  readonly state: "built" | "fresh";
  readonly methodId: string;
  readonly guestBytes: number;
  /** Why an artifact that was there could not be used; null otherwise. */
  readonly note: string | null;
}

/** Everything that a build wrote. A tile that failed does not stop the others. */
export interface BuildReport {
  readonly folder: string;
  readonly backend: string;
  readonly tiles: readonly BuiltTile[];
  readonly failures: readonly { readonly tileId: string; readonly error: Failure }[];
  /** Native code, where it was asked for. */
  readonly native: NativeReport | null;
  readonly warnings: readonly Diagnostic[];
}

/** Builds a project. */
export async function build(request: BuildRequest): Promise<UseCase<BuildReport>> {
  const opened = await openProgram(request.target, request.options);
  if (!opened.ok) return opened;
  const backend = backendNamed(request.backend, { code: "own" }, request.backends);
  if (!backend.ok) return refuse(backend.error);
  const project = opened.value;
  const chosen = chosenTiles(project.program, request.tile);
  if (!chosen.ok) return refuse(chosen.error);
  const { force } = request;
  const provider = new TileProvider(project, { backend: backend.value, force, write: "always" });
  const tiles: BuiltTile[] = [];
  const failures: { tileId: string; error: Failure }[] = [];
  for (const entry of chosen.value) {
    const built = await provider.provide(entry);
    if (built.ok) tiles.push(builtTile(entry, built.value));
    else failures.push({ tileId: entry.id, error: built.error });
  }
  const written = request.tile === undefined ? writeDocuments(project) : ok(null);
  if (!written.ok) return refuse(written.error);
  const native =
    request.native === undefined ? ok(null) : await buildNative(project, request.native);
  if (!native.ok) return refuse(native.error);
  return ok({
    native: native.value,
    folder: targetOf(project.project).root,
    backend: backend.value.name,
    tiles,
    failures,
    warnings: project.diagnostics,
  });
}

function chosenTiles(
  { tiles }: Program,
  id: string | undefined,
): Result<readonly TileEntry[], Failure> {
  const chosen = tiles.filter((tile) => id === undefined || tile.id === id);
  if (id === undefined || chosen.length > 0) return ok(chosen);
  return err(noTile(tiles, id));
}

function builtTile(entry: TileEntry, { tile, state, note }: ProvidedTile): BuiltTile {
  const methodId = toHex(tile.methodId);
  return { tileId: entry.id, state, methodId, guestBytes: tile.guest.bytes.length, note };
}

/** Schema, project manifest, types for editors: what a full build writes beside the artifacts. */
function writeDocuments({ program, project }: RunnableProject): Result<null, Failure> {
  const target = targetOf(project);
  const manifest = projectManifestText(program);
  if (!manifest.ok) return manifest;
  const texts = [
    [target.cfs, cfsText(program)],
    [target.manifest, manifest.value],
    ...(project.typescript.length === 0 ? [] : [[target.types, LIBRARY_DECLARATIONS()] as const]),
  ] as const;
  for (const [path, text] of texts) {
    const written = writeFileWhole(path, text, "compile");
    if (!written.ok) return written;
  }
  return ok(null);
}
