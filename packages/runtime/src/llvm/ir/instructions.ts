// What each instruction of the closed set is in LLVM IR. The meaning is that of WebAssembly to the
// bit: nothing here is undefined, what traps leaves the function.

import { assert, required } from "@lumen/core/result";
import type { Signature, ValType, WasmOp } from "@lumen/vm/numeric";
import { type FunctionWriter, TRAPPED, TYPES } from "./function-writer.ts";

/** What instructions of a function refer to. */
export interface Surroundings {
  readonly locals: readonly ValType[];
  readonly globals: readonly ValType[];
  readonly imports: readonly Signature[];
  readonly functions: readonly Signature[];
}

type Emit = (f: FunctionWriter, value: number | bigint, around: Surroundings) => void;

/** Before the memory: how many pages it has, and may have, an i32 each. */
export const HEADER = { pages: -8, pagesMax: -4 } as const;

function binary(type: ValType, op: string): Emit {
  return (f) => {
    const [b, a] = [f.pop(type), f.pop(type)];
    f.give(type, `${op} ${TYPES[type]} ${a}, ${b}`);
  };
}

/** Only the low bits of the count are looked at. */
function shift(type: "i32" | "i64", op: string): Emit {
  return (f) => {
    const [b, a] = [f.pop(type), f.pop(type)];
    const count = f.value(`and ${type} ${b}, ${type === "i64" ? 63 : 31}`);
    f.give(type, `${op} ${type} ${a}, ${count}`);
  };
}

function compare(type: ValType, how: string): Emit {
  return (f) => {
    const [b, a] = [f.pop(type), f.pop(type)];
    f.giveTruth(`${type === "f64" ? "fcmp" : "icmp"} ${how} ${TYPES[type]} ${a}, ${b}`);
  };
}

function isZero(type: "i32" | "i64"): Emit {
  return (f) => f.giveTruth(`icmp eq ${type} ${f.pop(type)}, 0`);
}

function convert(from: ValType, to: ValType, op: string): Emit {
  return (f) => f.give(to, `${op} ${TYPES[from]} ${f.pop(from)} to ${TYPES[to]}`);
}

function floatFunction(name: string): Emit {
  return (f) => f.give("f64", `call double @llvm.${name}.f64(double ${f.pop("f64")})`);
}

/** A place in memory, and what stands there as far as is known. */
interface Place {
  readonly text: string;
  readonly tag: (memory: string) => string;
}

/**
 * The place of an address on the stack; addresses have 33 bits, more than that is never mapped.
 * What is at an address that is computed is of one type always (`layout.ts` of the vm): numbers of
 * lists, or the words that describe lists. At those that are fixed stand frames, which are used
 * anew for everything.
 */
function pointer(f: FunctionWriter, offset: number | bigint): Place {
  const { text, type, isFixed } = f.popAny();
  assert(type === "i32", "an address has 32 bits");
  const address = f.value(`zext i32 ${text} to i64`);
  const start = f.value(`getelementptr i8, ptr %m, i64 ${address}`);
  return {
    text: Number(offset) === 0 ? start : f.value(`getelementptr i8, ptr ${start}, i64 ${offset}`),
    tag: (memory) => (isFixed ? "" : `, !tbaa ${required(TYPE_TAGS[memory], "it has a tag")}`),
  };
}

/** By types in memory: what stands for them at loads and stores. */
const TYPE_TAGS: Readonly<Record<string, string>> = {
  i8: "!14",
  i32: "!15",
  i64: "!16",
  double: "!17",
};

/** What the tags stand for: types that have nothing to do with each other. */
export const TAGS: readonly string[] = [
  '!9 = !{!"memory"}',
  ...Object.entries(TYPE_TAGS).flatMap(([type, tag], i) => [
    `!${10 + i} = !{!"${type}", !9, i64 0}`,
    `${tag} = !{!${10 + i}, !${10 + i}, i64 0}`,
  ]),
];

/** Wide numbers may stand anywhere. */
function load(type: ValType, memory: string = TYPES[type]): Emit {
  return (f, offset) => {
    const place = pointer(f, offset);
    const text = `load ${memory}, ptr ${place.text}, align 1${place.tag(memory)}`;
    if (memory === TYPES[type]) return f.give(type, text);
    f.give(type, `zext ${memory} ${f.value(text)} to ${TYPES[type]}`);
  };
}

function store(type: ValType, memory: string = TYPES[type]): Emit {
  return (f, offset) => {
    const given = f.pop(type);
    const place = pointer(f, offset);
    const held =
      memory === TYPES[type] ? given : f.value(`trunc ${TYPES[type]} ${given} to ${memory}`);
    f.line(`store ${memory} ${held}, ptr ${place.text}, align 1${place.tag(memory)}`);
  };
}

/** Traps for 0; and for the one quotient that has too many bits. */
function divide(f: FunctionWriter): void {
  const [b, a] = [f.pop("i64"), f.pop("i64")];
  f.trapWhere(f.value(`icmp eq i64 ${b}, 0`));
  const [isLeast, isMinus] = [f.value(`icmp eq i64 ${a}, ${MIN}`), f.value(`icmp eq i64 ${b}, -1`)];
  f.trapWhere(f.value(`and i1 ${isLeast}, ${isMinus}`));
  f.give("i64", `sdiv i64 ${a}, ${b}`);
}

/** Of -1 the rest is 0, also where the quotient has too many bits: as of 1. */
function remainder(f: FunctionWriter): void {
  const [b, a] = [f.pop("i64"), f.pop("i64")];
  f.trapWhere(f.value(`icmp eq i64 ${b}, 0`));
  const isMinus = f.value(`icmp eq i64 ${b}, -1`);
  const divisor = f.value(`select i1 ${isMinus}, i64 1, i64 ${b}`);
  f.give("i64", `srem i64 ${a}, ${divisor}`);
}

const MIN = -(2n ** 63n);

function select(f: FunctionWriter): void {
  const condition = f.popTruth();
  const [b, a] = [f.popAny(), f.popAny()];
  const type = TYPES[a.type];
  f.give(a.type, `select i1 ${condition}, ${type} ${a.text}, ${type} ${b.text}`);
}

/** Functions of the host stand in the links, behind the memory. They are functions of numbers. */
function call(f: FunctionWriter, value: number | bigint, around: Surroundings): void {
  const index = Number(value);
  const imported = around.imports[index];
  const own = around.functions[index - around.imports.length];
  const { params, result } = required(imported ?? own, "the function exists");
  const popped = params.toReversed().map((type) => `${TYPES[type]} ${f.pop(type)}`);
  const args = popped.toReversed();
  const type = result === null ? "void" : TYPES[result];
  const text =
    imported === undefined
      ? `call fastcc ${type} ${functionName(index)}(${["ptr %m", ...args].join(", ")})`
      : `call ${type} ${link(f, index)}(${args.join(", ")}) #1`;
  if (result === null) f.line(text);
  else f.give(result, text);
  if (imported === undefined) f.passTrap();
}

function link(f: FunctionWriter, index: number): string {
  const place = f.value(`getelementptr ptr, ptr ${LINKS}, i64 ${index + 1}`);
  return f.value(`load ptr, ptr ${place}`);
}

/** The name of a function of the module, by its index. */
export function functionName(index: number): string {
  return `@f${index}`;
}

/** The name of a global of the module, by its index. */
export function globalName(index: number | bigint): string {
  return `@g${index}`;
}

/** What is linked when the module is loaded: its memory, then what it imports. */
export const LINKS = "@links";

function typeOf(index: number | bigint, of: readonly ValType[]): ValType {
  return required(of[Number(index)], "there is one of that index");
}

const setLocal: Emit = (f, index, { locals }) => {
  const type = typeOf(index, locals);
  f.line(`store ${TYPES[type]} ${f.pop(type)}, ptr %l${index}`);
};

const getLocal: Emit = (f, index, { locals }) => {
  const type = typeOf(index, locals);
  f.give(type, `load ${TYPES[type]}, ptr %l${index}`);
};

/** What each instruction is; blocks and branches are not here. */
export const INSTRUCTIONS: Readonly<Record<WasmOp, Emit>> = {
  unreachable: (f) => f.trap(),
  return: (f) => f.giveBack(),
  call,
  drop: (f) => {
    f.popAny();
  },
  select,
  "local.get": getLocal,
  "local.set": setLocal,
  "local.tee": (f, index, around) => {
    setLocal(f, index, around);
    getLocal(f, index, around);
  },
  "global.get": (f, index, { globals }) => {
    const type = typeOf(index, globals);
    f.push(type, f.value(`load ${TYPES[type]}, ptr ${globalName(index)}`), true);
  },
  "global.set": (f, index, { globals }) => {
    const type = typeOf(index, globals);
    f.line(`store ${TYPES[type]} ${f.pop(type)}, ptr ${globalName(index)}`);
  },
  "i32.load": load("i32"),
  "i64.load": load("i64"),
  "f64.load": load("f64"),
  "i32.load8_u": load("i32", "i8"),
  "i64.load32_u": load("i64", "i32"),
  "i32.store": store("i32"),
  "i64.store": store("i64"),
  "f64.store": store("f64"),
  "i32.store8": store("i32", "i8"),
  "memory.size": (f) => {
    const place = f.value(`getelementptr i8, ptr %m, i64 ${HEADER.pages}`);
    f.give("i32", `load i32, ptr ${place}`);
  },
  "memory.grow": (f) => f.give("i32", `call fastcc i32 ${GROW}(ptr %m, i32 ${f.pop("i32")})`),
  "memory.copy": (f) => {
    const count = f.value(`zext i32 ${f.pop("i32")} to i64`);
    const [from, to] = [pointer(f, 0), pointer(f, 0)];
    const type = "void @llvm.memmove.p0.p0.i64";
    f.line(`call ${type}(ptr ${to.text}, ptr ${from.text}, i64 ${count}, i1 false)`);
  },
  "i32.const": (f, value) => f.push("i32", `${value}`, true),
  "i64.const": (f, value) => f.push("i64", `${value}`),
  "f64.const": (f, bits) => f.push("f64", `0x${bits.toString(16).padStart(16, "0")}`),
  "i32.eqz": isZero("i32"),
  "i32.eq": compare("i32", "eq"),
  "i32.ne": compare("i32", "ne"),
  "i32.lt_s": compare("i32", "slt"),
  "i32.lt_u": compare("i32", "ult"),
  "i32.gt_u": compare("i32", "ugt"),
  "i32.le_s": compare("i32", "sle"),
  "i32.ge_u": compare("i32", "uge"),
  "i64.eqz": isZero("i64"),
  "i64.eq": compare("i64", "eq"),
  "i64.ne": compare("i64", "ne"),
  "i64.lt_s": compare("i64", "slt"),
  "i64.lt_u": compare("i64", "ult"),
  "i64.gt_s": compare("i64", "sgt"),
  "i64.gt_u": compare("i64", "ugt"),
  "i64.le_s": compare("i64", "sle"),
  "i64.ge_s": compare("i64", "sge"),
  "i64.ge_u": compare("i64", "uge"),
  "f64.eq": compare("f64", "oeq"),
  "f64.ne": compare("f64", "une"),
  "f64.lt": compare("f64", "olt"),
  "f64.gt": compare("f64", "ogt"),
  "f64.le": compare("f64", "ole"),
  "f64.ge": compare("f64", "oge"),
  "i32.add": binary("i32", "add"),
  "i32.sub": binary("i32", "sub"),
  "i32.mul": binary("i32", "mul"),
  "i32.and": binary("i32", "and"),
  "i32.or": binary("i32", "or"),
  "i32.shl": shift("i32", "shl"),
  "i32.shr_u": shift("i32", "lshr"),
  "i64.add": binary("i64", "add"),
  "i64.sub": binary("i64", "sub"),
  "i64.mul": binary("i64", "mul"),
  "i64.div_s": divide,
  "i64.rem_s": remainder,
  "i64.and": binary("i64", "and"),
  "i64.or": binary("i64", "or"),
  "i64.xor": binary("i64", "xor"),
  "i64.shl": shift("i64", "shl"),
  "i64.shr_s": shift("i64", "ashr"),
  "i64.shr_u": shift("i64", "lshr"),
  "f64.abs": floatFunction("fabs"),
  "f64.neg": (f) => f.give("f64", `fneg double ${f.pop("f64")}`),
  "f64.ceil": floatFunction("ceil"),
  "f64.floor": floatFunction("floor"),
  "f64.trunc": floatFunction("trunc"),
  "f64.sqrt": floatFunction("sqrt"),
  "f64.add": binary("f64", "fadd"),
  "f64.sub": binary("f64", "fsub"),
  "f64.mul": binary("f64", "fmul"),
  "f64.div": binary("f64", "fdiv"),
  "i32.wrap_i64": convert("i64", "i32", "trunc"),
  "i64.extend_i32_s": convert("i32", "i64", "sext"),
  "i64.extend_i32_u": convert("i32", "i64", "zext"),
  "f64.convert_i64_s": convert("i64", "f64", "sitofp"),
  "i64.extend32_s": (f) => {
    const low = f.value(`trunc i64 ${f.pop("i64")} to i32`);
    f.give("i64", `sext i32 ${low} to i64`);
  },
  "i64.trunc_sat_f64_s": (f) =>
    f.give("i64", `call i64 @llvm.fptosi.sat.i64.f64(double ${f.pop("f64")})`),
};

const GROW = "@grow";

/** What the instructions call: declarations, and what is too long to stand at each place. */
export const SUPPORT: readonly string[] = [
  ...["fabs", "ceil", "floor", "trunc", "sqrt"].map(
    (name) => `declare double @llvm.${name}.f64(double)`,
  ),
  "declare i64 @llvm.fptosi.sat.i64.f64(double)",
  "declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)",
  `${TRAPPED} = internal global i32 0`,
  // Pages are there already, as far as there may be any: growing is counting.
  `define internal fastcc i32 ${GROW}(ptr noalias %m, i32 %more) #0 {`,
  `  %at = getelementptr i8, ptr %m, i64 ${HEADER.pages}`,
  `  %max.at = getelementptr i8, ptr %m, i64 ${HEADER.pagesMax}`,
  "  %has = load i32, ptr %at",
  "  %max = load i32, ptr %max.at",
  "  %left = sub i32 %max, %has",
  "  %fits = icmp ule i32 %more, %left",
  "  %wanted = add i32 %has, %more",
  "  %then = select i1 %fits, i32 %wanted, i32 %has",
  "  store i32 %then, ptr %at",
  "  %given = select i1 %fits, i32 %has, i32 -1",
  "  ret i32 %given",
  "}",
];
