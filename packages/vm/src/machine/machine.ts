// A machine: one program running from one entry, suspended where it needs something from outside. A
// pure function of program, arguments and answers: it knows no clock, file, network or thread.

import {
  type Failure,
  type Fault,
  type FaultFrame,
  TRAPS,
  type TrapCode,
} from "@lumen/core/diagnostic";
import { assert, ok, type Result, required } from "@lumen/core/result";
import { Opaque, share, type Value, ValueDepthError, ValueSizeError } from "@lumen/core/value";
import { stateOf } from "../builtins/instances.ts";
import { nextRun } from "../interpreter/calls.ts";
import type { CompileSetting, Core, Question, TileCall } from "../interpreter/core.ts";
import { checked, deliverChecked } from "../interpreter/enter.ts";
import { goOn, leave, placeOf, stackOf } from "../interpreter/exits.ts";
import { enterHot, raiseFailure } from "../interpreter/fast-calls.ts";
import { interpret } from "../interpreter/interpreter.ts";
import { cancelNursery, stopIfCancelled, wakeAll } from "../interpreter/wait.ts";
import { MEMORY_BYTES_DEFAULT } from "../limits.ts";
import { cellOf } from "../link/link-program.ts";
import type { LinkedProgram } from "../link/program.ts";
import type { Held } from "../memory.ts";
import { decodeSnapshot, encodeSnapshot } from "../snapshot/snapshot.ts";
import { HOT } from "../tiers/tiers.ts";
import { CancelTrap, runtimeTrap, Trap } from "../trap.ts";
import { castValue } from "../types/cast.ts";
import { Memory } from "./allocation.ts";
import { type Arrival, type FaultExit, Fiber, type FirstCall, type Waiting } from "./fiber.ts";
import { type TaskView, viewOfFiber } from "./inspect.ts";
import type { MachineParts } from "./parts.ts";
import { Queue } from "./queue.ts";
import type { Answer, Request, TaskEvent } from "./requests.ts";
import { valuesOfFrames } from "./roots.ts";
import { type Nursery, TASK_BYTES, Task } from "./tasks.ts";

/** The module of builtins that are written in Lumen. */
const PRELUDE = "std.prelude";

const NOWHERE: FaultFrame = { module: "", cell: "", span: null };

/** Who watches a machine. */
export interface Observation {
  /** Told what happens while the machine runs; must not call the machine. */
  readonly observe?: (event: TaskEvent) => void;
  /** Tell with each move of a process what its state is then, which makes later moves slower. */
  readonly keepStates?: boolean;
}

/** What changes no result: who watches a machine, and how fast it is. */
export interface RunOptions extends Observation {
  /** When pure code is compiled; null: never, absent: when it is hot. */
  readonly compile?: CompileSetting | null;
}

/** How to start a machine. */
export interface MachineOptions extends RunOptions {
  readonly entry: { readonly module: string; readonly name: string };
  /** One value per parameter of the entry. */
  readonly args: readonly Value[];
  /** Most cycles; none is unlimited. */
  readonly fuel?: number;
  /** Most reachable memory, in the weights of `memory.ts`; none is 512 MiB. */
  readonly memoryBytes?: number;
  /** `suspend`: calls of tiles from cells that are not become requests. */
  readonly tiles: "inline" | "suspend";
  /** False for machines of tiles: a request at the door is a defect. */
  readonly door: boolean;
}

/**
 * Where a machine stands after `run`. `requests` are all that are not answered yet, by id; some may
 * be of fibers that were stopped meanwhile.
 */
export type MachineState =
  | { readonly kind: "finished"; readonly value: Value }
  | { readonly kind: "faulted"; readonly fault: Fault }
  | { readonly kind: "suspended"; readonly requests: readonly Request[] };

/** A slice is over. The state is none that could be written down. */
export interface PausedState {
  readonly kind: "paused";
}

/** A machine as its host sees it. */
export interface Machine {
  /** Cycles charged so far (lir.md 7). */
  readonly cycles: number;
  /** Memory was measured. Only then a fault for it depends on whether code was compiled. */
  readonly wasMeasured: boolean;
  /** Bytes allocated since the machine was made, in the weights of `memory.ts`. */
  readonly allocatedBytes: number;
  /** Runs until the entry's fiber ends, and with it the program, or every fiber waits. */
  run(): MachineState;
  /**
   * The same, but for at most this many cycles, or one block of code: where they are over, the next
   * call goes on.
   */
  runSlice(cycles: number): MachineState | PausedState;
  /** Answers a pending request; the fiber goes on at the next `run`. */
  answer(id: number, answer: Answer): void;
  /**
   * The state as bytes, between two calls of `run` (formats 30). The error says what cannot be
   * written down: `live actor`. 32 bytes of `programId` bind it to the program.
   */
  snapshot(programId: Uint8Array): Result<Uint8Array, string>;
  /** The tasks that have not ended, in the order in which they began. */
  inspect(): readonly TaskView[];
}

/** A machine at the beginning of its entry. An entry that the program lacks is a defect. */
export function createMachine(program: LinkedProgram, options: MachineOptions): Machine {
  const cell = cellOf(program, options.entry);
  assert(cell.paramCount === options.args.length, "there is one argument per parameter");
  const main = new Fiber(null, { cell, args: options.args, captures: [] });
  const memoryBytes = options.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  const parts: MachineParts = {
    cycles: 0,
    fuel: options.fuel ?? Number.POSITIVE_INFINITY,
    memoryBytes,
    budgetBytes: memoryBytes,
    // A tile called inside a tile runs in place.
    suspendTiles: options.tiles === "suspend" && !cell.isTile,
    door: options.door,
    main,
    ready: [main],
    live: [main],
    pending: [],
    requestCount: 0,
    taskCount: 0,
    orderCount: 0,
    instanceCount: 0,
    deadlock: null,
  };
  return new FiberMachine(parts, options);
}

/** What a snapshot is restored with, besides its program. */
export interface RestoreOptions extends RunOptions {
  readonly programId: Uint8Array;
}

/**
 * The machine that a snapshot was made of, standing where it stood: the same program, answers and
 * cycles from here on. The failures are those of `decodeSnapshot`.
 */
export function restoreMachine(
  program: LinkedProgram,
  bytes: Uint8Array,
  options: RestoreOptions,
): Result<Machine, Failure> {
  const parts = decodeSnapshot(bytes, program, options.programId);
  return parts.ok ? ok(new FiberMachine(parts.value, options)) : parts;
}

class FiberMachine implements Machine, Core {
  cycles: number;
  /** Where the machine stops next: at its limit, or at the end of a slice. */
  fuel: number;
  readonly memory: Memory;
  readonly suspendTiles: boolean;
  private readonly fuelMax: number;
  /** The fiber that ran when a slice was over. */
  private paused: Fiber | null = null;
  readonly compile: CompileSetting | null;
  failure: { readonly error: unknown } | null = null;
  private readonly door: boolean;
  private readonly observe: (event: TaskEvent) => void;
  private readonly keepStates: boolean;
  private readonly main: Fiber;
  /** Fibers that can go on, first come first served (language 13.1). */
  private readonly ready = new Queue<Fiber>();
  /** Fibers that have not ended, in the order in which they began. */
  private readonly live = new Set<Fiber>();
  private readonly pending = new Map<
    number,
    { readonly fiber: Fiber; readonly request: Request }
  >();
  private requestCount: number;
  private taskCount: number;
  private orderCount: number;
  private instanceCount: number;
  private deadlock: FaultExit | null;

  constructor(parts: MachineParts, { observe, keepStates, compile = HOT }: RunOptions) {
    this.cycles = parts.cycles;
    this.fuel = parts.fuel;
    this.fuelMax = parts.fuel;
    this.memory = new Memory(parts.memoryBytes, () => this.held());
    this.memory.budgetBytes = parts.budgetBytes;
    this.suspendTiles = parts.suspendTiles;
    this.door = parts.door;
    this.compile = compile;
    this.observe = observe ?? ((): void => {});
    this.keepStates = keepStates ?? false;
    this.main = parts.main;
    for (const fiber of parts.live) this.live.add(fiber);
    for (const fiber of parts.ready) this.ready.push(fiber);
    for (const entry of parts.pending) this.pending.set(entry.request.id, entry);
    this.requestCount = parts.requestCount;
    this.taskCount = parts.taskCount;
    this.orderCount = parts.orderCount;
    this.instanceCount = parts.instanceCount;
    this.deadlock = parts.deadlock;
  }

  get wasMeasured(): boolean {
    return this.memory.wasMeasured;
  }

  get allocatedBytes(): number {
    return this.memory.allocatedBytes;
  }

  run(): MachineState {
    const state = this.runSlice(Number.POSITIVE_INFINITY);
    assert(state.kind !== "paused", "a slice without an end is not over");
    return state;
  }

  runSlice(cycles: number): MachineState | PausedState {
    // The block before which the last slice was over fits at least, so that slices come to an end.
    const least = this.paused === null ? 0 : blockCost(this.paused);
    this.fuel = Math.min(this.fuelMax, this.cycles + Math.max(cycles, least));
    for (;;) {
      const { result, failure } = this.main;
      if (failure !== null) return { kind: "faulted", fault: failure.fault };
      if (result !== null) return { kind: "finished", value: result.value };
      const fiber = this.paused ?? this.ready.shift();
      this.paused = null;
      if (fiber !== undefined) this.go(fiber);
      if (this.paused !== null) return { kind: "paused" };
      if (fiber !== undefined) continue;
      if (this.pending.size > 0) return this.suspended();
      this.breakDeadlock();
    }
  }

  answer(id: number, answer: Answer): void {
    const { fiber, request } = required(this.pending.get(id), "the request is pending");
    this.pending.delete(id);
    const { waiting } = fiber;
    assert(waiting?.kind === "answer" && waiting.id === id, "the fiber waits for the answer");
    if (!answer.ok) {
      const { code, message } = answer;
      const isTool = request.kind === "tool" && code !== "E_POLICY";
      this.wake(fiber, isTool ? toolTrap(message) : answerTrap(code, message));
      return;
    }
    const value = waiting.result === null ? share(answer.value) : waiting.result.value;
    try {
      if (this.asksAgain(fiber, waiting, value)) return;
      this.wake(fiber, { value, check: waiting.resultCheck });
    } catch (error) {
      this.wake(fiber, trapOf(error));
    }
  }

  snapshot(programId: Uint8Array): Result<Uint8Array, string> {
    return encodeSnapshot(this.parts(), programId);
  }

  askDoor(fiber: Fiber, { target, args, result }: Question): void {
    for (const arg of args) share(arg);
    const place = { id: this.requestCount, task: taskOf(fiber), at: this.topOf(fiber) };
    if (target.kind === "tool") {
      if (!this.door) throw toolTrap(`no provider for '${target.tool}'`);
      this.ask(fiber, { kind: "tool", ...place, tool: target.tool, input: args[0] ?? null });
    } else {
      const { effect, operation } = target;
      assert(this.door || target.kind === "operation", "a machine without a door asks nothing");
      if (!this.door) throw runtimeTrap(`unhandled effect: ${effect}.${operation}`);
      this.ask(fiber, { kind: "door", ...place, effect, operation, args });
    }
    fiber.waiting = { kind: "answer", id: place.id, recur: null, resultCheck: null, result };
  }

  requestTile(fiber: Fiber, call: TileCall): void {
    const { cell, args, recur, resultCheck } = call;
    for (const arg of args) share(arg);
    const id = this.requestCount;
    fiber.waiting = { kind: "answer", id, recur, resultCheck, result: null };
    this.ask(fiber, {
      kind: "tile",
      id,
      task: taskOf(fiber),
      module: cell.module.name,
      name: cell.name,
      args,
      recur: recur === null ? null : { bound: recur.bound, iteration: recur.iteration },
      at: this.topOf(fiber),
    });
  }

  startTask(spawner: Fiber, first: FirstCall, nursery: Nursery | null): Task {
    this.memory.charge(TASK_BYTES);
    this.taskCount += 1;
    const task = new Task(this.taskCount, first, nursery);
    const cell = first.cell.name;
    const at = this.callerOf(spawner);
    this.observe({ kind: "spawned", future: task.id, by: taskOf(spawner), cell, at });
    nursery?.pending.add(task);
    if (nursery?.cancelled === true) task.cancelled = true;
    this.live.add(task.fiber);
    this.ready.push(task.fiber);
    return task;
  }

  wake(fiber: Fiber, event?: Trap | Arrival): void {
    const { waiting } = fiber;
    // Where a fiber is stopped, nobody wants the answer any more.
    if (waiting?.kind === "answer") this.pending.delete(waiting.id);
    if (waiting?.kind === "change")
      for (const { watchers } of waiting.watched) watchers.delete(fiber);
    // Who is handed a value, or nothing, has left the channel's queue.
    if (waiting?.kind === "channel" && event instanceof Trap) waiting.channel.forget(fiber);
    fiber.waiting = null;
    fiber.event = event ?? null;
    this.ready.push(fiber);
  }

  stateMoved(
    fiber: Fiber,
    instance: Value,
    { move, given }: { readonly move: string; readonly given: Value },
  ): void {
    const state = stateOf(instance);
    if (state.number === 0) {
      this.instanceCount += 1;
      state.number = this.instanceCount;
    }
    this.observe({
      kind: "moved",
      task: taskOf(fiber),
      process: `${instance instanceof Opaque ? instance.kind : ""}#${state.number}`,
      move,
      given: share(given),
      state: this.keepStates ? copyOf(state.values) : null,
      at: this.callerOf(fiber),
    });
  }

  inspect(): readonly TaskView[] {
    return [...this.live].map(viewOfFiber);
  }

  nextOrder(): number {
    this.orderCount += 1;
    return this.orderCount - 1;
  }

  /** Raised in the entry; where even its deferred blocks wait for ever, the program ends there. */
  private breakDeadlock(): void {
    const trap = runtimeTrap("deadlock: every task waits");
    if (this.deadlock === null) {
      const { code, message } = trap;
      const fault = { code, message, stack: stackOf(this.main) };
      this.deadlock = { kind: "fault", fault, cancelled: false };
      this.wake(this.main, trap);
    } else this.main.failure = this.deadlock;
  }

  private parts(): MachineParts {
    const { cycles, fuelMax, memory, suspendTiles, door, main, deadlock } = this;
    return {
      cycles,
      fuel: fuelMax,
      memoryBytes: memory.bytesMax,
      budgetBytes: memory.budgetBytes,
      suspendTiles,
      door,
      main,
      ready: [...this.ready],
      live: [...this.live],
      pending: [...this.pending.values()],
      requestCount: this.requestCount,
      taskCount: this.taskCount,
      orderCount: this.orderCount,
      instanceCount: this.instanceCount,
      deadlock,
    };
  }

  private suspended(): MachineState {
    return { kind: "suspended", requests: [...this.pending.values()].map((p) => p.request) };
  }

  private ask(fiber: Fiber, request: Request): void {
    this.requestCount += 1;
    this.pending.set(request.id, { fiber, request });
    this.observe({ kind: "asked", request });
  }

  /** True where an unfinished invocation of a recur tile asks for its next run. */
  private asksAgain(fiber: Fiber, waiting: Waiting & { kind: "answer" }, value: Value): boolean {
    const { recur, resultCheck } = waiting;
    const next = recur === null ? null : nextRun(recur, value);
    if (recur === null || next === null) return false;
    this.requestTile(fiber, { cell: recur.cell, args: next, recur, resultCheck });
    return true;
  }

  /** Runs a fiber until it waits or ends. */
  private go(fiber: Fiber): void {
    let exit: FaultExit | null = null;
    for (let isDone = false; !isDone; ) {
      try {
        const goesOn = exit === null ? this.begin(fiber) : leave(this, fiber, exit);
        exit = null;
        if (goesOn) interpret(this, fiber);
        isDone = true;
      } catch (error) {
        const trap = trapOf(error);
        const { code, message, inner } = trap;
        if (this.pauses(fiber, code)) return;
        const fault = { code, message, stack: [...stackOf(fiber), ...inner] };
        exit = { kind: "fault", fault, cancelled: trap instanceof CancelTrap };
      }
    }
    if (fiber.result !== null || fiber.failure !== null) this.end(fiber);
  }

  /**
   * Where only the slice is used up, the fiber stays before the block that did not fit any more,
   * which was charged and has not begun.
   */
  private pauses(fiber: Fiber, code: TrapCode): boolean {
    const isOver = this.cycles > this.fuel && this.cycles <= this.fuelMax;
    if (code !== "E_TRAP_FUEL" || !isOver) return false;
    this.cycles -= blockCost(fiber);
    this.paused = fiber;
    return true;
  }

  /** Does what the fiber was woken for. False: it waits again, or has ended. */
  private begin(fiber: Fiber): boolean {
    const { event, first } = fiber;
    fiber.event = null;
    if (event instanceof Trap) {
      fiber.exiting = false;
      throw event;
    }
    if (event !== null) return deliverChecked(fiber, checked(event.value, event.check));
    if (first !== null) {
      fiber.first = null;
      stopIfCancelled(fiber);
      const args = firstArgs(fiber, first);
      const goesOn = enterHot(this, fiber, { ...first, args, resultCheck: null });
      raiseFailure(this);
      return goesOn;
    }
    if (!fiber.exiting) return true;
    fiber.exiting = false;
    return goOn(this, fiber);
  }

  /** A task's end is made known; the first error of a nursery stops its other tasks. */
  private end(fiber: Fiber): void {
    const { task, result, failure } = fiber;
    this.live.delete(fiber);
    if (task === null) return;
    // What a host allows is allowed to the program as a whole, not to each of its tasks.
    if (failure !== null && isLimit(failure.fault)) this.main.failure ??= failure;
    const order = this.nextOrder();
    const state = failure === null ? "Ok" : failure.cancelled ? "Cancelled" : "Err";
    const message = failure?.fault.message ?? "";
    this.observe({ kind: "ended", future: task.id, state, message });
    if (failure === null) {
      task.finish({ kind: "completed", value: share(result?.value ?? null), order });
    } else task.finish({ ...failure, kind: "failed", order });
    wakeAll(this, task.watchers);
    const { nursery } = task;
    if (nursery === null) return;
    nursery.pending.delete(task);
    if (failure !== null && !failure.cancelled && nursery.failure === null) {
      nursery.failure = failure.fault;
      cancelNursery(this, nursery);
    }
    if (nursery.pending.size === 0) wakeAll(this, nursery.watchers);
  }

  private topOf(fiber: Fiber): FaultFrame {
    const top = fiber.frames.at(-1);
    return top === undefined ? NOWHERE : placeOf(top);
  }

  /** The innermost call of code that is not the prelude's, which works for it. */
  private callerOf(fiber: Fiber): FaultFrame {
    const own = fiber.frames.findLast((frame) => frame.cell.module.name !== PRELUDE);
    return own === undefined ? this.topOf(fiber) : placeOf(own);
  }

  /** An unfinished task is alive although nobody has its future. */
  private held(): Held {
    return { frames: this.frames(), bytes: TASK_BYTES * this.live.size };
  }

  private *frames(): Iterable<readonly Value[]> {
    for (const fiber of this.live) {
      yield* valuesOfFrames(fiber.frames);
      if (fiber.first !== null) yield [...fiber.first.args, ...fiber.first.captures];
    }
  }
}

/** Cost of the block at whose start the fiber stands. */
function blockCost(fiber: Fiber): number {
  const frame = required(fiber.frames.at(-1), "what runs has a frame");
  return required(frame.words[frame.pc + 1], "a block begins with its cost");
}

function copyOf(values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...values].map(([name, value]) => [name, share(value)]));
}

/** A limit of the host, which no part of the program may catch. */
function isLimit({ code }: Fault): boolean {
  return code === "E_TRAP_MEMORY" || code === "E_TRAP_FUEL";
}

function taskOf(fiber: Fiber): number {
  return fiber.task?.id ?? 0;
}

/** Arguments from outside are checked; those of a task were when it was spawned. */
function firstArgs({ task }: Fiber, { cell, args }: FirstCall): readonly Value[] {
  if (task !== null) return args;
  return args.map((value, i) => castValue(value, cell.module.cast, cell.lir.registers[i] ?? -1));
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
    error instanceof ValueSizeError ||
    (error instanceof RangeError &&
      /invalid (typed )?(string|array) length|allocation failed|maximum size exceeded/i.test(
        error.message,
      ))
  ) {
    return new Trap("E_TRAP_MEMORY", "memory limit exceeded");
  }
  throw error;
}

/** `tool call error: …` (language 15.6). */
function toolTrap(text: string): Trap {
  const plain = text.replace(/^tool call error: /, "");
  return new Trap("E_TRAP_OTHER", `tool call error: ${plain}`);
}

function answerTrap(code: string, message: string): Trap {
  if (isTrapCode(code)) return new Trap(code, message);
  // Texts of other classes of errors say so themselves (language 15.6).
  if (/^(runtime error|tool call error|undefined cell): /.test(message)) {
    return new Trap("E_TRAP_OTHER", message);
  }
  return runtimeTrap(message);
}

function isTrapCode(code: string): code is TrapCode {
  return Object.hasOwn(TRAPS, code);
}
