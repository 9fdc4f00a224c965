// Program files (spec/formats.md 10.2): one archive with everything that may run. Written once per
// program, read strictly: every byte of it is accounted for.

import type { Cfs } from "../cfs/model.ts";
import { readCfs, selectEntry } from "../cfs/read.ts";
import { codeDigest } from "../commit/commitment.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { parseDocument } from "../encoding/index.ts";
import { equalBytes, sha256, toHex, utf8Decode, utf8Encode } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type Artifact, artifactCorrupt, checkArtifact } from "./artifact.ts";
import {
  type BundleFile,
  type BundleTile,
  compareTexts,
  type IdentifiedIndex,
  readBundleIndex,
  writeBundleIndex,
} from "./bundle-index.ts";
import { type ProgramTileManifest, readProgramTile } from "./tile-manifest.ts";
import { type ArchiveFile, readUstar, writeUstar } from "./ustar.ts";
import { checkProjectVersion } from "./versions.ts";

/** Program id of a run whose code is not bound (10.2): 32 zero bytes. */
export const UNBOUND_PROGRAM_ID: Uint8Array = new Uint8Array(32);

/** Files by path. */
export type FileTable = ReadonlyMap<string, Uint8Array>;

/** What a program file is made of. `files` has the paths of 10.2, `artifacts` those below them. */
export interface BundleContent {
  readonly project: string;
  readonly version: string;
  readonly files: FileTable;
  /** Null in the program file of a recorded run. */
  readonly artifacts: FileTable | null;
}

/** A program file that has passed every check. */
export interface Bundle {
  readonly index: IdentifiedIndex;
  readonly cfs: Cfs;
  readonly files: FileTable;
  readonly tiles: ReadonlyMap<string, ProgramTileManifest>;
  /** Artifacts by backend, then tile id. */
  readonly artifacts: ReadonlyMap<string, ReadonlyMap<string, Artifact>>;
}

/** Code digest of a Lumen tile from the modules of a program; null if they do not hold it. */
export type RecomputeCode = (tileId: string, files: FileTable) => Uint8Array | null;

/** How a bundle is read. */
export interface ReadBundleOptions {
  readonly subject: string;
  /** Slices LIR, which this part cannot; null leaves Lumen tiles unchecked against modules. */
  readonly recomputeCode: RecomputeCode | null;
}

/**
 * Bytes and program id of a program file; equal content gives equal bytes. The CFS and the tile
 * manifests among the files decide schema hash, entry and tiles.
 */
export function writeBundle(
  content: BundleContent,
): Result<{ readonly bytes: Uint8Array; readonly programId: Uint8Array }, Failure> {
  const version = checkProjectVersion(content.version, { subject: content.project });
  if (!version.ok) return version;
  const program = readProgram(content.files, content.project);
  if (!program.ok) return program;
  const { cfs, entry, tiles } = program.value;
  const fault = codeFault(tiles, content.files, null);
  if (fault !== null) return corrupt(content.project, fault);
  const artifacts = readArtifacts(content.artifacts ?? new Map(), tiles, content.project);
  if (!artifacts.ok) return artifacts;
  const { programId, text } = writeBundleIndex({
    project: content.project,
    version: content.version,
    entry,
    schemaHash: cfs.schemaHash,
    tiles: [...tiles.values()].map(({ tileId, code }) => ({ id: tileId, code })),
    files: indexRows(content.files),
    artifacts: content.artifacts === null ? null : indexRows(content.artifacts),
  });
  const parts = [...inOrder(content.files), ...inOrder(content.artifacts ?? new Map())];
  const bytes = writeUstar([{ path: INDEX, content: utf8Encode(text) }, ...parts]);
  return bytes.ok ? ok({ bytes: bytes.value, programId }) : bytes;
}

/**
 * Reads and checks a program file: container, index, sizes and hashes, program id, schema hash,
 * entry, code of every tile, artifacts. `E_UNSUPPORTED_VERSION` and `E_BAD_PROJECT_VERSION` for
 * versions, `E_ARTIFACT_CORRUPT` for everything else. Files are views of `bytes`.
 */
export function readBundle(bytes: Uint8Array, options: ReadBundleOptions): Result<Bundle, Failure> {
  const { subject } = options;
  const archive = readUstar(bytes, subject);
  if (!archive.ok) return archive;
  const index = readIndex(archive.value, subject);
  if (!index.ok) return index;
  const split = splitFiles(index.value, archive.value.slice(1));
  if ("fault" in split) return corrupt(subject, split.fault);
  const program = readProgram(split.files, subject);
  if (!program.ok) return program;
  const { cfs, entry, tiles } = program.value;
  const fault =
    indexFault(index.value, { cfs, entry, tiles }) ??
    codeFault(tiles, split.files, options.recomputeCode);
  if (fault !== null) return corrupt(subject, fault);
  const artifacts = readArtifacts(split.artifacts, tiles, subject);
  if (!artifacts.ok) return artifacts;
  return ok({ index: index.value, cfs, files: split.files, tiles, artifacts: artifacts.value });
}

const INDEX = "index.json";
const TILE_MANIFEST = /^tiles\/([A-Za-z_][A-Za-z0-9_]{0,127})\/manifest\.json$/;
const ARTIFACT_DIR = /^artifacts\/([a-z][a-z0-9_-]{0,31})\/([A-Za-z_][A-Za-z0-9_]{0,127})$/;
const ARTIFACT_FILE = /^(?:manifest\.json|method_id|guest\.[^/]+)$/;

function corrupt<T>(subject: string, what: string): Result<T, Failure> {
  return err(failure("E_ARTIFACT_CORRUPT", "load", what, { subject }));
}

function inOrder(files: FileTable): ArchiveFile[] {
  const paths = [...files].sort(([a], [b]) => compareTexts(a, b));
  return paths.map(([path, content]) => ({ path, content }));
}

function indexRows(files: FileTable): BundleFile[] {
  return inOrder(files).map(({ path, content }) => ({
    path,
    size: content.length,
    sha256: sha256(content),
  }));
}

function readIndex(
  archive: readonly ArchiveFile[],
  subject: string,
): Result<IdentifiedIndex, Failure> {
  const [first] = archive;
  const text = first?.path === INDEX ? utf8Decode(first.content) : null;
  if (text === null) return corrupt(subject, "the first entry is not index.json in UTF-8");
  const read = readBundleIndex(text, `${subject}/${INDEX}`);
  if (!read.ok) {
    const passes = read.error.code === "E_BAD_PROJECT_VERSION";
    return err(passes ? read.error : artifactCorrupt(read.error, subject));
  }
  const { index, computedId } = read.value;
  if (equalBytes(index.programId, computedId)) return ok(index);
  const computed = toHex(computedId);
  return corrupt(subject, `the program id is ${computed}, not ${toHex(index.programId)}`);
}

type SplitFiles =
  | { readonly files: FileTable; readonly artifacts: FileTable }
  | { readonly fault: string };

/** Assigns the entries of the archive to the rows of the index; sizes and hashes must agree. */
function splitFiles(index: IdentifiedIndex, entries: readonly ArchiveFile[]): SplitFiles {
  const artifactRows = index.artifacts ?? [];
  const rows = [...index.files, ...artifactRows];
  if (entries.length !== rows.length) {
    return { fault: `the index names ${rows.length} files, the archive has ${entries.length}` };
  }
  for (const [position, row] of rows.entries()) {
    const entry = entries[position];
    if (entry?.path !== row.path) return { fault: `${row.path} does not stand in index order` };
    if (entry.content.length !== row.size) return { fault: `${row.path} has another size` };
    if (!equalBytes(sha256(entry.content), row.sha256)) {
      return { fault: `${row.path} has another SHA-256` };
    }
  }
  const table = (part: readonly ArchiveFile[]): FileTable =>
    new Map(part.map(({ path, content }) => [path, content]));
  const count = index.files.length;
  return { files: table(entries.slice(0, count)), artifacts: table(entries.slice(count)) };
}

interface ProgramParts {
  readonly cfs: Cfs;
  readonly entry: string | null;
  readonly tiles: ReadonlyMap<string, ProgramTileManifest>;
}

/** Reads what the files say: schema, its entry, and the tile manifests in the order of ids. */
function readProgram(files: FileTable, subject: string): Result<ProgramParts, Failure> {
  const tiles = new Map<string, ProgramTileManifest>();
  for (const { path, content } of inOrder(files)) {
    if (path === INDEX || path.startsWith("artifacts/")) {
      return corrupt(subject, `${path} is no path for a file of the program`);
    }
    const id = TILE_MANIFEST.exec(path)?.[1];
    if (id === undefined && path.startsWith("tiles/")) {
      return corrupt(subject, `${path} is not a tile manifest`);
    }
    if (id === undefined) continue;
    const tile = readTile(content, `${subject}/${path}`);
    if (!tile.ok) return tile;
    if (tile.value.tileId !== id) return corrupt(subject, `${path} is that of another tile`);
    tiles.set(id, tile.value);
  }
  const cfs = readSchema(files.get("cfs.json"), tiles, subject);
  if (!cfs.ok) return cfs;
  const entry = selectEntry(cfs.value);
  const sorted = new Map([...tiles].sort(([a], [b]) => compareTexts(a, b)));
  return ok({ cfs: cfs.value, entry: entry.ok ? entry.value : null, tiles: sorted });
}

function readTile(content: Uint8Array, subject: string): Result<ProgramTileManifest, Failure> {
  const text = utf8Decode(content);
  if (text === null) return corrupt(subject, "the manifest is not valid UTF-8");
  const tile = readProgramTile(text, subject);
  return tile.ok ? tile : err(artifactCorrupt(tile.error, subject));
}

function readSchema(
  content: Uint8Array | undefined,
  tiles: ReadonlyMap<string, ProgramTileManifest>,
  subject: string,
): Result<Cfs, Failure> {
  const text = content === undefined ? null : utf8Decode(content);
  if (text === null) return corrupt(subject, "cfs.json is missing or not valid UTF-8");
  const file = `${subject}/cfs.json`;
  const doc = parseDocument(text, { subject: file, format: "cfs" });
  if (!doc.ok) return err(artifactCorrupt(doc.error, file));
  const cfs = readCfs(doc.value, {
    subject: file,
    signatureOf: (tileId) => {
      const abi = tiles.get(tileId)?.abi ?? null;
      if (abi === null) return undefined;
      return { inputTypes: abi.inputs.map((input) => input.type), outputType: abi.output };
    },
  });
  return cfs.ok ? cfs : err(artifactCorrupt(cfs.error, file));
}

/** The first way in which the index says something else than the files. */
function indexFault(index: IdentifiedIndex, program: ProgramParts): string | null {
  if (!equalBytes(index.schemaHash, program.cfs.schemaHash)) {
    return "the schema hash is not that of cfs.json";
  }
  if (index.entry !== program.entry) return "the entry is not that of cfs.json";
  const rows = new Map<string, BundleTile>(index.tiles.map((row) => [row.id, row]));
  for (const [id, tile] of program.tiles) {
    const row = rows.get(id);
    if (row === undefined) return `the index does not name the tile ${id}`;
    if (!equalBytes(row.code, tile.code)) return `the code of ${id} is not that of its manifest`;
  }
  const [unknown] = index.tiles.filter((row) => !program.tiles.has(row.id));
  return unknown === undefined ? null : `the tile ${unknown.id} has no manifest`;
}

/** The first tile whose code digest is not that of its modules. */
function codeFault(
  tiles: ReadonlyMap<string, ProgramTileManifest>,
  files: FileTable,
  recompute: RecomputeCode | null,
): string | null {
  for (const [id, { code }] of tiles) {
    const script = files.get(`modules/${id}.js`);
    if (script === undefined && recompute === null) continue;
    const computed = script === undefined ? (recompute?.(id, files) ?? null) : codeDigest(script);
    if (computed === null) return `the modules do not hold the tile ${id}`;
    if (!equalBytes(computed, code)) return `the code of ${id} is not that of its modules`;
  }
  return null;
}

function readArtifacts(
  table: FileTable,
  tiles: ReadonlyMap<string, ProgramTileManifest>,
  subject: string,
): Result<Bundle["artifacts"], Failure> {
  const artifacts = new Map<string, Map<string, Artifact>>();
  for (const [directory, files] of byDirectory(table)) {
    const [, backend, tileId] = ARTIFACT_DIR.exec(directory) ?? [];
    const strange = [...files.keys()].find((name) => !ARTIFACT_FILE.test(name));
    if (backend === undefined || tileId === undefined || strange !== undefined) {
      return corrupt(subject, `${directory} is not the directory of an artifact`);
    }
    const where = `${subject}/${directory}`;
    const artifact = checkArtifact({ tileId, backend, files, subject: where });
    if (!artifact.ok) return err(artifactCorrupt(artifact.error, where));
    const { code } = artifact.value.manifest;
    const expected = tiles.get(tileId)?.code;
    if (expected === undefined || code === null || !equalBytes(code, expected)) {
      return corrupt(where, "the artifact is not made from the code of the index");
    }
    const ofBackend = artifacts.get(backend) ?? new Map<string, Artifact>();
    artifacts.set(backend, ofBackend.set(tileId, artifact.value));
  }
  return ok(artifacts);
}

/** Files by directory and name, in the order of the table. */
function byDirectory(table: FileTable): Map<string, Map<string, Uint8Array>> {
  const directories = new Map<string, Map<string, Uint8Array>>();
  for (const [path, content] of table) {
    const slash = path.lastIndexOf("/");
    const directory = path.slice(0, Math.max(0, slash));
    const files = directories.get(directory) ?? new Map<string, Uint8Array>();
    directories.set(directory, files.set(path.slice(slash + 1), content));
  }
  return directories;
}
