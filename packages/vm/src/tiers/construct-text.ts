// JavaScript that makes records, variants, tuples and lists, and counts what they take.

import type { Instruction } from "@lumen/core/lir";
import { Defect, required } from "@lumen/core/result";
import {
  FIELDS_INSIDE,
  makeVariant,
  PARTS_INSIDE,
  RESULT_SHAPE,
  recordClass,
  recordSize,
  share,
  variantKind,
} from "@lumen/core/value";
import { HEADER_BYTES, listBytes, recordBytes, SLOT_BYTES } from "../memory.ts";
import { isFloatList } from "../types/shapes.ts";
import type { Emitter } from "./emit.ts";
import { registersOf } from "./instructions.ts";
import { numberSlots } from "./slot-types.ts";
import { boxesText } from "./weights.ts";

/** Where a variant has a component. */
export function payloadText(number: number): string {
  return number < PARTS_INSIDE ? `p${number}` : `rest[${number - PARTS_INSIDE}]`;
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
  if ("fields" in shape) {
    const size = recordSize(parts.length);
    const own = x.bind(`Record${type}`, recordClass(shape));
    const given = partsText(name, parts, size, size === FIELDS_INSIDE);
    return { own: recordBytes(shape), text: `new ${own}(${given})` };
  }
  const tag = Number(operands[1]);
  const kind = x.bind(`kind${type}_${tag}`, variantKind(shape, tag));
  const size = parts.length <= 2 ? 2 : PARTS_INSIDE;
  const given = partsText(kind, parts, size, size === PARTS_INSIDE);
  return { own: slots, text: `new H.Variant${size}(${given})` };
}

/** What a class with room for as many parts takes; the largest one has the others in an array. */
function partsText(head: string, parts: readonly string[], size: number, hasRest: boolean): string {
  const inside = Array.from({ length: size }, (_, i) => parts[i] ?? "null");
  const rest = hasRest ? [`[${parts.slice(size).join(", ")}]`] : [];
  return [head, ...inside, ...rest].join(", ");
}

/** Variants without payload are all the same. */
function emptyVariant(
  x: Emitter,
  { w, type, tag }: { readonly w: number; readonly type: number; readonly tag: number },
  index: number,
): string {
  const shape = x.cell.module.cast.shapes[type] ?? RESULT_SHAPE;
  if (!("variants" in shape)) throw new Defect("variant_new writes an enum or a result");
  const name = x.bind(`v${type}_${tag}`, share(makeVariant(shape, tag, [])));
  return `${x.charge(index, String(HEADER_BYTES))}r${w} = ${name};\n`;
}
