// Bytes of a cache entry (formats 28): a line with the version, a line with the SHA-256 of what
// follows, and a JSON document. The hash is what a reader relies on: an entry that it fits was
// written whole by an encoder of this version.

import type { ProgramSummary } from "@lumen/compiler";
import type { Diagnostic, Label, SourceText } from "@lumen/core/diagnostic";
import { makeSourceText } from "@lumen/core/diagnostic";
import { fromBase64, toBase64 } from "@lumen/core/encoding";
import { sha256, toHex, utf8Decode, utf8Encode } from "@lumen/core/hash";
import { decodeModule, encodeModule } from "@lumen/core/lir";
import {
  type Program,
  readPolicy,
  type TileEntry,
  type TileGuest,
  writePolicy,
} from "@lumen/core/program";
import { err, ok, type Result, required } from "@lumen/core/result";

/** First line of an entry. */
const VERSION_LINE = "lumen-cache 1";
const NEWLINE = 10;

/** A file that decided: its SHA-256 in hexadecimal, or null where none was found at the path. */
export interface CacheInput {
  readonly path: string;
  readonly sha256: string | null;
}

/** What is kept: the outcome of one compilation without errors. */
export interface CacheEntry {
  /** Absolute path of the root document. */
  readonly target: string;
  readonly project: string;
  /** In the order in which the compilation looked. */
  readonly inputs: readonly CacheInput[];
  readonly warnings: readonly Diagnostic[];
  readonly outcome:
    | { readonly kind: "program"; readonly program: Program }
    | { readonly kind: "summary"; readonly summary: ProgramSummary };
}

/** Bytes of an entry; null for one that has no such form. `texts`: sources by shown path. */
export function encodeEntry(
  entry: CacheEntry,
  texts: ReadonlyMap<string, string>,
): Uint8Array | null {
  const sources = entry.warnings.flatMap(sourcesOf);
  if (!sources.every((s) => texts.get(s.path) === s.text)) return null;
  const { outcome } = entry;
  const document = {
    ...entry,
    warnings: entry.warnings.map(plainDiagnostic),
    outcome:
      outcome.kind === "program" ? { kind: "program", program: plain(outcome.program) } : outcome,
  };
  const body = utf8Encode(JSON.stringify(document));
  const head = utf8Encode(`${VERSION_LINE}\n${toHex(sha256(body))}\n`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/**
 * Reads an entry. `confirm` says whether the inputs are what they were, and gives the sources among
 * them by shown path; null from it gives null here. The error says in plain words what is wrong.
 */
export function decodeEntry(
  bytes: Uint8Array,
  confirm: (inputs: readonly CacheInput[]) => ReadonlyMap<string, string> | null,
): Result<CacheEntry | null, string> {
  const body = bodyOf(bytes);
  if (!body.ok) return body;
  // What encodeEntry wrote: the hash said so.
  const read = JSON.parse(body.value) as PlainEntry;
  const texts = confirm(read.inputs);
  if (texts === null) return ok(null);
  const warnings = read.warnings.map((d) => diagnosticOf(d, texts));
  if (read.outcome.kind === "summary") return ok({ ...read, warnings, outcome: read.outcome });
  const program = programOf(read.outcome.program);
  if (!program.ok) return program;
  return ok({ ...read, warnings, outcome: { kind: "program", program: program.value } });
}

/** What an entry says about itself, whether or not its inputs are still the same. */
export function describeEntry(
  bytes: Uint8Array,
): Result<Pick<CacheEntry, "target" | "project"> & { readonly kind: string }, string> {
  const body = bodyOf(bytes);
  if (!body.ok) return body;
  const { target, project, outcome } = JSON.parse(body.value) as PlainEntry;
  return ok({ target, project, kind: outcome.kind });
}

function bodyOf(bytes: Uint8Array): Result<string, string> {
  const first = bytes.indexOf(NEWLINE);
  const second = bytes.indexOf(NEWLINE, first + 1);
  const version = utf8Decode(bytes.subarray(0, Math.max(0, first)));
  if (version !== VERSION_LINE) {
    const isOurs = version?.startsWith("lumen-cache ") ?? false;
    return err(isOurs ? `its version is '${version}'` : "it is no cache entry");
  }
  const body = bytes.subarray(second + 1);
  const hash = utf8Decode(bytes.subarray(first + 1, Math.max(first + 1, second)));
  const text = second < 0 || hash !== toHex(sha256(body)) ? null : utf8Decode(body);
  return text === null ? err("it is damaged") : ok(text);
}

type PlainLabel = Omit<Label, "source"> & { readonly source?: string };

type PlainDiagnostic = Omit<Diagnostic, "source" | "labels"> & {
  readonly source: string;
  readonly labels?: readonly PlainLabel[];
};

type PlainProgram = Omit<Program, "modules" | "tiles" | "policy"> & {
  /** Text of policy.json: values of grants have no JSON form that JavaScript would find. */
  readonly policy: string;
  readonly modules: readonly string[];
  readonly tiles: readonly PlainTile[];
};

type PlainTile = Omit<TileEntry, "code" | "guest"> & {
  readonly code: string;
  readonly guest:
    | Exclude<TileGuest, { kind: "js" }>
    | { readonly kind: "js"; readonly source: string };
};

type PlainEntry = Omit<CacheEntry, "warnings" | "outcome"> & {
  readonly warnings: readonly PlainDiagnostic[];
  readonly outcome:
    | { readonly kind: "program"; readonly program: PlainProgram }
    | { readonly kind: "summary"; readonly summary: ProgramSummary };
};

function plain(program: Program): PlainProgram {
  return {
    ...program,
    policy: writePolicy(program.policy),
    modules: program.modules.map((m) => toBase64(encodeModule(m))),
    tiles: program.tiles.map(plainTile),
  };
}

function plainTile(tile: TileEntry): PlainTile {
  const { guest } = tile;
  const code = toBase64(tile.code);
  if (guest.kind === "lir") return { ...tile, code, guest };
  return { ...tile, code, guest: { kind: "js", source: toBase64(guest.source) } };
}

/** Null for one whose bytes are none. */
function tileOf(tile: PlainTile): TileEntry | null {
  const { guest } = tile;
  const code = fromBase64(tile.code);
  if (code === null) return null;
  if (guest.kind === "lir") return { ...tile, code, guest };
  const source = fromBase64(guest.source);
  return source === null ? null : { ...tile, code, guest: { kind: "js", source } };
}

function programOf(read: PlainProgram): Result<Program, string> {
  const modules: Program["modules"][number][] = [];
  for (const text of read.modules) {
    const bytes = fromBase64(text);
    const module = bytes === null ? null : decodeModule(bytes, "cache entry");
    if (module === null || !module.ok) return err("a module of it cannot be read");
    modules.push(module.value);
  }
  const tiles: TileEntry[] = [];
  for (const plainEntry of read.tiles) {
    const tile = tileOf(plainEntry);
    if (tile === null) return err("a tile of it cannot be read");
    tiles.push(tile);
  }
  const policy = readPolicy(read.policy, "cache entry");
  if (!policy.ok) return err("the policy of it cannot be read");
  return ok({ ...read, modules, tiles, policy: policy.value });
}

function sourcesOf(d: Diagnostic): readonly SourceText[] {
  return [d.source, ...(d.labels ?? []).flatMap((l) => l.source ?? [])];
}

function plainDiagnostic({ source, labels, ...rest }: Diagnostic): PlainDiagnostic {
  const plainLabel = ({ source: other, ...label }: Label): PlainLabel =>
    other === undefined ? label : { ...label, source: other.path };
  const own = { ...rest, source: source.path };
  return labels === undefined ? own : { ...own, labels: labels.map(plainLabel) };
}

function diagnosticOf(
  { source, labels, ...rest }: PlainDiagnostic,
  texts: ReadonlyMap<string, string>,
): Diagnostic {
  const at = (path: string): SourceText =>
    makeSourceText(path, required(texts.get(path), "an entry names sources that were read"));
  const labelOf = ({ source: other, ...label }: PlainLabel): Label =>
    other === undefined ? label : { ...label, source: at(other) };
  const own = { ...rest, source: at(source) };
  return labels === undefined ? own : { ...own, labels: labels.map(labelOf) };
}
