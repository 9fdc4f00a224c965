// Checks of size: lines per file, lines per function, characters per line.

import { type CodeFile, type Finding, isTest } from "./code-file.ts";

const FILE_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 70;
const LINE_LENGTH_MAX = 100;

/** A line that is one string for people may be longer: cutting it would hide it from a search. */
const TEXT_LENGTH_MAX = 160;
const ONE_TEXT = /^\s*(?:const \w+ = |return |[?:] |\w+: )?(?:`.*`|".*"),?;?$/;

/** Files that are too long. */
export function checkFileLength(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) => {
    const count = linesOf(file.text).length;
    if (count <= FILE_LINES_MAX) return [];
    const message = `file has ${count} lines (at most ${FILE_LINES_MAX})`;
    return [{ check: "file-length", path: file.path, line: 1, message }];
  });
}

/** Lines that are too long; characters are scalar values. */
export function checkLineLength(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    linesOf(file.text).flatMap((line, i) => {
      const length = [...line].length;
      if (length <= LINE_LENGTH_MAX) return [];
      if (length <= TEXT_LENGTH_MAX && ONE_TEXT.test(line)) return [];
      const message = `line has ${length} characters (at most ${LINE_LENGTH_MAX})`;
      return [{ check: "line-length", path: file.path, line: i + 1, message }];
    }),
  );
}

/** Functions that are too long. In tests the callback of `describe` is a folder, not a function. */
export function checkFunctionLength(files: readonly CodeFile[]): readonly Finding[] {
  return files.flatMap((file) =>
    functionsOf(file).flatMap(({ name, line, lines }) => {
      if (lines <= FUNCTION_LINES_MAX) return [];
      const message = `function '${name}' has ${lines} lines (at most ${FUNCTION_LINES_MAX})`;
      return [{ check: "function-length", path: file.path, line, message }];
    }),
  );
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines;
}

interface FunctionExtent {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const DECLARED = /^(?:export )?(?:async )?function\*? *([\w$]+)/;
const METHOD = /^(?:(?:private|static|async|override|readonly|get|set) )*\*?([\w$#]+)(?:<.*>)?\(/;
const NOT_METHODS = new Set("if for while switch catch return super function".split(" "));

/**
 * Functions by the layout that the formatter gives: a body ends at the first later line that
 * stands in the column of the header and begins with `}`.
 */
function functionsOf(file: CodeFile): readonly FunctionExtent[] {
  const lines = linesOf(file.code);
  return lines.flatMap((line, i) => {
    const name = functionName(file, line.trim(), lines, i);
    if (name === null) return [];
    const end = bodyEnd(lines, i);
    return end === null ? [] : [{ name, line: i + 1, lines: end - i + 1 }];
  });
}

function functionName(
  file: CodeFile,
  line: string,
  lines: readonly string[],
  at: number,
): string | null {
  const declared = DECLARED.exec(line)?.[1];
  if (declared !== undefined) return declared;
  if (line.endsWith("=> {")) {
    if (isTest(file.path) && /^describe\b/.test(line)) return null;
    return /^(?:(?:export )?(?:const|let) )?([\w$]+)(?=:| =)/.exec(line)?.[1] ?? "fn";
  }
  const method = METHOD.exec(line)?.[1];
  if (method === undefined || NOT_METHODS.has(method)) return null;
  return opensBody(lines, at) ? method : null;
}

/** The header that begins here ends in `{`, on this line or where its parameter list closes. */
function opensBody(lines: readonly string[], at: number): boolean {
  const header = lines[at] ?? "";
  if (/[^>] \{$/.test(header)) return true;
  if (!header.endsWith("(")) return false;
  const indent = indentOf(header);
  const close = lines.slice(at + 1).find((line) => line.trim() !== "" && indentOf(line) <= indent);
  return close !== undefined && /^\s*\).*[^>] \{$/.test(close);
}

function bodyEnd(lines: readonly string[], start: number): number | null {
  const indent = indentOf(lines[start] ?? "");
  for (let i = start + 1; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (line.trim() === "" || indentOf(line) > indent) continue;
    if (indentOf(line) < indent) return null;
    const rest = line.trim();
    if (rest.startsWith("}") && !rest.endsWith("{")) return i;
    if (!rest.startsWith(")") && !rest.startsWith("}")) return null;
  }
  return null;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
