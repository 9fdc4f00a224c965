// JavaScript for operations of Ints: numbers where operands and result are safe, else the helper
// that the interpreter uses, too.

import type { Instruction } from "@lumen/core/lir";
import type { Emitter } from "./emit.ts";

/** Tests that registers hold numbers, each followed by `&&`. */
export function typeTests(x: Emitter, ...registers: readonly number[]): string {
  return registers
    .filter((r) => !x.isNumber(r))
    .map((r) => `typeof ${x.raw(r)} === "number" && `)
    .join("");
}

/** A sum, difference or product. */
export function intSum(
  x: Emitter,
  i: number,
  w: number,
  a: number,
  b: number,
  op: string,
  slow: string,
): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  // Adding 0 turns -0 into 0.
  const text = op === "*" ? `${A} * ${B} + 0` : `${A} ${op} ${B}`;
  const fast = `if (${typeTests(x, a, b)}Number.isSafeInteger(t = ${text})) r${w} = t;\n`;
  // A register for numbers gets no bigint.
  if (x.isNumber(w)) return `${fast}else { ${x.exit(i)}}\n`;
  return `${fast}` + `else { t = H.${slow}(${A}, ${B}); ${x.unless(i, "t")}r${w} = t; }\n`;
}

/** On 32-bit values JavaScript's operators are exact. */
export function bitwise(x: Emitter, instruction: Instruction, index: number): string {
  const op = { and_int: "&", or_int: "|", xor_int: "^" }[String(instruction.op)] ?? "";
  const [w = 0, a = 0, b = 0] = instruction.operands.map(Number);
  const [A, B] = [x.raw(a), x.raw(b)];
  const test = `${typeTests(x, a, b)}${A} === ~~${A} && ${B} === ~~${B}`;
  return `if (${test}) r${w} = ${A} ${op} ${B};\nelse {\n${x.slow(instruction, index)}}\n`;
}

/** `%`, which is never negative. */
export function remainder(x: Emitter, i: number, w: number, a: number, b: number): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  return division(x, { i, w, a, b }, "remInt", {
    small: `(${A} >>> 0) % (${B} >>> 0)`,
    // The multiple of the divisor is not above the dividend, hence exact.
    other: `${A} >= 0 ? ${A} - Math.floor(${A} / ${B}) * ${B} : (t = ${A} % ${B}) < 0 ? t + ${B} : 0`,
  });
}

/** `//`, towards minus infinity where the divisor is above 0. */
export function quotient(x: Emitter, i: number, w: number, a: number, b: number): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  return division(x, { i, w, a, b }, "quotInt", {
    small: `(${A} >>> 0) / (${B} >>> 0) >>> 0`,
    // A quotient of safe integers that is none itself is not rounded to the next one.
    other: `Math.floor(${A} / ${B})`,
  });
}

/** `/`, towards zero. */
export function truncated(x: Emitter, { operands }: Instruction, index: number): string {
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  const [A, B] = [x.raw(a), x.raw(b)];
  return division(x, { i: index, w, a, b }, "divInt", {
    small: `(${A} >>> 0) / (${B} >>> 0) >>> 0`,
    // Adding 0 turns -0 into 0.
    other: `Math.trunc(${A} / ${B}) + 0`,
  });
}

/** `-`. */
export function negated(x: Emitter, instruction: Instruction, index: number): string {
  const [w = 0, a = 0] = instruction.operands.map(Number);
  const fast = `r${w} = 0 - ${x.raw(a)};\n`;
  const tests = typeTests(x, a);
  return tests === "" ? fast : `if (${tests}true) ${fast}else {\n${x.slow(instruction, index)}}\n`;
}

/** `<<` and `>>` of numbers by less than 31. */
export function shifted(x: Emitter, instruction: Instruction, index: number): string {
  const [w = 0, a = 0, b = 0] = instruction.operands.map(Number);
  const [A, B] = [x.raw(a), x.raw(b)];
  const isNear = `${typeTests(x, a, b)}${B} >= 0 && ${B} < 31`;
  const other = `else {\n${x.slow(instruction, index)}}\n`;
  // No bit is lost as long as the product is exact.
  if (instruction.op === "shl_int")
    return `if (${isNear} && Number.isSafeInteger(t = ${A} * (1 << ${B}))) r${w} = t;\n${other}`;
  return `if (${isNear} && (${A} | 0) === ${A}) r${w} = ${A} >> ${B};\n${other}`;
}

interface Division {
  readonly i: number;
  readonly w: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Divisors are above 0. `small` is for operands of 32 bits, of which engines make one instruction
 * or less, `other` for other numbers, without the remainder of doubles, which is a call. Else the
 * helper is called, which is exact for all operands.
 */
function division(
  x: Emitter,
  { i, w, a, b }: Division,
  slow: string,
  { small, other }: { readonly small: string; readonly other: string },
): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  const isSmall = [A, ...(isWord(x, b) ? [] : [B])]
    .map((n) => `(${n} >>> 0) === ${n}`)
    .join(" && ");
  return (
    `if (${typeTests(x, a, b)}${B} > 0) r${w} = ${isSmall} ? ${small} : ${other};\n` +
    `else { t = H.${slow}(${A}, ${B}); ${x.unless(i, "t")}r${w} = t; }\n`
  );
}

/** Whether a register holds a literal of 32 bits. */
function isWord(x: Emitter, register: number): boolean {
  const literal = x.literals.get(register);
  return literal !== undefined && Number(literal) >>> 0 === Number(literal);
}
