// What happens in a run between two tiles: `normalise` of spec/formats.md 18.3. Enters sequences,
// arms and loops, leaves finished blocks, decides branches and loops, until a tile must run or the
// run is over.

import type { Collected, RunStatus } from "../commit/state.ts";
import { type Failure, failure, type Phase } from "../diagnostic/failure.ts";
import { equalBytes, ZERO32 } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import {
  type ArmFrame,
  blockOf,
  type LoopFrame,
  pathOf,
  type RunFrame,
  type RunRecur,
  type SequenceFrame,
} from "./frames.ts";
import {
  type Hint,
  hintedArm,
  hintedCondition,
  hintedElement,
  type LoopDecision,
} from "./hints.ts";
import { isCollectedList, ListBuilder } from "./list-builder.ts";
import type { ArmBody, BranchStep, LoopStep, SequenceStep } from "./schema.ts";
import { EMPTY_VALUE, UNKNOWN_VALUE, ValueRef } from "./value-ref.ts";
import type { RunValues } from "./values.ts";
import { leadingVarint, splitBytes } from "./wire-parts.ts";

/** Entering and leaving of blocks, for those who write trace events. Innermost last. */
export type Move =
  | { readonly kind: "enter"; readonly sequence: string; readonly depth: number }
  | { readonly kind: "leave"; readonly sequence: string; readonly failed: boolean }
  | { readonly kind: "iteration"; readonly loop: string; readonly iteration: number };

/** A list that a loop has built: what the state committed to, and its bytes. */
export interface CollectedList {
  readonly committed: Collected;
  readonly bytes: Uint8Array;
}

/** Knows whole lists of loops whose values are not all known (15.3, 20.2). */
export interface ListSource {
  /** Asked in the order in which the loops end. What it says is checked. */
  listOf(committed: Collected): Uint8Array | undefined;
}

/** Everything that changes during a run. Only the machine and this file write to it. */
export interface RunState {
  readonly stack: RunFrame[];
  recur: RunRecur | null;
  steps: number;
  status: RunStatus;
  /** The output of a finished run, if anything is known of it. */
  output: ValueRef;
}

/** What a flow works with. */
export interface FlowContext {
  readonly values: RunValues;
  readonly phase: Phase;
  readonly lists: ListSource;
  readonly onList: ((list: CollectedList) => void) | null;
  readonly onMove: ((move: Move) => void) | null;
}

/** A step of the flow: fails, or not. */
type Moved = Result<null, Failure>;

/** Moves one run on. */
export class Flow {
  readonly #run: RunState;
  readonly #context: FlowContext;
  #hint: Hint = { kind: "none" };

  constructor(run: RunState, context: FlowContext) {
    this.#run = run;
    this.#context = context;
  }

  /** `normalise` (18.3). The hint serves where bytes are missing and may be. */
  normalise(hint: Hint): Moved {
    this.#hint = hint;
    const run = this.#run;
    while (run.status.kind === "Running" && run.recur === null) {
      const frame = run.stack.at(-1);
      if (frame === undefined) break;
      const step = blockOf(frame).steps[frame.item];
      if (step?.kind === "tile") break;
      const moved = step === undefined ? this.#endBlock(frame) : this.#enter(step);
      if (!moved.ok) return moved;
    }
    return ok(null);
  }

  /** Ends the run with a failure of a tile or of a limit: the stack and recursion are gone. */
  fail(code: string, error: ValueRef): void {
    const run = this.#run;
    for (const frame of run.stack.reverse()) {
      if (frame.kind === "sequence")
        this.#moved({ kind: "leave", sequence: frame.body.id, failed: true });
    }
    run.stack.length = 0;
    run.recur = null;
    const errorDigest = error.digest ?? ZERO32;
    run.status = { kind: "Failed", code, errorDigest };
    run.output = error;
  }

  /** Appends the output of the current item of the top frame. */
  append(output: ValueRef): void {
    const frame = this.#run.stack.at(-1);
    if (frame === undefined) return;
    frame.outputs.push(output);
    frame.item += 1;
  }

  /** Pushes the frame of the entry sequence. */
  start(frame: SequenceFrame): void {
    this.#push(frame);
  }

  #enter(step: SequenceStep | BranchStep | LoopStep): Moved {
    switch (step.kind) {
      case "sequence":
        return this.#enterSequence(step);
      case "branch":
        return this.#enterBranch(step);
      case "loop":
        return this.#enterLoop(step);
    }
  }

  #enterSequence(step: SequenceStep): Moved {
    const { values } = this.#context;
    const { stack } = this.#run;
    const inputs = values.resolveAll(step.args, stack, stack.length - 1);
    if (!inputs.ok) return inputs;
    this.#push({ kind: "sequence", body: step.body, item: 0, inputs: inputs.value, outputs: [] });
    return ok(null);
  }

  #enterBranch(step: BranchStep): Moved {
    const [first] = step.arms;
    if (first?.test.kind === "default") return this.#pushArm(first, 0, []);
    const { values } = this.#context;
    const { stack } = this.#run;
    const tested = values.resolve(step.tested, stack, stack.length - 1);
    if (!tested.ok) return tested;
    const bytes =
      step.testedType === null
        ? values.bytes(tested.value)
        : values.typedBytes(tested.value, step.testedType);
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return this.#assumeArm(step);
    for (const [index, arm] of step.arms.entries()) {
      const payload = payloadIfTaken(arm, bytes.value);
      if (payload !== null) return this.#pushArm(arm, index, payload);
    }
    // Stage 15 makes arms exhaustive, so only a malformed value gets here.
    const message = `no arm of branch "${step.id}" takes the tested value`;
    return err(failure("E_DECODE", this.#context.phase, message, { domain: "verifiable" }));
  }

  #assumeArm(step: BranchStep): Moved {
    this.#context.values.assumed.decisions += 1;
    const index = hintedArm(this.#hint, pathOf(this.#run.stack), step);
    const arm = typeof index === "number" ? step.arms[index] : undefined;
    if (typeof index === "number" && arm !== undefined) {
      const { test } = arm;
      const payload = test.kind === "variant" ? test.payload.map(() => UNKNOWN_VALUE) : [];
      return this.#pushArm(arm, index, payload);
    }
    if (index === "limit") this.fail("E_LOOP_LIMIT", EMPTY_VALUE);
    else this.append(UNKNOWN_VALUE);
    return ok(null);
  }

  #pushArm(body: ArmBody, arm: number, inputs: readonly ValueRef[]): Moved {
    this.#push({ kind: "arm", arm, body, item: 0, inputs, outputs: [] });
    return ok(null);
  }

  #enterLoop(loop: LoopStep): Moved {
    const { values } = this.#context;
    const { stack } = this.#run;
    const inputs = values.resolveAll(loop.args, stack, stack.length - 1);
    if (!inputs.ok) return inputs;
    const collected = loop.collect === null ? null : new ListBuilder();
    const frame: LoopFrame = {
      kind: "loop",
      loop,
      iteration: 0,
      inHead: loop.mode === "while",
      collected,
      cursor: { index: 0, offset: 0 },
      item: 0,
      inputs: inputs.value,
      outputs: [],
    };
    if (loop.mode === "while") {
      this.#push(frame);
      return ok(null);
    }
    const decision = this.#firstElement(frame);
    if (!decision.ok) return decision;
    return this.#continueForEach(frame, decision.value, { entered: false });
  }

  /** Whether a `for_each` loop has a first element, or too many. */
  #firstElement(frame: LoopFrame): Result<LoopDecision, Failure> {
    const { values } = this.#context;
    const { loop } = frame;
    const list = frame.inputs[0] ?? UNKNOWN_VALUE;
    const length = values.listLength(list, loop.listType);
    if (!length.ok) return length;
    if (length.value === null) {
      values.assumed.decisions += 1;
      return ok(hintedElement(this.#hint, pathOf(this.#run.stack), frame));
    }
    if (length.value > loop.bound) return ok("limit");
    frame.cursor.offset = leadingVarint(values.knownBytes(list) ?? new Uint8Array(0))?.end ?? 0;
    return ok(length.value === 0 ? "end" : "again");
  }

  /** Carries out a decision about the next element; `frame` is on the stack if `entered`. */
  #continueForEach(
    frame: LoopFrame,
    decision: LoopDecision,
    { entered }: { readonly entered: boolean },
  ): Moved {
    switch (decision) {
      case "limit":
        this.fail("E_LOOP_LIMIT", EMPTY_VALUE);
        return ok(null);
      case "again":
        if (!entered) this.#push(frame);
        this.#moved({ kind: "iteration", loop: frame.loop.id, iteration: frame.iteration });
        return ok(null);
      case "end": {
        const output = this.#loopOutput(frame);
        if (!output.ok) return output;
        if (entered) this.#run.stack.pop();
        this.append(output.value);
        return ok(null);
      }
      case "unknown":
        if (entered) this.#run.stack.pop();
        this.append(UNKNOWN_VALUE);
        return ok(null);
    }
  }

  #endBlock(frame: RunFrame): Moved {
    if (frame.kind === "loop") return frame.inHead ? this.#endHead(frame) : this.#endBody(frame);
    const { stack } = this.#run;
    const output = this.#context.values.compose(frame.body.output, stack, stack.length - 1);
    if (!output.ok) return output;
    stack.pop();
    if (frame.kind === "sequence") {
      this.#moved({ kind: "leave", sequence: frame.body.id, failed: false });
    }
    if (stack.length > 0) {
      this.append(output.value);
      return ok(null);
    }
    return this.#complete(output.value);
  }

  #complete(output: ValueRef): Moved {
    this.#run.output = output;
    const outputDigest = output.digest ?? this.#assumedOutput();
    this.#run.status = { kind: "Done", outputDigest };
    return ok(null);
  }

  /** The digest of a run's value that is unknown here is the one that the Final record has. */
  #assumedOutput(): Uint8Array {
    this.#context.values.assumed.inputs += 1;
    const hint = this.#hint;
    if (hint.kind === "end" && hint.outcome.kind === "Ok") return hint.outcome.outputDigest;
    return ZERO32;
  }

  #endHead(frame: LoopFrame): Moved {
    const decision = this.#condition(frame);
    if (!decision.ok) return decision;
    switch (decision.value) {
      case "limit":
        this.fail("E_LOOP_LIMIT", EMPTY_VALUE);
        return ok(null);
      case "again":
        frame.inHead = false;
        frame.item = 0;
        frame.outputs = [];
        this.#moved({ kind: "iteration", loop: frame.loop.id, iteration: frame.iteration });
        return ok(null);
      case "end":
      case "unknown": {
        const unknown = decision.value === "unknown";
        const output = unknown
          ? ok(UNKNOWN_VALUE)
          : this.#context.values.composeValues(frame.inputs);
        if (!output.ok) return output;
        this.#run.stack.pop();
        this.append(output.value);
        return ok(null);
      }
    }
  }

  #condition(frame: LoopFrame): Result<LoopDecision, Failure> {
    const { values } = this.#context;
    const { stack } = this.#run;
    const { loop, iteration } = frame;
    if (loop.condition === null) return ok("end");
    const value = values.resolve(loop.condition, stack, stack.length - 1);
    if (!value.ok) return value;
    const bytes = values.typedBytes(value.value, "bool");
    if (!bytes.ok) return bytes;
    if (bytes.value === null) {
      values.assumed.decisions += 1;
      const decision = hintedCondition(this.#hint, pathOf(stack.slice(0, -1)), frame);
      return ok(decision === "again" && iteration === loop.bound ? "limit" : decision);
    }
    if (bytes.value[0] === 0) return ok("end");
    return ok(iteration === loop.bound ? "limit" : "again");
  }

  #endBody(frame: LoopFrame): Moved {
    const { values } = this.#context;
    const { stack } = this.#run;
    const { loop, collected } = frame;
    const top = stack.length - 1;
    if (loop.collect !== null && collected !== null) {
      const value = values.resolve(loop.collect, stack, top);
      if (!value.ok) return value;
      collected.add(value.value, values.knownBytes(value.value));
    }
    const states = values.resolveAll(loop.next, stack, top);
    if (!states.ok) return states;
    const list = loop.mode === "for_each" ? frame.inputs.slice(0, 1) : [];
    frame.inputs = [...list, ...states.value];
    frame.iteration += 1;
    frame.item = 0;
    frame.outputs = [];
    if (loop.mode === "while") {
      frame.inHead = true;
      return ok(null);
    }
    const decision = this.#nextElement(frame);
    if (!decision.ok) return decision;
    return this.#continueForEach(frame, decision.value, { entered: true });
  }

  #nextElement(frame: LoopFrame): Result<LoopDecision, Failure> {
    const { values } = this.#context;
    // The whole list was checked on entry; here only its count is read.
    const length = values.listLength(frame.inputs[0] ?? UNKNOWN_VALUE, null);
    if (!length.ok) return length;
    if (length.value !== null) return ok(frame.iteration >= length.value ? "end" : "again");
    values.assumed.decisions += 1;
    return ok(hintedElement(this.#hint, pathOf(this.#run.stack.slice(0, -1)), frame));
  }

  /** Final states of a `for_each` loop, then the collected list (15.3). */
  #loopOutput(frame: LoopFrame): Result<ValueRef, Failure> {
    const { values } = this.#context;
    const states = frame.inputs.slice(1);
    if (frame.collected === null) return values.composeValues(states);
    const list = this.#collectedList(frame, frame.collected);
    if (list !== null) return values.composeValues([...states, list]);
    const what = `the values that loop "${frame.loop.id}" collected are missing`;
    const missing = values.missing(null, what);
    return missing.ok ? ok(UNKNOWN_VALUE) : missing;
  }

  #collectedList(frame: LoopFrame, collected: ListBuilder): ValueRef | null {
    const bytes = collected.finish();
    const { committed } = collected;
    if (bytes !== null && committed !== null) this.#context.onList?.({ committed, bytes });
    if (bytes !== null) return new ValueRef({ bytes });
    const given = committed === null ? undefined : this.#context.lists.listOf(committed);
    const type = frame.loop.collectedType;
    // One that does not fit counts as not given.
    if (given === undefined || type === null || committed === null) return null;
    return isCollectedList(given, type, committed) ? new ValueRef({ bytes: given }) : null;
  }

  #push(frame: SequenceFrame | ArmFrame | LoopFrame): void {
    this.#run.stack.push(frame);
    if (frame.kind !== "sequence") return;
    this.#moved({ kind: "enter", sequence: frame.body.id, depth: this.#run.stack.length - 1 });
  }

  #moved(move: Move): void {
    this.#context.onMove?.(move);
  }
}

/** Payload of the arm if its test takes these bytes, else null. */
function payloadIfTaken(arm: ArmBody, bytes: Uint8Array): readonly ValueRef[] | null {
  const { test } = arm;
  switch (test.kind) {
    case "default":
      return [];
    case "bytes":
      return equalBytes(test.bytes, bytes) ? [] : null;
    case "variant": {
      const head = leadingVarint(bytes);
      if (head === null || head.value !== test.index) return null;
      const parts = splitBytes(test.payload, bytes, head.end);
      return parts.map((part) => new ValueRef({ bytes: part }));
    }
  }
}
