// Generators: the frames of a cell that runs on demand (language 14, lir.md 6.4).

import type { Value } from "@lumen/core/value";
import { IteratorState } from "../containers/iterators.ts";
import type { Frame } from "./fiber.ts";
import { valuesOfFrames } from "./roots.ts";

/**
 * A generator, which is its own iterator. While its code runs, its frames stand on the stack of the
 * consumer, above the frame that wants the next item.
 */
export class GeneratorState extends IteratorState {
  /** Lowest first; null while it runs, empty at its end. */
  frames: readonly Frame[] | null;
  constructor(first: Frame) {
    super([], true);
    this.frames = [first];
  }

  override *reachable(): Iterable<Value> {
    for (const values of valuesOfFrames(this.frames ?? [])) yield* values;
  }
}
