// Entry point `@lumen/core/result`.
export { assert, assertNever, Defect, err, ok, type Result, required } from "./result.ts";
