// Entry point `@lumen/core/builtins`.
export {
  BUILTINS,
  type BuiltinName,
  type BuiltinRow,
  builtinByName,
  builtinByNumber,
  builtinRow,
  type NativeBuiltinName,
} from "./builtins.ts";
