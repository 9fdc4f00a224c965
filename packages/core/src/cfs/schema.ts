// A schema made ready to run: references resolved to stack positions, constants and tests to bytes.
// Data only; made by compile.ts, run by machine.ts. Distances (`up`) count frames of the stack.

import type { TypeDescriptor } from "../value/type-descriptor.ts";
import type { ExternalInput } from "./inputs.ts";
import type { CfsTile } from "./model.ts";
import type { ValueRef } from "./value-ref.ts";

/** A tuple type: what a value with several outputs has. */
export type TupleType = Extract<TypeDescriptor, { readonly tuple: readonly TypeDescriptor[] }>;

/** Where an argument or result comes from. */
export type Feed =
  | { readonly kind: "constant"; readonly value: ValueRef }
  | { readonly kind: "input"; readonly up: number; readonly index: number }
  | { readonly kind: "output"; readonly up: number; readonly item: number }
  | {
      readonly kind: "part";
      readonly up: number;
      readonly item: number;
      readonly index: number;
      /** Tuple type of the whole value; null where nobody gives it. */
      readonly type: TupleType | null;
      /** Callee, for messages. */
      readonly of: string;
    }
  | { readonly kind: "element"; readonly up: number }
  | { readonly kind: "index"; readonly up: number };

/** What can happen in a block before any tile runs in it; guides runs without bytes (18.1). */
export interface Silence {
  /** The block can end without running a tile. */
  readonly silent: boolean;
  /** The block can exceed a loop limit without running a tile. */
  readonly limited: boolean;
}

/** A list of steps. */
export interface Block extends Silence {
  readonly steps: readonly Step[];
}

/** A tile call; `bound` limits a recursive one. */
export interface TileStep {
  readonly kind: "tile";
  readonly tile: CfsTile;
  readonly args: readonly Feed[];
  readonly recursive: boolean;
  readonly bound: number;
}

/** A sequence ready to run; its value is the composition of `output`. */
export interface SequenceBody {
  readonly id: string;
  readonly params: number;
  readonly block: Block;
  readonly output: readonly Feed[];
}

/** A sequence call. */
export interface SequenceStep {
  readonly kind: "sequence";
  readonly body: SequenceBody;
  readonly args: readonly Feed[];
}

/** How an arm is chosen. */
export type ArmTest =
  | { readonly kind: "default" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | {
      readonly kind: "variant";
      readonly index: number;
      readonly payload: readonly TypeDescriptor[];
    };

/** One arm. */
export interface ArmBody {
  readonly test: ArmTest;
  readonly block: Block;
  readonly output: readonly Feed[];
}

/** A choice. `testedType` is null only if no arm tests anything. */
export interface BranchStep {
  readonly kind: "branch";
  readonly id: string;
  readonly tested: Feed;
  readonly testedType: TypeDescriptor | null;
  readonly arms: readonly ArmBody[];
}

/** A loop; `args` has the list first in a `for_each`. */
export interface LoopStep {
  readonly kind: "loop";
  readonly id: string;
  readonly mode: "while" | "for_each";
  readonly args: readonly Feed[];
  readonly head: Block;
  /** Read in the frame of the loop; a `for_each` loop has none. */
  readonly condition: Feed | null;
  readonly body: Block;
  readonly next: readonly Feed[];
  readonly collect: Feed | null;
  readonly bound: number;
  readonly listType: TypeDescriptor | null;
  readonly elementType: TypeDescriptor | null;
  /** Type of the collected list. */
  readonly collectedType: TypeDescriptor | null;
}

/** One item of a block. */
export type Step = TileStep | SequenceStep | BranchStep | LoopStep;

/** A whole program that enters at `entry`. */
export interface Schema {
  readonly schemaHash: Uint8Array;
  readonly entry: SequenceBody;
  /** The external input vector (9.4). */
  readonly inputs: readonly ExternalInput[];
  readonly tiles: ReadonlyMap<string, CfsTile>;
}
