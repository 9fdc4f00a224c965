// Compares the events of a recorded run with those of the run made again (formats 19.3): everything
// but times, and how tiles and tools were reached.

import { formatPath, type Outcome, type StepRecord } from "@lumen/core/commit";
import type { FaultFrame } from "@lumen/core/diagnostic";
import { encodeWith } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { type TraceEvent, traceEventCodec, traceEventJson } from "@lumen/core/trace";
import type { RerunEvent } from "./rerun-cell.ts";

/** Where two runs part, and both sides. */
export interface Divergence {
  /** Records before it: the leaf that differs, where it is a record. */
  readonly leafIndex: number;
  /** Number of the event in the trace; null where the trace has ended. */
  readonly eventIndex: number | null;
  /** What the program gives. */
  readonly expected: string;
  /** What the trace has. */
  readonly found: string;
  readonly message: string;
  readonly at: FaultFrame | null;
}

/**
 * The first difference, null without one. `unfinished`: the recording need only be the beginning of
 * the run.
 */
export function compareRuns(
  recorded: readonly TraceEvent[],
  again: readonly RerunEvent[],
  { unfinished }: { readonly unfinished: boolean },
): Divergence | null {
  const logged = recorded.some((event) => event.kind === "StateTransition");
  const isSeen = (event: TraceEvent): boolean =>
    !UNSEEN.has(event.kind) && (logged || event.kind !== "StateTransition");
  const left = recorded.flatMap((event, index) => (isSeen(event) ? [{ event, index }] : []));
  const right = again.filter(({ event }) => isSeen(event));
  const length = unfinished
    ? Math.min(left.length, right.length)
    : Math.max(left.length, right.length);
  let leafIndex = 0;
  let sameBackend = false;
  for (let i = 0; i < length; i++) {
    const [a, b] = [left[i], right[i]];
    if (unfinished && a?.event.kind === "RunEnd") return null;
    // A tile's record comes before its end.
    if (a?.event.kind === "TileStep" && b?.event.kind === "TileStep")
      sameBackend = a.event.backend === b.event.backend;
    const difference = differenceOf(a?.event ?? null, b?.event ?? null, sameBackend);
    if (difference !== null) {
      const isRecord = a?.event.kind === "TileStep" || b?.event.kind === "TileStep";
      const eventIndex = a?.index ?? null;
      const what = isRecord
        ? `record ${leafIndex}${pathOf(a?.event)}`
        : `event ${eventIndex ?? "-"}`;
      const { expected, found } = difference;
      const message = `${what} of the trace is not what the program gives: expected ${expected}, found ${found}`;
      return { leafIndex, eventIndex, expected, found, message, at: b?.at ?? null };
    }
    if (a?.event.kind === "TileStep") leafIndex += 1;
  }
  return null;
}

/** What no replay can give: marks of the writer, and what the outside said about itself. */
const UNSEEN: ReadonlySet<TraceEvent["kind"]> = new Set([
  "SchemaDrift",
  "Log",
  "Checkpoint",
  "Recovered",
]);

interface Difference {
  readonly expected: string;
  readonly found: string;
}

function differenceOf(
  recorded: TraceEvent | null,
  again: TraceEvent | null,
  sameBackend: boolean,
): Difference | null {
  if (recorded === null || again === null) {
    return {
      expected: again === null ? "the end of the run" : describeEvent(again),
      found: recorded === null ? "the end of the trace" : describeEvent(recorded),
    };
  }
  const [a, b] = [comparable(recorded, sameBackend), comparable(again, sameBackend)];
  if (equalBytes(encodeWith(traceEventCodec, a), encodeWith(traceEventCodec, b))) return null;
  if (a.kind !== b.kind || a.kind === "TileStep")
    return { expected: describeEvent(b), found: describeEvent(a) };
  return fieldDifference(a, b);
}

/**
 * The event without times, without bytes that stand beside their digests, and without what an other
 * backend or provider would have told.
 */
function comparable(event: TraceEvent, sameBackend: boolean): TraceEvent {
  const timeless = withoutTimes(event);
  switch (timeless.kind) {
    case "TileStep": {
      const none = { input: null, output: null, proofCycles: null, receipt: null, verified: null };
      const how = sameBackend ? {} : { backend: "", methodId: NONE };
      return { ...timeless, ...none, ...how };
    }
    case "TileEnd":
      return sameBackend ? timeless : { ...timeless, cycles: null };
    case "TileFailure":
      return sameBackend ? timeless : { ...timeless, error: { ...timeless.error, message: "" } };
    case "ToolCall":
      return { ...timeless, provider: "" };
    case "ToolResult":
      return { ...timeless, attempts: 0, cached: false };
    default:
      return timeless;
  }
}

const NONE = new Uint8Array();

function withoutTimes(event: TraceEvent): TraceEvent {
  return {
    ...event,
    ...("timestamp" in event ? { timestamp: 0 } : {}),
    ...("durationNs" in event ? { durationNs: 0 } : {}),
  };
}

/** The first field that differs: `EffectPerform operation "print"`. */
function fieldDifference(recorded: TraceEvent, again: TraceEvent): Difference {
  const [a, b] = [fieldsOf(recorded), fieldsOf(again)];
  const field = [...b.keys()].find((name) => a.get(name) !== b.get(name)) ?? "";
  const side = (fields: ReadonlyMap<string, string>): string =>
    `${recorded.kind} ${field} ${shortened(fields.get(field) ?? "")}`;
  return { expected: side(b), found: side(a) };
}

function fieldsOf(event: TraceEvent): ReadonlyMap<string, string> {
  const json = traceEventJson.write(event);
  return new Map(Object.entries(json ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
}

const FIELD_CHARACTERS_MAX = 200;

function shortened(text: string): string {
  return text.length <= FIELD_CHARACTERS_MAX ? text : `${text.slice(0, FIELD_CHARACTERS_MAX)}…`;
}

function describeEvent(event: TraceEvent): string {
  switch (event.kind) {
    case "TileStep":
      return describe(event.record);
    case "TileStart":
      return `TileStart of ${event.tileId}`;
    case "EffectPerform":
      return `EffectPerform ${event.effect}.${event.operation}`;
    case "ToolCall":
      return `ToolCall ${event.tool}`;
    case "FutureSpawn":
      return `FutureSpawn ${event.future} of ${event.cell}`;
    case "StateTransition":
      return `StateTransition ${event.process} ${event.transition}`;
    default:
      return event.kind;
  }
}

function pathOf(event: TraceEvent | undefined): string {
  const record = event?.kind === "TileStep" && event.record.kind === "Tile" ? event.record : null;
  return record === null || record.path.length === 0 ? "" : ` at ${formatPath(record.path)}`;
}

/** A record in a few words: what ran, and how it ended. */
export function describe(record: StepRecord): string {
  switch (record.kind) {
    case "Tile":
      return `tile ${record.tileId} -> ${outcomeText(record.outcome)}`;
    case "Request":
      return `request ${record.operation} -> ${outcomeText(record.outcome)}`;
    case "Final":
      return `Final after ${record.steps} steps -> ${outcomeText(record.outcome)}`;
    case "Genesis":
      return `Genesis of ${record.entry}`;
  }
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === "Ok" ? `ok ${toHex(outcome.outputDigest)}` : outcome.code;
}
