// From positions of bundlers and engines to places in the author's sources.

import { SourceMap } from "node:module";
import { makeSourceText, type SourceText, type Span } from "@lumen/core/diagnostic";
import { SOURCE_SPACE } from "./bundle.ts";
import { type LineColumn, type PreparedSource, sourceOfPrepared } from "./prepare.ts";
import type { TypeScriptSources } from "./sources.ts";

/** A place in a source. */
export interface Place {
  readonly source: SourceText;
  readonly span: Span;
}

/** A call that an engine tells of, in a source. */
export interface SourceFrame {
  /** As the engine calls the function; empty where it has no name. */
  readonly name: string;
  readonly place: Place;
}

/** A bundle that was run. */
export interface MappedBundle {
  /** Its name in stacks. */
  readonly file: string;
  /** Text of its source map. */
  readonly map: string;
  /** Of a guest: its sources, by project path. */
  readonly prepared?: ReadonlyMap<string, PreparedSource>;
}

/** Frames of the engine's stacks: `at name (file:line:column)`, both counted from 1. */
const FRAME = /^\s*at (?:(.*) )?\(?([\w.]+):(\d+):(\d+)\)?$/gm;
/** Lines that the sandbox puts before a bundle. */
const LINES_BEFORE = 1;

/** Finds places of a bundle that was run. */
export class Places {
  readonly #sources: TypeScriptSources;
  readonly #map: SourceMap;
  readonly #bundle: MappedBundle;

  constructor(sources: TypeScriptSources, bundle: MappedBundle) {
    this.#sources = sources;
    this.#map = new SourceMap(JSON.parse(bundle.map));
    this.#bundle = bundle;
  }

  /** The innermost frame of a stack that is in a source of the project. */
  ofStack(stack: string): Place | null {
    return this.framesOf(stack)[0]?.place ?? null;
  }

  /** Frames of a stack that are in sources of the project, innermost first. */
  framesOf(stack: string): readonly SourceFrame[] {
    return [...stack.matchAll(FRAME)].flatMap(([, name, file, line, column]): SourceFrame[] => {
      if (file !== this.#bundle.file) return [];
      const at = { line: Number(line) - 1 - LINES_BEFORE, column: Number(column) - 1 };
      const place = this.#placeOf(at);
      return place === null ? [] : [{ name: /^[\w$.]+$/.exec(name ?? "")?.[0] ?? "", place }];
    });
  }

  #placeOf({ line, column }: LineColumn): Place | null {
    const entry = this.#map.findEntry(line, column);
    if (!("originalSource" in entry)) return null;
    const path = sourcePath(entry.originalSource);
    if (path === null) return null;
    const at = { line: entry.originalLine, column: entry.originalColumn };
    const prepared = this.#bundle.prepared?.get(path);
    const written = prepared === undefined ? at : sourceOfPrepared(prepared, at);
    return written === null ? null : placeIn(this.#sources, path, written);
  }
}

/** The project path in a name of the bundler; null for what is no source of the project. */
export function sourcePath(name: string): string | null {
  const at = name.indexOf(`${SOURCE_SPACE}:`);
  return at < 0 ? null : name.slice(at + SOURCE_SPACE.length + 1);
}

/** A place by line and column, both from 0, up to the end of the word that stands there. */
export function placeIn(sources: TypeScriptSources, path: string, at: LineColumn): Place | null {
  const text = sources.text(path);
  if (text === null) return null;
  const source = makeSourceText(path, text);
  const start = Math.min((source.lineStarts[at.line] ?? 0) + at.column, text.length);
  const word = /^[\w$]+/.exec(text.slice(start))?.[0].length ?? 1;
  return { source, span: { start, end: Math.min(start + word, text.length) } };
}
