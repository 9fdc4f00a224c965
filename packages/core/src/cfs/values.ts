// Bytes of values during a run: looking them up, splitting and combining them (spec/formats.md
// 18.2). One place decides what happens where bytes are missing: a failure, or an assumption.

import { type Failure, failure, type Phase } from "../diagnostic/failure.ts";
import { decodeValue, encodeWith, renderType, valueDigest, wire } from "../encoding/index.ts";
import { concatBytes, equalBytes, toHex } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import type { RunFrame } from "./frames.ts";
import type { Feed } from "./schema.ts";
import { EMPTY_VALUE, UNKNOWN_VALUE, ValueRef } from "./value-ref.ts";
import { leadingVarint, skipValue, splitBytes } from "./wire-parts.ts";

/** Knows bytes of values by digest, beside those that pass through the run itself. */
export interface ValueSource {
  /** Bytes with this value digest, undefined where unknown. What it says is checked. */
  bytesOf(digest: Uint8Array): Uint8Array | undefined;
}

/** What was taken from records because bytes were missing (18.1). */
export interface Assumed {
  /** Branch and loop decisions read off the path of the next record. */
  decisions: number;
  /** Input digests of tiles, and the output digest of the run. */
  inputs: number;
  /** `done` and next input of recursive calls. */
  controls: number;
  /** Post states. */
  states: number;
}

/** How a run treats values. */
export interface ValueOptions {
  readonly source?: ValueSource;
  /** `fail`: missing bytes are `E_MISSING_VALUE`; `assume`: what depends on them is assumed. */
  readonly missing: "fail" | "assume";
  readonly phase: Phase;
}

/** Values of one run. */
export class RunValues {
  readonly #source: ValueSource | undefined;
  readonly #assume: boolean;
  readonly #phase: Phase;
  readonly assumed: Assumed = { decisions: 0, inputs: 0, controls: 0, states: 0 };

  constructor(options: ValueOptions) {
    this.#source = options.source;
    this.#assume = options.missing === "assume";
    this.#phase = options.phase;
  }

  /** The value that a feed gives to the frame at `top` of the stack. */
  resolve(feed: Feed, stack: readonly RunFrame[], top: number): Result<ValueRef, Failure> {
    if (feed.kind === "constant") return ok(feed.value);
    const frame = stack[top - feed.up];
    if (frame === undefined) return ok(UNKNOWN_VALUE);
    switch (feed.kind) {
      case "input":
        return ok(frame.inputs[feed.index] ?? UNKNOWN_VALUE);
      case "output":
        return ok(frame.outputs[feed.item] ?? UNKNOWN_VALUE);
      case "part":
        return this.#part(frame.outputs[feed.item] ?? UNKNOWN_VALUE, feed);
      case "element":
        return this.#element(frame);
      case "index":
        return ok(frame.kind === "loop" ? indexValue(frame.iteration) : UNKNOWN_VALUE);
    }
  }

  /** Several feeds as one value (`compose` of 18.2). */
  compose(
    feeds: readonly Feed[],
    stack: readonly RunFrame[],
    top: number,
  ): Result<ValueRef, Failure> {
    const [only] = feeds;
    if (only === undefined) return ok(EMPTY_VALUE);
    if (feeds.length === 1) return this.resolve(only, stack, top);
    const values = this.resolveAll(feeds, stack, top);
    return values.ok ? this.composeValues(values.value) : values;
  }

  /** Each feed by itself. */
  resolveAll(
    feeds: readonly Feed[],
    stack: readonly RunFrame[],
    top: number,
  ): Result<ValueRef[], Failure> {
    const values: ValueRef[] = [];
    for (const feed of feeds) {
      const value = this.resolve(feed, stack, top);
      if (!value.ok) return value;
      values.push(value.value);
    }
    return ok(values);
  }

  /** Values as one: none is unit, one is itself, several are concatenated. */
  composeValues(values: readonly ValueRef[]): Result<ValueRef, Failure> {
    const [only] = values;
    if (only === undefined) return ok(EMPTY_VALUE);
    if (values.length === 1) return ok(only);
    const parts: Uint8Array[] = [];
    for (const value of values) {
      const bytes = this.bytes(value);
      if (!bytes.ok) return bytes;
      if (bytes.value === null) return ok(UNKNOWN_VALUE);
      parts.push(bytes.value);
    }
    return ok(new ValueRef({ bytes: concatBytes(...parts) }));
  }

  /** Bytes of a value; null where they are missing and may be. */
  bytes(value: ValueRef): Result<Uint8Array | null, Failure> {
    const bytes = this.knownBytes(value);
    return bytes === null ? this.missing(value) : ok(bytes);
  }

  /** Bytes of a value as far as anybody knows them. */
  knownBytes(value: ValueRef): Uint8Array | null {
    if (value.bytes !== null) return value.bytes;
    const digest = value.digest;
    const found = digest === null ? undefined : this.#source?.bytesOf(digest);
    if (digest === null || found === undefined) return null;
    // A source that answers with other bytes counts as not knowing them.
    if (!equalBytes(valueDigest(found), digest)) return null;
    value.learn(found);
    return found;
  }

  /** Bytes that are canonical for a type, `E_DECODE` otherwise. */
  typedBytes(value: ValueRef, type: TypeDescriptor): Result<Uint8Array | null, Failure> {
    const bytes = this.bytes(value);
    if (!bytes.ok || bytes.value === null) return bytes;
    const decoded = decodeValue(type, bytes.value);
    return decoded.ok ? bytes : this.#undecodable(type, decoded.error);
  }

  /** Number of items of a list, null where its bytes are missing and may be. */
  listLength(list: ValueRef, type: TypeDescriptor | null): Result<number | null, Failure> {
    const bytes = type === null ? this.bytes(list) : this.typedBytes(list, type);
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return ok(null);
    const head = leadingVarint(bytes.value);
    return head === null ? this.#undecodable(type, null) : ok(head.value);
  }

  /** `E_MISSING_VALUE`, or null where assumptions are allowed. */
  missing(value: ValueRef | null, what?: string): Result<null, Failure> {
    if (this.#assume) return ok(null);
    const digest = value?.digest ?? null;
    const message =
      what ?? `bytes of the value ${digest === null ? "?" : toHex(digest)} are missing`;
    const details = digest === null ? {} : { details: { digest: toHex(digest) } };
    return err(failure("E_MISSING_VALUE", this.#phase, message, details));
  }

  #undecodable(type: TypeDescriptor | null, cause: Failure | null): Result<never, Failure> {
    const name = type === null ? "a list" : renderType(type);
    const message = `a value in the run is not canonical bytes of ${name}`;
    const more = cause === null ? {} : { cause };
    return err(failure("E_DECODE", this.#phase, message, { domain: "verifiable", ...more }));
  }

  #part(value: ValueRef, feed: Extract<Feed, { kind: "part" }>): Result<ValueRef, Failure> {
    const { type, index } = feed;
    if (type === null) {
      const missing = this.missing(value, `the output types of "${feed.of}" are unknown`);
      return missing.ok ? ok(UNKNOWN_VALUE) : missing;
    }
    const kept = value.partsOf(type);
    if (kept !== null) return ok(kept[index] ?? UNKNOWN_VALUE);
    const bytes = this.typedBytes(value, type);
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return ok(UNKNOWN_VALUE);
    const parts = splitBytes(type.tuple, bytes.value).map((part) => new ValueRef({ bytes: part }));
    value.keepParts(type, parts);
    return ok(parts[index] ?? UNKNOWN_VALUE);
  }

  #element(frame: RunFrame): Result<ValueRef, Failure> {
    const list = frame.inputs[0];
    if (frame.kind !== "loop" || list === undefined) return ok(UNKNOWN_VALUE);
    const { elementType: type, listType } = frame.loop;
    if (type === null || listType === null) {
      const what = `the type of the list of loop "${frame.loop.id}" is unknown`;
      const missing = this.missing(list, what);
      return missing.ok ? ok(UNKNOWN_VALUE) : missing;
    }
    const { cursor, iteration } = frame;
    // The list was decoded when the loop was entered; that of a resumed loop is decoded here.
    const bytes = cursor.offset === 0 ? this.typedBytes(list, listType) : this.bytes(list);
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return ok(UNKNOWN_VALUE);
    if (cursor.offset === 0) cursor.offset = leadingVarint(bytes.value)?.end ?? 1;
    while (cursor.index < iteration) {
      cursor.offset = skipValue(type, bytes.value, cursor.offset);
      cursor.index += 1;
    }
    const end = skipValue(type, bytes.value, cursor.offset);
    return ok(new ValueRef({ bytes: bytes.value.subarray(cursor.offset, end) }));
  }
}

function indexValue(iteration: number): ValueRef {
  return new ValueRef({ bytes: encodeWith(wire.i64, iteration) });
}
