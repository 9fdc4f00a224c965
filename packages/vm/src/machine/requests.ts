// What a machine asks for when it suspends (lir.md 6), and the answers.

import type { FaultFrame } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";

/** An operation of an effect. The arguments are shared: nothing changes them later. */
export interface DoorRequest {
  readonly kind: "door";
  /** Unique within the machine, ascending in the order of asking. */
  readonly id: number;
  readonly effect: string;
  readonly operation: string;
  readonly args: readonly Value[];
  /** The call. */
  readonly at: FaultFrame;
}

/** A call of a tool; the answer is a Json value. */
export interface ToolRequest {
  readonly kind: "tool";
  readonly id: number;
  readonly tool: string;
  readonly input: Value;
  readonly at: FaultFrame;
}

/** One run of a tile that is called from a cell that is not a tile. */
export interface TileRequest {
  readonly kind: "tile";
  readonly id: number;
  readonly module: string;
  /** Name of the tile's cell. */
  readonly name: string;
  readonly args: readonly Value[];
  /**
   * Of a recursive invocation, `t!(…)`: the most runs allowed, and the number of this run from 0.
   * Null for a plain call.
   */
  readonly recur: { readonly bound: number; readonly iteration: number } | null;
  readonly at: FaultFrame;
}

/**
 * What suspends a machine. Where the fiber that asked was stopped meanwhile, the request stays, and
 * its answer goes nowhere.
 */
export type Request = DoorRequest | ToolRequest | TileRequest;

/**
 * The answer to a request. A value must be of the operation's or tile's result type. An error stops
 * the program with `message`, which gets the prefix `tool call error: ` for a tool, else `runtime
 * error: ` where `code` is no trap and the prefix is not there yet. `error` is the error value that
 * a trace records.
 */
export type Answer =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly error: Value };
