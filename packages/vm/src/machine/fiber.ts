// Fibers and frames: what a machine holds between two steps (lir.md 6). Plain data throughout: no
// host function is part of the state, so that a machine could be written down where it stands.

import type { Fault } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import type { Trap } from "../trap.ts";
import type { GeneratorState } from "./generator.ts";
import type { Channel, Nursery, Task } from "./tasks.ts";

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
  /** Null until the frame opens a context or defers something. */
  scope: Scope | null = null;
  constructor(cell: LinkedCell, words: Int32Array, registers: Value[]) {
    this.cell = cell;
    this.words = words;
    this.registers = registers;
  }
}

/**
 * What a frame has besides its registers. Frames of one activation, a call of a cell whose handled
 * blocks were resumed, share `registers` and `defers`: the lowest is the call itself, each
 * `resumed` one above it is a block that went on while the frame below stands at its `resume`.
 */
export class Scope {
  /** Word offsets of the deferred blocks, in the order of their registration. */
  readonly defers: number[];
  /**
   * Outermost first. Those of a resumed frame begin with the handle that was resumed, or its arm.
   */
  contexts: Context[];
  resumed = false;
  /** Of a resumed frame: what the arm below keeps for itself while the block runs. */
  saved: SavedRegisters | null = null;
  /** Lowest frame of a continuation that is being abandoned. */
  boundary = false;
  /** Present in the lowest frame of a generator. */
  generator: GeneratorState | null = null;
  constructor(defers: number[], contexts: Context[]) {
    this.defers = defers;
    this.contexts = contexts;
  }
}

/** Registers of an arm, from `from` on. */
export interface SavedRegisters {
  readonly from: number;
  readonly values: readonly Value[];
}

/** A handler in force; `at` is the word offset of the `handle`, which names operations and arms. */
export interface HandleContext {
  readonly kind: "handle";
  readonly at: number;
}

/** An arm that runs for the handle at `at`. */
export interface ArmContext {
  readonly kind: "arm";
  readonly at: number;
  readonly args: readonly Value[];
  /** Frames from the handled block up to the `perform`, lowest first; null once resumed. */
  continuation: readonly Frame[] | null;
}

/** A nursery that is open. */
export interface NurseryContext {
  readonly kind: "nursery";
  readonly nursery: Nursery;
  /** Its tasks were told to stop, since control is on its way out. */
  left: boolean;
}

/** The frame is being left: code above this context runs on the way, a deferred block mostly. */
export interface ExitContext {
  readonly kind: "exit";
  readonly exit: Exit;
}

/** What a frame is inside of. */
export type Context = HandleContext | ArmContext | NurseryContext | ExitContext;

/** A way out of frames and contexts. */
export type Exit =
  /** Leave the activation with a value. */
  | { readonly kind: "return"; readonly value: Value }
  /**
   * Leave `count` contexts and go on at `pc` of the frame. `arm`: first, every context up to the
   * arm of the handle at that word, which belongs to a resumed block that was left.
   */
  | { readonly kind: "leave"; readonly count: number; readonly arm: number | null }
  /** Leave the innermost arm, the value being that of its handle. */
  | { readonly kind: "end"; readonly value: Value }
  /** Leave the frames of a continuation that nobody resumes. */
  | { readonly kind: "abandon" }
  /** Leave everything. */
  | FaultExit;

/** A fiber on its way to its end by an error. `cancelled`: it was told to stop. */
export interface FaultExit {
  readonly kind: "fault";
  readonly fault: Fault;
  readonly cancelled: boolean;
}

/** Something that changes: a task, a nursery, a channel. */
export type Watched = Task | Nursery | Channel;

/** What a fiber waits for. */
export type Waiting =
  /** An answer: the value goes to the instruction at which the fiber stands. */
  | {
      readonly kind: "answer";
      readonly id: number;
      /** Present for a run of a recur tile. */
      readonly recur: Recur | null;
      readonly resultCheck: ResultCheck | null;
      /** A value that is the result whatever the answer holds: `debug` returns its argument. */
      readonly result: { readonly value: Value } | null;
    }
  /** One of several things to happen; the instruction is then executed again. */
  | { readonly kind: "change"; readonly watched: readonly Watched[] }
  /** Its turn at a channel; the value is handed over. */
  | { readonly kind: "channel"; readonly channel: Channel };

/** The first call of a fiber, which happens when it runs for the first time. */
export interface FirstCall {
  readonly cell: LinkedCell;
  readonly args: readonly Value[];
  readonly captures: readonly Value[];
}

/** The result of the instruction at which a fiber waited. */
export interface Arrival {
  readonly value: Value;
  readonly check: ResultCheck | null;
}

/** A thread of frames. */
export class Fiber {
  readonly frames: Frame[] = [];
  /** The task whose fiber it is; null for the entry. */
  readonly task: Task | null;
  first: FirstCall | null;
  waiting: Waiting | null = null;
  /** What it finds when it runs next: a trap to raise, or the result of its instruction. */
  event: Trap | Arrival | null = null;
  /** The fiber waits on its way out of the top frame, whose last context is the exit. */
  exiting = false;
  /** It was told to stop, and has been stopped; what it does since are deferred blocks. */
  stopped = false;
  /** Set when the last frame has returned. */
  result: { readonly value: Value } | null = null;
  /** Set when the last frame was left by an error. */
  failure: FaultExit | null = null;
  constructor(task: Task | null, first: FirstCall | null) {
    this.task = task;
    this.first = first;
  }
}
