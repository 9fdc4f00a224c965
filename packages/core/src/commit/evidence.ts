// Documents about parts of a committed trace (spec/formats.md 16.4, 19.2, 20): what they hold, and
// their JSON form. Reading checks the shape alone; whether a document proves anything is checked by
// whoever is to be convinced (raster/verify).

import { type Failure, type PlainJson, unsupportedVersion } from "../diagnostic/failure.ts";
import { jcs, type PlainDocument, parseDocument, stringifyDocument } from "../encoding/index.ts";
import { fromHex, taggedHash, toHex, utf8Encode } from "../hash/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import { type TraceTree, traceCommitment } from "./commitment.ts";
import {
  isJsonObject,
  type JsonForm,
  type JsonObject,
  jsonBool,
  jsonBytes,
  jsonChoice,
  jsonHex,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonUint,
  malformed,
  ownField,
  pointer,
} from "./json-form.ts";

/** Versions of these documents that this release reads (2.1). */
export const EVIDENCE_VERSIONS: readonly string[] = ["1.0"];

/** What a party has committed to. */
export interface CommittedClaim extends TraceTree {
  readonly traceCommitment: Uint8Array;
}

/** A leaf: bytes of its record, which may be no record, and the proof that it is in the tree. */
export interface Opening {
  readonly record: Uint8Array;
  readonly inclusion: readonly Uint8Array[];
}

/** Bytes of values by digest in hex. */
export type ValueTable = ReadonlyMap<string, Uint8Array>;

/** Some steps of a run, with what replaying them takes (19.2). */
export interface WindowDocument {
  readonly windowId: Uint8Array;
  readonly schemaHash: Uint8Array;
  /** The program file to look for; what runs is bound by the code digests of the records. */
  readonly programId: Uint8Array | null;
  readonly entry: string;
  readonly trace: { readonly size: number; readonly root: Uint8Array };
  readonly start: number;
  readonly end: number;
  readonly frontier: readonly Uint8Array[];
  readonly prefixRoot: Uint8Array;
  readonly prefixProof: readonly Uint8Array[];
  readonly records: readonly Uint8Array[];
  readonly endProof: readonly Uint8Array[];
  readonly preState: Uint8Array;
  readonly preRecord: Uint8Array;
  readonly preRecordProof: readonly Uint8Array[];
  /** Leaf 0, which names schema, entry and program; null where it is `preRecord`. */
  readonly genesis: Opening | null;
  readonly lists: readonly Uint8Array[];
  readonly values: ValueTable;
}

/** One side of a dispute. */
export type Party = "a" | "b";

/** A question of the bisection and both answers (20.1). */
export interface DisputeRound {
  readonly mid: number;
  readonly rootA: Uint8Array;
  readonly proofA: readonly Uint8Array[];
  readonly rootB: Uint8Array;
  readonly proofB: readonly Uint8Array[];
  readonly equal: boolean;
}

/** A party gave no answer, or one that does not hold. `question`: `root 17`, `leaf 3`. */
export interface Forfeit {
  readonly party: Party;
  readonly question: string;
  readonly reason: string;
}

/** The transcript of a dispute (20.1). What was not reached is null. */
export interface DisputeDocument {
  readonly a: CommittedClaim;
  readonly b: CommittedClaim;
  readonly genesis: { readonly a: Opening; readonly b: Opening } | null;
  /** `mid` is the smaller size. */
  readonly common: DisputeRound | null;
  readonly rounds: readonly DisputeRound[];
  /** The first leaf on which they differ; null where there is none, or it was not reached. */
  readonly leaf: number | null;
  /** Leaf `leaf - 1`, or the last common leaf of traces of different sizes; opened by A. */
  readonly pre: Opening | null;
  readonly opened: { readonly a: Opening; readonly b: Opening } | null;
  readonly forfeit: Forfeit | null;
  readonly verdict: "none" | "genesis" | "leaf" | "overrun" | "cut" | "forfeit";
  /** Who has lost by now; null where the disputed step has to be judged first. */
  readonly loser: Party | null;
}

/** Evidence that a committed trace is wrong at one leaf (20.2). */
export interface FraudProofDocument {
  readonly claim: CommittedClaim;
  readonly leafIndex: number;
  /** Leaf 0, which names program and entry; null where it is `pre` or `step`. */
  readonly genesis: Opening | null;
  /** Null for leaf 0. */
  readonly pre: (Opening & { readonly state: Uint8Array }) | null;
  readonly step: Opening;
  readonly program: {
    readonly programId: Uint8Array;
    readonly tiles: readonly { readonly tileId: string; readonly code: Uint8Array }[];
  };
  readonly values: ValueTable;
  readonly lists: readonly Uint8Array[];
  /** A hint; whoever checks finds the reason. */
  readonly reason: string;
  readonly expected: { readonly record: Uint8Array } | null;
  readonly proofId: Uint8Array;
}

/** That a record is a leaf of a committed trace (16.4). */
export interface InclusionDocument extends Opening {
  readonly kind: "inclusion";
  readonly claim: CommittedClaim;
  readonly leafIndex: number;
}

/** That a committed trace begins with an earlier one (16.4). */
export interface ConsistencyDocument {
  readonly kind: "consistency";
  readonly claim: CommittedClaim;
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly consistency: readonly Uint8Array[];
}

/** What `trace prove` writes. */
export type ProofDocument = InclusionDocument | ConsistencyDocument;

/** The claim that a tree stands for. */
export function claimOf(tree: TraceTree): CommittedClaim {
  const { size, root, schemaHash } = tree;
  return { size, root, schemaHash, traceCommitment: traceCommitment(tree) };
}

const hash = jsonHex(32);
const hashes = jsonList(hash);
const anyHex = jsonHex(null);
const count = jsonUint(Number.MAX_SAFE_INTEGER);

const claimJson = jsonRecord<CommittedClaim>({
  size: count,
  root: hash,
  schemaHash: hash,
  traceCommitment: hash,
});

const opening = jsonRecord<Opening>({ record: anyHex, inclusion: hashes });
const openings = jsonRecord<{ readonly a: Opening; readonly b: Opening }>({
  a: opening,
  b: opening,
});

const valueTable: JsonForm<ValueTable> = {
  omitNull: false,
  write: (table) =>
    Object.fromEntries(
      [...table]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([digest, bytes]) => [digest, jsonBytes.write(bytes)]),
    ),
  read: (doc, path) => {
    if (!isJsonObject(doc)) return err(malformed(path, "an object", doc));
    const table = new Map<string, Uint8Array>();
    for (const [digest, item] of Object.entries(doc)) {
      const at = pointer(path, digest);
      if (fromHex(digest)?.length !== 32)
        return err(malformed(at, "a digest of 64 hex digits as key", digest));
      const bytes = jsonBytes.read(item, at);
      if (!bytes.ok) return bytes;
      table.set(digest, bytes.value);
    }
    return ok(table);
  },
};

const nullable = <T>(inner: JsonForm<T>): JsonForm<T | null> => jsonOption(inner, { omit: true });

const windowJson = jsonRecord<WindowDocument>({
  windowId: hash,
  schemaHash: hash,
  programId: jsonOption(hash, { omit: true }),
  entry: jsonString,
  trace: jsonRecord<WindowDocument["trace"]>({ size: count, root: hash }),
  start: count,
  end: count,
  frontier: hashes,
  prefixRoot: hash,
  prefixProof: hashes,
  records: jsonList(anyHex),
  endProof: hashes,
  preState: anyHex,
  preRecord: anyHex,
  preRecordProof: hashes,
  genesis: nullable(opening),
  lists: jsonList(jsonBytes),
  values: valueTable,
});

const round = jsonRecord<DisputeRound>({
  mid: count,
  rootA: hash,
  proofA: hashes,
  rootB: hash,
  proofB: hashes,
  equal: jsonBool,
});

const party = jsonChoice<Party>(["a", "b"]);

const disputeJson = jsonRecord<DisputeDocument>({
  a: claimJson,
  b: claimJson,
  genesis: nullable(openings),
  common: nullable(round),
  rounds: jsonList(round),
  leaf: jsonOption(count, { omit: false }),
  pre: nullable(opening),
  opened: nullable(openings),
  forfeit: nullable(jsonRecord<Forfeit>({ party, question: jsonString, reason: jsonString })),
  verdict: jsonChoice(["none", "genesis", "leaf", "overrun", "cut", "forfeit"] as const),
  loser: jsonOption(party, { omit: false }),
});

const fraudJson = jsonRecord<FraudProofDocument>({
  claim: claimJson,
  leafIndex: count,
  genesis: nullable(opening),
  pre: nullable(
    jsonRecord<Opening & { readonly state: Uint8Array }>({
      record: anyHex,
      inclusion: hashes,
      state: anyHex,
    }),
  ),
  step: opening,
  program: jsonRecord<FraudProofDocument["program"]>({
    programId: hash,
    tiles: jsonList(
      jsonRecord<FraudProofDocument["program"]["tiles"][number]>({
        tileId: jsonString,
        code: hash,
      }),
    ),
  }),
  values: valueTable,
  lists: jsonList(jsonBytes),
  reason: jsonString,
  expected: nullable(jsonRecord<{ readonly record: Uint8Array }>({ record: anyHex })),
  proofId: hash,
});

const inclusionJson = jsonRecord<Omit<InclusionDocument, "kind">>({
  claim: claimJson,
  leafIndex: count,
  record: anyHex,
  inclusion: hashes,
});

const consistencyJson = jsonRecord<Omit<ConsistencyDocument, "kind">>({
  claim: claimJson,
  from: jsonRecord<ConsistencyDocument["from"]>({ size: count, root: hash }),
  consistency: hashes,
});

/** Kinds of proof documents. */
export type ProofKind = ProofDocument["kind"];

/** Text of a window document. */
export function writeWindow(window: WindowDocument): string {
  return textOf("window", windowJson.write(window));
}

/** Reads a window document. `E_UNSUPPORTED_VERSION`, `E_MALFORMED`. */
export function readWindow(text: string, subject: string): Result<WindowDocument, Failure> {
  const document = openDocument(text, { format: "window", kinds: ["window"], subject });
  return document.ok ? shaped(windowJson, document.value, { format: "window", subject }) : document;
}

/** Text of a transcript. */
export function writeDispute(dispute: DisputeDocument): string {
  return textOf("dispute", disputeJson.write(dispute));
}

/** Reads a transcript. `E_UNSUPPORTED_VERSION`, `E_MALFORMED`. */
export function readDispute(text: string, subject: string): Result<DisputeDocument, Failure> {
  const format = "dispute";
  const document = openDocument(text, { format, kinds: ["dispute"], subject });
  return document.ok ? shaped(disputeJson, document.value, { format, subject }) : document;
}

/** Text of a fraud proof; its id is computed. */
export function writeFraudProof(proof: Omit<FraudProofDocument, "proofId">): string {
  const document = headed(
    "fraud-proof",
    fraudJson.write({ ...proof, proofId: new Uint8Array(32) }),
  );
  return stringifyDocument({ ...document, proof_id: toHex(fraudProofId(document)) });
}

/** A fraud proof as somebody sent it, and the id of what it holds. */
export interface ReceivedFraudProof extends FraudProofDocument {
  readonly contentId: Uint8Array;
}

/**
 * Reads a fraud proof; whether its id fits is one of its checks. `E_UNSUPPORTED_VERSION`,
 * `E_MALFORMED`.
 */
export function readFraudProof(text: string, subject: string): Result<ReceivedFraudProof, Failure> {
  const format = "fraud-proof";
  const document = openDocument(text, { format, kinds: [format], subject });
  if (!document.ok) return document;
  const proof = shaped(fraudJson, document.value, { format, subject });
  return proof.ok ? ok({ ...proof.value, contentId: fraudProofId(document.value) }) : proof;
}

/** `H("raster.fraud.v1", jcs(fraud proof without "proof_id"))` (1.3). */
export function fraudProofId(document: JsonObject): Uint8Array {
  const { proof_id: _own, ...rest } = document;
  return taggedHash("raster.fraud.v1", utf8Encode(jcs(rest)));
}

/** Text of a proof document. */
export function writeProof(proof: ProofDocument): string {
  const { kind } = proof;
  const body = kind === "inclusion" ? inclusionJson.write(proof) : consistencyJson.write(proof);
  return textOf(kind, body);
}

/** Reads a proof document. `E_UNSUPPORTED_VERSION`, `E_MALFORMED`. */
export function readProof(text: string, subject: string): Result<ProofDocument, Failure> {
  const format = "proof";
  const kinds: readonly ProofKind[] = ["inclusion", "consistency"];
  const document = openDocument(text, { format, kinds, subject });
  if (!document.ok) return document;
  const at = { format, subject };
  if (ownField(document.value, "kind") === "inclusion") {
    const read = shaped(inclusionJson, document.value, at);
    return read.ok ? ok({ kind: "inclusion", ...read.value }) : read;
  }
  const read = shaped(consistencyJson, document.value, at);
  return read.ok ? ok({ kind: "consistency", ...read.value }) : read;
}

function headed(kind: string, body: PlainJson): { readonly [key: string]: PlainJson } {
  assert(typeof body === "object" && body !== null, "a document is an object");
  const fields = Object.entries<PlainJson>(body);
  return { format_version: "1.0", kind, ...Object.fromEntries(fields) };
}

function textOf(kind: string, body: PlainJson): string {
  return stringifyDocument(headed(kind, body));
}

/** Version first, then the kind, then that everything in it can be hashed (2.2). */
function openDocument(
  text: string,
  wanted: { readonly format: string; readonly kinds: readonly string[]; readonly subject: string },
): Result<JsonObject, Failure> {
  const { format, kinds, subject } = wanted;
  const parsed = parseDocument(text, { subject, format });
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const refuse = (path: string, expected: string, found: unknown): Result<JsonObject, Failure> =>
    err({ ...malformed(path, expected, found), format, subject });
  if (!isJsonObject(document)) return refuse("", "an object", document);
  const version = ownField(document, "format_version");
  if (typeof version !== "string") return refuse("/format_version", "a version string", version);
  if (!EVIDENCE_VERSIONS.includes(version)) {
    const supported = EVIDENCE_VERSIONS;
    const path = "/format_version";
    return err(unsupportedVersion({ format, found: version, supported, subject, path }));
  }
  const kind = ownField(document, "kind");
  if (typeof kind !== "string" || !kinds.includes(kind))
    return refuse("/kind", kinds.join(" or "), kind);
  const fraction = fractionIn(document, "");
  return fraction === null ? ok(document) : refuse(fraction, "an integer", "a fraction");
}

/** Pointer of a number that canonical JSON has no form for, or null (1.1). */
function fractionIn(value: PlainDocument | unknown, path: string): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? null : path;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const found = fractionIn(item, pointer(path, key));
    if (found !== null) return found;
  }
  return null;
}

function shaped<T>(
  form: JsonForm<T>,
  document: JsonObject,
  where: { readonly format: string; readonly subject: string },
): Result<T, Failure> {
  const read = form.read(document, "");
  return read.ok ? read : err({ ...read.error, ...where });
}
