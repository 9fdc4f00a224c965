// The builtin table (language 16): the sections joined. Resolver, checker, lowering, VM binding and
// docs read it.

import { CORE_BUILTINS } from "./core.ts";
import { DATA_BUILTINS } from "./data.ts";
import { HIDDEN_BUILTINS } from "./hidden.ts";
import { MAP_BUILTINS } from "./maps.ts";
import { MATH_BUILTINS } from "./math.ts";
import { RESULT_BUILTINS } from "./results.ts";
import type { BuiltinRow } from "./row.ts";
import { SEQUENCE_BUILTINS } from "./sequences.ts";
import { STRING_BUILTINS } from "./strings.ts";
import { SYSTEM_BUILTINS } from "./system.ts";
import { TASK_BUILTINS } from "./tasks.ts";
import { TESTING_BUILTINS } from "./testing.ts";

/** One row per builtin, by name. */
export const BUILTINS: typeof CORE_BUILTINS &
  typeof STRING_BUILTINS &
  typeof MATH_BUILTINS &
  typeof SEQUENCE_BUILTINS &
  typeof MAP_BUILTINS &
  typeof RESULT_BUILTINS &
  typeof DATA_BUILTINS &
  typeof SYSTEM_BUILTINS &
  typeof TESTING_BUILTINS &
  typeof HIDDEN_BUILTINS &
  typeof TASK_BUILTINS = {
  ...CORE_BUILTINS,
  ...STRING_BUILTINS,
  ...MATH_BUILTINS,
  ...SEQUENCE_BUILTINS,
  ...MAP_BUILTINS,
  ...RESULT_BUILTINS,
  ...DATA_BUILTINS,
  ...SYSTEM_BUILTINS,
  ...TESTING_BUILTINS,
  ...HIDDEN_BUILTINS,
  ...TASK_BUILTINS,
};

/** Name of a builtin, aliases resolved. */
export type BuiltinName = keyof typeof BUILTINS;

/** Names of the rows that the VM computes itself: what its binding must cover. */
export type NativeBuiltinName = {
  [N in BuiltinName]: (typeof BUILTINS)[N]["how"] extends "native" ? N : never;
}[BuiltinName];

/** Names of the rows that the machine answers itself, tasks and all. */
export type MachineBuiltinName = {
  [N in BuiltinName]: (typeof BUILTINS)[N]["how"] extends "machine" ? N : never;
}[BuiltinName];

const ROWS: ReadonlyMap<string, BuiltinRow> = new Map(Object.entries<BuiltinRow>(BUILTINS));

const BY_ALIAS: ReadonlyMap<string, BuiltinName> = new Map(
  (Object.keys(BUILTINS) as BuiltinName[]).flatMap((name) =>
    [name, ...(ROWS.get(name)?.aliases ?? [])].map((alias): [string, BuiltinName] => [alias, name]),
  ),
);

const BY_NUMBER: ReadonlyMap<number, BuiltinName> = new Map(
  (Object.keys(BUILTINS) as BuiltinName[]).map((name): [number, BuiltinName] => [
    BUILTINS[name].number,
    name,
  ]),
);

/** Row of a builtin. */
export function builtinRow(name: BuiltinName): BuiltinRow {
  return BUILTINS[name];
}

/** The builtin that a name or an alias in source stands for. */
export function builtinByName(name: string): BuiltinName | undefined {
  return BY_ALIAS.get(name);
}

/** The builtin of a number in LIR. */
export function builtinByNumber(number: number): BuiltinName | undefined {
  return BY_NUMBER.get(number);
}
