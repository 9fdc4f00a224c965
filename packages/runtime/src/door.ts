// The door: the one place where requests of a machine leave and answers enter (architecture 2).
// Layers stand between machine and providers, each concerned with one thing.

import type { FaultFrame } from "@lumen/core/diagnostic";
import type { ToolEntry } from "@lumen/core/program";
import type { Value } from "@lumen/core/value";

/**
 * The effect of a request that calls a tool. As the machine asks, its operation is a reference;
 * behind the entrance of the host it is the tool's id, with `@version` where one is pinned. The
 * argument is the input.
 */
export const TOOL_EFFECT = "tool";

/** A question of the program to the outside. `args` are as the operation table prepares them. */
export interface DoorRequest {
  readonly effect: string;
  readonly operation: string;
  readonly args: readonly Value[];
  /** The future whose task asks; 0, or nothing, for the entry. */
  readonly task?: number;
  /** Where the program asks; nothing where nobody wants to know. */
  readonly at?: FaultFrame;
  /** Of a call of a tool: which one, and what its grants allow. */
  readonly tool?: ToolEntry;
  /**
   * Behind the journal: names this request among those of all runs, however often it is asked; null
   * or absent where nothing does.
   */
  readonly idempotencyKey?: string | null;
  /** Whether its task still waits for the answer; it does where nothing is said. */
  readonly isWanted?: () => boolean;
}

/** A difference between what a tool answered and the declared type, which did no harm. */
export interface Drift {
  /** Where in the answer: `$.items[0].name`. */
  readonly at: string;
  readonly expected: string;
  readonly found: string;
}

/** An answer. `code` is the kind of a tool error or the code of a failure (formats 15.4). */
export type DoorAnswer = (
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: string; readonly message: string }
) & {
  /**
   * Called once, when the answer enters the machine: what has to be written down before the program
   * sees it. Absent where nothing is. Raises `HostStop` where the run cannot go on.
   */
  readonly enter?: () => void;
  /** Of a tool: how often it was asked; once where nothing is said. */
  readonly attempts?: number;
  /** Of a tool: what its answer has beyond the declared type. */
  readonly drifts?: readonly Drift[];
};

/** What is behind a layer. */
export type Next = (request: DoorRequest) => Promise<DoorAnswer>;

/** A layer answers by itself, or asks what is behind it. */
export interface Layer {
  readonly name: string;
  readonly handle: (request: DoorRequest, next: Next) => Promise<DoorAnswer>;
}

/** The layers in front of the providers, outermost first. */
export function makeDoor(layers: readonly Layer[], providers: Next): Next {
  return layers.reduceRight<Next>(
    (next, layer) => (request) => layer.handle(request, next),
    providers,
  );
}

/** `effect.operation`, the name in Request records. */
export function operationName(request: Pick<DoorRequest, "effect" | "operation">): string {
  return `${request.effect}.${request.operation}`;
}

/** The operation of a call: the id, with the version where one is pinned. */
export function toolOperation({ id, version }: Pick<ToolEntry, "id" | "version">): string {
  return version === null ? id : `${id}@${version}`;
}

/** The name of a request in budgets (formats 10.3): a tool by its id and version. */
export function recordedName(request: Pick<DoorRequest, "effect" | "operation">): string {
  return request.effect === TOOL_EFFECT ? `tool:${request.operation}` : operationName(request);
}
