// Frames of a fault with their places in the documents, as people read them.

import { isSchemaReader } from "@lumen/compiler";
import { type FaultFrame, lineText, makeSourceText, positionOf } from "@lumen/core/diagnostic";
import type { RunnableProject } from "./compile-project.ts";

/** A frame and where it is; `at` is null for code without a source of the user's. */
export interface LocatedFrame {
  readonly cell: string;
  readonly at: {
    /** Project path. */
    readonly path: string;
    readonly line: number;
    readonly column: number;
    /** The line, trimmed. */
    readonly text: string;
  } | null;
}

/**
 * Finds the places of frames, outermost first as they are; without those of cells that read a
 * schema, of which the message tells.
 */
export function locateFrames(
  frames: readonly FaultFrame[],
  { program, sources }: Pick<RunnableProject, "program" | "sources">,
): readonly LocatedFrame[] {
  const shown = frames.filter(({ module, cell }) => !isSchemaReader({ module, name: cell }));
  return shown.map(({ module, cell, span }) => {
    const found = program.modules.find((m) => m.name === module);
    const path = found === undefined ? module : found.debug?.path;
    const text = path === undefined ? undefined : sources.get(path);
    if (path === undefined || text === undefined || span === null) return { cell, at: null };
    // Offsets in documents count what the lexer reads, those in TypeScript the file.
    const source = makeSourceText(path, found === undefined ? text : text.replace(/\r\n/g, "\n"));
    const { line, column } = positionOf(source, span.start);
    return { cell, at: { path, line, column, text: lineText(source, line).trim() } };
  });
}
