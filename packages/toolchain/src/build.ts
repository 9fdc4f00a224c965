// `lumen build`: artifacts of every tile, the schema and the project manifest (formats 8, 9, 10.1).

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic, Failure } from "@lumen/core/diagnostic";
import { failure } from "@lumen/core/diagnostic";
import { equalBytes, sha256, toHex, utf8Encode } from "@lumen/core/hash";
import {
  readTileManifest,
  sourceHash,
  type TileEntry,
  tileCode,
  tileTypeHash,
  writeTileManifest,
} from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import { type Backend, type CompiledTile, metadataOf } from "@lumen/raster";
import { backendNamed } from "./backends.ts";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import { readBytes, readText, writeFileWhole } from "./files.ts";
import { openProgram } from "./open-program.ts";
import { VERSION } from "./producer.ts";
import { cfsText, projectManifestText } from "./program-file.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { targetOf } from "./target.ts";

/** What is to be built. */
export interface BuildRequest {
  readonly target: string;
  readonly tile: string | undefined;
  readonly backend: string;
  readonly force: boolean;
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
  readonly warnings: readonly Diagnostic[];
}

/** Builds a project. */
export async function build(request: BuildRequest): Promise<UseCase<BuildReport>> {
  const opened = await openProgram(request.target, request.options);
  if (!opened.ok) return opened;
  const backend = backendNamed(request.backend);
  if (!backend.ok) return refuse(backend.error);
  const project = opened.value;
  const { program } = project;
  const chosen = program.tiles.filter((t) => request.tile === undefined || t.id === request.tile);
  if (request.tile !== undefined && chosen.length === 0) {
    const hint = `The program has ${program.tiles.map((t) => t.id).join(", ") || "no tiles"}.`;
    return refuse(
      failure("E_TILE_NOT_FOUND", "compile", `there is no tile '${request.tile}'`, { hint }),
    );
  }
  const tiles: BuiltTile[] = [];
  const failures: { tileId: string; error: Failure }[] = [];
  for (const entry of chosen) {
    const built = await buildTile(project, entry, backend.value, request.force);
    if (built.ok) tiles.push(built.value);
    else failures.push({ tileId: entry.id, error: built.error });
  }
  const target = targetOf(project.project);
  if (request.tile === undefined) {
    const manifest = projectManifestText(program);
    if (!manifest.ok) return refuse(manifest.error);
    for (const [path, text] of [
      [target.cfs, cfsText(program)],
      [target.manifest, manifest.value],
    ] as const) {
      const written = writeFileWhole(path, text, "compile");
      if (!written.ok) return refuse(written.error);
    }
  }
  return ok({
    folder: target.root,
    backend: backend.value.name,
    tiles,
    failures,
    warnings: project.diagnostics,
  });
}

async function buildTile(
  project: RunnableProject,
  entry: TileEntry,
  backend: Backend,
  force: boolean,
): Promise<Result<BuiltTile, Failure>> {
  const code = tileCode(project.program.modules, entry);
  if (!code.ok) return code;
  const folder = targetOf(project.project).tile(entry.id, backend.name);
  const key = cacheKey(project, backend.name);
  const present = presentArtifact(folder, entry, key);
  if (!force && present.kind === "fresh") {
    return ok({
      tileId: entry.id,
      state: "fresh",
      methodId: present.methodId,
      guestBytes: present.guestBytes,
      note: null,
    });
  }
  const compiled = await backend.compileTile(metadataOf(entry), code.value);
  if (!compiled.ok) return compiled;
  const written = writeArtifact(folder, entry, compiled.value, key);
  if (!written.ok) return written;
  return ok({
    tileId: entry.id,
    state: "built",
    methodId: toHex(compiled.value.methodId),
    guestBytes: compiled.value.guest.bytes.length,
    note: present.kind === "unreadable" ? present.reason : null,
  });
}

/** Over every source of the program, manifest and lock file (formats 8.4). */
function cacheKey(project: RunnableProject, backend: string): string {
  const files = [...project.sources].map(([path, text]) => ({
    path,
    sha256: sha256(utf8Encode(text)),
  }));
  const { manifestText, lockText } = project.project;
  if (manifestText !== null)
    files.push({ path: "lumen.toml", sha256: sha256(utf8Encode(manifestText)) });
  if (lockText !== null) files.push({ path: "lumen.lock", sha256: sha256(utf8Encode(lockText)) });
  return sourceHash({ files, compiler: VERSION, backend, options: new Map() });
}

type Present =
  | { readonly kind: "fresh"; readonly methodId: string; readonly guestBytes: number }
  | { readonly kind: "stale" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** An artifact that is there and belongs to these sources and this code (formats 8.2). */
function presentArtifact(folder: string, entry: TileEntry, key: string): Present {
  const path = join(folder, "manifest.json");
  if (!existsSync(path)) return { kind: "stale" };
  const text = readText(path, "compile");
  const manifest = text.ok ? readTileManifest(text.value, path) : text;
  if (!manifest.ok)
    return { kind: "unreadable", reason: `${entry.id}: ${manifest.error.message}; built anew` };
  const { methodId, sourceHash: recorded, guestFile, code, elfSize } = manifest.value;
  if (recorded !== key || code === null || !equalBytes(code, entry.code)) return { kind: "stale" };
  const guest = join(folder, guestFile ?? "guest.lir");
  if (!existsSync(guest))
    return { kind: "unreadable", reason: `${entry.id}: the guest file is gone; built anew` };
  const bytes = readBytes(guest, "compile");
  if (!bytes.ok)
    return { kind: "unreadable", reason: `${entry.id}: ${bytes.error.message}; built anew` };
  if (bytes.value.length !== elfSize)
    return {
      kind: "unreadable",
      reason: `${entry.id}: the guest file has another size; built anew`,
    };
  return { kind: "fresh", methodId: toHex(methodId), guestBytes: elfSize };
}

/** The manifest is written last: its presence means that the artifact is complete. */
function writeArtifact(
  folder: string,
  entry: TileEntry,
  tile: CompiledTile,
  key: string,
): Result<null, Failure> {
  const inputs = entry.params.map((p) => p.type);
  const manifest = writeTileManifest({
    tileId: entry.id,
    backend: tile.backend,
    methodId: tile.methodId,
    elfSize: tile.guest.bytes.length,
    sourceHash: key,
    guestFile: tile.guest.file,
    abi: {
      inputs: entry.params.map((p) => ({ name: p.name, type: p.type })),
      output: entry.output,
      error: entry.error,
      typeHash: tileTypeHash(inputs, entry.output),
    },
    kind: entry.kind,
    code: entry.code,
    compiler: { name: "lumen", version: VERSION },
    extra: {},
  });
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    [tile.guest.file, tile.guest.bytes],
    ["method_id", `${toHex(tile.methodId)}\n`],
    ["manifest.json", manifest],
  ];
  for (const [name, content] of files) {
    const written = writeFileWhole(join(folder, name), content, "compile");
    if (!written.ok) return written;
  }
  return ok(null);
}
