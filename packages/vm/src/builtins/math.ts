// Native builtins of language 16.3. Everything here gives the same bits on every engine.

import { compareValues, Float, isInt, share, type Value } from "@lumen/core/value";
import { arith } from "../arithmetic/dynamic.ts";
import { powFloat } from "../arithmetic/float.ts";
import { checkedInt, type Int, powInt } from "../arithmetic/int.ts";
import { FLOAT_FUNCTIONS, type FloatFunction, type FloatFunctionName } from "./float-functions.ts";
import {
  arg,
  intArg,
  itemsArg,
  type Native,
  type Natives,
  numberArg,
  toDouble,
  wrongKind,
} from "./native.ts";

const PLUS = 0;

/** Total order, except that numbers compare by number: 1 and 1.0 are equal. */
function numericOrder(a: Value, b: Value): number {
  const numbers = (isInt(a) || a instanceof Float) && (isInt(b) || b instanceof Float);
  if (numbers && toNumeric(a) === toNumeric(b)) return 0;
  return compareValues(a, b);
}

function toNumeric(value: Int | Float): Int {
  return value instanceof Float ? value.value : value;
}

/** The least (sign 1) or greatest (-1) of the values; of equal ones the first. */
function extreme(name: string, sign: 1 | -1): Native {
  return (args) => {
    const items = args.length === 1 ? itemsArg(name, args, 0) : args;
    let best: Value | undefined;
    for (const item of items) {
      if (best === undefined || sign * numericOrder(item, best) < 0) best = item;
    }
    return best === undefined ? null : share(best);
  };
}

const sum: Native = (args, memory) => {
  let total: Value = 0;
  for (const item of itemsArg("sum", args, 0)) {
    if (!isInt(item) && !(item instanceof Float)) throw wrongKind("sum", "Int or Float", item);
    total = arith(PLUS, total, item, memory);
  }
  return total;
};

const clamp: Native = (args) => {
  const value = numberArg("clamp", args, 0);
  const low = numberArg("clamp", args, 1);
  const high = numberArg("clamp", args, 2);
  const raised = numericOrder(value, low) < 0 ? low : value;
  return numericOrder(raised, high) > 0 ? high : raised;
};

/** An Int stays; a Float is mapped. */
function rounding(name: string, round: (value: number) => number): Native {
  return (args) => {
    const value = numberArg(name, args, 0);
    return value instanceof Float ? new Float(round(value.value)) : value;
  };
}

/** Halves away from zero. Adding 0.5 first would round 0.49999999999999994 up. */
function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

const abs: Native = (args) => {
  const value = numberArg("abs", args, 0);
  if (value instanceof Float) return new Float(Math.abs(value.value));
  return value < 0 ? checkedInt(-BigInt(value), "abs") : value;
};

const pow: Native = (args) => {
  const base = numberArg("pow", args, 0);
  const exponent = numberArg("pow", args, 1);
  if (isInt(base) && isInt(exponent) && exponent >= 0) return powInt(base, exponent);
  return new Float(powFloat(toDouble(base), toDouble(exponent)));
};

function gcdOf(a: bigint, b: bigint): bigint {
  let left = a < 0n ? -a : a;
  let right = b < 0n ? -b : b;
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

const gcd: Native = (args) =>
  checkedInt(gcdOf(BigInt(intArg("gcd", args, 0)), BigInt(intArg("gcd", args, 1))), "gcd");

const lcm: Native = (args) => {
  const a = BigInt(intArg("lcm", args, 0));
  const b = BigInt(intArg("lcm", args, 1));
  if (a === 0n || b === 0n) return 0;
  const product = (a / gcdOf(a, b)) * b;
  return checkedInt(product < 0n ? -product : product, "lcm");
};

const sign: Native = (args) => {
  const value = toNumeric(numberArg("sign", args, 0));
  return value > 0 ? 1 : value < 0 ? -1 : 0;
};

function wrapping(name: string, op: (a: bigint, b: bigint) => bigint): Native {
  return (args) => {
    const exact = op(BigInt(intArg(name, args, 0)), BigInt(intArg(name, args, 1)));
    return checkedInt(BigInt.asIntN(64, exact), name);
  };
}

function floatTest(test: (value: number) => boolean): Native {
  return (args) => {
    const value = arg(args, 0);
    return value instanceof Float && test(value.value);
  };
}

/** A function of one number to a Float. */
function ofDouble(name: string, compute: (x: number) => number): Native {
  return (args) => new Float(compute(toDouble(numberArg(name, args, 0))));
}

function floatFunction(name: FloatFunctionName): Native {
  const compute: FloatFunction = FLOAT_FUNCTIONS[name];
  if (compute.length === 1) return ofDouble(name, (x) => compute(x, x));
  return (args) =>
    new Float(compute(toDouble(numberArg(name, args, 0)), toDouble(numberArg(name, args, 1))));
}

/** Natives by name. */
export const MATH_NATIVES: Natives<
  | FloatFunctionName
  | "abs"
  | "min"
  | "max"
  | "sum"
  | "clamp"
  | "round"
  | "floor"
  | "ceil"
  | "trunc"
  | "sqrt"
  | "pow"
  | "gcd"
  | "lcm"
  | "sign"
  | "is_nan"
  | "is_infinite"
  | "wrapping_add"
  | "wrapping_sub"
  | "wrapping_mul"
  | "math_pi"
  | "math_e"
> = {
  abs,
  min: extreme("min", 1),
  max: extreme("max", -1),
  sum,
  clamp,
  round: rounding("round", roundHalfAway),
  floor: rounding("floor", Math.floor),
  ceil: rounding("ceil", Math.ceil),
  trunc: rounding("trunc", Math.trunc),
  sqrt: ofDouble("sqrt", Math.sqrt),
  pow,
  gcd,
  lcm,
  sign,
  is_nan: floatTest(Number.isNaN),
  is_infinite: floatTest((value) => Math.abs(value) === Number.POSITIVE_INFINITY),
  wrapping_add: wrapping("wrapping_add", (a, b) => a + b),
  wrapping_sub: wrapping("wrapping_sub", (a, b) => a - b),
  wrapping_mul: wrapping("wrapping_mul", (a, b) => a * b),
  exp: floatFunction("exp"),
  log: floatFunction("log"),
  log2: floatFunction("log2"),
  log10: floatFunction("log10"),
  sin: floatFunction("sin"),
  cos: floatFunction("cos"),
  tan: floatFunction("tan"),
  asin: floatFunction("asin"),
  acos: floatFunction("acos"),
  atan: floatFunction("atan"),
  sinh: floatFunction("sinh"),
  cosh: floatFunction("cosh"),
  tanh: floatFunction("tanh"),
  atan2: floatFunction("atan2"),
  hypot: floatFunction("hypot"),
  math_pi: () => new Float(Math.PI),
  math_e: () => new Float(Math.E),
};
