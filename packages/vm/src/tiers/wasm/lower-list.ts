// Lists of numbers, booleans and such lists. Who may write in place is decided as everywhere: by
// the flag of the list, and by who gives away what it holds.

import type { Instruction } from "@lumen/core/lir";
import { CONTAINER_ITEMS_MAX } from "../../limits.ts";
import { isKept } from "../../link/ownership.ts";
import { HEADER_BYTES, INT_BYTES, ITEM_BYTES, listBytes } from "../../memory.ts";
import { registersOf } from "../instructions.ts";
import type { Assembler } from "./assembler.ts";
import {
  isIterKind,
  isListKind,
  itemOf,
  itemShift,
  type Kind,
  type ListKind,
  listOf,
} from "./kinds.ts";
import { FOREIGN, FROM_OUTSIDE, LIST, SHARED } from "./layout.ts";
import { fits32 } from "./lower-int.ts";
import type { BuiltinCall, Lowering } from "./lowering.ts";

/** Least items that a list weighs. */
const ITEMS_MIN = (listBytes(0) - HEADER_BYTES) / ITEM_BYTES;

/** Marks the list on the stack shared; nothing is left there. */
function share(x: Lowering): void {
  const list = x.temp("c", "i32");
  x.asm.at("local.tee", list).at("local.get", list).at("i32.load", LIST.flags);
  x.asm.i32(SHARED).op("i32.or").at("i32.store", LIST.flags);
}

/** A register goes to somebody else, who holds it too unless it is given away. */
function hand(x: Lowering, index: number, register: number): void {
  if (!isListKind(x.kind(register)) || isGiven(x, index, register)) return;
  x.get(register);
  share(x);
}

function isGiven({ ownership }: Lowering, index: number, register: number): boolean {
  return isKept(ownership, index, register) || ownership.peeks.has(index);
}

/** Pushes a register for somebody else. */
export function pushFor(x: Lowering, index: number, register: number): void {
  hand(x, index, register);
  x.get(register);
}

/** `list_length` */
export function lowerLength(x: Lowering, { operands }: Instruction): boolean {
  const [w = 0, a = 0] = operands.map(Number);
  if (!isListKind(x.kind(a)) || !x.are("int", w)) return false;
  x.get(a).at("i64.load32_u", LIST.length);
  x.set(w);
  return true;
}

/** `list_get` */
export function lowerGet(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  const kind = x.kind(a);
  if (!isListKind(kind) || !x.are("int", b) || x.kind(w) !== itemOf(kind)) return false;
  const item = itemOf(kind);
  pushSlot(x, index, { pushList: () => x.get(a), position: b, item });
  load(x.asm, item);
  if (isListKind(item)) sharePart(x, index, a);
  x.set(w);
  return true;
}

/** What becomes of the list on the stack, which the list in a register holds too. */
function sharePart(x: Lowering, index: number, whole: number): void {
  const { asm } = x;
  if (x.ownership.peeks.has(index)) return;
  const list = x.temp("a", "i32");
  asm.at("local.tee", list).at("local.get", list).at("i32.load", LIST.flags);
  // What is taken from a whole is as shared as that is.
  if (x.ownership.takes.has(index))
    x.get(whole).at("i32.load", LIST.flags).i32(SHARED).op("i32.and");
  else asm.i32(SHARED);
  asm.op("i32.or").at("i32.store", LIST.flags).at("local.get", list);
}

interface SlotOf {
  readonly pushList: () => Assembler;
  readonly position: number;
  readonly item: Kind;
}

/** Pushes the address of an item; leaves where there is none. Negative ones count from the end. */
function pushSlot(x: Lowering, index: number, slot: SlotOf): void {
  const at = checkedPosition(x, index, slot);
  slotAddress(x, slot, at);
}

function slotAddress(x: Lowering, { pushList, item }: SlotOf, at: number): void {
  pushList().at("i32.load", LIST.items).at("local.get", at).op("i32.wrap_i64");
  const shift = itemShift(item);
  if (shift > 0) x.asm.i32(shift).op("i32.shl");
  x.asm.op("i32.add");
}

/**
 * The local that holds the position, which exists. Without a branch for negative ones: engines
 * would put it into the way of the others.
 */
function checkedPosition(x: Lowering, index: number, { pushList, position }: SlotOf): number {
  const { asm } = x;
  const [at, length] = [x.temp("a", "i64"), x.temp("b", "i64")];
  pushList().at("i64.load32_u", LIST.length).at("local.set", length);
  const constant = x.constantInt(position);
  x.get(position);
  if (constant === null) {
    x.get(position).i64(63).op("i64.shr_s").at("local.get", length).op("i64.and").op("i64.add");
  } else if (constant < 0n) asm.at("local.get", length).op("i64.add");
  asm.at("local.tee", at).at("local.get", length).op("i64.ge_u");
  x.leaveIf(index);
  return at;
}

function load(asm: Assembler, item: Kind): void {
  if (item === "int") asm.at("i64.load", 0);
  else if (item === "float") asm.at("f64.load", 0);
  else if (item === "bool") asm.at("i32.load8_u", 0);
  else asm.at("i32.load", 0);
}

function store(asm: Assembler, item: Kind): void {
  if (item === "int") asm.at("i64.store", 0);
  else if (item === "float") asm.at("f64.store", 0);
  else if (item === "bool") asm.at("i32.store8", 0);
  else asm.at("i32.store", 0);
}

/** `list_append` */
export function lowerAppend(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  const kind = x.kind(a);
  if (!isListKind(kind) || x.kind(w) !== kind || x.kind(b) !== itemOf(kind)) return false;
  const { asm } = x;
  const item = itemOf(kind);
  x.written.add(kind);
  if (w !== a) hand(x, index, a);
  hand(x, index, b);
  x.get(a).at("i32.load", LIST.length).i32(CONTAINER_ITEMS_MAX).op("i32.ge_u");
  x.leaveIf(index);
  const list = x.temp("b", "i32");
  x.get(a).at("local.set", list);
  unshared(x, index, kind, list, () => pushItemBytes(x, b, item));
  asm.at("local.get", list).at("i32.load", LIST.length);
  asm.at("local.get", list).at("i32.load", LIST.capacity).op("i32.ge_u").open("if");
  asm.at("local.get", list).i32(itemShift(item)).at("call", x.callees.helper("grow"));
  asm.op("i32.eqz");
  x.leaveIf(index);
  asm.close();
  pushEnd(x, list, item);
  x.get(b);
  store(asm, item);
  asm.at("local.get", list).at("local.get", list).at("i32.load", LIST.length);
  asm.i32(1).op("i32.add").at("i32.store", LIST.length);
  asm.at("local.get", list);
  x.set(w);
  return true;
}

/** The address behind the last item. */
function pushEnd(x: Lowering, list: number, item: Kind): void {
  x.asm.at("local.get", list).at("i32.load", LIST.items);
  x.asm.at("local.get", list).at("i32.load", LIST.length);
  x.asm.i32(itemShift(item)).op("i32.shl").op("i32.add");
}

/**
 * `take` of a list that nobody else holds: it is cut. One that is shared is left to the
 * interpreter, which copies it.
 */
export function lowerTake(x: Lowering, { index, w, args }: BuiltinCall): boolean {
  const [a = -1, b = -1] = args;
  const kind = x.kind(a);
  if (!isListKind(kind) || x.kind(w) !== kind || !x.are("int", b) || args.length !== 2)
    return false;
  const { asm } = x;
  // Elsewhere the interpreter shares the list first.
  if (w !== a && !isGiven(x, index, a)) return false;
  x.written.add(kind);
  x.get(a).at("i32.load", LIST.flags);
  x.leaveIf(index);
  const [count, length] = [x.temp("a", "i64"), x.temp("b", "i64")];
  x.get(a).at("i64.load32_u", LIST.length).at("local.set", length);
  // At most all of them, at least none.
  x.get(b).at("local.get", length);
  x.get(b).at("local.get", length).op("i64.lt_s").op("select").at("local.tee", count);
  asm.i64(0).at("local.get", count).i64(0).op("i64.gt_s").op("select").at("local.set", count);
  x.get(a).at("local.get", count).op("i32.wrap_i64").at("i32.store", LIST.length);
  x.get(a);
  x.set(w);
  return true;
}

/** What an item more takes, an i64. */
function pushItemBytes(x: Lowering, register: number, item: Kind): void {
  x.asm.i64(ITEM_BYTES);
  if (item !== "int") return;
  pushBox(x, register);
  x.asm.op("i64.add");
}

/** What an Int takes in a container besides its place, an i64. */
function pushBox(x: Lowering, register: number): void {
  x.asm.i64(0).i64(INT_BYTES);
  fits32(x.get(register), () => x.get(register));
  x.asm.op("select");
}

/**
 * Makes the list in a local one that may be written: itself, or a copy where it is shared. Charges
 * for that, and what `pushMore` pushes, before anything happens.
 */
function unshared(
  x: Lowering,
  index: number,
  kind: ListKind,
  list: number,
  pushMore: () => void,
): void {
  const { asm } = x;
  asm.at("local.get", list).at("i32.load", LIST.flags).open("if");
  leaveForeign(x, index, list);
  pushListBytes(x, list);
  pushMore();
  asm.op("i64.add");
  x.charge(index);
  copyInto(x, index, kind, list);
  asm.otherwise();
  pushMore();
  x.charge(index);
  asm.close();
}

function leaveForeign(x: Lowering, index: number, list: number): void {
  x.asm.at("local.get", list).at("i32.load", LIST.flags).i32(FOREIGN).op("i32.and");
  x.leaveIf(index);
}

/** What a copy of the list takes, an i64. */
function pushListBytes(x: Lowering, list: number): void {
  const { asm } = x;
  const count = x.temp("b", "i64");
  asm.at("local.get", list).at("i64.load32_u", LIST.length).at("local.tee", count);
  asm.i64(ITEMS_MIN).at("local.get", count).i64(ITEMS_MIN).op("i64.gt_s").op("select");
  asm.i64(ITEM_BYTES).op("i64.mul").i64(HEADER_BYTES).op("i64.add");
}

function copyInto(x: Lowering, index: number, kind: ListKind, list: number): void {
  const { asm } = x;
  const item = itemOf(kind);
  const copy = x.temp("c", "i32");
  asm.at("local.get", list);
  if (isListKind(item)) asm.at("call", x.callees.helper("copyNested"));
  else asm.i32(itemShift(item)).at("call", x.callees.helper("copy"));
  asm.at("local.tee", copy).op("i32.eqz");
  x.leaveIf(index);
  asm.at("local.get", copy).at("local.set", list);
}

/** `list_new` */
export function lowerNew(x: Lowering, { operands }: Instruction, index: number): boolean {
  const w = Number(operands[0]);
  const parts = registersOf(operands[1]);
  const kind = x.kind(w);
  if (!isListKind(kind) || !x.are(itemOf(kind), ...parts)) return false;
  const { asm } = x;
  const item = itemOf(kind);
  asm.i64(listBytes(parts.length));
  if (item === "int")
    for (const part of parts) {
      pushBox(x, part);
      asm.op("i64.add");
    }
  x.charge(index);
  const [list, items] = [x.temp("a", "i32"), x.temp("b", "i32")];
  const capacity = Math.max(parts.length, ITEMS_MIN);
  const room = x.callees.helper("room");
  asm.i32(LIST.bytes).at("call", room).at("local.tee", list).op("i32.eqz");
  x.leaveIf(index);
  asm
    .i32(capacity << itemShift(item))
    .at("call", room)
    .at("local.tee", items)
    .op("i32.eqz");
  x.leaveIf(index);
  asm.at("local.get", list).at("local.get", items).at("i32.store", LIST.items);
  const fields = [
    [LIST.length, parts.length],
    [LIST.capacity, capacity],
    [LIST.flags, 0],
    [LIST.origin, 0],
  ] as const;
  for (const [field, value] of fields) asm.at("local.get", list).i32(value).at("i32.store", field);
  parts.forEach((part, i) => {
    hand(x, index, part);
    asm
      .at("local.get", items)
      .i32(i << itemShift(item))
      .op("i32.add");
    x.get(part);
    store(asm, item);
  });
  asm.at("local.get", list);
  x.set(w);
  return true;
}

/** `iter_new`: who iterates holds the list too. */
export function lowerIterator(x: Lowering, { operands }: Instruction): boolean {
  const [w = 0, a = 0] = operands.map(Number);
  const kind = x.kind(w);
  if (!isIterKind(kind) || x.kind(a) !== listOf(kind)) return false;
  x.get(a);
  share(x);
  x.get(a).op("i64.extend_i32_u");
  x.set(w);
  return true;
}

/** `iter_next`, without its jump: pushes whether there was an item; false where it cannot. */
export function lowerNext(x: Lowering, { operands }: Instruction): boolean {
  const [w = 0, a = 0] = operands.map(Number);
  const kind = x.kind(a);
  if (!isIterKind(kind) || x.kind(w) !== itemOf(listOf(kind))) return false;
  const { asm } = x;
  const item = itemOf(listOf(kind));
  const [list, at] = [x.temp("a", "i32"), x.temp("b", "i32")];
  x.get(a).op("i32.wrap_i64").at("local.set", list);
  x.get(a)
    .i64(32)
    .op("i64.shr_u")
    .op("i32.wrap_i64")
    .i32(FROM_OUTSIDE - 1)
    .op("i32.and");
  asm.at("local.tee", at).at("local.get", list).at("i32.load", LIST.length).op("i32.lt_u");
  asm.open("if", "i32");
  asm.at("local.get", list).at("i32.load", LIST.items);
  asm.at("local.get", at).i32(itemShift(item)).op("i32.shl").op("i32.add");
  load(asm, item);
  x.set(w);
  if (isListKind(item)) {
    x.get(w);
    share(x);
  }
  x.get(a)
    .i64(2n ** 32n)
    .op("i64.add");
  x.set(a);
  asm.i32(1).otherwise().i32(0).close();
  return true;
}

/** `place_set` of an item, however deep: each list on the way is written in place, or copied. */
export function lowerPlace(x: Lowering, { operands }: Instruction, index: number): boolean {
  const [w, a, path, part] = operands;
  const [root, value] = [Number(a), Number(part)];
  const kinds = kindsOfPath(x, root, registersOf(path));
  const item = kinds?.at(-1);
  if (w !== a || kinds === null || item === undefined || x.kind(value) !== item) return false;
  const { asm } = x;
  const [list, slot] = [x.temp("a", "i32"), x.temp("b", "i32")];
  x.get(root).at("local.set", list);
  kinds.slice(0, -1).forEach((kind, level) => {
    if (!isListKind(kind)) return;
    x.written.add(kind);
    const inner = itemOf(kind);
    const place: SlotOf = {
      pushList: () => asm.at("local.get", list),
      position: registersOf(path)[2 * level + 1] ?? 0,
      item: inner,
    };
    const at = checkedPosition(x, index, place);
    asm.at("local.get", list).at("i32.load", LIST.flags).open("if");
    leaveForeign(x, index, list);
    pushListBytes(x, list);
    x.charge(index);
    copyInto(x, index, kind, list);
    if (level > 0) asm.at("local.get", slot).at("local.get", list).at("i32.store", 0);
    else {
      asm.at("local.get", list);
      x.set(root);
    }
    asm.close();
    slotAddress(x, place, at);
    asm.at("local.set", slot);
    if (level + 2 < kinds.length) asm.at("local.get", slot).at("i32.load", 0).at("local.set", list);
  });
  if (item === "int") {
    fits32(x.get(value), () => x.get(value));
    asm.op("i32.eqz").open("if");
    asm.i64(INT_BYTES);
    x.charge(index);
    asm.close();
  }
  hand(x, index, value);
  asm.at("local.get", slot);
  x.get(value);
  store(asm, item);
  return true;
}

/** The kinds from the root to the item that is written; null where a step is of another kind. */
function kindsOfPath(x: Lowering, root: number, path: readonly number[]): readonly Kind[] | null {
  const first = x.kind(root);
  if (first === null) return null;
  const kinds: Kind[] = [first];
  for (let i = 0; i < path.length; i += 2) {
    const last = kinds.at(-1);
    if (path[i] !== 0 || !isListKind(last) || !x.are("int", path[i + 1] ?? -1)) return null;
    kinds.push(itemOf(last));
  }
  return kinds.length > 1 ? kinds : null;
}
