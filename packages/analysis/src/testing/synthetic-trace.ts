// Builds the events of made-up runs for the tests of this package: spans are numbered and timed
// here, so that a test says only what it is about. Not part of the package.

import type { PathElem, StepRecord } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import { utf8Encode, ZERO32 } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";

/** One execution of a tile; all but the id has a default. */
export interface TileRun {
  readonly ns?: number;
  /** What the backend reports; default all of `ns`. */
  readonly userNs?: number;
  readonly cycles?: number | null;
  readonly input?: string;
  readonly output?: string;
  readonly iteration?: number;
  readonly fails?: boolean;
  readonly proofCycles?: number;
  /** Leave the bytes out, as `io: Digest` does. */
  readonly digestOnly?: boolean;
}

/** A request to a tool. */
export interface ToolRun {
  readonly ns?: number;
  readonly ok?: boolean;
  readonly attempts?: number;
  readonly cached?: boolean;
}

interface Open {
  readonly span: number;
  readonly name: string;
  readonly startedAt: number;
  readonly kind: "sequence" | "cell";
}

const NO_PAYLOAD = { kind: "Inline", bytes: new Uint8Array(0) } as const;

/** Value digest of a text. */
export function digestOf(text: string): Uint8Array {
  return valueDigest(utf8Encode(text));
}

/** The events of one run, in order. */
export class SyntheticTrace {
  readonly events: TraceEvent[] = [];
  #now = 0;
  #span = 0;
  #steps = 0;
  #inputs = 0;
  readonly #open: Open[] = [];

  /** Lets time pass. */
  wait(ns: number): this {
    this.#now += ns;
    return this;
  }

  sequence(name: string, inside: (trace: this) => void): this {
    this.startSequence(name);
    inside(this);
    const { span, startedAt } = required(this.#open.pop(), "the sequence is open");
    const timestamp = this.#now;
    this.events.push({
      kind: "SequenceEnd",
      span,
      name,
      timestamp,
      durationNs: timestamp - startedAt,
    });
    return this;
  }

  /** A sequence that the run never leaves. */
  startSequence(name: string): this {
    const base = this.#start("sequence", name);
    this.events.push({ kind: "SequenceStart", ...base, name, depth: this.#depth(), path: [] });
    return this;
  }

  cell(cell: string, inside: (trace: this) => void): this {
    const base = this.#start("cell", cell);
    this.events.push({ kind: "CellStart", ...base, cell, depth: this.#depth() });
    inside(this);
    const { span, startedAt } = required(this.#open.pop(), "the cell is open");
    const timestamp = this.#now;
    this.events.push({ kind: "CellEnd", span, timestamp, durationNs: timestamp - startedAt });
    return this;
  }

  tile(tileId: string, run: TileRun = {}): this {
    const { ns = 100, userNs = ns, cycles = 1000, fails = false, iteration = null } = run;
    this.#inputs += 1;
    const input = run.input ?? `input ${this.#inputs}`;
    const output = run.output ?? `output ${this.#inputs}`;
    const path: PathElem[] = [{ kind: "Item", index: 0 }];
    const parent = this.#parent();
    const span = this.#next();
    const depth = this.#depth() + 1;
    const start = { span, parent, tileId, timestamp: this.#now, depth, iteration, path };
    this.events.push({ kind: "TileStart", ...start });
    this.#now += ns;
    const bytes = run.digestOnly === true ? null : utf8Encode(input);
    this.#step(
      span,
      {
        kind: "Tile",
        index: this.#steps,
        tileId,
        code: ZERO32,
        path,
        iteration,
        inputDigest: digestOf(input),
        outcome: fails
          ? { kind: "Err", code: "E_TRAP_INDEX", errorDigest: digestOf("") }
          : { kind: "Ok", outputDigest: digestOf(output) },
        control: null,
        postState: ZERO32,
      },
      bytes,
      bytes === null || fails ? null : utf8Encode(output),
      run.proofCycles ?? null,
    );
    const timestamp = this.#now;
    if (fails) {
      const error = {
        code: "E_TRAP_INDEX",
        message: "out of bounds",
        domain: "Verifiable",
        details: null,
      } as const;
      this.events.push({ kind: "TileFailure", span, tileId, timestamp, error });
    } else {
      this.events.push({ kind: "TileEnd", span, tileId, timestamp, durationNs: userNs, cycles });
    }
    return this;
  }

  tool(tool: string, run: ToolRun = {}): this {
    const { ns = 100, ok = true, attempts = 1, cached = false } = run;
    const span = this.#ask(tool);
    this.#now += ns;
    const answer = { span, timestamp: this.#now, durationNs: ns, ok, result: NO_PAYLOAD };
    this.events.push({ kind: "ToolResult", ...answer, attempts, cached });
    this.#request(span, `tool:${tool}`);
    return this;
  }

  /** A tool that never answers. */
  silentTool(tool: string): this {
    this.#ask(tool);
    return this;
  }

  effect(effect: string, operation: string, ns: number): this {
    const parent = this.#parent();
    const span = this.#next();
    const asked = { span, parent, effect, operation, timestamp: this.#now, args: NO_PAYLOAD };
    this.events.push({ kind: "EffectPerform", ...asked });
    this.#now += ns;
    this.events.push({
      kind: "EffectResume",
      span,
      timestamp: this.#now,
      ok: true,
      result: NO_PAYLOAD,
    });
    this.#request(span, `${effect}.${operation}`);
    return this;
  }

  end(): readonly TraceEvent[] {
    const timestamp = this.#now;
    const size = this.#steps + 2;
    this.events.push({
      kind: "RunEnd",
      timestamp,
      durationNs: timestamp,
      steps: this.#steps,
      size,
      root: ZERO32,
      status: "Ok",
    });
    return this.events;
  }

  #ask(tool: string): number {
    const parent = this.#parent();
    const span = this.#next();
    this.events.push({
      kind: "ToolCall",
      span,
      parent,
      tool,
      version: null,
      alias: tool,
      provider: "test",
      timestamp: this.#now,
      args: NO_PAYLOAD,
      policy: null,
    });
    return span;
  }

  #request(span: number, operation: string): void {
    const index = this.#steps;
    const outcome = { kind: "Ok", outputDigest: digestOf("") } as const;
    const record = {
      kind: "Request",
      index,
      operation,
      requestDigest: digestOf(""),
      outcome,
    } as const;
    this.#step(span, record, null, null, null);
  }

  #step(
    span: number,
    record: StepRecord,
    input: Uint8Array | null,
    output: Uint8Array | null,
    proofCycles: number | null,
  ): void {
    this.#steps += 1;
    const isTile = record.kind === "Tile";
    this.events.push({
      kind: "TileStep",
      span,
      record,
      backend: isTile ? "native" : "",
      methodId: isTile ? ZERO32 : new Uint8Array(0),
      input,
      output,
      proofCycles,
      receipt: null,
      verified: null,
    });
  }

  #start(kind: Open["kind"], name: string): { span: number; parent: number; timestamp: number } {
    const parent = this.#parent();
    const span = this.#next();
    this.#open.push({ span, name, startedAt: this.#now, kind });
    return { span, parent, timestamp: this.#now };
  }

  #parent(): number {
    return this.#open.at(-1)?.span ?? 0;
  }

  #depth(): number {
    return Math.max(0, this.#open.filter((open) => open.kind === "sequence").length - 1);
  }

  #next(): number {
    this.#span += 1;
    return this.#span;
  }
}
