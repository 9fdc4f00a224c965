// Functions of every module that needs them: what is too long to stand at each place.

import { Assembler, type ValType } from "./assembler.ts";
import { GLOBALS, LIST, PAGE_BYTES, SHARED } from "./layout.ts";

/** The names of the helpers. */
export type HelperName = "mulOverflows" | "room" | "copy" | "copyNested" | "grow";

/** A helper; `indexOf` gives the functions of those that it calls. */
export interface Helper {
  readonly params: readonly ValType[];
  readonly result: ValType;
  readonly write: (indexOf: (name: HelperName) => number) => Assembler;
}

const INT_MIN = -(2n ** 63n);
const PAGE_SHIFT = Math.log2(PAGE_BYTES);
/** A list that grows has room for so many items at least. */
const CAPACITY_MIN = 8;

/** All of them. */
export const HELPERS: Readonly<Record<HelperName, Helper>> = {
  /** (a, b): whether the product has more than 64 bits. */
  mulOverflows: { params: ["i64", "i64"], result: "i32", write: writeMulOverflows },
  /** (bytes): the address of so many free bytes; 0 where memory cannot grow. */
  room: { params: ["i32"], result: "i32", write: writeRoom },
  /** (list, shift): a copy of a list whose items have 2^shift bytes; 0 where there is no room. */
  copy: { params: ["i32", "i32"], result: "i32", write: writeCopy },
  /** (list): the same of a list of lists, which are shared from then on. */
  copyNested: { params: ["i32"], result: "i32", write: writeCopyNested },
  /** (list, shift): makes room for one item more; 0 where there is none. */
  grow: { params: ["i32", "i32"], result: "i32", write: writeGrow },
};

function writeMulOverflows(): Assembler {
  const [a, b] = [0, 1];
  const asm = new Assembler(2);
  asm.at("local.get", a).op("i64.eqz").open("if");
  asm.i32(0).op("return").close();
  // Of this one the division below would trap.
  asm.at("local.get", a).i64(-1).op("i64.eq").open("if");
  asm.at("local.get", b).i64(INT_MIN).op("i64.eq").op("return").close();
  asm.at("local.get", a).at("local.get", b).op("i64.mul").at("local.get", a).op("i64.div_s");
  return asm.at("local.get", b).op("i64.ne");
}

function writeRoom(): Assembler {
  const bytes = 0;
  const asm = new Assembler(1);
  const [start, end, missing] = [asm.local("i32"), asm.local("i32"), asm.local("i32")];
  asm.at("global.get", GLOBALS.top.index).at("local.tee", start);
  asm.at("local.get", bytes).i32(7).op("i32.add").i32(-8).op("i32.and");
  asm.op("i32.add").at("local.tee", end);
  const has = (): Assembler => asm.whole("memory.size").i32(PAGE_SHIFT).op("i32.shl");
  has().op("i32.gt_u").open("if");
  // Twice as much as there is, so that growing is rare; else what is needed.
  asm.whole("memory.size").whole("memory.grow").i32(-1).op("i32.eq").open("if");
  asm.at("local.get", end);
  has()
    .op("i32.sub")
    .i32(PAGE_BYTES - 1)
    .op("i32.add")
    .i32(PAGE_SHIFT)
    .op("i32.shr_u");
  asm.at("local.tee", missing).whole("memory.grow").i32(-1).op("i32.eq").open("if");
  asm.i32(0).op("return").close().close();
  asm.at("local.get", end);
  has().op("i32.gt_u").open("if");
  asm.i32(0).op("return").close().close();
  asm.at("local.get", end).at("global.set", GLOBALS.top.index);
  return asm.at("local.get", start);
}

function writeCopy(indexOf: (name: HelperName) => number): Assembler {
  const [list, shift] = [0, 1];
  const asm = new Assembler(2);
  const [copy, items, bytes] = [asm.local("i32"), asm.local("i32"), asm.local("i32")];
  asm.at("local.get", list).at("i32.load", LIST.length);
  asm.at("local.get", shift).op("i32.shl").at("local.set", bytes);
  const room = indexOf("room");
  asm.i32(LIST.bytes).at("call", room).at("local.tee", copy).op("i32.eqz").open("if");
  asm.i32(0).op("return").close();
  asm.at("local.get", bytes).at("call", room).at("local.tee", items).op("i32.eqz").open("if");
  asm.i32(0).op("return").close();
  asm.at("local.get", copy).at("local.get", items).at("i32.store", LIST.items);
  for (const field of [LIST.length, LIST.capacity])
    asm
      .at("local.get", copy)
      .at("local.get", list)
      .at("i32.load", LIST.length)
      .at("i32.store", field);
  // The arena may have been used before.
  for (const field of [LIST.flags, LIST.origin])
    asm.at("local.get", copy).i32(0).at("i32.store", field);
  asm.at("local.get", items).at("local.get", list).at("i32.load", LIST.items);
  asm.at("local.get", bytes).whole("memory.copy");
  return asm.at("local.get", copy);
}

function writeCopyNested(indexOf: (name: HelperName) => number): Assembler {
  const list = 0;
  const asm = new Assembler(1);
  const [copy, at, end, item] = [
    asm.local("i32"),
    asm.local("i32"),
    asm.local("i32"),
    asm.local("i32"),
  ];
  asm.at("local.get", list).i32(2).at("call", indexOf("copy"));
  asm.at("local.tee", copy).op("i32.eqz").open("if");
  asm.i32(0).op("return").close();
  asm.at("local.get", copy).at("i32.load", LIST.items).at("local.tee", at);
  asm.at("local.get", copy).at("i32.load", LIST.length).i32(2).op("i32.shl");
  asm.op("i32.add").at("local.set", end);
  const done = asm.open("block");
  const head = asm.open("loop");
  asm.at("local.get", at).at("local.get", end).op("i32.ge_u").brIf(done);
  asm.at("local.get", at).at("i32.load", 0).at("local.tee", item);
  asm.at("local.get", item).at("i32.load", LIST.flags).i32(SHARED).op("i32.or");
  asm.at("i32.store", LIST.flags);
  asm.at("local.get", at).i32(4).op("i32.add").at("local.set", at).br(head);
  asm.close().close();
  return asm.at("local.get", copy);
}

function writeGrow(indexOf: (name: HelperName) => number): Assembler {
  const [list, shift] = [0, 1];
  const asm = new Assembler(2);
  const [capacity, items] = [asm.local("i32"), asm.local("i32")];
  asm.at("local.get", list).at("i32.load", LIST.length).i32(1).op("i32.shl");
  asm.at("local.set", capacity);
  asm.at("local.get", capacity).i32(CAPACITY_MIN).op("i32.lt_u").open("if");
  asm.i32(CAPACITY_MIN).at("local.set", capacity).close();
  asm.at("local.get", capacity).at("local.get", shift).op("i32.shl");
  asm.at("call", indexOf("room")).at("local.tee", items).op("i32.eqz").open("if");
  asm.i32(0).op("return").close();
  asm.at("local.get", items).at("local.get", list).at("i32.load", LIST.items);
  asm.at("local.get", list).at("i32.load", LIST.length).at("local.get", shift).op("i32.shl");
  asm.whole("memory.copy");
  asm.at("local.get", list).at("local.get", items).at("i32.store", LIST.items);
  asm.at("local.get", list).at("local.get", capacity).at("i32.store", LIST.capacity);
  return asm.i32(1);
}
