// Native builtins of language 16.6, and what `!` on a value of unknown kind becomes.

import { displayNested, share, type Value, VariantValue, variantPart } from "@lumen/core/value";
import { runtimeTrap, Trap } from "../trap.ts";
import { isResult } from "../types/type-test.ts";
import { arg, type Native, type Natives } from "./native.ts";

const OK = 0;

/** The tag of a result: 0 ok, 1 err; null for other values. */
export function resultTag(value: Value): number | null {
  return value instanceof VariantValue && isResult(value) ? value.variant.tag : null;
}

/** The content of a result. */
export function resultContent(value: Value): Value {
  return value instanceof VariantValue ? share(variantPart(value, 0)) : null;
}

const unwrap: Native = (args) => {
  const value = arg(args, 0);
  const tag = resultTag(value);
  if (tag === null) return share(value);
  if (tag === OK) return resultContent(value);
  throw runtimeTrap(`unwrap on err: ${displayNested(resultContent(value))}`, "E_TRAP_UNWRAP");
};

const unwrapOr: Native = (args) => {
  const value = arg(args, 0);
  const tag = resultTag(value);
  if (tag === OK) return resultContent(value);
  return share(tag === null && value !== null ? value : arg(args, 1));
};

/** `x!` (language 4): err and null halt. */
const assertPresent: Native = (args) => {
  const value = arg(args, 0);
  const tag = resultTag(value);
  if (value === null) throw new Trap("E_TRAP_UNWRAP", "halt: null assertion failed");
  if (tag === null) return share(value);
  if (tag === OK) return resultContent(value);
  throw new Trap("E_TRAP_UNWRAP", "halt: result unwrap failed: value is err");
};

/** Natives by name. */
export const RESULT_NATIVES: Natives<"is_ok" | "is_err" | "unwrap" | "unwrap_or" | "unwrap$"> = {
  is_ok: (args) => resultTag(arg(args, 0)) === OK,
  is_err: (args) => resultTag(arg(args, 0)) === 1,
  unwrap,
  unwrap_or: unwrapOr,
  unwrap$: assertPresent,
};
