// From positions of bundlers and engines to places in the author's sources.

import { SourceMap } from "node:module";
import { makeSourceText, type SourceText, type Span } from "@lumen/core/diagnostic";
import { REGISTRATIONS_FILE } from "@lumen/raster/backends/js";
import { SOURCE_SPACE } from "./bundle.ts";
import type { TypeScriptSources } from "./sources.ts";

/** A place in a source. */
export interface Place {
  readonly source: SourceText;
  readonly span: Span;
}

/** A frame of the engine's stacks: `at name (file:line:column)`, both counted from 1. */
const FRAME = new RegExp(`${REGISTRATIONS_FILE.replace(".", "\\.")}:(\\d+):(\\d+)`, "g");
/** Lines that the sandbox puts before a bundle. */
const LINES_BEFORE = 1;

/** Finds places of a bundle that was run. */
export class Places {
  readonly #sources: TypeScriptSources;
  readonly #map: SourceMap;

  /** `map`: the text of the source map of the bundle. */
  constructor(sources: TypeScriptSources, map: string) {
    this.#sources = sources;
    this.#map = new SourceMap(JSON.parse(map));
  }

  /** The innermost frame of a stack that is in a source of the project. */
  ofStack(stack: string): Place | null {
    for (const [, line, column] of stack.matchAll(FRAME)) {
      const entry = this.#map.findEntry(Number(line) - 1 - LINES_BEFORE, Number(column) - 1);
      if (!("originalSource" in entry)) continue;
      const path = sourcePath(entry.originalSource);
      if (path === null) continue;
      const at = { line: entry.originalLine, column: entry.originalColumn };
      return placeIn(this.#sources, path, at);
    }
    return null;
  }
}

/** The project path in a name of the bundler; null for what is no source of the project. */
export function sourcePath(name: string): string | null {
  const at = name.indexOf(`${SOURCE_SPACE}:`);
  return at < 0 ? null : name.slice(at + SOURCE_SPACE.length + 1);
}

/** A place by line and column, both from 0, up to the end of the word that stands there. */
export function placeIn(
  sources: TypeScriptSources,
  path: string,
  at: { readonly line: number; readonly column: number },
): Place | null {
  const text = sources.text(path);
  if (text === null) return null;
  const source = makeSourceText(path, text);
  const start = Math.min((source.lineStarts[at.line] ?? 0) + at.column, text.length);
  const word = /^[\w$]+/.exec(text.slice(start))?.[0].length ?? 1;
  return { source, span: { start, end: Math.min(start + word, text.length) } };
}
