// A machine: one program running from one entry, suspended where it needs something from outside. A
// pure function of program, arguments and answers: it knows no clock, file, network or thread.

import { type BuiltinName, builtinRow } from "@lumen/core/builtins";
import { type Fault, type FaultFrame, TRAPS, type TrapCode } from "@lumen/core/diagnostic";
import { assert, required } from "@lumen/core/result";
import { share, type Value, ValueDepthError } from "@lumen/core/value";
import { nextRun, registersFor } from "../interpreter/calls.ts";
import type { Core, TileCall } from "../interpreter/core.ts";
import { interpret } from "../interpreter/interpreter.ts";
import { MEMORY_BYTES_DEFAULT } from "../limits.ts";
import { codeOf } from "../link/compile-cell.ts";
import { cellOf } from "../link/link-program.ts";
import type { LinkedProgram } from "../link/program.ts";
import { runtimeTrap, Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { Memory } from "./allocation.ts";
import { Fiber, Frame } from "./fiber.ts";
import type { Answer, Request } from "./requests.ts";

/** How to start a machine. */
export interface MachineOptions {
  readonly entry: { readonly module: string; readonly name: string };
  /** One value per parameter of the entry. */
  readonly args: readonly Value[];
  /** Most cycles; none is unlimited. */
  readonly fuel?: number;
  /** Most reachable memory, in the weights of `memory.ts`; none is 1 GiB. */
  readonly memoryBytes?: number;
  /** `suspend`: calls of tiles from cells that are not become requests. */
  readonly tiles: "inline" | "suspend";
  /** False for machines of tiles: a request at the door is a defect. */
  readonly door: boolean;
}

/** Where a machine stands after `run`. `requests` are all that are not answered yet, by id. */
export type MachineState =
  | { readonly kind: "finished"; readonly value: Value }
  | { readonly kind: "faulted"; readonly fault: Fault }
  | { readonly kind: "suspended"; readonly requests: readonly Request[] };

/** A machine as its host sees it. */
export interface Machine {
  /** Cycles charged so far (lir.md 7). */
  readonly cycles: number;
  /** Runs until the program ends or every fiber waits. */
  run(): MachineState;
  /** Answers a pending request; the fiber goes on at the next `run`. */
  answer(id: number, answer: Answer): void;
}

/** A machine at the beginning of its entry. An entry that the program lacks is a defect. */
export function createMachine(program: LinkedProgram, options: MachineOptions): Machine {
  return new FiberMachine(program, options);
}

class FiberMachine implements Machine, Core {
  cycles = 0;
  readonly fuel: number;
  readonly memory: Memory;
  readonly suspendTiles: boolean;
  private readonly door: boolean;
  private readonly main: Fiber = new Fiber();
  /** Fibers that can go on, first come first served. */
  private readonly ready: Fiber[] = [];
  private readonly pending = new Map<
    number,
    { readonly fiber: Fiber; readonly request: Request }
  >();
  private requestCount = 0;
  private fault: Fault | null = null;

  constructor(program: LinkedProgram, options: MachineOptions) {
    const cell = cellOf(program, options.entry);
    assert(cell.paramCount === options.args.length, "there is one argument per parameter");
    this.fuel = options.fuel ?? Number.POSITIVE_INFINITY;
    this.memory = new Memory(options.memoryBytes ?? MEMORY_BYTES_DEFAULT, () => this.roots());
    // A tile called inside a tile runs in place.
    this.suspendTiles = options.tiles === "suspend" && !cell.isTile;
    this.door = options.door;
    this.guard(this.main, () => {
      const args = options.args.map((value, i) =>
        castValue(value, cell.module.cast, cell.lir.registers[i] ?? -1),
      );
      const frame = new Frame(cell, codeOf(cell).words, registersFor(cell, args));
      this.main.frames.push(frame);
    });
    this.ready.push(this.main);
  }

  run(): MachineState {
    for (let fiber = this.ready.shift(); fiber !== undefined; fiber = this.ready.shift()) {
      const running = fiber;
      if (this.fault === null) this.guard(running, () => interpret(this, running));
    }
    if (this.fault !== null) return { kind: "faulted", fault: this.fault };
    if (this.main.result !== null) return { kind: "finished", value: this.main.result.value };
    return { kind: "suspended", requests: [...this.pending.values()].map((p) => p.request) };
  }

  answer(id: number, answer: Answer): void {
    const { fiber } = required(this.pending.get(id), "the request is pending");
    this.pending.delete(id);
    this.guard(fiber, () => {
      if (!answer.ok) throw answerTrap(answer.code, answer.message);
      this.resume(fiber, answer.value);
    });
  }

  requestDoor(fiber: Fiber, builtin: BuiltinName, args: readonly Value[]): void {
    assert(this.door, "a machine without a door makes no request");
    const [effect = "", operation = ""] = builtinRow(builtin).how.replace("door ", "").split(".");
    for (const arg of args) share(arg);
    const id = this.nextId();
    const result = builtin === "debug" ? { value: args[0] ?? null } : null;
    fiber.waiting = { recur: null, resultCheck: null, result };
    const at = this.topOf(fiber);
    this.ask(fiber, { kind: "door", id, builtin, effect, operation, args, at });
  }

  requestTile(fiber: Fiber, call: TileCall): void {
    const { cell, args, recur, resultCheck } = call;
    for (const arg of args) share(arg);
    const id = this.nextId();
    fiber.waiting = { recur, resultCheck, result: null };
    this.ask(fiber, {
      kind: "tile",
      id,
      module: cell.module.name,
      name: cell.name,
      args,
      recur: recur === null ? null : { bound: recur.bound, iteration: recur.iteration },
      at: this.topOf(fiber),
    });
  }

  private nextId(): number {
    this.requestCount += 1;
    return this.requestCount - 1;
  }

  private ask(fiber: Fiber, request: Request): void {
    this.pending.set(request.id, { fiber, request });
  }

  /** Puts an answer where the fiber wants it; the next run of a recur tile is asked for at once. */
  private resume(fiber: Fiber, answered: Value): void {
    const { recur, resultCheck, result } = required(fiber.waiting, "the fiber waits");
    fiber.waiting = null;
    let value = result === null ? share(answered) : result.value;
    const next = recur === null ? null : nextRun(recur, value);
    if (recur !== null && next !== null) {
      this.requestTile(fiber, { cell: recur.cell, args: next, recur, resultCheck });
      return;
    }
    if (resultCheck !== null) {
      value = castValue(value, resultCheck.cell.module.cast, resultCheck.type);
    }
    const frame = fiber.frames.at(-1);
    if (frame === undefined) {
      fiber.result = { value };
      return;
    }
    const { words, pc, cell } = frame;
    const register = required(words[pc + 2], "a call has a result register");
    const type = cell.lir.registers[register] ?? -1;
    frame.registers[register] = castValue(value, cell.module.cast, type);
    frame.pc = pc + required(words[pc + 1], "an instruction has a length");
    this.ready.push(fiber);
  }

  /** Runs code that may stop the machine. */
  private guard(fiber: Fiber, action: () => void): void {
    try {
      action();
    } catch (error) {
      const trap = trapOf(error);
      this.fault ??= { code: trap.code, message: trap.message, stack: stackOf(fiber) };
    }
  }

  private topOf(fiber: Fiber): FaultFrame {
    return stackOf(fiber).at(-1) ?? { module: "", cell: "", span: null };
  }

  private *roots(): Iterable<readonly Value[]> {
    for (const fiber of [this.main]) for (const frame of fiber.frames) yield frame.registers;
  }
}

/** A Trap as it is. Engines report deep recursion and oversized strings as RangeError. */
function trapOf(error: unknown): Trap {
  if (error instanceof Trap) return error;
  if (error instanceof ValueDepthError) {
    return new Trap("E_TRAP_STACK", "stack overflow: value nested too deeply");
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new Trap("E_TRAP_STACK", "stack overflow: value nested too deeply");
  }
  if (
    error instanceof RangeError &&
    /invalid (string|array) length|maximum size exceeded/i.test(error.message)
  ) {
    return new Trap("E_TRAP_MEMORY", "memory limit exceeded");
  }
  throw error;
}

function answerTrap(code: string, message: string): Trap {
  if (isTrapCode(code)) return new Trap(code, message);
  return runtimeTrap(message.replace(/^runtime error: /, ""));
}

function isTrapCode(code: string): code is TrapCode {
  return Object.hasOwn(TRAPS, code);
}

/** The call stack, outermost first. */
function stackOf(fiber: Fiber): readonly FaultFrame[] {
  return fiber.frames.map((frame): FaultFrame => {
    const { module, index, name } = frame.cell;
    const { offsets } = codeOf(frame.cell);
    const instruction = offsets.findLastIndex((offset) => offset <= frame.pc);
    const span = module.lir.debug?.cells[index]?.spans[instruction] ?? null;
    return { module: module.name, cell: name, span };
  });
}
