// Both forms of step records, wire and JSON, and the Merkle leaf of a record
// (spec/formats.md 15.1, 16.1). The records themselves are described in step-record.ts.

import { type Failure, failure, type PlainJson } from "../diagnostic/failure.ts";
import { decodeWith, encodeWith, type WireCodec, wire, written } from "../encoding/index.ts";
import { concatBytes, sha256, tagPrefix } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import {
  isJsonObject,
  type JsonForm,
  jsonBool,
  jsonHex,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonTagged,
  jsonUint,
  malformed,
  ownField,
  pointer,
} from "./json-form.ts";
import { leafHash } from "./merkle.ts";
import { formatPath, parsePath } from "./path.ts";
import {
  type Control,
  DEFAULT_BOUND,
  type FinalRecord,
  type GenesisRecord,
  type Outcome,
  type PathElem,
  type RequestRecord,
  type StepRecord,
  type TileRecord,
} from "./step-record.ts";

const PATH_KINDS: readonly PathElem["kind"][] = ["Item", "Arm", "Iter"];

const pathElemCodec: WireCodec<PathElem> = {
  minBytes: 2,
  encode: (writer, elem) => {
    writer.u32(PATH_KINDS.indexOf(elem.kind));
    if (elem.kind === "Iter") writer.u64(elem.index);
    else writer.u32(elem.index);
  },
  decode: (reader) => {
    const start = reader.offset;
    const kind = PATH_KINDS[reader.u32()] ?? reader.fail("bad-variant", start);
    const index = kind === "Iter" ? wire.safeU64.decode(reader) : reader.u32();
    return { kind, index };
  },
};

/** Wire form of a path: `list[PathElem]` (13.1). */
export const pathCodec: WireCodec<readonly PathElem[]> = wire.list(pathElemCodec);

/** JSON form of a path: its text, `0/2#3?1/0` (13.1). */
export const pathJson: JsonForm<readonly PathElem[]> = {
  omitNull: false,
  write: formatPath,
  read: (doc, path) => {
    const elems = typeof doc === "string" ? parsePath(doc) : null;
    return elems?.ok ? elems : err(malformed(path, "a path such as 0/2#3?1/0", doc));
  },
};

const outcomeCodec: WireCodec<Outcome> = wire.tagged<Outcome>({
  Ok: wire.record({ outputDigest: wire.hash32 }),
  Err: wire.record({ code: wire.string, errorDigest: wire.hash32 }),
});

const controlCodec: WireCodec<Control> = wire.record<Control>({
  done: wire.bool,
  nextDigest: wire.hash32,
});

/** Canonical wire form of a step record (15.1). */
export const stepRecordCodec: WireCodec<StepRecord> = wire.tagged<StepRecord>({
  Genesis: wire.record<Omit<GenesisRecord, "kind">>({
    schemaHash: wire.hash32,
    programId: wire.hash32,
    entry: wire.string,
    inputDigests: wire.list(wire.hash32),
    defaultBound: wire.safeU64,
    postState: wire.hash32,
  }),
  Tile: wire.record<Omit<TileRecord, "kind">>({
    index: wire.safeU64,
    tileId: wire.string,
    code: wire.hash32,
    path: pathCodec,
    iteration: wire.option(wire.safeU64),
    inputDigest: wire.hash32,
    outcome: outcomeCodec,
    control: wire.option(controlCodec),
    postState: wire.hash32,
  }),
  Final: wire.record<Omit<FinalRecord, "kind">>({ steps: wire.safeU64, outcome: outcomeCodec }),
  Request: wire.record<Omit<RequestRecord, "kind">>({
    index: wire.safeU64,
    operation: wire.string,
    requestDigest: wire.hash32,
    outcome: outcomeCodec,
  }),
});

/** What `leafHash` puts before its data. */
const LEAF_NODE = Uint8Array.of(0);
const LEAF_PREFIX = tagPrefix("raster.step.v1");

/** Leaf data of a record: `ascii("raster.step.v1") ‖ 00 ‖ pc(record)` (16.1). */
export function leafData(record: StepRecord): Uint8Array {
  return concatBytes(LEAF_PREFIX, encodeWith(stepRecordCodec, record));
}

/** Leaf hash of a record in the tree of its run (16.1): {@link leafHash} of its leaf data. */
export function leafOf(record: StepRecord): Uint8Array {
  const input = written((writer) => {
    writer.raw(LEAF_NODE);
    writer.raw(LEAF_PREFIX);
    stepRecordCodec.encode(writer, record);
  });
  return sha256(input);
}

/** Leaf hash of what is said to be a record, before anybody decodes it (16.1). */
export function leafOfBytes(bytes: Uint8Array): Uint8Array {
  return leafHash(concatBytes(LEAF_PREFIX, bytes));
}

/** The canonical bytes of a record. */
export function encodeRecord(record: StepRecord): Uint8Array {
  return encodeWith(stepRecordCodec, record);
}

/** Reads one record from its canonical bytes, else `E_DECODE`. */
export function decodeRecord(bytes: Uint8Array): Result<StepRecord, Failure> {
  return decodeWith(stepRecordCodec, bytes, { subject: "step record" });
}

/** Refuses a genesis record with another default bound than that of this version (15.1). */
export function checkDefaultBound(genesis: GenesisRecord): Result<null, Failure> {
  if (genesis.defaultBound === DEFAULT_BOUND) return ok(null);
  const message = `default bound ${genesis.defaultBound} is not ${DEFAULT_BOUND}`;
  return err(
    failure("E_STEP_MISMATCH", "verify", message, {
      domain: "verifiable",
      details: { leaf: 0, expected: DEFAULT_BOUND, found: genesis.defaultBound },
    }),
  );
}

const digestJson = jsonHex(32);
const safeU64Json = jsonUint(Number.MAX_SAFE_INTEGER);

const errorOutcomeJson = jsonRecord<{ readonly code: string; readonly errorDigest: Uint8Array }>({
  code: jsonString,
  errorDigest: digestJson,
});

const outcomeJson: JsonForm<Outcome> = {
  omitNull: false,
  write: (outcome) =>
    outcome.kind === "Ok"
      ? { ok: digestJson.write(outcome.outputDigest) }
      : { err: errorOutcomeJson.write(outcome) },
  read: readOutcome,
};

/** JSON form of a step record (15.1). */
export const stepRecordJson: JsonForm<StepRecord> = jsonTagged<StepRecord>("kind", {
  Genesis: jsonRecord<Omit<GenesisRecord, "kind">>({
    schemaHash: digestJson,
    programId: digestJson,
    entry: jsonString,
    inputDigests: jsonList(digestJson),
    defaultBound: safeU64Json,
    postState: digestJson,
  }),
  Tile: jsonRecord<Omit<TileRecord, "kind">>({
    index: safeU64Json,
    tileId: jsonString,
    code: digestJson,
    path: pathJson,
    iteration: jsonOption(safeU64Json, { omit: false }),
    inputDigest: digestJson,
    outcome: outcomeJson,
    control: jsonOption(jsonRecord<Control>({ done: jsonBool, nextDigest: digestJson }), {
      omit: false,
    }),
    postState: digestJson,
  }),
  Final: jsonRecord<Omit<FinalRecord, "kind">>({ steps: safeU64Json, outcome: outcomeJson }),
  Request: jsonRecord<Omit<RequestRecord, "kind">>({
    index: safeU64Json,
    operation: jsonString,
    requestDigest: digestJson,
    outcome: outcomeJson,
  }),
});

/** A step record as plain JSON data; lossless (15.1). */
export function recordToJson(record: StepRecord): PlainJson {
  return stepRecordJson.write(record);
}

/** Reads {@link recordToJson}; `E_MALFORMED` with a JSON pointer. */
export function recordFromJson(doc: unknown): Result<StepRecord, Failure> {
  return stepRecordJson.read(doc, "");
}

function readOutcome(doc: unknown, path: string): Result<Outcome, Failure> {
  const keys = isJsonObject(doc) ? Object.keys(doc) : [];
  const key = keys.length === 1 ? keys[0] : undefined;
  if (!isJsonObject(doc) || (key !== "ok" && key !== "err")) {
    return err(malformed(path, "an object with the one key ok or err", doc));
  }
  const content = ownField(doc, key);
  if (key === "ok") {
    const digest = digestJson.read(content, pointer(path, key));
    return digest.ok ? ok({ kind: "Ok", outputDigest: digest.value }) : digest;
  }
  const error = errorOutcomeJson.read(content, pointer(path, key));
  return error.ok ? ok({ kind: "Err", ...error.value }) : error;
}
