// The programs that a document shows, and what it says about them. A block of code is a program of
// its own; `<!-- file NAME -->` before a block makes it a part of that file, whose parts are one
// program; in a document that is a program (`.lm.md`), all of it is one.
//
// What a program prints is stated in two forms, and in no other:
//
//     return 6 * 7          # => 42
//
// where the comments `# =>` of a program are, in their order, the lines that running it prints, and
//
//     <!-- output [NAME] [input JSON] -->
//
// before a fence that holds what the file NAME prints; without a name, the document or the block
// above. `fails=CODE` and `faults=CODE` in the info string say that a program is refused, or that
// its run fails; a document says `<!-- faults=CODE -->`. What says `skip` is no program.

import { posix } from "node:path";
import { assertNever } from "@lumen/core/result";
import { type FencedBlock, fencedBlocks } from "./fenced-blocks.ts";

/** What must come of a program: it runs to its end, faults with a code, or does not compile. */
export type ProgramFate =
  | { readonly kind: "runs" }
  | { readonly kind: "faults"; readonly code: string }
  | { readonly kind: "fails"; readonly code: string };

/** An output that a document states. */
export interface StatedOutput {
  /** Input of the entry as for `lumen run --input`, or null. */
  readonly input: string | null;
  readonly text: string;
}

/** A program of a document. */
export interface DocumentProgram {
  /** Where it begins: `path:line`, with the name of its file where it has one. */
  readonly name: string;
  /** Texts by path. All files of a document stand beside each other. */
  readonly files: ReadonlyMap<string, string>;
  /** The file that is run. */
  readonly target: string;
  readonly fate: ProgramFate;
  /** In the order of the document; empty when it states none. */
  readonly outputs: readonly StatedOutput[];
}

const MARKER = /^<!-- (file|output)(?: (?!input )(\S+))?(?: input (.*))? -->$/;
const STATED = /(?:^|\s)# => (.*)$/;
/** A document that is a program has no info string: its fate is a comment. */
const FATE_OF_DOCUMENT = /^<!-- (faults=\w+) -->$/m;
const CODE_INFO = /^lumen\b/;

/** Every program of a document, in the order in which they begin. */
export function documentPrograms(path: string, text: string): readonly DocumentProgram[] {
  const reading: Reading = { path, found: [], shared: new Map() };
  if (path.endsWith(".lm.md")) {
    const file = posix.basename(path);
    const info = FATE_OF_DOCUMENT.exec(text)?.[1] ?? "";
    reading.found.push(foundOf({ file, line: 1, info, files: new Map([[file, text]]) }));
  }
  for (const block of markedBlocks(text)) {
    if (block.marker?.what === "output") stateOutput(reading, block);
    else if (block.marker?.what === "file" || CODE_INFO.test(block.info)) readCode(reading, block);
  }
  return reading.found.map((program) => finished(path, program));
}

/**
 * The lines with a comment that looks like a stated output and is none: another arrow, or a bare
 * value behind `return` or `print`. Nobody would compare them.
 */
export function unreadStatements(text: string): readonly string[] {
  return fencedBlocks(text)
    .filter(({ info }) => CODE_INFO.test(info))
    .flatMap(({ text: code, line }) =>
      code.split("\n").flatMap((codeLine, i) => {
        const comment = /(?:^|\s)(#.*)$/.exec(codeLine)?.[1] ?? "";
        const isUnread = /^#\s*(?:->|=>|→|prints\b|outputs?\b)/.test(comment);
        const isBare = /^\s*(?:return\b|print\()/.test(codeLine) && comment !== "";
        return (isUnread || isBare) && !STATED.test(codeLine)
          ? [`${line + i + 1}: ${comment}`]
          : [];
      }),
    );
}

interface Marker {
  readonly what: "file" | "output";
  readonly file: string | null;
  readonly input: string | null;
}

interface MarkedBlock extends FencedBlock {
  readonly marker: Marker | null;
}

/** A program that is being read. `comments` are the lines that its comments state. */
interface Found {
  readonly file: string;
  readonly line: number;
  readonly info: string;
  readonly files: Map<string, string>;
  readonly comments: string[];
  readonly outputs: StatedOutput[];
}

function foundOf(at: Pick<Found, "file" | "line" | "info" | "files">): Found {
  return { ...at, comments: [], outputs: [] };
}

/** The blocks, each with the marker on the last line above that is not blank. */
function markedBlocks(text: string): readonly MarkedBlock[] {
  const lines = text.split("\n");
  return fencedBlocks(text).map((block) => {
    const above = lines.slice(0, block.line - 1).findLast((line) => line.trim() !== "");
    const match = MARKER.exec(above?.trim() ?? "");
    if (match === null) return { ...block, marker: null };
    const [, what, file = null, input = null] = match;
    return { ...block, marker: { what: what === "file" ? "file" : "output", file, input } };
  });
}

interface Reading {
  readonly path: string;
  readonly found: Found[];
  /** What stands after `<!-- file NAME -->`: these files stand beside each other. */
  readonly shared: Map<string, string>;
}

/** Adds a block to its program, or begins one with it. */
function readCode(reading: Reading, block: MarkedBlock): void {
  const { info, text } = block;
  if (/\bskip\b/.test(info)) return;
  const program = programOf(reading, block);
  if (block.marker !== null) {
    const { file } = block.marker;
    const known = reading.shared.get(file ?? "") ?? "";
    const fenced = file?.endsWith(".lm.md") === true && CODE_INFO.test(info);
    reading.shared.set(file ?? "", known + (fenced ? `\`\`\`lumen\n${text}\`\`\`\n\n` : text));
  }
  const stated = text.split("\n").flatMap((line) => STATED.exec(line)?.[1] ?? []);
  if (CODE_INFO.test(info)) program?.comments.push(...stated);
}

/** The program that a block is a part of; undefined for a file that is none, such as input. */
function programOf({ path, found, shared }: Reading, block: MarkedBlock): Found | undefined {
  const { info, line, text, marker } = block;
  const isPartOfDocument = path.endsWith(".lm.md") && marker === null && info === "lumen";
  if (isPartOfDocument) return found[0];
  const named = marker?.file ?? null;
  const known = found.find((program) => program.file === named);
  if (known !== undefined) return known;
  const file = named ?? `block-${line}.lm`;
  if (!/\.lm(?:\.md)?$/.test(file)) return undefined;
  const files = named === null ? new Map([[file, text]]) : shared;
  const program = foundOf({ file, line, info, files });
  found.push(program);
  return program;
}

/** Gives a stated output to its program; a document that states one of no program is wrong. */
function stateOutput({ path, found }: Reading, { line, text, marker }: MarkedBlock): void {
  const file = marker?.file ?? null;
  const nearest = path.endsWith(".lm.md") ? found[0] : found.at(-1);
  const program = file === null ? nearest : found.find((p) => p.file === file);
  if (program === undefined)
    throw new Error(`${path}:${line}: there is no program whose output this is`);
  program.outputs.push({ input: marker?.input ?? null, text });
}

function finished(path: string, program: Found): DocumentProgram {
  const { file, line, info, files, comments, outputs } = program;
  const lines = comments.map((text) => `${text}\n`).join("");
  const stated = comments.length === 0 ? [] : [{ input: null, text: lines }];
  const name = `${path}:${line}${file === `block-${line}.lm` ? "" : ` ${file}`}`;
  return { name, files, target: file, fate: fateOf(info), outputs: [...stated, ...outputs] };
}

const FATES = ["fails", "faults"] as const;

function fateOf(info: string): ProgramFate {
  for (const kind of FATES) {
    const code = new RegExp(`\\b${kind}=(\\w+)`).exec(info)?.[1];
    if (code !== undefined) return { kind, code };
  }
  return { kind: "runs" };
}

/** For messages: what was due. */
export function describeFate(fate: ProgramFate): string {
  switch (fate.kind) {
    case "runs":
      return "it runs to its end";
    case "faults":
      return `its run ends with ${fate.code}`;
    case "fails":
      return `it is refused with ${fate.code}`;
    default:
      return assertNever(fate);
  }
}
