// Continues a run from a decoded State (spec/formats.md 15.3): windows, disputes, checkpoints. The
// state may come from an adversary, so every part is checked against the schema first.

import type { Frame, State } from "../commit/state.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { RunState } from "./flow.ts";
import { blockOf, type LoopFrame, type RunFrame, type SequenceFrame } from "./frames.ts";
import { ListBuilder } from "./list-builder.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import type { LoopStep, Schema, SequenceBody, Step } from "./schema.ts";
import { UNKNOWN_VALUE, ValueRef } from "./value-ref.ts";

/** What a resumed run may know beside the bytes of values. */
export interface ResumeOptions extends MachineOptions {
  /**
   * Values collected so far by each open collecting loop, outermost first, null where unknown.
   * They are checked; a loop without them needs its whole list in `lists`.
   */
  readonly collected?: readonly (readonly Uint8Array[] | null)[];
}

/**
 * A machine in this state; `E_MALFORMED` if the schema has no such state, and if it is not
 * normalised or the values of `collected` are not those that it commits to.
 */
export function resumeRun(
  schema: Schema,
  state: State,
  options: ResumeOptions = {},
): Result<Machine, Failure> {
  const stack: RunFrame[] = [];
  for (const [depth, frame] of state.stack.entries()) {
    const built = buildFrame(schema, stack.at(-1), frame);
    if (typeof built === "string") return err(refusal(`frame ${depth}: ${built}`, options));
    stack.push(built);
  }
  const wrong = checkRun(state, stack.at(-1)) ?? supplyLists(stack, options.collected ?? []);
  if (wrong !== null) return err(refusal(wrong, options));
  const { recur, status } = state;
  const output =
    status.kind === "Done" ? new ValueRef({ digest: status.outputDigest }) : UNKNOWN_VALUE;
  const run: RunState = {
    stack,
    recur:
      recur === null
        ? null
        : { iteration: recur.iteration, input: new ValueRef({ digest: recur.inputDigest }) },
    steps: state.steps,
    status,
    output,
  };
  return ok(new Machine(schema, run, options));
}

function refusal(message: string, options: MachineOptions): Failure {
  const phase = options.phase ?? "execute";
  return failure("E_MALFORMED", phase, `the state does not fit the schema: ${message}`, {
    subject: "state",
    domain: "verifiable",
  });
}

/** The frame that stands for a decoded one, or what is wrong with that. */
function buildFrame(schema: Schema, parent: RunFrame | undefined, frame: Frame): RunFrame | string {
  const built =
    parent === undefined
      ? sequenceFrame(schema.entry, frame, schema.inputs.length)
      : innerFrame(blockOf(parent).steps[parent.item], frame);
  if (typeof built === "string") return built;
  // A finished block is popped by normalisation, so the next item exists.
  if (frame.item >= blockOf(built).steps.length) return "the item is outside of the block";
  if (frame.outputs.length !== frame.item) return "there is one output per finished item";
  return built;
}

function innerFrame(step: Step | undefined, frame: Frame): RunFrame | string {
  if (step?.kind === "sequence") return sequenceFrame(step.body, frame, step.body.params);
  if (step?.kind === "branch" && frame.kind.kind === "Arm") {
    const body = step.arms[frame.kind.arm];
    if (body === undefined) return "there is no such arm";
    const payload = body.test.kind === "variant" ? body.test.payload.length : 0;
    if (frame.inputs.length !== payload) return "the arm has another payload";
    return { kind: "arm", arm: frame.kind.arm, body, ...values(frame) };
  }
  if (step?.kind === "loop") return loopFrame(step, frame);
  return "the frame around it does not stand before such a block";
}

function sequenceFrame(body: SequenceBody, frame: Frame, inputs: number): SequenceFrame | string {
  if (frame.kind.kind !== "Sequence" || frame.kind.id !== body.id) {
    return `expected the sequence "${body.id}"`;
  }
  if (frame.inputs.length !== inputs) return `the sequence has ${inputs} inputs`;
  return { kind: "sequence", body, ...values(frame) };
}

function loopFrame(loop: LoopStep, frame: Frame): LoopFrame | string {
  const { kind } = frame;
  if (kind.kind !== "Loop") return `expected the loop "${loop.id}"`;
  const { iteration, inHead, collected } = kind;
  if (frame.inputs.length !== loop.args.length) return "the loop has another number of states";
  if (inHead && loop.mode === "for_each") return "a for_each loop has no head";
  // The head runs once more than the body; an element has an index below the bound.
  const last = inHead ? loop.bound : loop.bound - 1;
  if (iteration > last) return "the loop is beyond its bound";
  const count = loop.collect === null ? 0 : iteration;
  if (collected.count !== count || collected.frontier.length !== setBits(count)) {
    return "the collected values do not fit the iteration";
  }
  return {
    kind: "loop",
    loop,
    iteration,
    inHead,
    collected: loop.collect === null ? null : ListBuilder.resume(collected),
    cursor: { index: 0, offset: 0 },
    ...values(frame),
  };
}

function values(frame: Frame): Pick<RunFrame, "item" | "inputs" | "outputs"> {
  const refs = (digests: readonly Uint8Array[]): ValueRef[] =>
    digests.map((digest) => new ValueRef({ digest }));
  return { item: frame.item, inputs: refs(frame.inputs), outputs: refs(frame.outputs) };
}

/** What is wrong with the state as a whole, or null. */
function checkRun(state: State, top: RunFrame | undefined): string | null {
  const { recur, status } = state;
  if (status.kind !== "Running") {
    return top === undefined && recur === null ? null : "a finished run has no frames";
  }
  if (top === undefined) return "a running run has frames";
  const step = blockOf(top).steps[top.item];
  if (step?.kind !== "tile") return "no tile can run next";
  if (recur === null) return null;
  if (!step.recursive) return "only a recursive call is between iterations";
  const within = recur.iteration >= 1 && recur.iteration < step.bound;
  return within ? null : "the recursion is beyond its bound";
}

function supplyLists(
  stack: readonly RunFrame[],
  collected: readonly (readonly Uint8Array[] | null)[],
): string | null {
  const open = stack.flatMap((frame) =>
    frame.kind === "loop" && frame.collected !== null ? [frame.collected] : [],
  );
  for (const [i, items] of collected.entries()) {
    const builder = open[i];
    if (items === null) continue;
    if (builder === undefined) return "there are more lists than collecting loops";
    if (!builder.supply(items)) return "a list does not hold the collected values";
  }
  return null;
}

function setBits(count: number): number {
  let bits = 0;
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
