// Bytes of a cache entry (formats 28): a line with the version, a line with the SHA-256 of what
// follows, a JSON document in one line, and the byte strings that it speaks of. The hash is what a
// reader relies on: an entry that it fits was written whole by an encoder of this version.

import type { ProgramSummary } from "@lumen/compiler";
import type { Diagnostic, Label, SourceText } from "@lumen/core/diagnostic";
import { makeSourceText } from "@lumen/core/diagnostic";
import { concatBytes, sha256, toHex, utf8Decode, utf8Encode } from "@lumen/core/hash";
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
const VERSION_LINE = "lumen-cache 2";
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
  const parts: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): number => parts.push(bytes) - 1;
  const plainOutcome =
    outcome.kind === "program"
      ? { kind: outcome.kind, program: plain(outcome.program, keep) }
      : outcome;
  const document: PlainEntry = {
    ...entry,
    warnings: entry.warnings.map(plainDiagnostic),
    outcome: plainOutcome,
    parts: parts.map((part) => part.length),
  };
  const body = concatBytes(utf8Encode(`${JSON.stringify(document)}\n`), ...parts);
  return concatBytes(utf8Encode(`${VERSION_LINE}\n${toHex(sha256(body))}\n`), body);
}

/**
 * Reads an entry. `confirm` says whether the inputs are what they were, and gives the sources among
 * them by shown path; null from it gives null here. The error says in plain words what is wrong.
 */
export function decodeEntry(
  bytes: Uint8Array,
  confirm: (inputs: readonly CacheInput[]) => ReadonlyMap<string, string> | null,
): Result<CacheEntry | null, string> {
  const opened = openEntry(bytes);
  if (!opened.ok) return opened;
  const { outcome, parts: lengths, warnings: plainWarnings, ...read } = opened.value.document;
  const texts = confirm(read.inputs);
  if (texts === null) return ok(null);
  const warnings = plainWarnings.map((d) => diagnosticOf(d, texts));
  if (outcome.kind === "summary") return ok({ ...read, warnings, outcome });
  const program = programOf(outcome.program, partsOf(opened.value.rest, lengths));
  if (!program.ok) return program;
  return ok({ ...read, warnings, outcome: { kind: "program", program: program.value } });
}

/** What an entry says about itself, whether or not its inputs are still the same. */
export function describeEntry(
  bytes: Uint8Array,
): Result<Pick<CacheEntry, "target" | "project"> & { readonly kind: string }, string> {
  const opened = openEntry(bytes);
  if (!opened.ok) return opened;
  const { target, project, outcome } = opened.value.document;
  return ok({ target, project, kind: outcome.kind });
}

/** The document of an entry, and the byte strings behind it. */
interface OpenEntry {
  readonly document: PlainEntry;
  readonly rest: Uint8Array;
}

function openEntry(bytes: Uint8Array): Result<OpenEntry, string> {
  const first = bytes.indexOf(NEWLINE);
  const second = bytes.indexOf(NEWLINE, first + 1);
  const version = utf8Decode(bytes.subarray(0, Math.max(0, first)));
  if (version !== VERSION_LINE) {
    const isOurs = version?.startsWith("lumen-cache ") ?? false;
    return err(isOurs ? `its version is '${version}'` : "it is no cache entry");
  }
  const body = bytes.subarray(second + 1);
  const hash = utf8Decode(bytes.subarray(first + 1, Math.max(first + 1, second)));
  const end = body.indexOf(NEWLINE);
  const text =
    second < 0 || hash !== toHex(sha256(body)) ? null : utf8Decode(body.subarray(0, end));
  if (text === null) return err("it is damaged");
  // What encodeEntry wrote: the hash said so.
  return ok({ document: JSON.parse(text) as PlainEntry, rest: body.subarray(end + 1) });
}

/** Byte strings of an entry by number. */
type Parts = (index: number) => Uint8Array;

function partsOf(rest: Uint8Array, lengths: readonly number[]): Parts {
  let at = 0;
  const parts = lengths.map((length) => {
    at += length;
    return new Uint8Array(rest.buffer, rest.byteOffset + at - length, length);
  });
  return (index) => required(parts[index], "an entry has the parts that it speaks of");
}

type PlainLabel = Omit<Label, "source"> & { readonly source?: string };

type PlainDiagnostic = Omit<Diagnostic, "source" | "labels"> & {
  readonly source: string;
  readonly labels?: readonly PlainLabel[];
};

/** Byte strings are the numbers of parts. */
type PlainProgram = Omit<Program, "modules" | "tiles" | "policy"> & {
  /** Text of policy.json: values of grants have no JSON form that JavaScript would find. */
  readonly policy: string;
  readonly modules: readonly number[];
  readonly tiles: readonly PlainTile[];
};

type PlainTile = Omit<TileEntry, "code" | "guest"> & {
  readonly code: number;
  readonly guest:
    | Exclude<TileGuest, { kind: "js" }>
    | { readonly kind: "js"; readonly source: number };
};

type PlainEntry = Omit<CacheEntry, "warnings" | "outcome"> & {
  readonly warnings: readonly PlainDiagnostic[];
  readonly outcome:
    | { readonly kind: "program"; readonly program: PlainProgram }
    | { readonly kind: "summary"; readonly summary: ProgramSummary };
  /** Lengths in bytes of what follows the document. */
  readonly parts: readonly number[];
};

type Keep = (bytes: Uint8Array) => number;

function plain(program: Program, keep: Keep): PlainProgram {
  return {
    ...program,
    policy: writePolicy(program.policy),
    modules: program.modules.map((m) => keep(encodeModule(m))),
    tiles: program.tiles.map((tile) => plainTile(tile, keep)),
  };
}

function plainTile(tile: TileEntry, keep: Keep): PlainTile {
  const { guest } = tile;
  const code = keep(tile.code);
  if (guest.kind === "lir") return { ...tile, code, guest };
  return { ...tile, code, guest: { kind: "js", source: keep(guest.source) } };
}

function tileOf(tile: PlainTile, parts: Parts): TileEntry {
  const { guest } = tile;
  const code = parts(tile.code);
  if (guest.kind === "lir") return { ...tile, code, guest };
  return { ...tile, code, guest: { kind: "js", source: parts(guest.source) } };
}

function programOf(read: PlainProgram, parts: Parts): Result<Program, string> {
  const modules: Program["modules"][number][] = [];
  for (const index of read.modules) {
    const module = decodeModule(parts(index), "cache entry");
    if (!module.ok) return err("a module of it cannot be read");
    modules.push(module.value);
  }
  const policy = readPolicy(read.policy, "cache entry");
  if (!policy.ok) return err("the policy of it cannot be read");
  const tiles = read.tiles.map((tile) => tileOf(tile, parts));
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
