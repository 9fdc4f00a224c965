// Artifacts of tiles on disk (spec/formats.md 8): reading one that belongs to these sources and
// this code, and writing one, whole or not at all.

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex } from "@lumen/core/hash";
import {
  type Artifact,
  checkArtifact,
  type TileEntry,
  tileTypeHash,
  writeTileManifest,
} from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { type CompiledTile, metadataOf } from "@lumen/raster";
import { isFile, readBytes, writeFileWhole } from "./files.ts";
import { VERSION } from "./producer.ts";

/** What is asked of the artifact folder of a tile. */
export interface ArtifactPlace {
  readonly folder: string;
  readonly entry: TileEntry;
  readonly backend: string;
  /** The cache key of now (8.4). */
  readonly key: string;
}

/** What is there. `unreadable`: an artifact that is rebuilt with a note (8.2). */
export type FoundArtifact =
  | { readonly kind: "fresh"; readonly tile: CompiledTile }
  | { readonly kind: "absent" }
  | { readonly kind: "stale" }
  | { readonly kind: "unreadable"; readonly reason: Failure };

/** Files of an artifact folder that count; more would be somebody else's. */
const FILES_MAX = 64;

/** Reads and checks an artifact: integrity first, then whether it is still the right one. */
export function findArtifact(place: ArtifactPlace): FoundArtifact {
  const { folder, entry, backend, key } = place;
  if (!existsSync(folder)) return { kind: "absent" };
  const files = readFolder(folder);
  if (!files.ok) return { kind: "unreadable", reason: files.error };
  if (!files.value.has("manifest.json")) return { kind: "absent" };
  const checked = checkArtifact({
    tileId: entry.id,
    backend,
    files: files.value,
    subject: folder,
  });
  if (!checked.ok) return { kind: "unreadable", reason: checked.error };
  const { manifest, guest } = checked.value;
  const isOfNow = manifest.sourceHash === key && isCode(manifest.code, entry.code);
  if (!isOfNow || guest === null) return { kind: "stale" };
  return { kind: "fresh", tile: compiledTile(entry, checked.value, guest) };
}

function isCode(stated: Uint8Array | null, code: Uint8Array): boolean {
  return stated !== null && equalBytes(stated, code);
}

function compiledTile(
  entry: TileEntry,
  { manifest }: Artifact,
  guest: NonNullable<Artifact["guest"]>,
): CompiledTile {
  const { backend, methodId } = manifest;
  return { metadata: metadataOf(entry), backend, guest, methodId };
}

function readFolder(folder: string): Result<ReadonlyMap<string, Uint8Array>, Failure> {
  const files = new Map<string, Uint8Array>();
  let names: readonly string[];
  try {
    names = readdirSync(folder).sort();
  } catch (error) {
    return ioFailure(folder, "read", error);
  }
  if (names.length > FILES_MAX) {
    const message = `'${folder}' has ${names.length} files, an artifact at most ${FILES_MAX}`;
    return err(failure("E_ARTIFACT_CORRUPT", "load", message, { subject: folder }));
  }
  for (const name of names) {
    if (!isFile(join(folder, name))) continue;
    const bytes = readBytes(join(folder, name), "load");
    if (!bytes.ok) return bytes;
    files.set(name, bytes.value);
  }
  return ok(files);
}

/**
 * Writes an artifact into a folder beside its place and renames that, so that no reader meets half
 * of one; the manifest is written last.
 */
export function writeArtifact(place: ArtifactPlace, tile: CompiledTile): Result<null, Failure> {
  const { folder } = place;
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    for (const [name, content] of artifactFiles(place, tile)) {
      const written = writeFileWhole(join(temporary, name), content, "compile");
      if (!written.ok) return written;
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return ok(null);
  } catch (error) {
    return ioFailure(folder, "write", error);
  }
}

/** The files of 8.1 in the order in which they are written. */
function artifactFiles(
  { entry, key }: ArtifactPlace,
  tile: CompiledTile,
): readonly (readonly [string, string | Uint8Array])[] {
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
  return [
    [tile.guest.file, tile.guest.bytes],
    ["method_id", `${toHex(tile.methodId)}\n`],
    ["manifest.json", manifest],
  ];
}

function ioFailure<T>(path: string, verb: string, error: unknown): Result<T, Failure> {
  if (!(error instanceof Error && "code" in error)) throw error;
  const message = `cannot ${verb} the artifact '${path}': ${error.message}`;
  return err(failure("E_IO", "compile", message, { subject: path }));
}
