// A source as it goes into the bundles of guests, and the way back from there to what its author
// wrote.

import { SourceMap } from "node:module";
import { makeSourceText, positionOf } from "@lumen/core/diagnostic";
import type { Loader, TransformOptions } from "esbuild";
import { type Edit, pureCallEdits } from "./pure-calls.ts";

/** Language level of all bundles: what every engine that runs guests has. */
export const TARGET = "es2022";

type Transform = typeof import("esbuild")["transform"];

/** JavaScript of a source, and how it came to be: compiled, then edited. */
export interface PreparedSource {
  readonly code: string;
  readonly compiled: string;
  /** From what was compiled to the source. */
  readonly map: string;
  /** From the beginning to the end of what was compiled. */
  readonly edits: readonly Edit[];
}

/** A line and a column, both from 0. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** JavaScript of a source, in which `**` is a call, as engines do not agree on it. */
export async function prepareSource(
  transform: Transform,
  text: string,
  path: string,
): Promise<PreparedSource> {
  const options = { format: "esm", sourcemap: "external", ...optionsFor(path) } as const;
  const { code: compiled, map } = await transform(text, options);
  const edits = pureCallEdits(compiled);
  const code = edits.reduceRight(
    (edited, { start, end, text: next }) => edited.slice(0, start) + next + edited.slice(end),
    compiled,
  );
  return { code, compiled, map, edits };
}

/** The same of a file of a package, whatever kind of module it is. */
export async function preparePackage(
  transform: Transform,
  text: string,
  path: string,
): Promise<string> {
  return (await transform(text, optionsFor(path))).code;
}

function optionsFor(path: string): TransformOptions {
  return {
    loader: loaderOf(path),
    target: TARGET,
    charset: "utf8",
    tsconfigRaw: {},
    supported: { "exponent-operator": false },
    logLevel: "silent",
  };
}

/** What the bundler takes a source for. */
export function loaderOf(path: string): Loader {
  if (path.endsWith(".json")) return "json";
  const isMarkup = path.endsWith("x");
  if (/\.[cm]?jsx?$/.test(path)) return isMarkup ? "jsx" : "js";
  return isMarkup ? "tsx" : "ts";
}

/** The place in the source of a place in its prepared code; null for what no author wrote. */
export function sourceOfPrepared(prepared: PreparedSource, at: LineColumn): LineColumn | null {
  const { lineStarts } = makeSourceText("", prepared.code);
  const offset = compiledOffset(prepared.edits, (lineStarts[at.line] ?? 0) + at.column);
  const { line, column } = positionOf(makeSourceText("", prepared.compiled), offset);
  const entry = new SourceMap(JSON.parse(prepared.map)).findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return null;
  return { line: entry.originalLine, column: entry.originalColumn };
}

/** Where something stood before the edits; for what an edit wrote, where the edit begins. */
function compiledOffset(edits: readonly Edit[], offset: number): number {
  let moved = 0;
  for (const { start, end, text } of edits) {
    if (offset < start + moved) break;
    if (offset < start + moved + text.length) return start;
    moved += text.length - (end - start);
  }
  return offset - moved;
}
