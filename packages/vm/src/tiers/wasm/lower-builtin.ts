// Builtins of numbers. What the interpreter counts for their results, a Float being an object
// there, is counted here too.

import type { BuiltinName } from "@lumen/core/builtins";
import type { Instruction } from "@lumen/core/lir";
import { BOX_BYTES, INT_BYTES } from "../../memory.ts";
import { builtinNamed, registersOf } from "../instructions.ts";
import { HOST_FUNCTIONS, isHostFunction } from "./host-functions.ts";
import { fits32 } from "./lower-int.ts";
import { lowerTake } from "./lower-list.ts";
import type { BuiltinCall, Lowering } from "./lowering.ts";

/** `call_builtin`; false, and nothing is written, where it is not one of these. */
export function lowerBuiltin(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w = 0, number = 0] = operands.map(Number);
  const name = builtinNamed(number);
  const call: BuiltinCall = { index, w, args: registersOf(operands[2]) };
  if (isHostFunction(name)) return floatFunction(x, name, call);
  const lower = BUILTINS[name];
  return lower?.(x, call) ?? false;
}

const INT_MIN = -(2n ** 63n);

type LowerBuiltin = (x: Lowering, call: BuiltinCall) => boolean;

const BUILTINS: Readonly<Partial<Record<BuiltinName, LowerBuiltin>>> = {
  to_float: (x, call) => {
    const [a = -1] = call.args;
    if (!x.are("int", a) || !x.are("float", call.w)) return false;
    return giveFloat(x, call, () => x.get(a).op("f64.convert_i64_s"));
  },
  to_int: (x, { index, w, args: [a = -1] }) => {
    if (!x.are("float", a) || !x.are("int", w)) return false;
    // The nearest Int where it is out of range, 0 for NaN: the instruction's own way.
    const value = x.temp("a", "i64");
    x.get(a).op("i64.trunc_sat_f64_s").at("local.set", value);
    chargeInt(x, index, value);
    x.asm.at("local.get", value);
    x.set(w);
    return true;
  },
  sqrt: ofFloat((x) => x.asm.op("f64.sqrt")),
  floor: ofFloat((x) => x.asm.op("f64.floor")),
  ceil: ofFloat((x) => x.asm.op("f64.ceil")),
  trunc: ofFloat((x) => x.asm.op("f64.trunc")),
  abs: (x, call) => absoluteInt(x, call) || absoluteFloat(x, call),
  wrapping_add: wrapping("i64.add"),
  wrapping_sub: wrapping("i64.sub"),
  wrapping_mul: wrapping("i64.mul"),
  take: lowerTake,
  min: extreme("i64.lt_s", "f64.lt"),
  max: extreme("i64.gt_s", "f64.gt"),
};

function ofFloat(write: (x: Lowering) => void): LowerBuiltin {
  return (x, call) => {
    const [a = -1] = call.args;
    if (!x.are("float", a, call.w)) return false;
    return giveFloat(x, call, () => {
      x.get(a);
      write(x);
    });
  };
}

const absoluteFloat = ofFloat((x) => x.asm.op("f64.abs"));

/** Of the least Int there is none: the interpreter says so. */
function absoluteInt(x: Lowering, { index, w, args: [a = -1] }: BuiltinCall): boolean {
  if (!x.are("int", a, w)) return false;
  const { asm } = x;
  const value = x.temp("a", "i64");
  x.get(a).at("local.set", value);
  asm.at("local.get", value).i64(0).op("i64.lt_s").open("if");
  asm.at("local.get", value).i64(INT_MIN).op("i64.eq");
  x.leaveIf(index);
  asm.i64(0).at("local.get", value).op("i64.sub").at("local.set", value);
  chargeInt(x, index, value);
  asm.close().at("local.get", value);
  x.set(w);
  return true;
}

/** Bits beyond 64 are dropped. A result that is the first operand again takes nothing. */
function wrapping(op: "i64.add" | "i64.sub" | "i64.mul"): LowerBuiltin {
  return (x, { index, w, args }) => {
    const [a = -1, b = -1] = args;
    if (args.length !== 2 || !x.are("int", a, b, w)) return false;
    const { asm } = x;
    const value = x.temp("a", "i64");
    x.get(a);
    x.get(b).op(op).at("local.set", value);
    x.get(a).at("local.get", value).op("i64.ne").open("if");
    chargeInt(x, index, value);
    asm.close().at("local.get", value);
    x.set(w);
    return true;
  };
}

/** A Float is an object outside: that counts. */
function giveFloat(x: Lowering, { index, w }: BuiltinCall, push: () => void): true {
  x.asm.i64(BOX_BYTES);
  x.charge(index);
  push();
  x.set(w);
  return true;
}

/** What an Int takes where it is no small one. */
function chargeInt(x: Lowering, index: number, value: number): void {
  const { asm } = x;
  fits32(asm.at("local.get", value), () => asm.at("local.get", value));
  asm.op("i32.eqz").open("if");
  asm.i64(INT_BYTES);
  x.charge(index);
  asm.close();
}

/**
 * The second value where it is strictly better, else the first. Only the second counts: the first
 * is handed back as it is. What NaN means is left to the interpreter.
 */
function extreme(ofInts: "i64.lt_s" | "i64.gt_s", ofFloats: "f64.lt" | "f64.gt"): LowerBuiltin {
  return (x, { index, w, args }) => {
    const [a = -1, b = -1] = args;
    const { asm } = x;
    if (args.length !== 2) return false;
    if (x.are("int", a, b, w)) {
      x.get(b);
      x.get(a).op(ofInts).open("if");
      const value = x.temp("a", "i64");
      x.get(b).at("local.set", value);
      chargeInt(x, index, value);
      asm.at("local.get", value);
      x.set(w);
      asm.otherwise();
      x.get(a);
      x.set(w);
      asm.close();
      return true;
    }
    if (!x.are("float", a, b, w)) return false;
    for (const operand of [a, b]) {
      x.get(operand);
      x.get(operand).op("f64.ne");
      x.leaveIf(index);
    }
    x.get(b);
    x.get(a).op(ofFloats).open("if");
    asm.i64(BOX_BYTES);
    x.charge(index);
    x.get(b);
    x.set(w);
    asm.otherwise();
    x.get(a);
    x.set(w);
    asm.close();
    return true;
  };
}

function floatFunction(x: Lowering, name: keyof typeof HOST_FUNCTIONS, call: BuiltinCall): boolean {
  if (call.args.length !== HOST_FUNCTIONS[name].length) return false;
  if (!x.are("float", ...call.args, call.w)) return false;
  return giveFloat(x, call, () => {
    for (const register of call.args) x.get(register);
    x.asm.at("call", x.callees.host(name));
  });
}
