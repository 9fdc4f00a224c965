// The trace events (spec/formats.md 13.1): one table of rows, from which the union `TraceEvent`,
// the wire codec and the JSON form are derived. Adding an event is adding a row at the end.

import { type JsonForm, jsonRecord, jsonTagged, type VariantFields } from "../commit/json-form.ts";
import type { WireCodec, WireReader, WireWriter } from "../encoding/index.ts";
import { assert } from "../result/result.ts";
import { type FieldForm, type FieldKind, type FieldValue, fieldForm } from "./event-fields.ts";

/**
 * The events by name. `tag` is the wire discriminant; `fields` stand in wire order under the names
 * of our data, of which the JSON keys are the snake_case; `basic` are those that JSON writes first.
 * A kind ending in `?` may be null and is then left out of JSON; `|null` is written as null.
 */
export const EVENT_TABLE = {
  TileStart: {
    tag: 0,
    basic: ["tileId", "timestamp", "depth"],
    fields: {
      span: "u64",
      parent: "u64",
      tileId: "string",
      timestamp: "u64",
      depth: "u32",
      iteration: "u64?",
      path: "path",
    },
  },
  TileEnd: {
    tag: 1,
    basic: ["tileId", "timestamp", "durationNs", "cycles"],
    fields: {
      span: "u64",
      tileId: "string",
      timestamp: "u64",
      durationNs: "u64",
      cycles: "u64|null",
    },
  },
  SequenceStart: {
    tag: 2,
    basic: ["name", "timestamp"],
    fields: {
      span: "u64",
      parent: "u64",
      name: "string",
      timestamp: "u64",
      depth: "u32",
      path: "path",
    },
  },
  SequenceEnd: {
    tag: 3,
    basic: ["name", "timestamp", "durationNs"],
    fields: { span: "u64", name: "string", timestamp: "u64", durationNs: "u64" },
  },
  TileStep: {
    tag: 4,
    basic: [],
    fields: {
      span: "u64",
      record: "record",
      backend: "string",
      methodId: "id",
      input: "bytes?",
      output: "bytes?",
      proofCycles: "u64?",
      receipt: "bytes?",
      verified: "bool?",
    },
  },
  TileFailure: {
    tag: 5,
    basic: [],
    fields: { span: "u64", tileId: "string", timestamp: "u64", error: "error" },
  },
  SequenceFailure: {
    tag: 6,
    basic: [],
    fields: { span: "u64", name: "string", timestamp: "u64", error: "error" },
  },
  LoopIteration: {
    tag: 7,
    basic: [],
    fields: { span: "u64", parent: "u64", itemId: "string", iteration: "u64", timestamp: "u64" },
  },
  ToolCall: {
    tag: 8,
    basic: [],
    fields: {
      span: "u64",
      parent: "u64",
      tool: "string",
      version: "string|null",
      alias: "string",
      provider: "string",
      timestamp: "u64",
      args: "payload",
      policy: "string|null",
    },
  },
  ToolResult: {
    tag: 9,
    basic: [],
    fields: {
      span: "u64",
      timestamp: "u64",
      durationNs: "u64",
      ok: "bool",
      result: "payload",
      attempts: "u32",
      cached: "bool",
    },
  },
  EffectPerform: {
    tag: 10,
    basic: [],
    fields: {
      span: "u64",
      parent: "u64",
      effect: "string",
      operation: "string",
      timestamp: "u64",
      args: "payload",
    },
  },
  EffectResume: {
    tag: 11,
    basic: [],
    fields: { span: "u64", timestamp: "u64", ok: "bool", result: "payload" },
  },
  FutureSpawn: {
    tag: 12,
    basic: [],
    fields: { span: "u64", parent: "u64", future: "u64", cell: "string", timestamp: "u64" },
  },
  FutureResolve: {
    tag: 13,
    basic: [],
    fields: { future: "u64", timestamp: "u64", state: "futureState", result: "payload" },
  },
  CellStart: {
    tag: 14,
    basic: [],
    fields: { span: "u64", parent: "u64", cell: "string", timestamp: "u64", depth: "u32" },
  },
  CellEnd: {
    tag: 15,
    basic: [],
    fields: { span: "u64", timestamp: "u64", durationNs: "u64" },
  },
  StateTransition: {
    tag: 16,
    basic: [],
    fields: {
      span: "u64",
      process: "string",
      // `kind` names the event in our data; the wire has no names, and JSON keeps the key `kind`.
      transition: "string",
      sequenceNo: "u64",
      before: "hash32",
      after: "hash32",
      timestamp: "u64",
    },
  },
  Checkpoint: {
    tag: 17,
    basic: [],
    fields: { timestamp: "u64", steps: "u64", state: "hash32", file: "string" },
  },
  SchemaDrift: {
    tag: 18,
    basic: [],
    fields: {
      span: "u64",
      tool: "string",
      at: "string",
      expected: "string",
      found: "string",
      timestamp: "u64",
    },
  },
  Log: {
    tag: 19,
    basic: [],
    fields: { span: "u64", level: "u8", message: "string", timestamp: "u64" },
  },
  Recovered: { tag: 20, basic: [], fields: { timestamp: "u64", cutBytes: "u64" } },
  RunEnd: {
    tag: 21,
    basic: [],
    fields: {
      timestamp: "u64",
      durationNs: "u64",
      steps: "u64",
      size: "u64",
      root: "hash32",
      status: "runStatus",
    },
  },
} as const;

type EventTable = typeof EVENT_TABLE;

/** Name of a trace event; `kind` in our data, `type` in JSON. */
export type EventName = keyof EventTable;

/** The event of one name: `kind` and the fields of its row. */
export type TraceEventOf<N extends EventName> = { readonly kind: N } & {
  readonly [F in keyof EventTable[N]["fields"]]: EventTable[N]["fields"][F] extends FieldKind
    ? FieldValue<EventTable[N]["fields"][F]>
    : never;
};

/** One event of a trace. u64 fields are safe integers, timestamps nanoseconds since the start. */
export type TraceEvent = { readonly [N in EventName]: TraceEventOf<N> }[EventName];

/** Canonical wire form of an event: the payload of a frame (14.2). */
export const traceEventCodec: WireCodec<TraceEvent> = {
  minBytes: 1,
  encode: encodeEvent,
  decode: decodeEvent,
};

/** JSON form of an event (13.1). */
export const traceEventJson: JsonForm<TraceEvent> = jsonTagged("type", eventForms());

interface EventRow {
  readonly name: EventName;
  readonly tag: number;
  readonly fields: readonly EventField[];
}

interface EventField {
  readonly name: string;
  readonly form: FieldForm<unknown>;
}

/** Data of an event by field name: what the table's loops see. */
type EventData = { readonly [field: string]: unknown };

const ROWS: readonly EventRow[] = eventRows();
const ROW_OF: ReadonlyMap<string, EventRow> = new Map(ROWS.map((row) => [row.name, row]));

function eventRows(): EventRow[] {
  return eventNames().map((name, index) => {
    const { tag, fields } = EVENT_TABLE[name];
    assert(tag === index, "the rows of the event table stand in the order of their tags");
    const rows = Object.entries<FieldKind>(fields);
    return {
      name,
      tag,
      fields: rows.map(([field, kind]) => ({ name: field, form: fieldForm(kind) })),
    };
  });
}

function eventNames(): EventName[] {
  // The keys of a constant table are its names; Object.keys types them as strings only.
  return Object.keys(EVENT_TABLE) as EventName[];
}

function encodeEvent(writer: WireWriter, event: TraceEvent): void {
  const row = ROW_OF.get(event.kind);
  assert(row !== undefined, "every event has a row");
  const data: EventData = event;
  writer.u32(row.tag);
  for (const field of row.fields) field.form.wire.encode(writer, data[field.name]);
}

function decodeEvent(reader: WireReader): TraceEvent {
  const start = reader.offset;
  const row = ROWS[reader.u32()] ?? reader.fail("bad-variant", start);
  const data: { [field: string]: unknown } = { kind: row.name };
  for (const field of row.fields) data[field.name] = field.form.wire.decode(reader);
  // Decoder: the row of this name has just read every field by its own form.
  return data as unknown as TraceEvent;
}

type EventForms = { readonly [N in EventName]: JsonForm<VariantFields<TraceEvent, N>> };

/** The JSON form of each event: basic fields first, then the others in wire order. */
function eventForms(): EventForms {
  const forms = eventNames().map((name): [string, JsonForm<object>] => {
    const { basic, fields } = EVENT_TABLE[name];
    const kinds = new Map<string, FieldKind>(Object.entries<FieldKind>(fields));
    const order = new Set<string>([...basic, ...kinds.keys()]);
    const json = [...order].map((field): [string, JsonForm<unknown>] => {
      const kind = kinds.get(field);
      assert(kind !== undefined, "every basic field is a field of its event");
      return [field, fieldForm(kind).json];
    });
    return [name, jsonRecord(Object.fromEntries(json), { transition: "kind" })];
  });
  // One form per name has just been made from the row of that name.
  return Object.fromEntries(forms) as unknown as EventForms;
}
