// References: what the values of a sequence are while its function runs to record the flow. A
// reference knows where a value comes from, never the value; whatever asks for the value is told
// so.

import type { SourceDocument } from "@lumen/core/cfs";
import type { TypeDescriptor } from "@lumen/core/value";
import { misuse } from "./misuse.ts";
import type { Infer, Type } from "./type.ts";

declare const VALUE: unique symbol;

/** A value of type T that is known when the sequence runs. A tuple can be taken apart. */
export type Ref<T> = { readonly [VALUE]: T } & ([T] extends [readonly [unknown, ...unknown[]]]
  ? { readonly [K in keyof T]: Ref<T[K]> }
  : unknown);

/** What can stand where a value is needed: a reference, or a literal. */
export type Operand<T> = Ref<T> | T;

/** Operands by name. */
export type Operands<I extends { readonly [name: string]: Type<unknown> }> = {
  readonly [K in keyof I]: Operand<Infer<I[K]>>;
};

/** A list of items with its own numbering (formats 9.7), while it is recorded. */
export interface Block {
  readonly parent: Block | null;
  /** Numbers of enclosing blocks, arms and loops; a sequence's own block has zeros. */
  readonly depth: number;
  readonly arms: number;
  readonly loops: number;
  /** The sequence that it belongs to. */
  readonly sequence: object;
  /** False as soon as the function that fills it has returned. */
  isOpen: boolean;
}

/** Where a value comes from. */
export type Origin =
  | { readonly kind: "parameter"; readonly index: number }
  /** `output` null: the whole value of an item. */
  | {
      readonly kind: "item";
      readonly index: number;
      readonly output: number | null;
      readonly outputs: number;
    }
  | { readonly kind: "arm" | "state"; readonly index: number }
  | { readonly kind: "element" | "index" }
  | { readonly kind: "literal"; readonly bytes: string };

/** What a reference knows. A literal belongs to no block. */
export interface Known {
  readonly block: Block | null;
  readonly type: TypeDescriptor;
  readonly origin: Origin;
}

const KNOWN = new WeakMap<object, Known>();

/** What a reference knows; null for anything else. */
export function knownOf(value: unknown): Known | null {
  return typeof value === "object" && value !== null ? (KNOWN.get(value) ?? null) : null;
}

const TUPLES = "Take it apart as [a, b] where a tile gave it; otherwise inside a tile.";

const LOOPS = "Go over a list with `collect`, `fold` or `forEach`.";

/** A new reference. */
export function makeRef(known: Known): object {
  const ref = new Proxy(Object.freeze({}), {
    get: (_, key) => property(known, key),
    has: () => refuse("is looked into with `in`"),
    ownKeys: () => refuse("is taken apart like an object"),
    getOwnPropertyDescriptor: () => refuse("is taken apart like an object"),
  });
  KNOWN.set(ref, known);
  return ref;
}

/** The parts of a tuple that an item gave, as references; null for what has none. */
function partsOf({ block, type, origin }: Known): readonly object[] | null {
  const tuple = tupleOf(type);
  if (tuple === null || origin.kind !== "item" || origin.output !== null) return null;
  if (tuple.length < 2) return null;
  return tuple.map((part, output) => makeRef({ block, type: part, origin: { ...origin, output } }));
}

function isList(type: TypeDescriptor): boolean {
  return typeof type === "object" && "list" in type;
}

/** Types of the items of a tuple type, else null. */
export function tupleOf(type: TypeDescriptor): readonly TypeDescriptor[] | null {
  return typeof type === "object" && "tuple" in type ? type.tuple : null;
}

function property(known: Known, key: string | symbol): unknown {
  const parts = partsOf(known);
  if (key === Symbol.iterator) {
    if (parts === null && isList(known.type)) return refuse("is gone over", LOOPS);
    if (parts === null) return refuse("is taken apart", TUPLES);
    return () => parts[Symbol.iterator]();
  }
  if (typeof key === "symbol" || key === "toString" || key === "valueOf")
    return refuse("is used as if it were the value: in text, arithmetic or a comparison");
  if (key === "toJSON") return refuse("is written as JSON");
  if (key === "then") return refuse("is awaited", "Sequences are not async.");
  const part = parts?.[Number(key)];
  if (part !== undefined && /^\d+$/.test(key)) return part;
  return refuse(`is asked for '${key}'`, parts === null ? undefined : TUPLES);
}

const WAY_OUT =
  "The value is known when the sequence runs: compute with it in a tile, choose with `branch`.";

function refuse(what: string, help: string = WAY_OUT): never {
  return misuse("E0809", `a reference ${what}`, help);
}

/** The binding of an origin seen from `place`. */
export function sourceOf(known: Known, place: Block): SourceDocument {
  const { origin } = known;
  const block = known.block ?? place;
  switch (origin.kind) {
    case "parameter":
      return { type: "seq_input", input_index: origin.index };
    case "item":
      return {
        type: "item_output",
        item_index: origin.index,
        output_index: origin.output ?? 0,
        ...upward(place.depth - block.depth),
      };
    case "arm":
      return {
        type: "arm_input",
        input_index: origin.index,
        ...upward(place.arms - block.arms),
      };
    case "state":
      return {
        type: "loop_state",
        input_index: origin.index,
        ...upward(place.loops - block.loops),
      };
    case "element":
      return { type: "loop_element", ...upward(place.loops - block.loops) };
    case "index":
      return { type: "loop_index", ...upward(place.loops - block.loops) };
    case "literal":
      return { type: "external" };
  }
}

function upward(up: number): { readonly up?: number } {
  return up === 0 ? {} : { up };
}
