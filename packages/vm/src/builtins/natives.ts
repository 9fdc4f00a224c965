// All builtins that the machine computes. A row of the builtin table without an implementation, or
// an implementation without a row, does not compile.

import { BUILTINS, type NativeBuiltinName } from "@lumen/core/builtins";
import { CHANGE_NATIVES } from "./changes.ts";
import { CORE_NATIVES } from "./core.ts";
import { DATA_NATIVES } from "./data.ts";
import { HASH_NATIVES } from "./hashes.ts";
import { INSTANCE_NATIVES } from "./instances.ts";
import { LIST_NATIVES } from "./lists.ts";
import { MAP_NATIVES } from "./maps.ts";
import { MATH_NATIVES } from "./math.ts";
import type { Native } from "./native.ts";
import { REGEX_NATIVES } from "./regex.ts";
import { RESULT_NATIVES } from "./results.ts";
import { STRING_NATIVES } from "./strings.ts";
import { SYSTEM_NATIVES } from "./system.ts";
import { TESTING_NATIVES } from "./testing.ts";

/** Native builtins by name. */
export const NATIVES: Readonly<Record<NativeBuiltinName, Native>> = {
  ...CORE_NATIVES,
  ...STRING_NATIVES,
  ...MATH_NATIVES,
  ...LIST_NATIVES,
  ...MAP_NATIVES,
  ...RESULT_NATIVES,
  ...DATA_NATIVES,
  ...REGEX_NATIVES,
  ...HASH_NATIVES,
  ...CHANGE_NATIVES,
  ...SYSTEM_NATIVES,
  ...TESTING_NATIVES,
  ...INSTANCE_NATIVES,
};

/** Native builtins by their number in LIR; a dense array, since calls look into it. */
export const NATIVES_BY_NUMBER: readonly (Native | null)[] = byNumber();

function byNumber(): (Native | null)[] {
  const natives = Object.entries<Native>(NATIVES);
  const table: (Native | null)[] = [];
  for (const [name, native] of natives) {
    const { number } = BUILTINS[name as NativeBuiltinName];
    while (table.length <= number) table.push(null);
    table[number] = native;
  }
  return table;
}

/**
 * Natives that write their first argument where nobody else sees it. Where the call's result does
 * not go to the register of that argument, the argument is shared first, so that they copy.
 */
export const UPDATING: ReadonlySet<NativeBuiltinName> = new Set([
  "append",
  "push",
  "pop",
  "add",
  "remove",
  "take",
]);

const UPDATING_NUMBERS: ReadonlySet<number> = new Set([...UPDATING].map((n) => BUILTINS[n].number));

/**
 * Whether the builtin with that number is a native that writes none of its arguments. It marks as
 * shared what it keeps or gives back of them.
 */
export function looksOnly(number: number): boolean {
  return (NATIVES_BY_NUMBER[number] ?? null) !== null && !UPDATING_NUMBERS.has(number);
}
