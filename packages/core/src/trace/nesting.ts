// Checks that the events of a run nest (spec/formats.md 13.2): spans, parents, depths, and where
// the records stand between them. Takes one event after the other; keeps the open spans only.

import type { StepRecord } from "../commit/step-record.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { assertNever } from "../result/result.ts";
import type { TraceEvent, TraceEventOf } from "./events.ts";
import type { PlacedEvent } from "./reader.ts";

type SpanKind = "tile" | "sequence" | "cell" | "tool" | "effect" | "future";

interface OpenSpan {
  readonly id: number;
  readonly kind: SpanKind;
  readonly name: string;
  /** The future whose task this span runs in, 0 for the task of the entry. */
  readonly task: number;
  /** Depth of a span that starts inside this one. */
  readonly depthInside: number;
  /** Whether the Tile record of a tile span has been seen. */
  stepped: boolean;
}

interface SpanStart {
  readonly kind: SpanKind;
  readonly name: string;
  readonly span: number;
  readonly parent: number;
  /** Null for events that carry no depth. */
  readonly depth: number | null;
}

/** A violation in words, or null. */
type Violation = string | null;

type TileStep = TraceEventOf<"TileStep">;

/** What the next event has to be. */
type Expected =
  | { readonly kind: "any" }
  | { readonly kind: "genesis" }
  | { readonly kind: "request"; readonly span: number }
  | { readonly kind: "run-end" }
  | { readonly kind: "nothing" };

/** Checks the events of one run in order. */
export class NestingChecker {
  readonly #subject: string;
  #failure: Failure | null = null;
  #lastSpan = 0;
  #expected: Expected = { kind: "genesis" };
  readonly #open = new Map<number, OpenSpan>();
  /** Open spans of each task, innermost last; futures are tasks and stand on no stack. */
  readonly #stacks = new Map<number, OpenSpan[]>([[0, []]]);
  readonly #spanOfFuture = new Map<number, number>();

  /** `subject` names the trace in failures. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /**
   * Takes the next event. The first violation is `E_TRACE_NESTING` with event index and byte
   * offset; after it no event is looked at and every call returns that failure.
   */
  check(placed: PlacedEvent): Failure | null {
    if (this.#failure !== null) return this.#failure;
    const violation = this.#order(placed.event) ?? this.#event(placed.event);
    if (violation === null) return null;
    this.#failure = failure("E_TRACE_NESTING", "trace", violation, {
      domain: "verifiable",
      subject: this.#subject,
      offset: placed.offset,
      details: { event: placed.index, type: placed.event.kind },
    });
    return this.#failure;
  }

  /** Rules about what directly follows what. `Recovered` may stand anywhere after Genesis. */
  #order(event: TraceEvent): Violation {
    const expected = this.#expected;
    if (expected.kind === "nothing") return "an event follows RunEnd";
    if (expected.kind === "genesis") {
      if (recordOf(event)?.kind !== "Genesis") return "the first event is not the Genesis record";
    } else if (event.kind === "Recovered") {
      return null;
    } else if (expected.kind === "request") {
      if (recordOf(event)?.kind !== "Request") return "an answer is not followed by its record";
    } else if (expected.kind === "run-end" && event.kind !== "RunEnd") {
      return "the Final record is not directly before RunEnd";
    }
    return null;
  }

  #event(event: TraceEvent): Violation {
    switch (event.kind) {
      case "TileStart":
        return this.#start({ ...event, kind: "tile", name: event.tileId });
      case "SequenceStart":
        return this.#start({ ...event, kind: "sequence" });
      case "CellStart":
        return this.#start({ ...event, kind: "cell", name: event.cell });
      case "ToolCall":
        return this.#start({ ...event, kind: "tool", name: event.tool, depth: null });
      case "EffectPerform":
        return this.#start({ ...event, kind: "effect", name: event.effect, depth: null });
      case "FutureSpawn":
        return this.#spawn(event);
      case "LoopIteration":
        return this.#number(event.span) ?? this.#parent(event.parent);
      case "TileEnd":
        return this.#endTile(event, true);
      case "TileFailure":
        return this.#endTile(event, event.error.domain === "Verifiable");
      case "SequenceEnd":
      case "SequenceFailure":
        return this.#end(event.span, "sequence", event.name);
      case "CellEnd":
        return this.#end(event.span, "cell", null);
      case "ToolResult":
        return this.#answer(event, "tool");
      case "EffectResume":
        return this.#answer(event, "effect");
      case "FutureResolve":
        return this.#resolve(event.future);
      case "TileStep":
        return this.#step(event);
      case "StateTransition":
      case "SchemaDrift":
      case "Log":
        return event.span > this.#lastSpan ? `span ${event.span} has not started` : null;
      case "Checkpoint":
      case "Recovered":
        return null;
      case "RunEnd":
        return this.#runEnd(event);
      default:
        return assertNever(event);
    }
  }

  #number(span: number): Violation {
    if (span !== this.#lastSpan + 1) {
      return `the span after ${this.#lastSpan} has number ${span}`;
    }
    this.#lastSpan = span;
    return null;
  }

  #parent(parent: number): Violation {
    return parent === 0 || this.#open.has(parent) ? null : `parent span ${parent} is not open`;
  }

  #start(start: SpanStart): Violation {
    const violation = this.#number(start.span) ?? this.#parent(start.parent);
    if (violation !== null) return violation;
    const parent = this.#open.get(start.parent) ?? null;
    const depth = parent?.depthInside ?? 0;
    if (start.depth !== null && start.depth !== depth) {
      return `span ${start.span} has depth ${start.depth} instead of ${depth}`;
    }
    const isTask = parent?.kind === "future";
    const task = isTask ? parent.id : (parent?.task ?? 0);
    const unwound = this.#unwind(task, isTask ? null : parent);
    if (unwound !== null) return unwound;
    const counts = start.kind === "tile" || start.kind === "sequence";
    const depthInside = counts ? depth + 1 : depth;
    const { span: id, kind, name } = start;
    const opened: OpenSpan = { id, kind, name, task, depthInside, stepped: false };
    this.#open.set(id, opened);
    if (kind === "future") this.#stacks.set(id, []);
    else this.#stack(task).push(opened);
    return null;
  }

  #spawn(event: TraceEventOf<"FutureSpawn">): Violation {
    if (this.#spanOfFuture.has(event.future)) return `future ${event.future} is spawned twice`;
    this.#spanOfFuture.set(event.future, event.span);
    return this.#start({ ...event, kind: "future", name: event.cell, depth: null });
  }

  /**
   * Makes `inner` (null: none) the innermost open span of a task. Requests above it were never
   * answered and stay open for good; anything else above it breaks the nesting.
   */
  #unwind(task: number, inner: OpenSpan | null): Violation {
    const stack = this.#stack(task);
    for (let top = stack.at(-1); top !== undefined && top !== inner; top = stack.at(-1)) {
      if (!isRequest(top)) return `span ${top.id} is still open inside`;
      stack.pop();
      this.#open.delete(top.id);
    }
    return inner === null || stack.at(-1) === inner ? null : `span ${inner.id} is not open`;
  }

  #end(span: number, kind: SpanKind, name: string | null): Violation {
    const open = this.#open.get(span);
    if (open === undefined) return `span ${span} is not open`;
    if (open.kind !== kind) return `span ${span} is a ${open.kind} span`;
    if (name !== null && open.name !== name) {
      return `span ${span} is that of ${open.name}, not of ${name}`;
    }
    const violation = this.#unwind(open.task, open);
    if (violation !== null) return violation;
    this.#stack(open.task).pop();
    this.#open.delete(span);
    return null;
  }

  #endTile(
    event: TraceEventOf<"TileEnd"> | TraceEventOf<"TileFailure">,
    needsRecord: boolean,
  ): Violation {
    // A tile that the host could not execute has nothing to commit to.
    if (needsRecord && this.#open.get(event.span)?.stepped === false) {
      return `span ${event.span} ends without its Tile record`;
    }
    return this.#end(event.span, "tile", event.tileId);
  }

  #answer(
    event: TraceEventOf<"ToolResult"> | TraceEventOf<"EffectResume">,
    kind: "tool" | "effect",
  ): Violation {
    this.#expected = { kind: "request", span: event.span };
    return this.#end(event.span, kind, null);
  }

  #resolve(future: number): Violation {
    const span = this.#spanOfFuture.get(future);
    if (span === undefined || !this.#open.has(span)) return `future ${future} is not open`;
    const violation = this.#unwind(span, null);
    if (violation !== null) return violation;
    this.#stacks.delete(span);
    this.#open.delete(span);
    return null;
  }

  #step(event: TileStep): Violation {
    const { record } = event;
    const isTile = record.kind === "Tile";
    if ((event.backend !== "") !== isTile || event.methodId.length > 0 !== isTile) {
      return "backend and method id stand exactly with Tile records";
    }
    switch (record.kind) {
      case "Genesis":
        return this.#framing(event, { kind: "any" });
      case "Final":
        return this.#framing(event, { kind: "run-end" });
      case "Request":
        return this.#requestRecord(event);
      case "Tile":
        return this.#tileRecord(event.span, record.tileId);
      default:
        return assertNever(record);
    }
  }

  #framing(event: TileStep, next: Expected): Violation {
    if (event.span !== 0) return `a ${event.record.kind} record has span ${event.span}`;
    if (event.record.kind === "Genesis" && this.#expected.kind !== "genesis") {
      return "a Genesis record is not the first event";
    }
    this.#expected = next;
    return null;
  }

  #requestRecord(event: TileStep): Violation {
    const expected = this.#expected;
    if (expected.kind !== "request") return "a Request record does not follow an answer";
    if (event.span !== expected.span) return `a Request record has span ${event.span}`;
    this.#expected = { kind: "any" };
    return null;
  }

  #tileRecord(span: number, tileId: string): Violation {
    const open = this.#open.get(span);
    if (open?.kind !== "tile") return `a Tile record stands in no open tile span (${span})`;
    if (open.name !== tileId) return `the record of ${tileId} stands in the span of ${open.name}`;
    if (open.stepped) return `span ${span} has a second Tile record`;
    open.stepped = true;
    return null;
  }

  #runEnd(event: TraceEventOf<"RunEnd">): Violation {
    const followsFinal = this.#expected.kind === "run-end";
    this.#expected = { kind: "nothing" };
    // An aborted run stopped anywhere; any other has ended its spans and has a Final record.
    if (event.status === "Aborted") return null;
    if (!followsFinal) return "RunEnd does not directly follow the Final record";
    return this.#unwind(0, null);
  }

  #stack(task: number): OpenSpan[] {
    const stack = this.#stacks.get(task);
    if (stack !== undefined) return stack;
    const fresh: OpenSpan[] = [];
    this.#stacks.set(task, fresh);
    return fresh;
  }
}

function recordOf(event: TraceEvent): StepRecord | null {
  return event.kind === "TileStep" ? event.record : null;
}

function isRequest(span: OpenSpan): boolean {
  return span.kind === "tool" || span.kind === "effect";
}
