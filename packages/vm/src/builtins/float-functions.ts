// The functions of Floats in language 16.3 that engines may compute differently, by the names of
// their builtins: ours give the same bits everywhere.

import { expFloat } from "../arithmetic/float-exp.ts";
import { coshFloat, sinhFloat, tanhFloat } from "../arithmetic/float-hyperbolic.ts";
import { hypotFloat } from "../arithmetic/float-hypot.ts";
import { acosFloat, asinFloat, atan2Float, atanFloat } from "../arithmetic/float-inverse-trig.ts";
import { log2Float, log10Float, logFloat } from "../arithmetic/float-log.ts";
import { cosFloat, sinFloat, tanFloat } from "../arithmetic/float-trig.ts";

/** A function of one or two doubles: `length` says how many it takes. */
export type FloatFunction = (x: number, y: number) => number;

/** Names of the functions. */
export type FloatFunctionName =
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
  | "sinh"
  | "cosh"
  | "tanh"
  | "atan2"
  | "hypot";

/** The functions by name. */
export const FLOAT_FUNCTIONS: Readonly<Record<FloatFunctionName, FloatFunction>> = {
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
  sinh: sinhFloat,
  cosh: coshFloat,
  tanh: tanhFloat,
  atan2: atan2Float,
  hypot: hypotFloat,
};
