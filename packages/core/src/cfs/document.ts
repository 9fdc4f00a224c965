// The JSON form of a control flow schema as producers build it (spec/formats.md 9.1, 9.2, 9.7).
// Field names are those of the file. What readers get is in model.ts.

import type { TypeDescriptor } from "../value/type-descriptor.ts";

/** An integer field: a decimal string stands for what a JSON number cannot hold (1.1). */
export type JsonInteger = number | bigint | string;

/** Where a value comes from. `up` counts enclosing blocks, arms or loops (9.7). */
export type SourceDocument =
  | { readonly type: "external" }
  | { readonly type: "seq_input"; readonly input_index: JsonInteger }
  | {
      readonly type: "item_output";
      readonly item_index: JsonInteger;
      readonly output_index: JsonInteger;
      readonly up?: JsonInteger;
    }
  | {
      readonly type: "arm_input" | "loop_state";
      readonly input_index: JsonInteger;
      readonly up?: JsonInteger;
    }
  | { readonly type: "loop_element" | "loop_index"; readonly up?: JsonInteger };

/** A constant: wire bytes in hex (9.5). */
export interface LiteralDocument {
  readonly type: TypeDescriptor;
  readonly bytes: string;
}

/** One argument, condition or result. */
export interface BindingDocument {
  readonly source: SourceDocument;
  readonly whole?: boolean;
  readonly literal?: LiteralDocument;
  readonly external_index?: JsonInteger;
}

/** The value of a sequence or arm. */
export type OutputDocument = BindingDocument | { readonly tuple: readonly BindingDocument[] };

/** A call of a tile or sequence. */
export interface CallItemDocument {
  readonly item_type: "tile" | "sequence";
  readonly item_id: string;
  readonly input_sources: readonly BindingDocument[];
  readonly recursive?: boolean;
  readonly max_iterations?: JsonInteger;
  readonly name?: string;
}

/** The test of an arm (9.7). */
export type WhenDocument =
  | { readonly bool: boolean }
  | { readonly int: JsonInteger }
  | { readonly string: string }
  | { readonly variant: string }
  | { readonly default: true };

/** One arm of a branch. */
export interface ArmDocument {
  readonly when: WhenDocument;
  readonly items: readonly ItemDocument[];
  readonly output?: OutputDocument;
}

/** A choice between arms; the first whose test fits is taken. */
export interface BranchItemDocument {
  readonly item_type: "branch";
  readonly item_id: string;
  readonly input_sources: readonly BindingDocument[];
  readonly arms: readonly ArmDocument[];
  readonly outputs: JsonInteger;
  readonly name?: string;
}

/** A `while` loop (with `head`) or a `for_each` loop (without). */
export interface LoopItemDocument {
  readonly item_type: "loop";
  readonly item_id: string;
  readonly mode: "while" | "for_each";
  readonly input_sources: readonly BindingDocument[];
  readonly head?: {
    readonly items: readonly ItemDocument[];
    readonly condition: BindingDocument;
  };
  readonly body: {
    readonly items: readonly ItemDocument[];
    readonly next: readonly BindingDocument[];
    readonly collect?: BindingDocument;
  };
  readonly max_iterations?: JsonInteger;
  readonly outputs: JsonInteger;
  readonly name?: string;
}

/** One item of a block. */
export type ItemDocument = CallItemDocument | BranchItemDocument | LoopItemDocument;

/** A tile as the schema knows it. */
export interface TileDocument {
  readonly id: string;
  readonly type: "iter" | "recur";
  readonly inputs: JsonInteger;
  readonly outputs: JsonInteger;
  readonly input_types?: readonly TypeDescriptor[];
  readonly output_type?: TypeDescriptor;
  readonly error_type?: TypeDescriptor;
  readonly input_names?: readonly string[];
  readonly max_iterations?: JsonInteger;
  readonly description?: string;
  readonly code?: string;
  readonly method_ids?: { readonly [backend: string]: string };
}

/** A sequence: parameters, items in author order, result. */
export interface SequenceDocument {
  readonly id: string;
  readonly input_sources: readonly BindingDocument[];
  readonly items: readonly ItemDocument[];
  readonly input_types?: readonly TypeDescriptor[];
  readonly input_names?: readonly string[];
  readonly output_type?: TypeDescriptor;
  readonly outputs?: JsonInteger;
  readonly output?: OutputDocument;
}

/** A whole schema. `version` is absent here because the content decides it (9.7). */
export interface CfsDocument {
  readonly project: string;
  readonly encoding: "postcard";
  readonly tiles: readonly TileDocument[];
  readonly sequences: readonly SequenceDocument[];
  readonly entry?: string;
  readonly schema_hash?: string;
  readonly compiler?: { readonly name: string; readonly version: string };
  readonly types?: { readonly [name: string]: TypeDescriptor };
}
