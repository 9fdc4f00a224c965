// JavaScript for calls of builtins: an expression where the operands are of the right kind, for
// those that programs call all the time; else a call of the builtin's function.

import type { BuiltinName } from "@lumen/core/builtins";
import type { Instruction } from "@lumen/core/lir";
import { looksOnly, NATIVES_BY_NUMBER } from "../builtins/natives.ts";
import { SHARE_FIRST, TO_FLOAT, TO_INT } from "../link/compile-cell.ts";
import { BOX_BYTES, HEADER_BYTES, listBytes, SLOT_BYTES } from "../memory.ts";
import type { Emitter } from "./emit.ts";
import { builtinNamed, registersOf, wordsOf } from "./instructions.ts";
import { typeTests } from "./int-text.ts";
import { getIntText } from "./map-text.ts";
import { floatItems } from "./slot-types.ts";
import { lengthText, textSliceText } from "./string-text.ts";

/** No builtin that changes an argument in place counts more than this. */
const RESULT_BYTES = 1024;

/** A call of a builtin. */
interface Site {
  readonly index: number;
  readonly w: number;
  readonly registers: readonly number[];
  /** What the words of the call say about its first argument and its result. */
  readonly flags: number;
  /** The call of the builtin's function. */
  readonly slow: () => string;
}

/** The text of a call, or null where the operands are of other kinds. */
type Direct = (x: Emitter, site: Site) => string | null;

/** Builtins that have a text of their own. */
const DIRECT: Readonly<Partial<Record<BuiltinName, Direct>>> = {
  sqrt: (x, { index, w, registers: [a = 0] }) =>
    x.rep(a) === "float" && x.rep(w) === "float"
      ? `${x.charge(index, String(BOX_BYTES))}r${w} = Math.sqrt(${x.raw(a)});\n`
      : null,
  to_float: toFloat,
  get: (x, { index, w, registers, slow }) => getIntText(x, index, w, registers, slow),
  length: (x, { index, w, registers: [a = 0] }) => lengthText(x, index, w, a),
  ord,
  slice: textSliceText,
  max: (x, site) => extreme(x, site, ">="),
  min: (x, site) => extreme(x, site, "<="),
  abs,
  contains: (x, site) => textTest(x, site, "includes"),
  starts_with: (x, site) => textTest(x, site, "startsWith"),
  ends_with: (x, site) => textTest(x, site, "endsWith"),
  pop,
  take,
};

/** `call_builtin` of a builtin that the machine computes. */
export function builtinText(x: Emitter, { operands }: Instruction, index: number): string {
  const [w = 0, number = 0] = operands.map(Number);
  const registers = registersOf(operands[2]);
  const flags = wordsOf(x.cell, index)[4] ?? 0;
  const slow = (): string => native(x, number, { index, w, registers, flags });
  return DIRECT[builtinNamed(number)]?.(x, { index, w, registers, flags, slow }) ?? slow();
}

/** A builtin by its function. */
function native(
  x: Emitter,
  number: number,
  { index, w, registers, flags }: Omit<Site, "slow">,
): string {
  const call = x.caller("g", number, NATIVES_BY_NUMBER[number]);
  const args = registers.map((r, i) =>
    i === 0 && (flags & SHARE_FIRST) !== 0 ? x.shared(r) : x.boxed(r),
  );
  // What changes an argument cannot be done again, so that counting its result must not fail.
  const isUpdate = NATIVES_BY_NUMBER[number] !== null && !looksOnly(number);
  const room = isUpdate ? x.room(index, RESULT_BYTES) : "";
  let text = `${room}a = [${args.join(", ")}]; t = ${call}(a); ${x.unless(index, "t")}`;
  text += x.charge(index, "H.resultBytes(t, a)");
  if ((flags & TO_FLOAT) !== 0)
    return `${text}r${w} = typeof t === "object" ? t.value : Number(t);\n`;
  if ((flags & TO_INT) !== 0)
    return `${text}if (typeof t !== "number") { t = H.intOf(t); ${x.unless(index, "t")}}\nr${w} = t;\n`;
  return text + x.put(w, "t");
}

function toFloat(x: Emitter, { index, w, registers: [a = 0] }: Site): string | null {
  if (x.rep(a) !== "int") return null;
  const text = x.isNumber(a) ? x.raw(a) : `Number(${x.raw(a)})`;
  const value = x.rep(w) === "float" ? text : `new H.Float(${text})`;
  return `${x.charge(index, String(BOX_BYTES))}r${w} = ${value};\n`;
}

/** Of the first scalar value, where that is one unit. */
function ord(x: Emitter, { w, registers: [a = 0], slow }: Site): string | null {
  if (x.known(a)?.kind !== "string" || x.rep(w) !== "int") return null;
  return `t = ${x.raw(a)}.charCodeAt(0);\nif (t < 0xd800) r${w} = t;\nelse {\n${slow()}}\n`;
}

/** Of two numbers; what is no argument itself counts, and neither does a small one. */
function extreme(x: Emitter, { index, w, registers, slow }: Site, order: string): string | null {
  const [a = 0, b = 0] = registers;
  const areInts = [a, b, w].every((r) => x.rep(r) === "int");
  if (registers.length !== 2 || !areInts) return null;
  const [A, B] = [x.raw(a), x.raw(b)];
  const counted = x.charge(index, `t === ${A} || (t | 0) === t ? 0 : H.itemBox(t)`);
  const fast = `t = ${A} ${order} ${B} ? ${A} : ${B};\n${counted}r${w} = t;\n`;
  const tests = typeTests(x, a, b);
  return tests === "" ? fast : `if (${tests}true) {\n${fast}} else {\n${slow()}}\n`;
}

function abs(x: Emitter, { w, registers: [a = 0], slow }: Site): string | null {
  if (x.rep(a) !== "int" || x.rep(w) !== "int") return null;
  const A = x.raw(a);
  return `if (${A} >= 0) r${w} = ${A};\nelse {\n${slow()}}\n`;
}

/** Tests of a text in a text, which are those of JavaScript. */
function textTest(x: Emitter, { w, registers: [a = 0, b = 0] }: Site, name: string): string | null {
  const areTexts = [a, b].every((r) => x.known(r)?.kind === "string");
  return areTexts && x.rep(w) === "bool" ? `r${w} = ${x.raw(a)}.${name}(${x.raw(b)});\n` : null;
}

/** Whether nobody else can have the list in a register, which has no numbers for Floats. */
function ownList(x: Emitter, register: number, flags: number): string | null {
  const isList = x.known(register)?.kind === "list" && x.rep(register) === "value";
  if (!isList || (flags & SHARE_FIRST) !== 0) return null;
  const isPlain = floatItems(x.cell, register) === "none";
  return `(${x.raw(register)}.note & 1) === 0${isPlain ? "" : ` && !${x.raw(register)}.floats`}`;
}

/** All is counted before the list changes. */
function pop(x: Emitter, { index, w, registers: [a = 0], flags, slow }: Site): string | null {
  const own = ownList(x, a, flags);
  if (own === null || x.rep(w) !== "value") return null;
  const A = x.raw(a);
  const bytes = listBytes(2) + HEADER_BYTES + 2 * SLOT_BYTES;
  const counted = x.charge(index, `${bytes} + H.itemBox(${A}[${A}.length - 1])`);
  const fast = `${counted}t = ${A}.pop();\nr${w} = new H.Tuple([t, ${A}]);\n`;
  return `if (${own} && ${A}.length > 0) {\n${fast}} else {\n${slow()}}\n`;
}

/** All items but the last one are taken in the list itself. */
function take(x: Emitter, { w, registers: [a = 0, b = 0], flags, slow }: Site): string | null {
  const own = ownList(x, a, flags);
  if (own === null || x.rep(b) !== "int" || x.rep(w) !== "value") return null;
  const A = x.raw(a);
  const fast = `${A}.pop();\nr${w} = ${A};\n`;
  const isOneLess = `${A}.length > 0 && ${x.raw(b)} === ${A}.length - 1`;
  return `if (${own} && ${isOneLess}) {\n${fast}} else {\n${slow()}}\n`;
}
