// Cases of the natives of language 16.3: normal, edge and error.

import { f, l } from "../build-program.ts";
import { kind, MAX, MIN, type NativeCases } from "./case.ts";

/** By builtin. */
export const MATH_CASES: NativeCases = {
  abs: [
    [[-5], "5"],
    [[f(-0)], "0.0"],
    [[MIN], "E_TRAP_OVERFLOW integer overflow in abs"],
    [["a"], kind("abs", "Int or Float", "String")],
  ],
  min: [
    [[3, 1, 2], "1"],
    [[l()], "null"],
    [[f(1), 1], "1.0"],
  ],
  max: [
    [[l("a", "b")], '"b"'],
    [[1, f(1)], "1"],
  ],
  sum: [
    [[l()], "0"],
    [[l(1, f(0.5))], "1.5"],
    [[l(MAX, 1)], "E_TRAP_OVERFLOW integer overflow in addition"],
    [[l("a")], kind("sum", "Int or Float", "String")],
  ],
  clamp: [
    [[5, 1, 3], "3"],
    [[f(0.5), 1, 3], "1"],
  ],
  round: [
    [[f(2.5)], "3.0"],
    [[f(-2.5)], "-3.0"],
    [[f(0.49999999999999994)], "0.0"],
    [[7], "7"],
  ],
  floor: [[[f(-1.5)], "-2.0"]],
  ceil: [[[f(1.2)], "2.0"]],
  trunc: [[[f(-1.8)], "-1.0"]],
  sqrt: [
    [[2], "1.4142135623730951"],
    [[f(-1)], "NaN"],
  ],
  pow: [
    [[2, 10], "1024"],
    [[2, -1], "0.5"],
    [[f(2), 3], "8.0"],
    [[2, 63], "E_TRAP_OVERFLOW integer overflow in exponentiation"],
  ],
  gcd: [
    [[12, -18], "6"],
    [[MIN, 0], "E_TRAP_OVERFLOW integer overflow in gcd"],
  ],
  lcm: [
    [[4, 6], "12"],
    [[0, 5], "0"],
    [[MAX, 2], "E_TRAP_OVERFLOW integer overflow in lcm"],
  ],
  sign: [
    [[f(-0.5)], "-1"],
    [[MAX], "1"],
    [[f(Number.NaN)], "0"],
  ],
  is_nan: [
    [[f(Number.NaN)], "true"],
    [["a"], "false"],
  ],
  is_infinite: [[[f(-Infinity)], "true"]],
  wrapping_add: [[[MAX, 1], `${MIN}`]],
  wrapping_sub: [[[MIN, 1], `${MAX}`]],
  wrapping_mul: [[[MAX, 2], "-2"]],
  exp: [
    [[0], "1.0"],
    [[f(710)], "inf"],
    [[f(-Infinity)], "0.0"],
    [["1"], kind("exp", "Int or Float", "String")],
  ],
  log: [
    [[1], "0.0"],
    [[0], "-inf"],
    [[f(-1)], "NaN"],
  ],
  log2: [[[1024], "10.0"]],
  log10: [
    [[1000], "3.0"],
    [[f(1e-5)], "-5.0"],
  ],
  sin: [
    [[f(-0)], "-0.0"],
    [[f(Infinity)], "NaN"],
  ],
  cos: [[[0], "1.0"]],
  tan: [[[0], "0.0"]],
  asin: [[[2], "NaN"]],
  acos: [
    [[1], "0.0"],
    [[-1], "3.141592653589793"],
  ],
  atan: [[[f(Infinity)], "1.5707963267948966"]],
  sinh: [[[f(-711)], "-inf"]],
  cosh: [[[0], "1.0"]],
  tanh: [[[f(-99)], "-1.0"]],
  atan2: [
    [[0, -1], "3.141592653589793"],
    [[f(-0), -1], "-3.141592653589793"],
    [[f(-0), 0], "-0.0"],
    [[1, 0], "1.5707963267948966"],
    [[f(-Infinity), f(-Infinity)], "-2.356194490192345"],
  ],
  hypot: [
    [[3, 4], "5.0"],
    [[f(1e300), f(1e300)], `14142135623730952${"0".repeat(284)}`],
    [[f(Number.NaN), f(Infinity)], "inf"],
  ],
  math_pi: [[[], "3.141592653589793"]],
  math_e: [[[], "2.718281828459045"]],
};
