// The stack of a run in memory: the frames of spec/formats.md 15.3 with value references instead of
// digests. Mutable for speed; only flow.ts and machine.ts write to it. Also paths (18.4).

import type { Frame, FrameKind, Recur, RunStatus, State } from "../commit/state.ts";
import type { PathElem } from "../commit/step-record.ts";
import { assertNever } from "../result/result.ts";
import type { ListBuilder } from "./list-builder.ts";
import type { ArmBody, Block, LoopStep, SequenceBody } from "./schema.ts";
import type { ValueRef } from "./value-ref.ts";

interface FrameBase {
  /** Index of the next step of the block. */
  item: number;
  inputs: readonly ValueRef[];
  outputs: ValueRef[];
}

/** A sequence in progress. */
export interface SequenceFrame extends FrameBase {
  readonly kind: "sequence";
  readonly body: SequenceBody;
}

/** A chosen arm in progress. */
export interface ArmFrame extends FrameBase {
  readonly kind: "arm";
  readonly arm: number;
  readonly body: ArmBody;
}

/** A loop in progress. `collected` is null in a loop that collects nothing. */
export interface LoopFrame extends FrameBase {
  readonly kind: "loop";
  readonly loop: LoopStep;
  iteration: number;
  inHead: boolean;
  readonly collected: ListBuilder | null;
  /** Position of an element in the list's bytes, kept so that a walk over a list is linear. */
  readonly cursor: { index: number; offset: number };
}

/** One block in progress. */
export type RunFrame = SequenceFrame | ArmFrame | LoopFrame;

/** A recursive call between iterations. */
export interface RunRecur {
  readonly iteration: number;
  readonly input: ValueRef;
}

/** The block that a frame runs now. */
export function blockOf(frame: RunFrame): Block {
  if (frame.kind !== "loop") return frame.body.block;
  return frame.inHead ? frame.loop.head : frame.loop.body;
}

/** Path of the next step of the top frame (18.4), without a recursive iteration. */
export function pathOf(stack: readonly RunFrame[]): PathElem[] {
  const path: PathElem[] = [];
  for (const frame of stack) {
    if (frame.kind === "arm") path.push({ kind: "Arm", index: frame.arm });
    if (frame.kind === "loop") {
      path.push({ kind: "Iter", index: frame.iteration });
      path.push({ kind: "Arm", index: frame.inHead ? 0 : 1 });
    }
    path.push({ kind: "Item", index: frame.item });
  }
  return path;
}

/** Everything that {@link State} records about a run. */
export interface RunSnapshot {
  readonly stack: readonly RunFrame[];
  readonly recur: RunRecur | null;
  readonly steps: number;
  readonly status: RunStatus | null;
}

/** The state, or null while it holds a value whose digest is unknown. */
export function stateOf(run: RunSnapshot): State | null {
  const { status, steps } = run;
  if (status === null) return null;
  const stack: Frame[] = [];
  for (const frame of run.stack) {
    const kind = frameKind(frame);
    const inputs = digestsOf(frame.inputs);
    const outputs = digestsOf(frame.outputs);
    if (kind === null || inputs === null || outputs === null) return null;
    stack.push({ kind, item: frame.item, inputs, outputs });
  }
  if (run.recur === null) return { stack, recur: null, steps, status };
  const inputDigest = run.recur.input.digest;
  if (inputDigest === null) return null;
  const recur: Recur = { iteration: run.recur.iteration, inputDigest };
  return { stack, recur, steps, status };
}

const NOTHING_COLLECTED = { count: 0, frontier: [] };

function frameKind(frame: RunFrame): FrameKind | null {
  switch (frame.kind) {
    case "sequence":
      return { kind: "Sequence", id: frame.body.id };
    case "arm":
      return { kind: "Arm", arm: frame.arm };
    case "loop": {
      const { iteration, inHead } = frame;
      const collected = frame.collected === null ? NOTHING_COLLECTED : frame.collected.committed;
      return collected === null ? null : { kind: "Loop", iteration, inHead, collected };
    }
    default:
      return assertNever(frame);
  }
}

function digestsOf(values: readonly ValueRef[]): Uint8Array[] | null {
  const digests: Uint8Array[] = [];
  for (const value of values) {
    const digest = value.digest;
    if (digest === null) return null;
    digests.push(digest);
  }
  return digests;
}
