// A source file as the checks see it: its text, and the same text with comments or strings blanked.

/** A file of the repository. All views have the same length and line breaks as `text`. */
export interface CodeFile {
  /** Path from the repository root, `/`-separated. */
  readonly path: string;
  readonly text: string;
  /** Comments and the contents of strings, templates and regular expressions are blanks. */
  readonly code: string;
  /** Everything but comments is blank. */
  readonly comments: string;
}

/** Something that a check found. */
export interface Finding {
  readonly check: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Builds the views of a file. */
export function makeCodeFile(path: string, text: string): CodeFile {
  return { path, text, ...splitViews(text) };
}

/** True for files that hold tests, or what only tests use (folders called `testing`). */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("tests/") || path.includes("/testing/");
}

/** Line (from 1) of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line += 1;
  return line;
}

/** All matches of a global expression in one view, as findings. */
export function findAll(
  file: CodeFile,
  options: {
    readonly view: "text" | "code" | "comments";
    readonly pattern: RegExp;
    readonly check: string;
    readonly message: (match: string) => string;
  },
): readonly Finding[] {
  const { view, pattern, check, message } = options;
  return [...file[view].matchAll(pattern)].map((match) => ({
    check,
    path: file.path,
    line: lineOf(file.text, match.index),
    message: message(match[0]),
  }));
}

/** The kinds of lexical context that matter here; `template` nests through `${`. */
type Context = "code" | "template";

interface Scan {
  readonly text: string;
  readonly code: string[];
  readonly comments: string[];
  /** One entry per open template or `${`; braces opened since are counted. */
  readonly open: { readonly context: Context; braces: number }[];
  lastToken: string;
}

function splitViews(text: string): { readonly code: string; readonly comments: string } {
  const scan: Scan = {
    text,
    code: text.split(""),
    comments: text.split("").map((c) => (c === "\n" ? c : " ")),
    open: [{ context: "code", braces: 0 }],
    lastToken: "",
  };
  for (let i = 0; i < text.length; ) i = step(scan, i);
  return { code: scan.code.join(""), comments: scan.comments.join("") };
}

/** Handles what begins at offset `i`; returns where the next thing begins. */
function step(scan: Scan, i: number): number {
  const { text, open } = scan;
  const top = open[open.length - 1];
  const c = text[i] ?? "";
  if (top?.context === "template") return stepTemplate(scan, i);
  if (c === "/" && text[i + 1] === "/") return comment(scan, i, endOr(text, "\n", i));
  if (c === "/" && text[i + 1] === "*") return comment(scan, i, endOr(text, "*/", i) + 2);
  if (c === '"' || c === "'") return erase(scan, i, quoteEnd(text, i, c));
  if (c === "/" && regexMayStart(scan.lastToken)) return erase(scan, i, regexEnd(text, i));
  if (c === "`") open.push({ context: "template", braces: 0 });
  if (c === "{" && top !== undefined) top.braces += 1;
  if (c === "}" && top !== undefined) {
    if (top.braces === 0 && open.length > 1) open.pop();
    else top.braces -= 1;
  }
  const word = /[\w$]+/y;
  word.lastIndex = i;
  const found = word.exec(text)?.[0];
  if (c.trim() !== "") scan.lastToken = found ?? c;
  return i + (found?.length ?? 1);
}

function stepTemplate(scan: Scan, i: number): number {
  const { text, open } = scan;
  if (text[i] === "`") {
    open.pop();
    scan.lastToken = ")";
    return i + 1;
  }
  if (text[i] === "$" && text[i + 1] === "{") {
    open.push({ context: "code", braces: 0 });
    scan.lastToken = "{";
    blankOut(scan.code, i, i + 1, text);
    return i + 2;
  }
  const length = text[i] === "\\" ? 2 : 1;
  blankOut(scan.code, i, i + length, text);
  return i + length;
}

function endOr(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
}

function quoteEnd(text: string, start: number, quote: string): number {
  let i = start + 1;
  while (i < text.length && text[i] !== quote && text[i] !== "\n") i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

function regexEnd(text: string, start: number): number {
  let inClass = false;
  let i = start + 1;
  while (i < text.length && text[i] !== "\n" && (inClass || text[i] !== "/")) {
    if (text[i] === "[") inClass = true;
    if (text[i] === "]") inClass = false;
    i += text[i] === "\\" ? 2 : 1;
  }
  return i + 1;
}

/** A slash after an operand divides; anywhere else it begins a regular expression. */
function regexMayStart(lastToken: string): boolean {
  if (["return", "typeof", "case", "in", "of", "void", "yield", "await"].includes(lastToken))
    return true;
  return !/[\w$)\]}"']$/.test(lastToken);
}

function comment(scan: Scan, from: number, to: number): number {
  for (let i = from; i < to && i < scan.text.length; i++) scan.comments[i] = scan.text[i] ?? "";
  blankOut(scan.code, from, to, scan.text);
  return to;
}

/** Blanks what stands between the delimiters and remembers that an operand came last. */
function erase(scan: Scan, from: number, to: number): number {
  blankOut(scan.code, from + 1, to - 1, scan.text);
  scan.lastToken = '"';
  return to;
}

function blankOut(view: string[], from: number, to: number, text: string): void {
  for (let i = from; i < to && i < view.length; i++) if (text[i] !== "\n") view[i] = " ";
}
