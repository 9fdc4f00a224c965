// Tiles of a program, ready for a back end: from their artifacts where these belong to the sources
// of now, else compiled (spec/formats.md 8.2).

import { type Failure, failure } from "@lumen/core/diagnostic";
import { type Program, type TileEntry, tileCode } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import {
  type Backend,
  type CompiledTile,
  ESTIMATE,
  type ExecutionMode,
  type LoadedTile,
  loadTile,
  metadataOf,
} from "@lumen/raster";
import { type ArtifactPlace, findArtifact, writeArtifact } from "./artifact-store.ts";
import type { RunnableProject } from "./compile-project.ts";
import { nearest } from "./nearest.ts";
import { targetOf } from "./target.ts";
import { TileKeys } from "./tile-sources.ts";

/**
 * Compiles every tile of a program file for a back end: there are no sources and no artifacts that
 * could be trusted more than the code in it.
 */
export async function loadTiles(
  program: Program,
  backend: Backend,
): Promise<Result<ReadonlyMap<string, LoadedTile>, Failure>> {
  const tiles = new Map<string, LoadedTile>();
  for (const entry of program.tiles) {
    const compiled = await compileEntry(program, entry, backend);
    if (!compiled.ok) return compiled;
    tiles.set(entry.id, loadTile(backend, compiled.value, ESTIMATE));
  }
  return ok(tiles);
}

/** How the tiles of a project are provided. */
export interface ProvideOptions {
  readonly backend: Backend;
  /** Compile even what is up to date. */
  readonly force?: boolean;
  /**
   * `always`: a build leaves an artifact of each tile. `present`: a run replaces those that are out
   * of date, and makes none where nobody has built.
   */
  readonly write: "always" | "present";
}

/** A tile and where it comes from. */
export interface ProvidedTile {
  readonly tile: CompiledTile;
  readonly state: "built" | "fresh";
  /** Why an artifact that was there could not be used, for people; null otherwise. */
  readonly note: string | null;
}

/** Provides tiles of one project, one after the other. */
export class TileProvider {
  readonly #project: RunnableProject;
  readonly #options: ProvideOptions;
  readonly #keys: TileKeys;

  constructor(project: RunnableProject, options: ProvideOptions) {
    this.#project = project;
    this.#options = options;
    this.#keys = new TileKeys(project);
  }

  /** The tile of an entry, from its artifact or compiled. */
  async provide(entry: TileEntry): Promise<Result<ProvidedTile, Failure>> {
    const { backend, force = false, write } = this.#options;
    const place: ArtifactPlace = {
      folder: targetOf(this.#project.project).tile(entry.id, backend.name),
      entry,
      backend: backend.name,
      key: this.#keys.keyOf(entry, backend.name),
    };
    const found = findArtifact(place);
    if (!force && found.kind === "fresh")
      return ok({ tile: found.tile, state: "fresh", note: null });
    const compiled = await compileEntry(this.#project.program, entry, backend);
    if (!compiled.ok) return compiled;
    const isWritten = write === "always" || found.kind !== "absent";
    const written = isWritten ? writeArtifact(place, compiled.value) : ok(null);
    if (!written.ok && write === "always") return written;
    const notes = [
      ...(found.kind === "unreadable" ? [rebuiltNote(entry, found.reason)] : []),
      ...(written.ok ? [] : [`${entry.id}: ${written.error.message}`]),
    ];
    const note = notes.length === 0 ? null : notes.join("; ");
    return ok({ tile: compiled.value, state: "built", note });
  }
}

/** A tile bound to a back end, and the artifact that it is. */
export interface BoundTile {
  readonly tile: LoadedTile;
  readonly compiled: CompiledTile;
}

/** The tiles of a project for a run. `note` is told of artifacts that could not be used. */
export async function projectTiles(
  project: RunnableProject,
  options: {
    readonly backend: Backend;
    readonly mode: ExecutionMode;
    readonly note: (text: string) => void;
    /** All of the program when absent. */
    readonly entries?: readonly TileEntry[];
  },
): Promise<Result<ReadonlyMap<string, BoundTile>, Failure>> {
  const { backend, mode, note, entries = project.program.tiles } = options;
  const provider = new TileProvider(project, { backend, write: "present" });
  const tiles = new Map<string, BoundTile>();
  for (const entry of entries) {
    const provided = await provider.provide(entry);
    if (!provided.ok) return provided;
    const { tile: compiled, note: said } = provided.value;
    if (said !== null) note(said);
    tiles.set(entry.id, { tile: loadTile(backend, compiled, mode), compiled });
  }
  return ok(tiles);
}

/** `E_TILE_NOT_FOUND`, with the tile that was meant and those that there are. */
export function noTile(tiles: readonly TileEntry[], id: string): Failure {
  const names = tiles.map((tile) => tile.id);
  const near = nearest(id, names);
  const meant = near === null ? "" : `; did you mean '${near}'?`;
  const hint = `The program has ${names.join(", ") || "no tiles"}.`;
  const message = `there is no tile '${id}'${meant}`;
  return failure("E_TILE_NOT_FOUND", "load", message, { subject: id, hint });
}

function rebuiltNote({ id }: TileEntry, { message, cause, path = cause?.path }: Failure): string {
  const at = path === undefined ? "" : ` at ${path}`;
  return `the artifact of tile ${id} cannot be used and is built anew: ${message}${at}`;
}

async function compileEntry(
  program: Program,
  entry: TileEntry,
  backend: Backend,
): Promise<Result<CompiledTile, Failure>> {
  const code = tileCode(program.modules, entry);
  return code.ok ? backend.compileTile(metadataOf(entry), code.value) : code;
}
