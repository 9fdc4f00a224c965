// Operators on operands whose kinds are known at run time only: `arith`, `negate`, `invert`, `lt`,
// `le` (language 4).

import { ARITH_OPS } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import {
  compareStrings,
  displayValue,
  equalValues,
  Float,
  isInt,
  isList,
  listItems,
  MapValue,
  mapEntries,
  mapFromEntries,
  SetValue,
  setFromItems,
  setItems,
  share,
  Tuple,
  typeName,
  type Value,
} from "@lumen/core/value";
import { joinBytes } from "../containers/bytes.ts";
import { concatLists } from "../containers/lists.ts";
import { mapBytes, setBytes } from "../containers/tables.ts";
import type { Memory } from "../machine/allocation.ts";
import { BUFFER_BYTES, textBytes } from "../memory.ts";
import { checkText } from "../text/text-size.ts";
import { operandText, typeTrap } from "../trap.ts";
import { powFloat, quotFloat, remFloat } from "./float.ts";
import {
  addInt,
  andInt,
  divInt,
  type Int,
  mulInt,
  negInt,
  notInt,
  orInt,
  powInt,
  quotInt,
  remInt,
  shlInt,
  shrInt,
  subInt,
  xorInt,
} from "./int.ts";

type Operator = Exclude<(typeof ARITH_OPS)[number], "++">;

const INT_OPERATORS: Readonly<Record<Operator, (a: Int, b: Int) => Int>> = {
  "+": addInt,
  "-": subInt,
  "*": mulInt,
  "/": divInt,
  "//": quotInt,
  "%": remInt,
  "**": powInt,
  "&": andInt,
  "|": orInt,
  "^": xorInt,
  "<<": shlInt,
  ">>": shrInt,
};

/** Null: the operator takes Ints only. */
const FLOAT_OPERATORS: Readonly<Record<Operator, ((a: number, b: number) => number) | null>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": quotFloat,
  "%": remFloat,
  "**": powFloat,
  "&": null,
  "|": null,
  "^": null,
  "<<": null,
  ">>": null,
};

/** a op b for the operator of that number in ARITH_OPS. Operands are not changed. */
export function arith(operator: number, a: Value, b: Value, memory: Memory): Value {
  const op = required(ARITH_OPS[operator], "the operator exists");
  if (op === "++") return concatenate(a, b, memory);
  if (isInt(a) && isInt(b)) return INT_OPERATORS[op](a, b);
  if (op === "+") {
    if (typeof a === "string" || typeof b === "string") return joined(a, b, memory);
    if (isList(a) && isList(b)) return concatLists(a, b, memory);
  }
  const left = numberOf(a);
  const right = numberOf(b);
  const onFloats = FLOAT_OPERATORS[op];
  if (left === null || right === null || onFloats === null) {
    const allowed = onFloats === null ? "non-integer" : "non-numeric";
    throw typeTrap(`arithmetic on ${allowed} types: ${operandText(a)} and ${operandText(b)}`);
  }
  return new Float(onFloats(left, right));
}

function numberOf(value: Value): number | null {
  if (value instanceof Float) return value.value;
  return isInt(value) ? Number(value) : null;
}

/** `++`: lists, Bytes, maps (right wins), sets; anything else as strings. */
function concatenate(a: Value, b: Value, memory: Memory): Value {
  if (isList(a) && isList(b)) return concatLists(a, b, memory);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    memory.charge(BUFFER_BYTES + a.length + b.length);
    return joinBytes(a, b);
  }
  if (a instanceof MapValue && b instanceof MapValue) {
    memory.charge(mapBytes(a.store.size + b.store.size));
    const entries = [...mapEntries(a), ...mapEntries(b)];
    for (const { key, value } of entries) {
      share(key);
      share(value);
    }
    return mapFromEntries(entries);
  }
  if (a instanceof SetValue && b instanceof SetValue) {
    memory.charge(setBytes(a.store.size + b.store.size));
    return setFromItems([...setItems(a), ...setItems(b)].map((item) => share(item)));
  }
  return joined(a, b, memory);
}

/** The display forms as one text. */
function joined(a: Value, b: Value, memory: Memory): string {
  const left = displayValue(a);
  const right = displayValue(b);
  checkText(left.length + right.length);
  memory.charge(textBytes(left.length + right.length));
  // Engines put off the copying of `+`, so that a text may grow by it.
  return left + right;
}

/** -a */
export function negate(a: Value): Value {
  if (isInt(a)) return negInt(a);
  if (a instanceof Float) return new Float(-a.value);
  throw typeTrap(`cannot negate ${operandText(a)}`);
}

/** ~a */
export function invert(a: Value): Value {
  if (isInt(a)) return notInt(a);
  throw typeTrap(`cannot invert ${operandText(a)}`);
}

/** a < b, or a <= b with `orEqual`; unlike kinds fault. */
export function lessThan(a: Value, b: Value, orEqual: boolean): boolean {
  const order = orderOf(a, b);
  return orEqual ? order <= 0 : order < 0;
}

/** Negative, zero, positive, or NaN where a NaN decides. */
function orderOf(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (isList(a) && isList(b)) return orderItems(listItems(a), listItems(b));
  if (a instanceof Tuple && b instanceof Tuple) return orderItems(a.items, b.items);
  const left = a instanceof Float ? a.value : a;
  const right = b instanceof Float ? b.value : b;
  if (!isInt(left) || !isInt(right)) {
    throw typeTrap(`cannot compare ${typeName(a)} and ${typeName(b)}`);
  }
  // JavaScript compares a bigint with a double by their mathematical values.
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

/** Lexicographic: the first pair that is not equal decides. */
function orderItems(a: readonly Value[], b: readonly Value[]): number {
  const count = Math.min(a.length, b.length);
  for (let i = 0; i < count; i += 1) {
    const left = a[i] ?? null;
    const right = b[i] ?? null;
    if (!equalValues(left, right)) return orderOf(left, right);
  }
  return a.length - b.length;
}
