// JavaScript that makes records, variants, tuples and lists, and counts what they take.

import type { Instruction, TypeIndex } from "@lumen/core/lir";
import { Defect, required } from "@lumen/core/result";
import {
  FIELDS_INSIDE,
  makeVariant,
  numberRecordClass,
  PARTS_INSIDE,
  RESULT_SHAPE,
  type RecordShape,
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
  const _name = x.bind(`shape${type}`, shape);
  if ("fields" in shape)
    return { own: recordBytes(shape), text: recordText(x, type, shape, parts) };
  const kind = x.bind(`kind${type}_${operands[1]}`, variantKind(shape, Number(operands[1])));
  const size = parts.length <= 2 ? 2 : PARTS_INSIDE;
  const rest = size === PARTS_INSIDE;
  return { own: slots, text: literalOf(`variant: ${kind}`, "p", { parts, size, rest }) };
}

function recordText(
  x: Emitter,
  type: TypeIndex,
  shape: RecordShape,
  parts: readonly string[],
): string {
  const name = x.bind(`shape${type}`, shape);
  const size = recordSize(parts.length);
  const rest = size === FIELDS_INSIDE;
  if (shape.floats === undefined) return literalOf(`shape: ${name}`, "f", { parts, size, rest });
  const own = x.bind(`Record${type}`, numberRecordClass(shape));
  const given = [...padded(parts, size), ...(rest ? [restOf(parts, size)] : [])];
  return `new ${own}(${[name, ...given].join(", ")})`;
}

/** Parts that stand in an object of a layout; the largest one has the others in an array. */
interface Layout {
  readonly parts: readonly string[];
  readonly size: number;
  readonly rest: boolean;
}

/** A record or variant as a literal: properties as in core, in the same order. */
function literalOf(head: string, letter: string, { parts, size, rest }: Layout): string {
  const inside = padded(parts, size).map((part, i) => `${letter}${i}: ${part}`);
  const others = rest ? [`rest: ${restOf(parts, size)}`] : [];
  return `{ ${[head, "note: 0", ...inside, ...others].join(", ")} }`;
}

/** The parts after those that stand in the object; mostly there are none. */
function restOf(parts: readonly string[], size: number): string {
  return parts.length > size ? `[${parts.slice(size).join(", ")}]` : "H.NO_REST";
}

function padded(parts: readonly string[], size: number): readonly string[] {
  return Array.from({ length: size }, (_, i) => parts[i] ?? "null");
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
