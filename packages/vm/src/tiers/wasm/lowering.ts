// What the lowering of one cell, or of one of its loops, to WebAssembly knows, and the code that
// all instructions share: operands, ways out, charges.
//
// A function that cannot go on leaves as code of T1 does: it notes its frame and returns, and so
// does each function below it; the interpreter goes on from exactly there, with the instruction
// that was not done. So faults are always those of the interpreter. Registers that are read in
// other blocks than where they are written are noted at the end of the function, once; others at
// each way out, so that the engine does not keep them alive everywhere.

import type { Instruction } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { Float } from "@lumen/core/value";
import type { BlockGraph } from "../../link/blocks.ts";
import { readRegisters, target } from "../../link/liveness.ts";
import { type Ownership, ownershipOf } from "../../link/ownership.ts";
import type { LinkedCell } from "../../link/program.ts";
import type { Tier } from "../fast.ts";
import { liveBefore } from "../instructions.ts";
import { Assembler, type Label, type ValType } from "./assembler.ts";
import type { HostFunctionName } from "./host-functions.ts";
import {
  constantRegisters,
  type Kind,
  kindOf,
  registerKinds,
  type Scalar,
  valTypeOf,
} from "./kinds.ts";
import { FRAME_HEADER_BYTES, GLOBALS, STATUS } from "./layout.ts";
import type { HelperName } from "./support-functions.ts";

/** How functions of the module are called. */
export interface Callees {
  /** The index of the cell's function; null where the module has none. */
  readonly functionOf: (cell: LinkedCell) => number | null;
  /** The index of a helper, which is made when it is first asked for. */
  readonly helper: (name: HelperName) => number;
  /** The index of a function of the host. */
  readonly host: (name: HostFunctionName) => number;
}

/** What is lowered. */
export interface LoweringOptions {
  readonly cell: LinkedCell;
  readonly tier: Tier;
  readonly graph: BlockGraph;
  /** The cell from its beginning, not from a loop inside. */
  readonly isWhole: boolean;
  /** The number by which frames say whose they are. */
  readonly layout: number;
  readonly callees: Callees;
}

/** What cycles are compared with, at the heads of loops or in every block. */
export type CycleLimit = "stop" | "late" | "fuel";

/** A builtin that is called: where, the register that it writes, and those that it reads. */
export interface BuiltinCall {
  readonly index: number;
  readonly w: number;
  readonly args: readonly number[];
}

/** Why code is left. */
export type ExitStatus = Exclude<keyof typeof STATUS, "done">;

/** The state of a lowering. */
export class Lowering {
  readonly cell: LinkedCell;
  readonly tier: Tier;
  readonly graph: BlockGraph;
  readonly isWhole: boolean;
  readonly layout: number;
  readonly callees: Callees;
  readonly kinds: readonly (Kind | null)[];
  readonly constants: ReadonlyMap<number, Scalar>;
  readonly ownership: Ownership;
  readonly live: readonly (readonly number[])[];
  /** Registers that are read in other blocks than where they are written. */
  readonly wide: ReadonlySet<number>;
  /** Registers that the code reads or writes. */
  readonly touched: ReadonlySet<number>;
  readonly asm: Assembler;
  /** Cycles that are not in the global yet. */
  readonly cycles: number;
  /** Calls that may still nest, this one included. */
  readonly depth: number;
  /** Instructions that the code leaves to the interpreter always. */
  readonly refused: number[] = [];
  /** Kinds of lists that the code writes in place. */
  readonly written: Set<Kind> = new Set();
  private readonly locals = new Map<number, number>();
  private readonly scratch = new Map<string, number>();
  private exits: Label | null = null;
  private readonly limits: ReadonlyMap<CycleLimit, number>;

  constructor({ cell, tier, graph, isWhole, layout, callees }: LoweringOptions) {
    this.cell = cell;
    this.tier = tier;
    this.graph = graph;
    this.isWhole = isWhole;
    this.layout = layout;
    this.callees = callees;
    this.kinds = registerKinds(cell);
    this.constants = constantRegisters(cell, this.kinds);
    this.ownership = ownershipOf(cell);
    this.live = liveBefore(cell.lir);
    this.wide = new Set([...graph.blocks.keys()].flatMap((start) => this.live[start] ?? []));
    const params = isWhole ? this.params() : [];
    params.forEach((register, i) => {
      this.locals.set(register, i);
    });
    this.asm = new Assembler(isWhole ? params.length + 1 : 1);
    this.depth = params.length;
    this.cycles = this.asm.local("i64");
    const others = [...graph.loopHeads].filter((head) => isWhole || head !== graph.entry);
    const limits: CycleLimit[] = isWhole ? [] : ["stop"];
    if (others.length > 0) limits.push("late");
    if (tier === "limited") limits.push("fuel");
    this.limits = new Map(limits.map((name) => [name, this.asm.local("i64")]));
    this.touched = touchedRegisters(cell, graph);
    for (const register of this.touched) if (this.isHeld(register)) this.local(register);
  }

  /** Registers that a loop finds in the first frame when it is entered. */
  entryRegisters(): readonly number[] {
    const live = this.live[this.graph.entry] ?? [];
    return live.filter((r) => this.touched.has(r) && this.isHeld(r));
  }

  /** Whether a register has a local: it is of a kind that is held, and no constant. */
  isHeld(register: number): boolean {
    const kind = this.kind(register);
    return kind !== null && valTypeOf(kind) !== null && !this.constants.has(register);
  }

  /** The registers that are parameters of the function. */
  params(): readonly number[] {
    const { paramCount, captureCount } = this.cell.lir;
    return this.kinds
      .slice(0, paramCount + captureCount)
      .flatMap((kind, r) => (kind === null || valTypeOf(kind) === null ? [] : [r]));
  }

  kind(register: number): Kind | null {
    return this.kinds[register] ?? null;
  }

  /** Whether all of the registers are of a kind. */
  are(kind: Kind, ...registers: readonly number[]): boolean {
    return registers.every((r) => this.kind(r) === kind);
  }

  /** The local of a register that is held. */
  local(register: number): number {
    const known = this.locals.get(register);
    if (known !== undefined) return known;
    const type = valTypeOf(required(this.kind(register), "the register is of a known kind"));
    const made = this.asm.local(required(type, "the register is held"));
    this.locals.set(register, made);
    return made;
  }

  /** A local for a step, by a name and type: its value is not kept. */
  temp(name: "a" | "b" | "c", type: ValType): number {
    const key = `${name} ${type}`;
    const known = this.scratch.get(key) ?? this.asm.local(type);
    this.scratch.set(key, known);
    return known;
  }

  /** The Int constant that a register always holds. */
  constantInt(register: number): bigint | null {
    const value = this.constants.get(register);
    return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : null;
  }

  /** Pushes what a register holds; nothing for a null. */
  get(register: number): Assembler {
    const { asm } = this;
    const value = this.constants.get(register);
    if (value === undefined) {
      return this.kind(register) === "null" ? asm : asm.at("local.get", this.local(register));
    }
    if (value === null) return asm;
    if (typeof value === "boolean") return asm.i32(Number(value));
    return value instanceof Float ? asm.f64(value.value) : asm.i64(value);
  }

  /** Writes what is on the stack. */
  set(register: number): void {
    if (this.kind(register) !== "null") this.asm.at("local.set", this.local(register));
  }

  getGlobal(name: keyof typeof GLOBALS): Assembler {
    return this.asm.at("global.get", GLOBALS[name].index);
  }

  setGlobal(name: keyof typeof GLOBALS): void {
    this.asm.at("global.set", GLOBALS[name].index);
  }

  /** Begins the function; all ways out lead to the end of what is opened here. */
  open(): void {
    this.exits = this.asm.open("block", "i32");
  }

  /**
   * Leaves at an instruction, `~index`: with the charge of its block before. `passed`: what was
   * called has said why already.
   */
  leave(at: number, why: ExitStatus | "passed" = "exit"): void {
    const { asm } = this;
    if (why !== "passed") {
      asm.i32(STATUS[why]);
      this.setGlobal("status");
    }
    const live = at < 0 ? [] : (this.live[at] ?? []);
    for (const register of live) if (!this.wide.has(register)) this.note(register);
    asm.i32(at).br(required(this.exits, "the function has begun"));
  }

  /** The same where the number on the stack is not 0. */
  leaveIf(at: number, why: ExitStatus | "passed" = "exit"): void {
    this.asm.open("if");
    this.leave(at, why);
    this.asm.close();
  }

  /** Ends the function: notes the frame where it was left. */
  close(): void {
    const { asm } = this;
    asm.op("unreachable").close();
    const at = this.temp("a", "i32");
    asm.at("local.set", at);
    this.getGlobal("frames").i32(this.layout).at("i32.store", 0);
    this.getGlobal("frames").at("local.get", at).at("i32.store", 4);
    for (const register of this.wide) this.note(register);
    const bytes = FRAME_HEADER_BYTES + 8 * this.cell.lir.registers.length;
    this.getGlobal("frames").i32(bytes).op("i32.add");
    this.setGlobal("frames");
    this.handOver();
    this.giveNothing();
  }

  /** Returns whatever the function's type demands. */
  giveNothing(): void {
    const type = this.resultType();
    if (type !== null) ZERO[type](this.asm);
    this.asm.op("return");
  }

  /** What the function returns; a loop returns nothing. */
  resultType(): ValType | null {
    if (!this.isWhole) return null;
    const kind = kindOf(this.cell.module, this.cell.lir.result);
    return valTypeOf(required(kind, "the result is of a known kind"));
  }

  /** The local that says how many cycles of its own the function may still do until something. */
  limit(name: CycleLimit): number {
    return required(this.limits.get(name), "the limit is read");
  }

  /** Reads the limits, from which what others have done is taken. */
  readLimits(): void {
    for (const [name, local] of this.limits) {
      this.getGlobal(name);
      this.getGlobal("cycles").op("i64.sub").at("local.set", local);
    }
  }

  /** Cycles go to the global. */
  handOver(): void {
    this.getGlobal("cycles").at("local.get", this.cycles).op("i64.add");
    this.setGlobal("cycles");
  }

  /** Counts the memory, an i64 on the stack, that the instruction takes; leaves without it. */
  charge(index: number): void {
    const { asm } = this;
    const left = this.temp("c", "i64");
    asm.at("local.set", left);
    this.getGlobal("budget").at("local.get", left).op("i64.sub");
    asm.at("local.tee", left).i64(0).op("i64.lt_s");
    this.leaveIf(index);
    asm.at("local.get", left);
    this.setGlobal("budget");
  }

  /** Stores a register in the frame that is being noted. */
  private note(register: number): void {
    const kind = this.kind(register);
    const local = this.locals.get(register);
    if (kind === null || local === undefined) return;
    const type = required(valTypeOf(kind), "the register is held");
    this.getGlobal("frames").at("local.get", local);
    this.asm.at(`${type}.store`, FRAME_HEADER_BYTES + 8 * register);
  }

  /** The instruction at an index. */
  instruction(index: number): Instruction {
    return required(this.cell.lir.code[index], "the instruction exists");
  }
}

const ZERO: Readonly<Record<ValType, (asm: Assembler) => void>> = {
  i32: (asm) => asm.i32(0),
  i64: (asm) => asm.i64(0),
  f64: (asm) => asm.f64(0),
};

/** Registers that instructions of the graph read or write. */
function touchedRegisters(cell: LinkedCell, graph: BlockGraph): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { start, end } of graph.blocks.values())
    for (const instruction of cell.lir.code.slice(start, end)) {
      const written = target(instruction);
      if (written !== null) found.add(written);
      for (const register of readRegisters(instruction)) found.add(register);
    }
  return found;
}
