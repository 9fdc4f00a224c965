// For tests: what a forgery is, and the changes that forgeries are made of.

import type { FinalRecord, GenesisRecord, RequestRecord, TileRecord } from "@lumen/core/commit";
import type { TraceEvent, TraceEventOf } from "@lumen/core/trace";
import type { CheckName } from "../verify/checks.ts";
import type { VerifyOptions } from "../verify/verify-trace.ts";
import { change, type OpenedTrace } from "./forge.ts";

/** A digest that nothing has. */
export const WRONG: Uint8Array = new Uint8Array(32).fill(0xee);

type Step = TraceEventOf<"TileStep">;

/** A right trace changed in one place, and the check that must find it. */
export interface Forgery<RunName extends string = string> {
  readonly check: CheckName;
  readonly what: string;
  readonly run: RunName;
  readonly edit?: (trace: OpenedTrace) => OpenedTrace;
  /** Changes the bytes of the finished file instead. */
  readonly bytes?: (file: Uint8Array) => Uint8Array;
  readonly options?: Partial<VerifyOptions>;
  readonly leaf?: number | null;
  readonly tileId?: string;
  readonly keepCommitment?: boolean;
}

/** Changes the record of a step. */
export function record<K extends Step["record"]["kind"]>(
  index: number,
  kind: K,
  edit: (record: Extract<Step["record"], { kind: K }>) => Step["record"],
): (trace: OpenedTrace) => OpenedTrace {
  return (trace) =>
    change(trace, { index, kind: "TileStep" }, (event) => {
      if (event.record.kind !== kind) throw new Error(`the record is ${event.record.kind}`);
      // The kind has just been compared.
      const found = event.record as Extract<Step["record"], { kind: K }>;
      return { ...event, record: edit(found) };
    });
}

/** Changes an event. */
export function event<K extends TraceEvent["kind"]>(
  index: number,
  kind: K,
  edit: (event: TraceEventOf<K>) => TraceEvent,
): (trace: OpenedTrace) => OpenedTrace {
  return (trace) => change(trace, { index, kind }, edit);
}

/** Drops events. */
export function without(index: number, count: number): (trace: OpenedTrace) => OpenedTrace {
  return ({ header, events }) => ({
    header,
    events: events.filter((_, i) => i < index || i >= index + count),
  });
}

/** Changes a Tile record. */
export const tile = (index: number, edit: (record: TileRecord) => TileRecord) =>
  record(index, "Tile", edit);
/** Changes a Genesis record. */
export const genesis = (edit: (record: GenesisRecord) => GenesisRecord) =>
  record(0, "Genesis", edit);
/** Changes a Final record. */
export const final = (edit: (record: FinalRecord) => FinalRecord) => record(-2, "Final", edit);
/** Changes a Request record. */
export const request = (index: number, edit: (record: RequestRecord) => RequestRecord) =>
  record(index, "Request", edit);
