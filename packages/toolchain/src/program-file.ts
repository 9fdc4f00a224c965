// The program file that every recorded run keeps (spec/formats.md 10.2), and the way back to a
// program.

import { type CfsDocument, type CfsSequence, writeCfs } from "@lumen/core/cfs";
import { codeDigest } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Decode, utf8Encode } from "@lumen/core/hash";
import {
  codeBytesOf,
  encodeModule,
  type LirModule,
  readModule,
  validateProgram,
  wireTypeOf,
} from "@lumen/core/lir";
import {
  type Bundle,
  type CellEntry,
  type FileTable,
  NO_POLICY,
  type Program,
  type ProgramCell,
  type ProgramPolicy,
  readBundle,
  readPolicy,
  readProjectManifest,
  type SequenceEntry,
  type SequenceSummary,
  type TileEntry,
  type TileGuest,
  type TileSummary,
  tileTypeHash,
  writeBundle,
  writePolicy,
  writeProgramTile,
  writeProjectManifest,
} from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { TypeDescriptor } from "@lumen/core/value";
import type { RunnableProject } from "./compile-project.ts";

/** A program file in memory. */
export interface ProgramFile {
  readonly bytes: Uint8Array;
  readonly programId: Uint8Array;
}

/**
 * Packs the program: schema, manifests, modules, sources; with the artifacts of a bundle, null for
 * the program file of a run (10.2). Equal programs give equal bytes.
 */
export function packProgram(
  compiled: RunnableProject,
  artifacts: FileTable | null = null,
): Result<ProgramFile, Failure> {
  const { project, version } = compiled.program;
  const files = filesOf(compiled);
  return files.ok ? writeBundle({ project, version, files: files.value, artifacts }) : files;
}

function filesOf({ program, project, sources }: RunnableProject): Result<FileTable, Failure> {
  const files = new Map<string, Uint8Array>();
  const manifest = projectManifestText(program);
  if (!manifest.ok) return manifest;
  files.set("cfs.json", utf8Encode(cfsText(program)));
  files.set("manifest.json", utf8Encode(manifest.value));
  if (project.manifestText !== null) files.set("lumen.toml", utf8Encode(project.manifestText));
  const { budgets, tools } = program.policy;
  if (budgets.length + tools.length > 0)
    files.set("policy.json", utf8Encode(writePolicy(program.policy)));
  if (project.lockText !== null) files.set("lumen.lock", utf8Encode(project.lockText));
  for (const tile of program.tiles)
    files.set(`tiles/${tile.id}/manifest.json`, utf8Encode(tileText(tile)));
  for (const module of program.modules)
    files.set(`modules/${module.name}.lir`, encodeModule(module));
  for (const { id, guest } of program.tiles)
    if (guest.kind === "js") files.set(guestPath(id), guest.source);
  for (const [path, text] of sources) files.set(sourcePath(path), utf8Encode(text));
  return ok(files);
}

/** Where the code of a TypeScript tile stands. */
function guestPath(tileId: string): string {
  return `modules/${tileId}.js`;
}

/** Text of `cfs.json`, canonical order. */
export function cfsText(program: Program): string {
  return writeCfs(program.cfs);
}

const RESERVED = ["tiles/", "modules/", "artifacts/", "sources/"];
const RESERVED_NAMES = [
  "index.json",
  "cfs.json",
  "manifest.json",
  "policy.json",
  "lumen.toml",
  "lumen.lock",
];

/** A source whose name the archive needs for itself stands below `sources/`. */
function sourcePath(path: string): string {
  const taken = RESERVED_NAMES.includes(path) || RESERVED.some((prefix) => path.startsWith(prefix));
  return taken || path.startsWith("/") ? `sources/${path.replace(/^\/+/, "")}` : path;
}

function tileText(tile: TileEntry): string {
  const inputs = tile.params.map((p) => p.type);
  return writeProgramTile({
    tileId: tile.id,
    code: tile.code,
    kind: tile.kind,
    abi: {
      inputs: tile.params.map((p) => ({ name: p.name, type: p.type })),
      output: tile.output,
      error: tile.error,
      typeHash: tileTypeHash(inputs, tile.output),
    },
  });
}

/** Text of the project manifest (10.1). */
export function projectManifestText(program: Program): Result<string, Failure> {
  return writeProjectManifest({
    name: program.project,
    version: program.version,
    tiles: program.tiles.map((tile) => ({
      id: tile.id,
      name: tile.id,
      description: tile.description,
      estimatedCycles: tile.estimatedCycles,
      maxMemory: tile.maxMemory,
    })),
    sequences: program.cfs.sequences.map((s) => summarise(s, program.version)),
    entry: program.entry,
  });
}

type SequenceDocument = CfsDocument["sequences"][number];
type ItemDocument = SequenceDocument["items"][number];

function summarise(sequence: SequenceDocument, version: string): SequenceSummary {
  const tiles = new Set<string>();
  const collect = (items: readonly ItemDocument[]): void => {
    for (const item of items) {
      if (item.item_type === "tile") tiles.add(item.item_id);
      else if (item.item_type === "branch") for (const arm of item.arms) collect(arm.items);
      else if (item.item_type === "loop") {
        collect(item.head?.items ?? []);
        collect(item.body.items);
      }
    }
  };
  collect(sequence.items);
  return {
    name: sequence.id,
    version,
    tiles: [...tiles],
    controlFlow: { kind: "Linear", steps: sequence.items.map((i) => i.item_id) },
  };
}

/** A program file that was read and checked. */
export interface ReadProgram {
  readonly bundle: Bundle;
  readonly program: Program;
}

/** Reads a program file strictly; code digests are recomputed from its modules. */
export function readProgramFile(bytes: Uint8Array, subject: string): Result<ReadProgram, Failure> {
  let modules: readonly LirModule[] | null = null;
  const bundle = readBundle(bytes, {
    subject,
    recomputeCode: (tileId, files) => {
      const guest = files.get(guestPath(tileId));
      if (guest !== undefined) return codeDigest(guest);
      modules ??= modulesOf(files, subject);
      const owner = modules.find((m) =>
        m.cells.some((c) => c.name === tileId && c.kind === "tile"),
      );
      if (owner === undefined) return null;
      const code = codeBytesOf(modules, { module: owner.name, name: tileId });
      return code.ok ? codeDigest(code.value) : null;
    },
  });
  if (!bundle.ok) return bundle;
  const decoded = decodeModules(bundle.value.files, subject);
  if (!decoded.ok) return decoded;
  const valid = validateProgram(decoded.value);
  if (!valid.ok) {
    const { error } = valid;
    return err(failure("E_ARTIFACT_CORRUPT", "load", error.message, { subject, cause: error }));
  }
  const policy = policyOf(bundle.value.files, subject);
  if (!policy.ok) return policy;
  const parts = { modules: decoded.value, policy: policy.value };
  return ok({ bundle: bundle.value, program: programOf(bundle.value, parts) });
}

function modulesOf(files: FileTable, subject: string): readonly LirModule[] {
  const decoded = decodeModules(files, subject);
  return decoded.ok ? decoded.value : [];
}

/** Modules of a program file: `main` first, the others by path. */
function decodeModules(files: FileTable, subject: string): Result<readonly LirModule[], Failure> {
  const modules: LirModule[] = [];
  for (const [path, bytes] of files) {
    if (!path.startsWith("modules/") || !path.endsWith(".lir")) continue;
    const module = readModule(bytes, `${subject}: ${path}`);
    if (!module.ok) {
      if (module.error.code === "E_UNSUPPORTED_VERSION") return module;
      return err(
        failure("E_ARTIFACT_CORRUPT", "load", module.error.message, {
          subject,
          cause: module.error,
        }),
      );
    }
    modules.push(module.value);
  }
  return ok(
    modules.sort((a, b) =>
      a.name === "main" ? -1 : b.name === "main" ? 1 : a.name < b.name ? -1 : 1,
    ),
  );
}

/** A program without the file says nothing about its requests. */
function policyOf(files: FileTable, subject: string): Result<ProgramPolicy, Failure> {
  const bytes = files.get("policy.json");
  if (bytes === undefined) return ok(NO_POLICY);
  return readPolicy(utf8Decode(bytes) ?? "", `${subject}: policy.json`);
}

function programOf(
  bundle: Bundle,
  { modules, policy }: Pick<Program, "modules" | "policy">,
): Program {
  const cfsText = utf8Decode(bundle.files.get("cfs.json") ?? new Uint8Array()) ?? "{}";
  const names = modules.flatMap((m) => m.cells.map((c) => ({ module: m.name, name: c.name })));
  const sequences = bundle.cfs.sequences.map((s) => sequenceEntry(s, modules));
  const declared = declarationsOf(bundle);
  return {
    project: bundle.index.project,
    version: bundle.index.version,
    modules,
    tiles: [...bundle.tiles.values()].map(
      (t): TileEntry => ({
        id: t.tileId,
        kind: t.kind ?? "iter",
        guest: guestOf(bundle, modules, t.tileId),
        description: declared.get(t.tileId)?.description ?? null,
        estimatedCycles: declared.get(t.tileId)?.estimatedCycles ?? null,
        maxMemory: declared.get(t.tileId)?.maxMemory ?? null,
        maxIterations: null,
        params: (t.abi?.inputs ?? []).map((p) => ({ name: p.name, type: p.type, default: null })),
        output: t.abi?.output ?? "unit",
        error: t.abi?.error ?? null,
        code: t.code,
      }),
    ),
    sequences,
    cells: modules.slice(0, 1).flatMap(cellEntries),
    cfs: JSON.parse(cfsText),
    entry: bundle.index.entry,
    fieldDefaults: names.flatMap((cell) => {
      const match = /^([A-Za-z_][^$.]*)\$([^$]+)\$default$/.exec(cell.name);
      const [, record = "", field = ""] = match ?? [];
      return match === null ? [] : [{ record, field, cell }];
    }),
    recordChecks: names.flatMap((cell) => {
      const match = /^([^$]+)\$check$/.exec(cell.name);
      return match === null ? [] : [{ record: match[1] ?? "", cell }];
    }),
    policy,
  };
}

/** What the project manifest says of the tiles; a program file without one runs all the same. */
function declarationsOf({ files }: Bundle): ReadonlyMap<string, TileSummary> {
  const bytes = files.get("manifest.json");
  const text = bytes === undefined ? null : utf8Decode(bytes);
  const manifest = text === null ? null : readProjectManifest(text, "manifest.json");
  const tiles = manifest?.ok === true ? manifest.value.tiles : [];
  return new Map(tiles.map((tile) => [tile.id, tile]));
}

function guestOf(bundle: Bundle, modules: readonly LirModule[], tileId: string): TileGuest {
  const source = bundle.files.get(guestPath(tileId));
  if (source !== undefined) return { kind: "js", source };
  return { kind: "lir", cell: ownerOf(modules, tileId) ?? { module: "main", name: tileId } };
}

/** The cell of a name, or null: then it is written in TypeScript. */
function ownerOf(modules: readonly LirModule[], name: string): ProgramCell | null {
  const module = modules.find((m) => m.cells.some((c) => c.name === name));
  return module === undefined ? null : { module: module.name, name };
}

function sequenceEntry(sequence: CfsSequence, modules: readonly LirModule[]): SequenceEntry {
  const names = sequence.inputNames ?? [];
  const types: readonly TypeDescriptor[] = sequence.inputTypes ?? [];
  return {
    id: sequence.id,
    cell: ownerOf(modules, sequence.id),
    description: null,
    params: types.map((type, i) => ({ name: names[i] ?? `p${i}`, type, default: null })),
    output: sequence.outputType ?? "unit",
  };
}

function cellEntries(module: LirModule): readonly CellEntry[] {
  return module.cells.flatMap((cell, i): readonly CellEntry[] => {
    if (cell.kind !== "cell" || cell.name.includes(".")) return [];
    const names = module.debug?.cells[i]?.paramNames ?? [];
    const params = cell.registers.slice(0, cell.paramCount);
    return [
      {
        name: cell.name,
        cell: { module: module.name, name: cell.name },
        params: params.map((t, k) => ({ name: names[k] ?? `p${k}`, type: wireTypeOf(module, t) })),
        output: wireTypeOf(module, cell.result),
        row: cell.row,
      },
    ];
  });
}

/** Sources of a program file by the path that they have in its project. */
export function sourcesOf(bundle: Bundle): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const [path, bytes] of bundle.files) {
    const isSource = path.startsWith("sources/");
    const isOwn = RESERVED_NAMES.includes(path) || RESERVED.some((p) => path.startsWith(p));
    if (isOwn && !isSource) continue;
    const text = utf8Decode(bytes);
    if (text !== null) sources.set(isSource ? path.slice("sources/".length) : path, text);
  }
  return sources;
}
