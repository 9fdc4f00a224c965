// Where a value of a sequence comes from, independent of the place that refers to it.

import type { BindingDocument, SourceDocument } from "@lumen/core/cfs";
import type { TypeDescriptor } from "@lumen/core/value";
import type { Type } from "../hir/type.ts";

/** Depths are counted from the sequence's own block (0), arms and loops from the outermost (1). */
export type Operand =
  | { readonly kind: "literal"; readonly type: TypeDescriptor; readonly bytes: string }
  | { readonly kind: "parameter"; readonly index: number }
  /** `output` null: the whole value of an item. */
  | {
      readonly kind: "item";
      readonly depth: number;
      readonly index: number;
      readonly output: number | null;
      readonly outputs: number;
    }
  | { readonly kind: "armInput"; readonly arm: number; readonly index: number }
  | { readonly kind: "loopState"; readonly loop: number; readonly index: number }
  | { readonly kind: "loopElement"; readonly loop: number }
  | { readonly kind: "loopIndex"; readonly loop: number };

/** The place that refers: numbers of enclosing blocks, arms and loops. */
export interface Place {
  readonly depth: number;
  readonly arms: number;
  readonly loops: number;
}

/** The binding that means `operand` at `place`. */
export function bindingOf(operand: Operand, place: Place): BindingDocument {
  if (operand.kind === "literal") {
    return { source: { type: "external" }, literal: { type: operand.type, bytes: operand.bytes } };
  }
  const source = sourceOf(operand, place);
  const whole = operand.kind === "item" && operand.output === null && operand.outputs >= 2;
  return whole ? { source, whole: true } : { source };
}

function sourceOf(operand: Exclude<Operand, { kind: "literal" }>, place: Place): SourceDocument {
  switch (operand.kind) {
    case "parameter":
      return { type: "seq_input", input_index: operand.index };
    case "item":
      return {
        type: "item_output",
        item_index: operand.index,
        output_index: operand.output ?? 0,
        ...upward(place.depth - operand.depth),
      };
    case "armInput":
      return { type: "arm_input", input_index: operand.index, ...upward(place.arms - operand.arm) };
    case "loopState":
      return {
        type: "loop_state",
        input_index: operand.index,
        ...upward(place.loops - operand.loop),
      };
    case "loopElement":
      return { type: "loop_element", ...upward(place.loops - operand.loop) };
    case "loopIndex":
      return { type: "loop_index", ...upward(place.loops - operand.loop) };
  }
}

function upward(up: number): { readonly up?: number } {
  return up === 0 ? {} : { up };
}

/** Number of outputs of a value (formats 6): 0 for unit, n for a tuple, else 1. */
export function outputsOf(type: Type): number {
  if (type.kind === "null" || type.kind === "never") return 0;
  return type.kind === "tuple" ? type.items.length : 1;
}
