// What a machine asks for when it suspends (lir.md 6), and the answers.

import type { FaultFrame } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";

/** An operation of an effect. The arguments are shared: nothing changes them later. */
export interface DoorRequest {
  readonly kind: "door";
  /** Unique within the machine, ascending in the order of asking. */
  readonly id: number;
  /** The future whose task asks, 0 for the entry. */
  readonly task: number;
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
  readonly task: number;
  readonly tool: string;
  readonly input: Value;
  readonly at: FaultFrame;
}

/** One run of a tile that is called from a cell that is not a tile. */
export interface TileRequest {
  readonly kind: "tile";
  readonly id: number;
  readonly task: number;
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

/** What suspends a machine. */
export type Request = DoorRequest | ToolRequest | TileRequest;

/** What happens to tasks, in the order in which it does. Futures count from 1, 0 is the entry. */
export type TaskEvent =
  | {
      readonly kind: "spawned";
      readonly future: number;
      /** The task that spawned it. */
      readonly by: number;
      readonly cell: string;
      readonly at: FaultFrame;
    }
  | { readonly kind: "asked"; readonly request: Request }
  | {
      /** The state of a process instance is another one now (language 12). */
      readonly kind: "moved";
      readonly task: number;
      /** `Door#1`: the process, and the number of the instance among those that moved. */
      readonly process: string;
      /** `machine.enter`: the kind of process, and what was done. */
      readonly move: string;
      /** The list of what it was done with; shared. */
      readonly given: Value;
      /** Named values of the instance after it, where the machine was told to keep states. */
      readonly state: ReadonlyMap<string, Value> | null;
      readonly at: FaultFrame;
    }
  | {
      readonly kind: "ended";
      readonly future: number;
      readonly state: "Ok" | "Err" | "Cancelled";
      /** Of the error; empty without one. */
      readonly message: string;
    };

/**
 * The answer to a request. A value must be of the operation's or tile's result type. An error stops
 * the program with `message`, which gets the prefix `tool call error: ` for a tool, else `runtime
 * error: ` where `code` is no trap and the prefix is not there yet. `error` is the error value that
 * a trace records.
 */
export type Answer =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly error: Value };
