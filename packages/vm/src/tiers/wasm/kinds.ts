// What tier T2 holds in registers: numbers, booleans, and lists of them.

import type { Instruction, TypeIndex } from "@lumen/core/lir";
import { Float, type Value } from "@lumen/core/value";
import { target } from "../../link/liveness.ts";
import type { LinkedCell, LinkedModule } from "../../link/program.ts";
import { builtinNamed, registersOf } from "../instructions.ts";
import type { ValType } from "./assembler.ts";

/** A list by what is in it: `list float`, `list list int`. */
export type ListKind = `list ${string}`;

/** An iterator over a list of a kind. */
export type IterKind = `iter ${ListKind}`;

/** A kind of value that T2 knows. */
export type Kind = "int" | "float" | "bool" | "null" | ListKind | IterKind;

const LIST = "list ";
const ITER = "iter ";

/** Whether values of the kind are lists. */
export function isListKind(kind: Kind | null | undefined): kind is ListKind {
  return kind?.startsWith(LIST) ?? false;
}

/** Whether values of the kind are iterators. */
export function isIterKind(kind: Kind | null | undefined): kind is IterKind {
  return kind?.startsWith(ITER) ?? false;
}

/** The kind of the lists that are iterated. */
export function listOf(kind: IterKind): ListKind {
  return `${LIST}${kind.slice(ITER.length + LIST.length)}`;
}

/** The kind of a type; null for a type of other values. */
export function kindOf(module: LinkedModule, index: TypeIndex | undefined): Kind | null {
  const type = module.lir.types[index ?? -1];
  switch (type?.kind) {
    case "int":
    case "float":
    case "bool":
    case "null":
      return type.kind;
    case "list": {
      const item = kindOf(module, type.item);
      return item === null || item === "null" ? null : `${LIST}${item}`;
    }
    default:
      return null;
  }
}

/** The kind of the items. */
export function itemOf(kind: ListKind): Kind {
  const item = kind.slice(LIST.length);
  if (item === "int" || item === "float" || item === "bool") return item;
  return `${LIST}${item.slice(LIST.length)}`;
}

/** How deep lists nest: 0 for a scalar. */
export function listDepth(kind: Kind): number {
  if (isIterKind(kind)) return listDepth(listOf(kind));
  return isListKind(kind) ? 1 + listDepth(itemOf(kind)) : 0;
}

/** How a kind is held on the stack and in locals; null is not held at all. */
export function valTypeOf(kind: Kind): ValType | null {
  if (kind === "null") return null;
  // An iterator is its list, and in the high half where it stands.
  if (kind === "int" || isIterKind(kind)) return "i64";
  return kind === "float" ? "f64" : "i32";
}

/** The bytes of an item of a list of such items, as a power of two. */
export function itemShift(item: Kind): 0 | 2 | 3 {
  if (item === "bool") return 0;
  return isListKind(item) ? 2 : 3;
}

/** The kinds of a cell's registers, null for those that hold other values. */
export function registerKinds(cell: LinkedCell): readonly (Kind | null)[] {
  const kinds = cell.lir.registers.map((type) => kindOf(cell.module, type));
  const given = cell.lir.paramCount + cell.lir.captureCount;
  const sources = new Map<number, Instruction[]>();
  for (const instruction of cell.lir.code) {
    const w = target(instruction);
    if (w !== null) sources.set(w, [...(sources.get(w) ?? []), instruction]);
  }
  for (let changed = true; changed; ) {
    changed = false;
    kinds.forEach((kind, r) => {
      if (kind !== null || r < given) return;
      kinds[r] = writtenKind(kinds, sources.get(r) ?? []);
      changed ||= kinds[r] !== null;
    });
  }
  return kinds;
}

/** What a register of another type holds, as far as all that is written to it tells. */
function writtenKind(
  kinds: readonly (Kind | null)[],
  sources: readonly Instruction[],
): Kind | null {
  const found = new Set(sources.map((source) => resultKind(kinds, source)));
  const [kind = null] = found;
  return found.size === 1 ? kind : null;
}

/**
 * Iterators and their items may be anything by type. `to_float` and `to_int` of a number give a
 * number, though their type is an option.
 */
function resultKind(kinds: readonly (Kind | null)[], { op, operands }: Instruction): Kind | null {
  const from = kinds[Number(operands[1])];
  if (op === "iter_new") return isListKind(from) ? `${ITER}${from}` : null;
  if (op === "iter_next") return isIterKind(from) ? itemOf(listOf(from)) : null;
  if (op !== "call_builtin") return null;
  const [given = -1] = registersOf(operands[2]);
  if (kinds[given] !== "int" && kinds[given] !== "float") return null;
  const name = builtinNamed(Number(operands[1]));
  return name === "to_float" ? "float" : name === "to_int" ? "int" : null;
}

/** A constant of a scalar kind. */
export type Scalar = number | bigint | boolean | Float | null;

/** Registers that are written once, by a scalar constant: they need no local. */
export function constantRegisters(
  cell: LinkedCell,
  kinds: readonly (Kind | null)[],
): ReadonlyMap<number, Scalar> {
  const { code, paramCount, captureCount } = cell.lir;
  const writes = new Map<number, number>();
  for (const instruction of code) {
    const w = target(instruction);
    if (w !== null) writes.set(w, (writes.get(w) ?? 0) + 1);
  }
  const found = new Map<number, Scalar>();
  for (const { op, operands } of code) {
    const w = Number(operands[0]);
    if (op !== "const" || writes.get(w) !== 1 || w < paramCount + captureCount) continue;
    const value = cell.module.constants[Number(operands[1])];
    if (value !== undefined && isScalar(value) && kinds[w] === kindOfScalar(value))
      found.set(w, value);
  }
  return found;
}

/** Whether a value is of a scalar kind. */
export function isScalar(value: Value): value is Scalar {
  return (
    value === null ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    value instanceof Float
  );
}

/** The kind of a scalar. */
export function kindOfScalar(value: Scalar): Kind {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  return value instanceof Float ? "float" : "int";
}
