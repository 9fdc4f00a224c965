// Fibers and frames: what a machine holds between two steps.

import type { Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";

/** The invocation of a recur tile that a frame is one run of. */
export interface Recur {
  readonly cell: LinkedCell;
  readonly bound: number;
  /** Number of the current run, from 0. */
  iteration: number;
}

/** Where a call's result is checked before it arrives: a type of the calling cell's module. */
export interface ResultCheck {
  readonly cell: LinkedCell;
  readonly type: number;
}

/**
 * One call. A plain class, so that all frames have one hidden class (read in the dispatch loop).
 * While a frame calls, `pc` stands at the call, whose third word is the register for the result.
 */
export class Frame {
  cell: LinkedCell;
  words: Int32Array;
  registers: Value[];
  pc = 0;
  resultCheck: ResultCheck | null = null;
  recur: Recur | null = null;
  constructor(cell: LinkedCell, words: Int32Array, registers: Value[]) {
    this.cell = cell;
    this.words = words;
    this.registers = registers;
  }
}

/** A tile or door request that a fiber waits for. */
export interface Waiting {
  /** Present for a run of a recur tile. */
  readonly recur: Recur | null;
  readonly resultCheck: ResultCheck | null;
  /** A value that is the result whatever the answer holds: `debug` returns its argument. */
  readonly result: { readonly value: Value } | null;
}

/** A thread of frames. `waiting` while a request of it is unanswered. */
export class Fiber {
  readonly frames: Frame[] = [];
  waiting: Waiting | null = null;
  /** Set when the last frame has returned. */
  result: { readonly value: Value } | null = null;
}
