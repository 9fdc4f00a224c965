// Which slots of lists and records hold Floats as numbers, as far as types tell.

import type { LirType, OpcodeName, TypeIndex } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { FIELDS_INSIDE } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import { isFloatList } from "../types/shapes.ts";
import type { Rep } from "./reps.ts";

/** Whether the values of a type are Floats: `some` are, others not. */
export type Floats = "all" | "some" | "none";

const SOME: ReadonlySet<string> = new Set(["any", "option", "union", "json"]);

/** Whether values of a type are Floats. */
export function floatsIn(cell: LinkedCell, type: TypeIndex | undefined): Floats {
  const kind = cell.module.lir.types[type ?? -1]?.kind ?? "any";
  return kind === "float" ? "all" : SOME.has(kind) ? "some" : "none";
}

/** Whether the items of the list in a register are Floats. */
export function floatItems(cell: LinkedCell, register: number): Floats {
  const type = cell.module.lir.types[typeOf(cell, register)];
  return floatsIn(cell, type?.kind === "list" ? type.item : undefined);
}

/** By part of a constructor: whether it stands in a slot for a number. */
export function numberSlots(
  cell: LinkedCell,
  op: OpcodeName,
  type: TypeIndex,
  count: number,
): readonly boolean[] {
  const shape = cell.module.cast.shapes[type] ?? null;
  const isList = op === "list_new" && isFloatList(cell.module.lir, type);
  const floats = shape !== null && "fields" in shape ? (shape.floats ?? []) : [];
  const slots: boolean[] = [];
  for (let i = 0; i < count; i += 1)
    slots.push(isList || (op === "record_new" && floats[i] === true));
  return slots;
}

/** The type of a register. */
export function typeOf(cell: LinkedCell, register: number): TypeIndex {
  return required(cell.lir.registers[register], "the register exists");
}

/** A path into a value as accesses in JavaScript. */
export interface SlotPath {
  readonly steps: readonly string[];
  /** What the last slot holds. Those of a tuple hold values, so `none` says what to do. */
  readonly floats: Floats;
  /** The text that says whether the last slot of `holder` takes numbers. */
  readonly takesNumbers: (holder: string) => string;
  /** The last slot is that of a field, which is there. */
  readonly isField: boolean;
}

/** What a path needs to know of registers, and where it puts what its text refers to. */
export interface PathContext {
  readonly rep: (register: number) => Rep;
  readonly raw: (register: number) => string;
  readonly bind: (name: string, value: unknown) => string;
}

/** Where a record has a field. */
export function fieldText(field: number): string {
  return field < FIELDS_INSIDE ? `.f${field}` : `.rest[${field - FIELDS_INSIDE}]`;
}

/** Values of a type have its shape mostly, so the test is for that one. */
function shapeTest(
  cell: LinkedCell,
  type: TypeIndex,
  field: number,
  context: PathContext,
): SlotPath["takesNumbers"] {
  const shape = cell.module.cast.shapes[type] ?? null;
  const isFloat = shape !== null && "fields" in shape && shape.floats?.[field] === true;
  if (!isFloat) return (holder) => `${holder}.shape.floats?.[${field}] === true`;
  const name = context.bind(`shape${type}`, shape);
  return (holder) => `${holder}.shape === ${name}`;
}

/** The path of a `place_set`; null where a step is not into a list, record or tuple. */
export function slotPath(
  cell: LinkedCell,
  root: number,
  path: readonly number[],
  context: PathContext,
): SlotPath | null {
  const { types } = cell.module.lir;
  let at: TypeIndex | undefined = typeOf(cell, root);
  const steps: string[] = [];
  let inTuple = false;
  let isField = false;
  let takesNumbers: SlotPath["takesNumbers"] = () => "false";
  for (let i = 0; i < path.length; i += 2) {
    const type: LirType | undefined = types[at ?? -1];
    const [kind, operand = 0] = [path[i], path[i + 1]];
    inTuple = false;
    isField = kind === 1;
    if (kind === 0 && type?.kind === "list" && context.rep(operand) === "int") {
      steps.push(`[${context.raw(operand)}]`);
      takesNumbers = (holder) => `${holder}.floats`;
      at = type.item;
    } else if (kind === 1 && type?.kind === "record") {
      steps.push(fieldText(operand));
      takesNumbers = shapeTest(cell, at ?? -1, operand, context);
      at = type.fields[operand]?.type;
    } else if (kind === 2 && type?.kind === "tuple") {
      steps.push(`.items[${operand}]`);
      inTuple = true;
      at = type.items[operand];
    } else return null;
  }
  if (steps.length === 0) return null;
  return { steps, floats: inTuple ? "none" : floatsIn(cell, at), takesNumbers, isField };
}
