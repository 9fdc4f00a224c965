// JavaScript for texts. Where all scalar values of a text are one UTF-16 unit, indices are offsets;
// whether they are is asked once for each text that a register holds, and noted beside it.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { blockStarts } from "../link/blocks.ts";
import { target } from "../link/liveness.ts";
import type { LinkedCell } from "../link/program.ts";
import type { Emitter } from "./emit.ts";
import { builtinNamed, registersOf } from "./instructions.ts";
import type { KnownTypes } from "./known-types.ts";

/** Builtins that ask. */
const ASKING: ReadonlySet<string> = new Set(["length", "slice"]);

/** The registers of texts that instructions ask about, and where the texts came from. */
export class TextSources {
  private readonly cell: LinkedCell;
  private readonly starts: ReadonlySet<number>;
  /** Registers beside which it is noted. */
  readonly noted: ReadonlySet<number>;

  constructor(cell: LinkedCell, known: KnownTypes) {
    this.cell = cell;
    this.starts = blockStarts(cell.lir.code);
    const noted = new Set<number>();
    cell.lir.code.forEach((instruction, index) => {
      const register = asked(instruction);
      if (register === null || known[register]?.kind !== "string") return;
      noted.add(this.of(index, register));
    });
    this.noted = noted;
  }

  /** The register that has held the value of another one for longest, within a block. */
  of(index: number, register: number): number {
    const { code } = this.cell.lir;
    let source = register;
    for (let at = index - 1; at >= 0 && !this.starts.has(at + 1); at -= 1) {
      const instruction = code[at];
      if (instruction === undefined || target(instruction) !== source) continue;
      const { op, operands } = instruction;
      const from = Number(operands[1]);
      const isCopy = (op === "move" || op === "widen") && from !== source;
      if (!isCopy || this.isWritten(from, at, index)) break;
      source = from;
    }
    return source;
  }

  private isWritten(register: number, from: number, to: number): boolean {
    const between = this.cell.lir.code.slice(from, to);
    return between.some((instruction) => target(instruction) === register);
  }
}

function asked({ op, operands }: Instruction): number | null {
  if (op === "index") return Number(operands[1]);
  if (op !== "call_builtin" || !ASKING.has(builtinNamed(Number(operands[1])))) return null;
  return registersOf(operands[2])[0] ?? null;
}

/** Whether indices of the text in a register are offsets, as a condition. */
function isFlatText(x: Emitter, index: number, register: number): string {
  const source = x.texts.of(index, register);
  const note = `p${source}`;
  return `(${note} === 1 || (${note} === 0 && (${note} = H.flatness(${x.raw(register)})) === 1))`;
}

/** `index` of a text by an Int; null where it is something else. */
export function textIndexText(x: Emitter, instruction: Instruction, index: number): string | null {
  const { operands } = instruction;
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  if (x.known(a)?.kind !== "string" || x.known(b)?.kind !== "int" || x.rep(w) === "float")
    return null;
  const [A, B] = [x.raw(a), x.raw(b)];
  const test = `${B} >= 0 && ${B} < ${A}.length && ${isFlatText(x, index, a)}`;
  return `if (${test}) r${w} = ${A}[${B}];\nelse {\n${x.slow(instruction, index)}}\n`;
}

/** `length`. */
export function lengthText(x: Emitter, index: number, w: number, a: number): string | null {
  const A = x.raw(a);
  if (x.rep(w) !== "int") return null;
  switch (x.known(a)?.kind) {
    case "string":
      return `r${w} = ${isFlatText(x, index, a)} ? ${A}.length : H.scalarCount(${A});\n`;
    case "list":
      return `r${w} = ${A}.length;\n`;
    case "map":
    case "set":
      return `r${w} = ${A}.store.size;\n`;
    default:
      return null;
  }
}

interface SliceSite {
  readonly index: number;
  readonly w: number;
  readonly registers: readonly number[];
  readonly slow: () => string;
}

/** `slice` of a text from an index that it has up to another one; the whole text counts nothing. */
export function textSliceText(x: Emitter, { index, w, registers, slow }: SliceSite): string | null {
  const [a = 0, b = 0, c = 0] = registers;
  const areInts = [b, c].every((r) => x.rep(r) === "int");
  if (registers.length !== 3 || x.known(a)?.kind !== "string" || !areInts) return null;
  if (x.rep(w) === "float") return null;
  const [A, B, C] = [x.raw(a), x.raw(b), x.raw(c)];
  const inside = `${B} >= 0 && ${C} >= ${B} && ${C} > 0 && ${C} <= ${A}.length`;
  const counted = x.charge(index, `t === ${A} ? 0 : H.itemText(t)`);
  const fast = `t = ${A}.slice(${B}, ${C});\n${counted}r${w} = t;\n`;
  return `if (${inside} && ${isFlatText(x, index, a)}) {\n${fast}} else {\n${slow()}}\n`;
}

/** Operators of JavaScript that compare texts by units. */
const ORDERS: Readonly<Partial<Record<OpcodeName, string>>> = { lt_string: "<", le_string: "<=" };

/** Order by units is that by scalar values where one text has no unit from the surrogates on. */
export function textOrderText(x: Emitter, { op, operands }: Instruction): string | null {
  const [w = 0, a = 0, b = 0] = operands.map(Number);
  const operator = ORDERS[op];
  if (operator === undefined) return null;
  const isBelow = [a, b].some((r) => {
    const literal = x.literals.get(r);
    return literal !== undefined && !/[\ud800-\uffff]/.test(literal);
  });
  return isBelow ? `r${w} = ${x.raw(a)} ${operator} ${x.raw(b)};\n` : null;
}

/** Texts that are joined at once. */
const JOINED_MAX = 32;

/** `concat`. */
export function concatText(x: Emitter, { operands }: Instruction, index: number): string | null {
  const registers = registersOf(operands[1]);
  if (registers.length < 2 || registers.length > JOINED_MAX) return null;
  const texts = registers.map((r) => x.raw(r));
  // Engines throw where a text would be too long.
  const units = texts.map((text) => `${text}.length`).join(" + ");
  const fits = `if (${units} > H.ITEMS_MAX) ${x.exit(index)}`;
  return `${fits}t = ${texts.join(" + ")};\n${x.charge(index, "H.itemText(t)")}r${Number(operands[0])} = t;\n`;
}

/** `display` of an Int or a text. */
export function displayText(x: Emitter, { operands }: Instruction, index: number): string | null {
  const [w = 0, a = 0] = operands.map(Number);
  const kind = x.known(a)?.kind;
  if (kind !== "int" && kind !== "string") return null;
  const text = kind === "int" ? `\`\${${x.raw(a)}}\`` : x.raw(a);
  return `t = ${text};\n${x.charge(index, "H.itemText(t)")}r${w} = t;\n`;
}
