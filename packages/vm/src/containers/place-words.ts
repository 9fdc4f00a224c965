// `place_set` straight from the words of its instruction, where nothing on the way is shared or a
// map and everything is there: then nothing is allocated. `place-set.ts` does all the rest.

import {
  Float,
  isList,
  isShared,
  listItem,
  RecordValue,
  recordField,
  setListItem,
  Tuple,
  type Value,
  withRecordField,
} from "@lumen/core/value";
import type { Memory } from "../machine/allocation.ts";
import { itemBox } from "../memory.ts";
import { slotBytes } from "./lists.ts";

/** Kinds of steps that begin a pair of words (lir.md 4, paths). */
const INDEX = 0;
const NAMED = 3;

/**
 * Writes a part at the path of the `place_set` at `pc`, whose first pair stands at word 5. False:
 * nothing was done.
 */
export function setInPlace(
  words: Int32Array,
  pc: number,
  registers: readonly Value[],
  part: Value,
  memory: Memory,
): boolean {
  let at = pc + 5;
  const last = at + 2 * ((words[pc + 4] as number) - 1);
  let holder = registers[words[pc + 3] as number] as Value;
  for (; at < last; at += 2) {
    const inner = partAt(words, at, registers, holder);
    if (inner === undefined) return false;
    holder = inner;
  }
  const kind = words[last] as number;
  const operand = words[last + 1] as number;
  if (kind === INDEX) return setItem(holder, registers[operand] as Value, part, memory);
  return kind !== NAMED && setNumbered(holder, operand, part, memory);
}

/** What an unshared container has at a step; undefined where the long way has to look. */
function partAt(
  words: Int32Array,
  at: number,
  registers: readonly Value[],
  holder: Value,
): Value | undefined {
  const kind = words[at] as number;
  const operand = words[at + 1] as number;
  if (kind === INDEX) {
    const index = registers[operand] as Value;
    if (!isList(holder) || isShared(holder) || typeof index !== "number") return undefined;
    return index >= 0 && index < holder.length ? listItem(holder, index) : undefined;
  }
  if (kind === NAMED) return undefined;
  if (holder instanceof RecordValue)
    return isShared(holder) ? undefined : recordField(holder, operand);
  return holder instanceof Tuple && !isShared(holder) ? holder.items[operand] : undefined;
}

function setItem(list: Value, index: Value, part: Value, memory: Memory): boolean {
  if (!isList(list) || isShared(list) || typeof index !== "number") return false;
  if (index < 0 || index >= list.length) return false;
  memory.charge(slotBytes(list, part));
  setListItem(list, index, part);
  return true;
}

function setNumbered(holder: Value, at: number, part: Value, memory: Memory): boolean {
  if (holder instanceof RecordValue) {
    const isFloat = holder.shape.floats?.[at] === true;
    // A record whose shape promises a Float becomes another one where it gets something else.
    if (isShared(holder) || (isFloat && !(part instanceof Float))) return false;
    memory.charge(isFloat ? 0 : itemBox(part));
    withRecordField(holder, at, part);
    return true;
  }
  if (!(holder instanceof Tuple) || isShared(holder)) return false;
  memory.charge(itemBox(part));
  holder.items[at] = part;
  return true;
}
