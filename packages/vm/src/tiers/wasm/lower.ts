// A cell, or a loop of one, as a function of WebAssembly (tier T2). What an instruction means is
// what the interpreter does; what has no row here, or not of these kinds, the interpreter does.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { Float } from "@lumen/core/value";
import { blockCosts } from "../../link/compile-cell.ts";
import { frameBytes } from "../../memory.ts";
import { registersOf } from "../instructions.ts";
import { type FlowEnd, writeFlow } from "./flow.ts";
import { isIterKind, isScalar, kindOf, kindOfScalar, valTypeOf } from "./kinds.ts";
import { CALLED_AT, FRAMES_AT, firstFrameSlot, STATUS } from "./layout.ts";
import { lowerBuiltin } from "./lower-builtin.ts";
import * as ints from "./lower-int.ts";
import {
  lowerAppend,
  lowerGet,
  lowerIterator,
  lowerLength,
  lowerNew,
  lowerNext,
  lowerPlace,
  pushFor,
} from "./lower-list.ts";
import { Lowering, type LoweringOptions } from "./lowering.ts";

/** Writes the function; the lowering says what became of it. */
export function lowerFunction(options: LoweringOptions): Lowering {
  const x = new Lowering(options);
  begin(x);
  x.readLimits();
  x.open();
  const costs = blockCosts(x.cell.lir.code, x.cell.module.prices);
  writeFlow(x.graph, x.asm, (start) => lowerBlock(x, start, costs.get(start) ?? 0));
  x.close();
  return x;
}

/** What happens before the first block: whether the call may begin, and with what. */
function begin(x: Lowering): void {
  const { asm } = x;
  asm.at("local.get", x.depth).i32(0).op("i32.le_s").open("if");
  asm.i32(STATUS.depth);
  x.setGlobal("status");
  x.giveNothing();
  asm.close();
  if (x.isWhole) return beginCall(x);
  for (const register of x.entryRegisters()) {
    const type = required(valTypeOf(required(x.kind(register), "it is of a kind")), "it is held");
    asm.i32(0).at(`${type}.load`, firstFrameSlot(register));
    x.set(register);
  }
}

/** A call takes the memory of its frame, or does not begin. */
function beginCall(x: Lowering): void {
  const { asm } = x;
  const left = x.temp("c", "i64");
  x.getGlobal("budget").i64(frameBytes(x.cell.lir.registers.length)).op("i64.sub");
  asm.at("local.tee", left).i64(0).op("i64.lt_s").open("if");
  asm.i32(STATUS.exit);
  x.setGlobal("status");
  x.giveNothing();
  asm.close().at("local.get", left);
  x.setGlobal("budget");
  asm
    .i32(0)
    .i32(1)
    .at("i32.store8", CALLED_AT + x.layout);
}

function lowerBlock(x: Lowering, start: number, cost: number): FlowEnd {
  const block = required(x.graph.blocks.get(start), "the block is reached");
  // Behind a loop that was compiled alone, the interpreter goes on.
  if (block.end === start) {
    x.leave(~start, "loopEnd");
    return { kind: "leave" };
  }
  if (x.graph.loopHeads.has(start)) lookAround(x, start);
  chargeCycles(x, start, cost);
  const last = block.end - 1;
  for (let index = start; index < last; index += 1)
    if (!lowerPlain(x, index)) return { kind: "leave" };
  return lowerEnd(x, last, block.end);
}

/** At the head of a loop: whether better code may be there meanwhile. */
function lookAround(x: Lowering, start: number): void {
  const isEntry = !x.isWhole && start === x.graph.entry;
  x.asm.at("local.get", x.cycles).at("local.get", x.limit(isEntry ? "stop" : "late"));
  x.asm.op("i64.ge_s");
  x.leaveIf(~start, isEntry ? "again" : "late");
}

function chargeCycles(x: Lowering, start: number, cost: number): void {
  if (x.tier === "limited") {
    x.asm.at("local.get", x.cycles).i64(cost).op("i64.add");
    x.asm.at("local.get", x.limit("fuel")).op("i64.gt_s");
    x.leaveIf(~start);
  }
  x.asm.at("local.get", x.cycles).i64(cost).op("i64.add").at("local.set", x.cycles);
}

/** An instruction that does not end its block; false where it has left the function. */
function lowerPlain(x: Lowering, index: number): boolean {
  const instruction = x.instruction(index);
  if (LOWER[instruction.op]?.(x, instruction, index) === true) return true;
  refuse(x, index);
  return false;
}

/** The instruction is for the interpreter. */
function refuse(x: Lowering, index: number): FlowEnd {
  x.refused.push(index);
  x.leave(index);
  return { kind: "leave" };
}

type Lower = (x: Lowering, instruction: Instruction, index: number) => boolean;

type Ints = (x: Lowering, operation: ints.IntOperation) => void;

function numbers({ operands }: Instruction): readonly [number, number, number] {
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  return [w, a, b];
}

/** An operation of two Ints to an Int, or a Bool. */
function ofInts(lower: Ints, result: "int" | "bool" = "int"): Lower {
  return (x, instruction, index) => {
    const [w, a, b] = numbers(instruction);
    if (!x.are("int", a, b) || !x.are(result, w)) return false;
    lower(x, { index, w, a, b });
    return true;
  };
}

function ofInt(lower: Ints): Lower {
  return (x, instruction, index) => {
    const [w, a] = numbers(instruction);
    if (!x.are("int", a, w)) return false;
    lower(x, { index, w, a, b: a });
    return true;
  };
}

/** An operation of two Floats to a Float, or a Bool. */
function ofFloats(write: (x: Lowering) => void, result: "float" | "bool" = "float"): Lower {
  return (x, instruction) => {
    const [w, a, b] = numbers(instruction);
    if (!x.are("float", a, b) || !x.are(result, w)) return false;
    x.get(a);
    x.get(b);
    write(x);
    x.set(w);
    return true;
  };
}

/** A value that may go on to another register: scalars of one kind, lists shared. */
function lowerMove(x: Lowering, instruction: Instruction, index: number): boolean {
  const [w, a] = numbers(instruction);
  const kind = x.kind(a);
  if (kind === null || x.kind(w) !== kind || isIterKind(kind)) return false;
  pushFor(x, index, a);
  x.set(w);
  return true;
}

const LOWER: Readonly<Partial<Record<OpcodeName, Lower>>> = {
  const: (x, instruction) => {
    const [w, k] = numbers(instruction);
    if (x.constants.has(w)) return true;
    const value = x.cell.module.constants[k];
    if (value === undefined || !isScalar(value) || x.kind(w) !== kindOfScalar(value)) return false;
    if (value === null) return true;
    if (typeof value === "boolean") x.asm.i32(Number(value));
    else if (value instanceof Float) x.asm.f64(value.value);
    else x.asm.i64(value);
    x.set(w);
    return true;
  },
  move: lowerMove,
  widen: lowerMove,
  cast: lowerCast,
  is_null: (x, instruction) => {
    const [w, a] = numbers(instruction);
    const kind = x.kind(a);
    if (kind === null || !x.are("bool", w)) return false;
    x.asm.i32(Number(kind === "null"));
    x.set(w);
    return true;
  },
  add_int: ofInts(ints.addInts),
  sub_int: ofInts(ints.subtractInts),
  mul_int: ofInts(ints.multiplyInts),
  div_int: ofInts(ints.divideInts),
  quot_int: ofInts(ints.quotientOfInts),
  rem_int: ofInts(ints.remainderOfInts),
  neg_int: ofInt(ints.negateInt),
  not_int: ofInt(ints.invertInt),
  and_int: ofInts((x, o) => ints.combineBits(x, o, "i64.and")),
  or_int: ofInts((x, o) => ints.combineBits(x, o, "i64.or")),
  xor_int: ofInts((x, o) => ints.combineBits(x, o, "i64.xor")),
  shl_int: ofInts((x, o) => ints.shiftInt(x, o, "i64.shl")),
  shr_int: ofInts((x, o) => ints.shiftInt(x, o, "i64.shr_s")),
  eq_int: ofInts((x, o) => ints.compareInts(x, o, "i64.eq"), "bool"),
  lt_int: ofInts((x, o) => ints.compareInts(x, o, "i64.lt_s"), "bool"),
  le_int: ofInts((x, o) => ints.compareInts(x, o, "i64.le_s"), "bool"),
  int_to_float: (x, instruction) => {
    const [w, a] = numbers(instruction);
    if (!x.are("int", a) || !x.are("float", w)) return false;
    x.get(a).op("f64.convert_i64_s");
    x.set(w);
    return true;
  },
  add_float: ofFloats((x) => x.asm.op("f64.add")),
  sub_float: ofFloats((x) => x.asm.op("f64.sub")),
  mul_float: ofFloats((x) => x.asm.op("f64.mul")),
  div_float: ofFloats((x) => x.asm.op("f64.div")),
  quot_float: ofFloats((x) => x.asm.op("f64.div").op("f64.floor")),
  rem_float: ofFloats((x) => x.asm.at("call", x.callees.host("rem_float"))),
  pow_float: ofFloats((x) => x.asm.at("call", x.callees.host("pow_float"))),
  neg_float: (x, instruction) => {
    const [w, a] = numbers(instruction);
    if (!x.are("float", a, w)) return false;
    x.get(a).op("f64.neg");
    x.set(w);
    return true;
  },
  eq_float: ofFloats((x) => x.asm.op("f64.eq"), "bool"),
  lt_float: ofFloats((x) => x.asm.op("f64.lt"), "bool"),
  le_float: ofFloats((x) => x.asm.op("f64.le"), "bool"),
  not: (x, instruction) => {
    const [w, a] = numbers(instruction);
    if (!x.are("bool", a, w)) return false;
    x.get(a).op("i32.eqz");
    x.set(w);
    return true;
  },
  truthy: (x, instruction) => {
    const [w, a] = numbers(instruction);
    if (!x.are("bool", a, w)) return false;
    x.get(a);
    x.set(w);
    return true;
  },
  call: lowerCall,
  call_builtin: lowerBuiltin,
  iter_new: lowerIterator,
  list_new: lowerNew,
  list_get: lowerGet,
  list_append: lowerAppend,
  list_length: lowerLength,
  place_set: lowerPlace,
};

/** Of a value that is of the type already, or an Int that becomes a Float. */
function lowerCast(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w = 0, a = 0, type = 0] = operands.map(Number);
  const [from, to] = [x.kind(a), x.kind(w)];
  if (from === null || to === null || isIterKind(from)) return false;
  if (to !== kindOf(x.cell.module, type)) return false;
  if (from === "int" && to === "float") {
    x.get(a).op("f64.convert_i64_s");
    x.set(w);
    return true;
  }
  if (from !== to) return false;
  pushFor(x, index, a);
  x.set(w);
  return true;
}

function lowerCall(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w = 0, number = 0] = operands.map(Number);
  const callee = required(x.cell.module.callees[number], "the callee is linked");
  const f = x.callees.functionOf(callee);
  const args = registersOf(operands[2]);
  const result = kindOf(callee.module, callee.lir.result);
  if (f === null || result === null || result !== x.kind(w)) return false;
  if (args.some((r, i) => x.kind(r) !== kindOf(callee.module, callee.lir.registers[i])))
    return false;
  const { asm } = x;
  handOverAll(x);
  for (const register of args) pushFor(x, index, register);
  pushDepth(x, callee.lir.registers.length);
  asm.at("call", f);
  const type = valTypeOf(result);
  // The register keeps what it holds until the call is over.
  const value = type === null ? null : x.temp("a", type);
  if (value !== null) asm.at("local.set", value);
  x.getGlobal("status");
  x.leaveIf(index, "passed");
  x.readLimits();
  if (value === null) return true;
  asm.at("local.get", value);
  x.set(w);
  return true;
}

/** Who looks at fuel must know of all cycles; else a function keeps its own until it ends. */
function handOverAll(x: Lowering): void {
  if (x.tier === "fast") return;
  x.handOver();
  x.asm.i64(0).at("local.set", x.cycles);
}

/** As in T1: large frames count more than once. */
function pushDepth(x: Lowering, registers: number): void {
  x.asm
    .at("local.get", x.depth)
    .i32(1 + (registers >> 5))
    .op("i32.sub");
}

/** How a block ends; `next` is the block behind it. */
function lowerEnd(x: Lowering, index: number, next: number): FlowEnd {
  const instruction = x.instruction(index);
  const { op, operands } = instruction;
  const [a = 0, b = 0] = operands.map((operand) => (typeof operand === "number" ? operand : 0));
  const push = (): void => {
    x.get(a);
  };
  switch (op) {
    case "jump":
      return { kind: "jump", to: a };
    case "jump_if":
      return { kind: "choose", push, yes: b, no: next };
    case "jump_unless":
      return { kind: "choose", push, yes: next, no: b };
    case "switch":
      return {
        kind: "switch",
        push: () => pushCase(x, a, operands[1]),
        targets: registersOf(operands[1]),
      };
    case "return":
      if (!x.isWhole) return leaveForGood(x, index);
      if (x.kind(a) !== kindOf(x.cell.module, x.cell.lir.result)) return refuse(x, index);
      giveBack(x);
      x.handOver();
      x.get(a).op("return");
      return { kind: "leave" };
    case "tail_call":
      return lowerTailCall(x, instruction, index);
    case "fault":
      x.leave(index);
      return { kind: "leave" };
    case "iter_next":
      return lowerIterNext(x, instruction, index, next);
    default:
      return lowerPlain(x, index) ? { kind: "jump", to: next } : { kind: "leave" };
  }
}

function lowerIterNext(
  x: Lowering,
  instruction: Instruction,
  index: number,
  next: number,
): FlowEnd {
  if (!lowerNext(x, instruction)) return refuse(x, index);
  // There it is already.
  const push = (): void => undefined;
  return { kind: "choose", push, yes: next, no: Number(instruction.operands[2]) };
}

/** The number of the case as an i32; any other number is that of the last target. */
function pushCase(
  x: Lowering,
  register: number,
  targets: Instruction["operands"][number] | undefined,
): void {
  const count = registersOf(targets).length;
  x.get(register)
    .op("i32.wrap_i64")
    .i32(count - 1);
  x.get(register).i64(count).op("i64.lt_u").op("select");
}

/** The memory of the frame, which is left. */
function giveBack(x: Lowering): void {
  x.getGlobal("budget").i64(frameBytes(x.cell.lir.registers.length)).op("i64.add");
  x.setGlobal("budget");
}

/** Code that began at a loop has no frame to return from: the interpreter has. */
function leaveForGood(x: Lowering, index: number): FlowEnd {
  x.leave(index, "loopEnd");
  return { kind: "leave" };
}

/** The cell itself again: a jump. Another one: its frame takes the place of this one's. */
function lowerTailCall(x: Lowering, instruction: Instruction, index: number): FlowEnd {
  if (!x.isWhole) return leaveForGood(x, index);
  const [number, list] = instruction.operands;
  const callee = required(x.cell.module.callees[Number(number)], "the callee is linked");
  const args = registersOf(list);
  const result = kindOf(callee.module, callee.lir.result);
  const f = x.callees.functionOf(callee);
  const fits =
    f !== null &&
    result === kindOf(x.cell.module, x.cell.lir.result) &&
    args.every((r, i) => x.kind(r) === kindOf(callee.module, callee.lir.registers[i]));
  if (!fits) return refuse(x, index);
  if (callee === x.cell) return tailCallSelf(x, args);
  const { asm } = x;
  x.handOver();
  asm.i64(0).at("local.set", x.cycles);
  giveBack(x);
  const repeats = new Set(args).size < args.length;
  for (const register of args) {
    if (repeats) pushFor(x, index, register);
    else x.get(register);
  }
  pushDepth(x, callee.lir.registers.length);
  asm.at("call", f);
  const type = x.resultType();
  const value = type === null ? null : x.temp("a", type);
  if (value !== null) asm.at("local.set", value);
  // Where the callee has a frame, that one takes the place of this one's.
  x.getGlobal("status").i32(0).op("i32.ne");
  x.getGlobal("frames").i32(FRAMES_AT).op("i32.eq").op("i32.and").open("if");
  x.getGlobal("budget").i64(frameBytes(x.cell.lir.registers.length)).op("i64.sub");
  x.setGlobal("budget");
  x.leave(index, "passed");
  asm.close();
  if (value !== null) asm.at("local.get", value);
  asm.op("return");
  return { kind: "leave" };
}

function tailCallSelf(x: Lowering, args: readonly number[]): FlowEnd {
  const repeats = new Set(args).size < args.length;
  for (const register of args) {
    if (repeats) pushFor(x, -1, register);
    else x.get(register);
  }
  for (let i = args.length - 1; i >= 0; i -= 1) x.set(i);
  return { kind: "jump", to: 0 };
}
