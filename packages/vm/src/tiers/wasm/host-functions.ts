// Functions of Floats that WebAssembly has no instruction for: the interpreter's own, called from
// generated code. They are functions of numbers only.

import { powFloat, remFloat } from "../../arithmetic/float.ts";
import { expFloat } from "../../arithmetic/float-exp.ts";
import { coshFloat, sinhFloat, tanhFloat } from "../../arithmetic/float-hyperbolic.ts";
import { hypotFloat } from "../../arithmetic/float-hypot.ts";
import {
  acosFloat,
  asinFloat,
  atan2Float,
  atanFloat,
} from "../../arithmetic/float-inverse-trig.ts";
import { log2Float, log10Float, logFloat } from "../../arithmetic/float-log.ts";
import { cosFloat, sinFloat, tanFloat } from "../../arithmetic/float-trig.ts";

/** The opcodes and builtins that are such functions. */
export type FloatFunction =
  | "rem_float"
  | "pow_float"
  | "exp"
  | "log"
  | "log2"
  | "log10"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "atan2"
  | "sinh"
  | "cosh"
  | "tanh"
  | "hypot";

/** By name; a function has as many parameters as are called for. */
export const FLOAT_FUNCTIONS: Readonly<Record<FloatFunction, (a: number, b: number) => number>> = {
  rem_float: remFloat,
  pow_float: powFloat,
  exp: expFloat,
  log: logFloat,
  log2: log2Float,
  log10: log10Float,
  sin: sinFloat,
  cos: cosFloat,
  tan: tanFloat,
  asin: asinFloat,
  acos: acosFloat,
  atan: atanFloat,
  atan2: atan2Float,
  sinh: sinhFloat,
  cosh: coshFloat,
  tanh: tanhFloat,
  hypot: hypotFloat,
};

/** Whether the table has the name. */
export function isFloatFunction(name: string): name is FloatFunction {
  return Object.hasOwn(FLOAT_FUNCTIONS, name);
}
