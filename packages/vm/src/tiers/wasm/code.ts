// Generated code as the interpreter and T1 see it: a function of raw values that returns one, or is
// left in the middle with its frames noted.

import { required } from "@lumen/core/result";
import { Float } from "@lumen/core/value";
import type { LinkedCell } from "../../link/program.ts";
import { DEPTH_EXIT, EXIT, type Exit, LATE_EXIT, LOOP_EXIT } from "../exit.ts";
import { CONTEXT, type CodePlace, type FastCode, type Layout, type LeftFrame } from "../fast.ts";
import { repOf, repsOf } from "../reps.ts";
import { Arena } from "./arena.ts";
import type { NumericEngine } from "./engine.ts";
import type { Group } from "./group.ts";
import { HOST_FUNCTIONS } from "./host-functions.ts";
import { type Kind, kindOf } from "./kinds.ts";
import {
  CALLED_AT,
  CELLS,
  DEPTH_AT,
  FRAME_HEADER_BYTES,
  FRAMES_AT,
  FRAMES_END_AT,
  firstFrameSlot,
  STATUS,
} from "./layout.ts";
import type { Lowering } from "./lowering.ts";

/**
 * A staged engine begins with quick, slow code, and never replaces it in a call that runs. So a
 * loop is left at its head after so many cycles, then twice as many and so on, and entered again.
 */
const PATIENCE_MIN: number = 2 ** 16;
const PATIENCE_MAX: number = 2 ** 26;
/** Any other loop is left once after so many cycles, and entered as what it is then. */
const LATE_CYCLES: number = 2 ** 22;

/** Why the interpreter goes on. */
const REASONS: ReadonlyMap<number, Exit> = new Map([
  [STATUS.exit, EXIT],
  [STATUS.depth, DEPTH_EXIT],
  [STATUS.loopEnd, LOOP_EXIT],
  [STATUS.late, LATE_EXIT],
]);

/** What running the code has come to, for who decides whether it pays. */
export interface Effort {
  entries: number;
  /** Ways out that are no end: what only the interpreter can do. */
  exits: number;
  cycles: number;
  /** Items of lists that were copied in and out. */
  items: number;
}

/** Who hears of code that runs. */
export interface Listeners {
  /** After each run. */
  readonly told: (effort: Effort) => void;
  /** The code of another loop of the cell. */
  readonly codeAt: (head: number) => FastCode | null;
}

const ARENAS = new WeakMap<NumericEngine, Arena>();

function arenaOf(engine: NumericEngine): Arena {
  const arena = ARENAS.get(engine) ?? new Arena(engine.memory);
  ARENAS.set(engine, arena);
  return arena;
}

/** The code of a group, or why the engine has none. */
export function codeOfGroup(
  root: CodePlace,
  group: Group,
  engine: NumericEngine,
  listeners: Listeners,
): FastCode | string {
  const functions = Object.fromEntries(group.hostNames.map((name) => [name, HOST_FUNCTIONS[name]]));
  const enter = engine.compile(group.module, functions);
  if (typeof enter === "string") return enter;
  const runner = new Runner(root, { group, engine, enter, listeners });
  return {
    run: root.head === null ? runner.call() : runner.loop(),
    resume: root.head === null ? null : (depth) => runner.resume(depth),
    layout: layoutOf(root.cell),
    engine: engine.name,
    reason: null,
    entries: 0,
    exits: 0,
    cycles: 0,
  };
}

function layoutOf(cell: LinkedCell): Layout {
  const { module, lir } = cell;
  // Calls count their frames themselves.
  return {
    cell,
    reps: repsOf(module.lir, lir),
    result: repOf(module.lir, lir.result),
    frameBytes: 0,
  };
}

interface RunnerParts {
  readonly group: Group;
  readonly engine: NumericEngine;
  readonly enter: () => number;
  readonly listeners: Listeners;
}

/** One module, and how it is entered. */
class Runner {
  private readonly group: Group;
  private readonly engine: NumericEngine;
  private readonly arena: Arena;
  private readonly enter: () => number;
  private readonly listeners: Listeners;
  private readonly entered: Lowering;
  private readonly layouts: readonly Layout[];
  private readonly effort: Effort = { entries: 0, exits: 0, cycles: 0, items: 0 };
  private readonly result: Kind;
  private patience: number;
  private latePatience: number;

  constructor({ cell }: CodePlace, { group, engine, enter, listeners }: RunnerParts) {
    this.group = group;
    this.engine = engine;
    this.arena = arenaOf(engine);
    this.enter = enter;
    this.patience = engine.isStaged ? PATIENCE_MIN : Number.POSITIVE_INFINITY;
    this.latePatience = engine.isStaged ? LATE_CYCLES : Number.POSITIVE_INFINITY;
    this.listeners = listeners;
    this.entered = required(group.functions[0], "something is entered");
    this.layouts = group.functions.map((x) => layoutOf(x.cell));
    this.result = kindOf(cell.module, cell.lir.result) ?? "null";
  }

  /** Of a whole cell: arguments, then how many calls may nest. */
  call(): FastCode["run"] {
    const params = this.entered.params();
    return (...args) => {
      this.arena.begin();
      for (let i = 0; i < params.length; i += 1) {
        const register = params[i] ?? 0;
        const kind = this.entered.kind(register) ?? "null";
        if (!this.arena.put(firstFrameSlot(i), kind, args[register])) return this.refuse();
      }
      return this.start(Number(args.at(-1)));
    };
  }

  /** Of a loop: the registers of its frame, then how many calls may nest. */
  loop(): FastCode["run"] {
    const registers = this.entered.entryRegisters();
    return (...args) => {
      // Decoder: that is how loops are called.
      const given = args[0] as readonly unknown[];
      this.arena.begin();
      for (const register of registers) {
        const value = given[register];
        const raw = value instanceof Float ? value.value : value;
        const kind = this.entered.kind(register) ?? "null";
        if (!this.arena.put(firstFrameSlot(register), kind, raw)) return this.refuse();
      }
      return this.start(Number(args.at(-1)));
    };
  }

  /** There is no room for the lists. */
  private refuse(): undefined {
    CONTEXT.reason = EXIT;
    this.effort.exits += 1;
    this.listeners.told(this.effort);
  }

  /** The frame of the loop is the first one in memory already. */
  resume(depth: number): unknown {
    return this.start(depth);
  }

  private start(depth: number): unknown {
    const { arena, effort } = this;
    const { memory } = CONTEXT;
    const before = CONTEXT.cycles;
    arena.setDouble(CELLS.cycles, before);
    arena.setDouble(CELLS.budget, memory.budgetBytes - memory.reserveBytes);
    arena.setDouble(CELLS.fuel, CONTEXT.fuel);
    arena.setDouble(CELLS.late, before + this.latePatience);
    arena.setWord(DEPTH_AT, depth);
    const status = this.runOn();
    arena.look();
    CONTEXT.cycles = arena.double(CELLS.cycles);
    memory.budgetBytes = arena.double(CELLS.budget) + memory.reserveBytes;
    this.noteCalls();
    for (const kind of this.group.written) arena.written.add(kind);
    effort.entries += 1;
    effort.cycles += CONTEXT.cycles - before;
    const resume = status === STATUS.late ? this.better() : null;
    if (resume !== null) return resume(depth);
    const returned = status === STATUS.done ? this.takeResult() : this.leave(status);
    arena.tellShared();
    effort.items += arena.itemsCopied;
    this.listeners.told(effort);
    return returned;
  }

  /** The code of the loop at whose head this one was left, which finds its frame where it is. */
  private better(): FastCode["resume"] {
    const { arena } = this;
    this.latePatience = Number.POSITIVE_INFINITY;
    const { registers } = this.entered.cell.lir;
    const isAlone = arena.word(FRAMES_END_AT) === FRAMES_AT + frameSize(registers.length);
    if (this.entered.isWhole || !isAlone) return null;
    const code = this.listeners.codeAt(~arena.word(FRAMES_AT + 4)) ?? null;
    // Code of another engine has another memory.
    return code?.engine === this.engine.name ? code.resume : null;
  }

  private runOn(): number {
    const { arena } = this;
    for (;;) {
      arena.setDouble(CELLS.stop, arena.double(CELLS.cycles) + this.patience);
      const status = this.enter();
      if (status !== STATUS.again) return status;
      arena.look();
      this.patience = this.patience < PATIENCE_MAX ? 2 * this.patience : Number.POSITIVE_INFINITY;
    }
  }

  private noteCalls(): void {
    for (const x of this.group.functions)
      if (x.isWhole && !x.cell.isCalled && this.arena.byte(CALLED_AT + x.layout) !== 0)
        x.cell.isCalled = true;
    for (const x of this.group.functions) this.arena.setByte(CALLED_AT + x.layout, 0);
  }

  private takeResult(): unknown {
    return this.arena.take(firstFrameSlot(0), this.result);
  }

  private leave(status: number): undefined {
    const { arena } = this;
    CONTEXT.reason = required(REASONS.get(status), "the status says why");
    if (status === STATUS.exit) this.effort.exits += 1;
    const end = arena.word(FRAMES_END_AT);
    for (let at = FRAMES_AT; at < end; ) {
      const x = required(this.group.functions[arena.word(at)], "the frame is of a function");
      CONTEXT.left.push(this.frame(x, at));
      at += frameSize(x.cell.lir.registers.length);
    }
  }

  /** A frame that was noted. Registers that the code does not touch stay what they are. */
  private frame(x: Lowering, start: number): LeftFrame {
    const at = this.arena.word(start + 4);
    const layout = required(this.layouts[x.layout], "the function has a layout");
    const live: number[] = [];
    const values: unknown[] = [];
    for (const register of x.live[at < 0 ? ~at : at] ?? []) {
      const kind = x.kind(register);
      if (kind === null || !x.touched.has(register)) continue;
      live.push(register);
      const raw = x.isHeld(register)
        ? this.arena.take(start + FRAME_HEADER_BYTES + 8 * register, kind)
        : rawConstant(x, register);
      // Where the register holds any value, a Float is one.
      const isBoxed = kind === "float" && layout.reps[register] !== "float";
      values.push(isBoxed ? new Float(Number(raw)) : raw);
    }
    return { layout, at, live, values };
  }
}

function frameSize(registers: number): number {
  return FRAME_HEADER_BYTES + 8 * registers;
}

function rawConstant(x: Lowering, register: number): unknown {
  const value = x.constants.get(register) ?? null;
  return value instanceof Float ? value.value : value;
}
