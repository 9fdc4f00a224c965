// The kinds of fields that trace events have: for each its TypeScript type, wire codec and JSON
// form (spec/formats.md 13.1). `events.ts` names them in its table.

import {
  isJsonObject,
  type JsonForm,
  jsonBool,
  jsonBytes,
  jsonChoice,
  jsonHex,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonUint,
  malformed,
  ownField,
  pointer,
} from "../commit/json-form.ts";
import type { PathElem, StepRecord } from "../commit/step-record.ts";
import {
  pathCodec,
  pathJson,
  stepRecordCodec,
  stepRecordJson,
} from "../commit/step-record-codec.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { type WireCodec, wire } from "../encoding/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";

/** Bytes of a request or an answer, or their value digest and length (13.2). */
export type Payload =
  | { readonly kind: "Digest"; readonly digest: Uint8Array; readonly length: number }
  | { readonly kind: "Inline"; readonly bytes: Uint8Array };

/** Whether a failure happened inside tile code, or around it (2.4). */
export type ErrorDomain = "Host" | "Verifiable";

/** The error of a failure event; `details` are the bytes of the error value of a tile. */
export interface ErrorInfo {
  readonly code: string;
  readonly message: string;
  readonly domain: ErrorDomain;
  readonly details: Uint8Array | null;
}

/** How a future ended. */
export type FutureState = "Ok" | "Err" | "Cancelled";

/** How a run ended. */
export type RunEndStatus = "Ok" | "Failed" | "Aborted";

/** TypeScript type of each kind of field that is always present. */
interface FieldTypes {
  readonly u8: number;
  readonly u32: number;
  readonly u64: number;
  readonly bool: boolean;
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly id: Uint8Array;
  readonly hash32: Uint8Array;
  readonly path: readonly PathElem[];
  readonly record: StepRecord;
  readonly payload: Payload;
  readonly error: ErrorInfo;
  readonly futureState: FutureState;
  readonly runStatus: RunEndStatus;
}

type BaseKind = keyof FieldTypes;

/** Kind of a field; `?` and `|null` mark an option, the first is left out of JSON when null. */
export type FieldKind = BaseKind | `${BaseKind}?` | `${BaseKind}|null`;

/** TypeScript type of a field of this kind. */
export type FieldValue<K extends FieldKind> = K extends BaseKind
  ? FieldTypes[K]
  : K extends `${infer B extends BaseKind}${"?" | "|null"}`
    ? FieldTypes[B] | null
    : never;

/** Both forms of a field. */
export interface FieldForm<T> {
  readonly wire: WireCodec<T>;
  readonly json: JsonForm<T>;
}

/** The forms of a kind of field. */
export function fieldForm(kind: FieldKind): FieldForm<unknown> {
  const optional = kind.endsWith("?");
  const nullable = kind.endsWith("|null");
  const base = BASE_OF.get(kind.replace(/\?$|\|null$/, ""));
  assert(base !== undefined, "every kind of field has its forms");
  if (!optional && !nullable) return base;
  return { wire: wire.option(base.wire), json: jsonOption(base.json, { omit: optional }) };
}

const digestJson = jsonRecord<{ readonly digest: Uint8Array; readonly length: number }>({
  digest: jsonHex(32),
  length: jsonUint(Number.MAX_SAFE_INTEGER),
});

const payloadForm: FieldForm<Payload> = {
  wire: wire.tagged<Payload>({
    Digest: wire.record({ digest: wire.hash32, length: wire.safeU64 }),
    Inline: wire.record({ bytes: wire.bytes }),
  }),
  json: {
    omitNull: false,
    write: (payload) =>
      payload.kind === "Inline"
        ? { Inline: jsonBytes.write(payload.bytes) }
        : { Digest: digestJson.write(payload) },
    read: readPayload,
  },
};

const errorForm: FieldForm<ErrorInfo> = {
  wire: wire.record<ErrorInfo>({
    code: wire.string,
    message: wire.string,
    domain: wireChoice<ErrorDomain>(["Host", "Verifiable"]),
    details: wire.option(wire.bytes),
  }),
  json: jsonRecord<ErrorInfo>({
    code: jsonString,
    message: jsonString,
    domain: jsonChoice<ErrorDomain>(["Host", "Verifiable"]),
    details: jsonOption(jsonBytes, { omit: false }),
  }),
};

const BASE_FORMS: { readonly [K in BaseKind]: FieldForm<FieldTypes[K]> } = {
  u8: { wire: wire.u8, json: jsonUint(0xff) },
  u32: { wire: wire.u32, json: jsonUint(0xffff_ffff) },
  u64: { wire: wire.safeU64, json: jsonUint(Number.MAX_SAFE_INTEGER) },
  bool: { wire: wire.bool, json: jsonBool },
  string: { wire: wire.string, json: jsonString },
  bytes: { wire: wire.bytes, json: jsonBytes },
  id: { wire: wire.bytes, json: jsonHex(null) },
  hash32: { wire: wire.hash32, json: jsonHex(32) },
  path: { wire: pathCodec, json: pathJson },
  record: { wire: stepRecordCodec, json: stepRecordJson },
  payload: payloadForm,
  error: errorForm,
  futureState: choiceForm(["Ok", "Err", "Cancelled"]),
  runStatus: choiceForm(["Ok", "Failed", "Aborted"]),
};

const BASE_OF: ReadonlyMap<string, FieldForm<unknown>> = new Map(Object.entries(BASE_FORMS));

/** A payload in the enum form of 5: `{"Inline":{"$hex":"…"}}` or `{"Digest":{…}}`. */
function readPayload(doc: unknown, path: string): Result<Payload, Failure> {
  const keys = isJsonObject(doc) ? Object.keys(doc) : [];
  if (!isJsonObject(doc) || keys.length !== 1) {
    return err(malformed(path, "an object with the one key Inline or Digest", doc));
  }
  if (keys[0] === "Inline") {
    const bytes = jsonBytes.read(ownField(doc, "Inline"), pointer(path, "Inline"));
    return bytes.ok ? ok({ kind: "Inline", bytes: bytes.value }) : bytes;
  }
  const digest = digestJson.read(ownField(doc, "Digest"), pointer(path, "Digest"));
  return digest.ok ? ok({ kind: "Digest", ...digest.value }) : digest;
}

/** Wire form of an enum without payloads: words in discriminant order. */
export function wireChoice<const W extends string>(words: readonly W[]): WireCodec<W> {
  return {
    minBytes: 1,
    encode: (writer, word) => writer.u32(words.indexOf(word)),
    decode: (reader) => {
      const start = reader.offset;
      return words[reader.u32()] ?? reader.fail("bad-variant", start);
    },
  };
}

function choiceForm<const W extends string>(words: readonly W[]): FieldForm<W> {
  return { wire: wireChoice(words), json: jsonChoice(words) };
}
