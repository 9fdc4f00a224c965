// JavaScript that makes records, variants, tuples and lists, and counts what they take.

import type { Instruction } from "@lumen/core/lir";
import { Defect, required } from "@lumen/core/result";
import { RESULT_SHAPE, share, VariantValue } from "@lumen/core/value";
import { HEADER_BYTES, listBytes, recordBytes, SLOT_BYTES } from "../memory.ts";
import { isFloatList } from "../types/shapes.ts";
import type { Emitter } from "./emit.ts";
import { registersOf } from "./instructions.ts";
import { numberSlots } from "./slot-types.ts";
import { boxesText } from "./weights.ts";

/** The first components of a variant, which stand in it. */
const IN_OBJECT = ["first", "second"] as const;

/** Where a variant has a component. */
export function payloadText(number: number): string {
  return IN_OBJECT[number] ?? `rest[${number - IN_OBJECT.length}]`;
}

/** `record_new`, `variant_new`, `tuple_new`, `list_new`. */
export function constructText(x: Emitter, instruction: Instruction, index: number): string {
  const { op, operands } = instruction;
  const w = Number(operands[0]);
  const registers = registersOf(operands.at(-1));
  const type = required(x.cell.lir.registers[w], "the register exists");
  const numbers = numberSlots(x.cell, op, type, registers.length);
  if (registers.some((r, i) => numbers[i] === true && x.rep(r) !== "float"))
    return x.slow(instruction, index);
  if (op === "variant_new" && registers.length === 0)
    return emptyVariant(x, { w, type, tag: Number(operands[1]) }, index);
  const parts = registers.map((r, i) => (numbers[i] === true ? x.raw(r) : x.moved(index, r)));
  const boxes = boxesText(
    x,
    registers.filter((_, i) => numbers[i] !== true),
  );
  const { own, text } = made(x, instruction, type, parts);
  return `${x.charge(index, `${own}${boxes}`)}r${w} = ${text};\n`;
}

/** The expression that makes a container of parts, and what it weighs without them. */
function made(
  x: Emitter,
  { op, operands }: Instruction,
  type: number,
  parts: readonly string[],
): { readonly own: number; readonly text: string } {
  const { shapes } = x.cell.module.cast;
  const items = `[${parts.join(", ")}]`;
  const slots = HEADER_BYTES + SLOT_BYTES * parts.length;
  if (op === "tuple_new") return { own: slots, text: `new H.Tuple(${items})` };
  if (op === "list_new") {
    const make = isFloatList(x.cell.module.lir, type) ? "numberList" : "makeList";
    return { own: listBytes(parts.length), text: `H.${make}(${items})` };
  }
  const shape = shapes[type] ?? RESULT_SHAPE;
  const name = x.bind(`shape${type}`, shape);
  if ("fields" in shape)
    return { own: recordBytes(shape), text: `new H.RecordValue(${name}, ${items})` };
  const [first = "null", second = "null", ...rest] = parts;
  const more = rest.length > 0 ? `, [${rest.join(", ")}]` : "";
  const text = `new H.VariantValue(${name}, ${operands[1]}, ${first}, ${second}${more})`;
  return { own: slots, text };
}

/** Variants without payload are all the same. */
function emptyVariant(
  x: Emitter,
  { w, type, tag }: { readonly w: number; readonly type: number; readonly tag: number },
  index: number,
): string {
  const shape = x.cell.module.cast.shapes[type] ?? RESULT_SHAPE;
  if (!("variants" in shape)) throw new Defect("variant_new writes an enum or a result");
  const name = x.bind(`v${type}_${tag}`, share(new VariantValue(shape, tag, null, null)));
  return `${x.charge(index, String(HEADER_BYTES))}r${w} = ${name};\n`;
}
