// The imports of a file: where, what, and whether they exist at run time.

import { type CodeFile, lineOf } from "./code-file.ts";

/** One import, re-export or dynamic import. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Nothing of it remains at run time. */
  readonly typeOnly: boolean;
}

const STATEMENT = /\b(import|export)\b(\s+type\b)?\s*([^;"'`()=]*?)\bfrom\s*["']/g;
const BARE = /\bimport\s*["']/g;
const DYNAMIC = /\bimport\s*\(\s*["']/g;

/** All imports of a file, in the order of the file. */
export function importsOf(file: CodeFile): readonly Import[] {
  const found: (Import & { readonly at: number })[] = [];
  const add = (at: number, length: number, typeOnly: boolean): void => {
    const quote = at + length - 1;
    const end = file.text.indexOf(file.text[quote] ?? '"', quote + 1);
    const specifier = file.text.slice(quote + 1, end);
    found.push({ at, specifier, line: lineOf(file.text, at), typeOnly });
  };
  for (const m of file.code.matchAll(STATEMENT))
    add(m.index, m[0].length, m[2] !== undefined || onlyTypes(m[3] ?? ""));
  for (const m of file.code.matchAll(BARE)) add(m.index, m[0].length, false);
  for (const m of file.code.matchAll(DYNAMIC)) add(m.index, m[0].length, false);
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ specifier, line, typeOnly }) => ({ specifier, line, typeOnly }));
}

/** `{ type A, type B }`: named bindings that are all types. */
function onlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s*$/.exec(clause.trim())?.[1];
  if (names === undefined) return false;
  const parts = names
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => part.startsWith("type "));
}

/** The path that a relative specifier means. */
export function resolveRelative(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
