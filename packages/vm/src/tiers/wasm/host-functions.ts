// Functions of Floats that WebAssembly has no instruction for: the interpreter's own, called from
// generated code. They are functions of numbers only.

import { powFloat, remFloat } from "../../arithmetic/float.ts";
import {
  FLOAT_FUNCTIONS,
  type FloatFunction,
  type FloatFunctionName,
} from "../../builtins/float-functions.ts";

/** The opcodes and builtins that are such functions. */
export type HostFunctionName = FloatFunctionName | "rem_float" | "pow_float";

/** By name; a function has as many parameters as it is called with. */
export const HOST_FUNCTIONS: Readonly<Record<HostFunctionName, FloatFunction>> = {
  rem_float: remFloat,
  pow_float: powFloat,
  ...FLOAT_FUNCTIONS,
};

/** Whether the table has the name. */
export function isHostFunction(name: string): name is HostFunctionName {
  return Object.hasOwn(HOST_FUNCTIONS, name);
}
