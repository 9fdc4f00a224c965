// What a reader of a control flow schema gets: every field decoded, types resolved, and with each
// node its JSON pointer for messages. Made by read-shape.ts; the checks of 9.3 run over it.

import type { TypeDescriptor } from "../value/type-descriptor.ts";

/** Where a value comes from; `up` counts enclosing blocks, arms or loops (formats 9.7). */
export type CfsSource =
  | { readonly kind: "external" }
  | { readonly kind: "seq_input"; readonly index: number }
  | {
      readonly kind: "item_output";
      readonly item: number;
      readonly output: number;
      readonly up: number;
    }
  | { readonly kind: "arm_input"; readonly index: number; readonly up: number }
  | { readonly kind: "loop_state"; readonly index: number; readonly up: number }
  | { readonly kind: "loop_element"; readonly up: number }
  | { readonly kind: "loop_index"; readonly up: number };

/** A constant with its resolved type and wire bytes (9.5). */
export interface CfsLiteral {
  readonly type: TypeDescriptor;
  readonly bytes: Uint8Array;
}

/** One argument, condition or result. */
export interface CfsBinding {
  readonly path: string;
  readonly source: CfsSource;
  readonly whole: boolean;
  readonly literal: CfsLiteral | null;
  readonly externalIndex: number | null;
}

/** The value of a sequence or arm: one binding, or several put together. */
export type CfsOutput =
  | { readonly kind: "binding"; readonly path: string; readonly binding: CfsBinding }
  | { readonly kind: "tuple"; readonly path: string; readonly bindings: readonly CfsBinding[] };

/** The test of an arm. */
export type CfsTest =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "variant"; readonly name: string }
  | { readonly kind: "default" };

/** One arm of a branch. */
export interface CfsArm {
  readonly path: string;
  readonly when: CfsTest;
  readonly items: readonly CfsItem[];
  readonly output: CfsOutput | null;
}

interface ItemBase {
  readonly path: string;
  /** Callee of a call; author's id of a branch or loop. */
  readonly id: string;
  readonly args: readonly CfsBinding[];
  readonly recursive: boolean;
  readonly maxIterations: number | null;
}

/** A call. `kind` is what the document claims; stage 8 makes it true. */
export interface CfsCallItem extends ItemBase {
  readonly kind: "tile" | "sequence";
}

/** A choice between arms. */
export interface CfsBranchItem extends ItemBase {
  readonly kind: "branch";
  readonly arms: readonly CfsArm[];
  readonly outputs: number;
}

/** The part of a `while` loop that decides whether the body runs (again). */
export interface CfsLoopHead {
  readonly items: readonly CfsItem[];
  readonly condition: CfsBinding;
}

/** The repeated part of a loop; `collect` in `for_each` only. */
export interface CfsLoopBody {
  readonly path: string;
  readonly items: readonly CfsItem[];
  readonly next: readonly CfsBinding[];
  readonly collect: CfsBinding | null;
}

/** A loop: `head` is present exactly with mode `while`. */
export interface CfsLoopItem extends ItemBase {
  readonly kind: "loop";
  readonly mode: "while" | "for_each";
  readonly head: CfsLoopHead | null;
  readonly body: CfsLoopBody;
  readonly outputs: number;
}

/** One item of a block. */
export type CfsItem = CfsCallItem | CfsBranchItem | CfsLoopItem;

/** A tile. After stage 5 `type` is `iter` or `recur`. */
export interface CfsTile {
  readonly path: string;
  readonly id: string;
  readonly type: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly inputTypes: readonly TypeDescriptor[] | null;
  readonly outputType: TypeDescriptor | null;
  readonly errorType: TypeDescriptor | null;
  readonly inputNames: readonly string[] | null;
  readonly maxIterations: number | null;
  readonly description: string | null;
  /** Pinned code digest, 32 bytes. */
  readonly code: Uint8Array | null;
  /** Pinned method ids by backend name. */
  readonly methodIds: ReadonlyMap<string, Uint8Array>;
}

/** A sequence. `outputs` is null where the document does not say. */
export interface CfsSequence {
  readonly path: string;
  readonly id: string;
  readonly params: readonly CfsBinding[];
  readonly items: readonly CfsItem[];
  readonly inputTypes: readonly TypeDescriptor[] | null;
  readonly inputNames: readonly string[] | null;
  readonly outputType: TypeDescriptor | null;
  readonly outputs: number | null;
  readonly output: CfsOutput | null;
}

/** A decoded schema. The maps hold the first tile or sequence of an id. */
export interface Cfs {
  /** The document as read, unknown fields included: what is hashed and written back. */
  readonly document: { readonly [key: string]: unknown };
  readonly schemaHash: Uint8Array;
  readonly version: CfsVersion;
  readonly project: string;
  readonly entry: string | null;
  readonly tiles: readonly CfsTile[];
  readonly sequences: readonly CfsSequence[];
  readonly tileById: ReadonlyMap<string, CfsTile>;
  readonly sequenceById: ReadonlyMap<string, CfsSequence>;
}

/** Versions of the format that can be read, sorted (2.1). */
export const CFS_VERSIONS = ["1.0", "1.1"] as const;

/** A version of the format. */
export type CfsVersion = (typeof CFS_VERSIONS)[number];

/** Signature of a tile from its artifact manifest, for documents that carry no types (18.2). */
export interface TileSignature {
  readonly inputTypes: readonly TypeDescriptor[];
  readonly outputType: TypeDescriptor;
}
