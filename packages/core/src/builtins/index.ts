// Entry point `@lumen/core/builtins`.
export {
  BUILTINS,
  type BuiltinName,
  builtinByName,
  builtinByNumber,
  builtinRow,
  type MachineBuiltinName,
  type NativeBuiltinName,
} from "./builtins.ts";
export type { BuiltinRow } from "./row.ts";
