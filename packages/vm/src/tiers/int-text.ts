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

/** `%`. */
export function remainder(x: Emitter, i: number, w: number, a: number, b: number): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  return division(x, { i, w, a, b, slow: "remInt" }, `${A} % ${B}`);
}

/** `//`. */
export function quotient(x: Emitter, i: number, w: number, a: number, b: number): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  return division(x, { i, w, a, b, slow: "quotInt" }, `(${A} - ${A} % ${B}) / ${B}`);
}

interface Division {
  readonly i: number;
  readonly w: number;
  readonly a: number;
  readonly b: number;
  readonly slow: string;
}

function division(x: Emitter, { i, w, a, b, slow }: Division, text: string): string {
  const [A, B] = [x.raw(a), x.raw(b)];
  return (
    `if (${typeTests(x, a, b)}${A} >= 0 && ${B} > 0) r${w} = ${text};\n` +
    `else { t = H.${slow}(${A}, ${B}); ${x.unless(i, "t")}r${w} = t; }\n`
  );
}
