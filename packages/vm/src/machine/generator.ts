// Generators: the frames of a cell that runs on demand (language 14, lir.md 6.4).

import { makeList, type Value } from "@lumen/core/value";
import { IteratorState } from "../containers/iterators.ts";
import { FRAME_BYTES, SLOT_BYTES } from "../memory.ts";
import type { Frame } from "./fiber.ts";
import { valuesOfFrames } from "./roots.ts";

/** Weight of a generator with the scope of its frame. */
export const GENERATOR_BYTES = 512;

/**
 * A generator, which is its own iterator. While its code runs, its frames stand on the stack of the
 * consumer, above the frame that wants the next item.
 */
export class GeneratorState extends IteratorState {
  /** Lowest first; null while it runs, empty at its end. */
  frames: readonly Frame[] | null;
  constructor(first: Frame) {
    super(makeList([]), true);
    this.frames = [first];
  }

  override ownBytes(): number {
    const registers = (this.frames ?? []).reduce((sum, f) => sum + f.registers.length, 0);
    return GENERATOR_BYTES + FRAME_BYTES * (this.frames?.length ?? 0) + SLOT_BYTES * registers;
  }

  override *reachable(): Iterable<Value> {
    for (const values of valuesOfFrames(this.frames ?? [])) yield* values;
  }
}
