// Places of frames in what was typed. A function that an earlier input made runs code of that
// input, of which a later one knows nothing: such a frame is told without its place.

import { type FaultFrame, lineText, positionOf } from "@lumen/core/diagnostic";
import type { Program } from "@lumen/core/program";
import { type LocatedFrame, locateFrames } from "../located-frames.ts";
import type { ReplSource } from "./repl-source.ts";

/** Finds the places, outermost first; calls of the session's own cells are left out. */
export function locateInputFrames(
  frames: readonly FaultFrame[],
  known: {
    readonly program: Program;
    readonly source: ReplSource;
    readonly sources: ReadonlyMap<string, string>;
  },
): readonly LocatedFrame[] {
  const [root] = known.program.modules;
  return frames.flatMap((frame) =>
    frame.module === root?.name ? inputFrame(frame, known) : locateFrames([frame], known),
  );
}

function inputFrame(
  frame: FaultFrame,
  { program, source }: { readonly program: Program; readonly source: ReplSource },
): readonly LocatedFrame[] {
  const { cell, span } = frame;
  const [root] = program.modules;
  const index = root?.cells.findIndex((c) => c.name === cell) ?? -1;
  const spans = root?.debug?.cells[index]?.spans ?? [];
  const isOfNow = spans.some((s) => s.start === span?.start && s.end === span.end);
  const place = span === null || !isOfNow ? null : source.typedSpan(span);
  const name = cell === "__script_main" ? "main" : cell;
  if (place === null) return [{ cell: name, at: null }];
  const { line, column } = positionOf(place.source, place.span.start);
  const text = lineText(place.source, line).trim();
  return [{ cell: name, at: { path: place.source.path, line, column, text } }];
}
