// The index of a program file and the program id over it (spec/formats.md 10.2).

import {
  type JsonForm,
  type JsonObject,
  jsonHex,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonUint,
  malformed,
  pointer,
} from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { jcs, stringifyDocument } from "../encoding/index.ts";
import { compareBytes, taggedHash, utf8Encode } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { checkEncoding, type DocumentSource, openDocument, readFields } from "./document.ts";
import { checkProjectVersion } from "./versions.ts";

/** A tile of the program and its code digest. */
export interface BundleTile {
  readonly id: string;
  readonly code: Uint8Array;
}

/** A file of the archive. */
export interface BundleFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** The index without its program id. Tiles ascend by id, files by the bytes of their paths. */
export interface BundleIndex {
  readonly project: string;
  readonly version: string;
  /** Entry sequence by rule 11.1, or null. */
  readonly entry: string | null;
  readonly schemaHash: Uint8Array;
  readonly tiles: readonly BundleTile[];
  readonly files: readonly BundleFile[];
  /** Files of artifacts; null in the program file of a recorded run. */
  readonly artifacts: readonly BundleFile[] | null;
}

/** An index and the program id that it has. */
export interface IdentifiedIndex extends BundleIndex {
  readonly programId: Uint8Array;
}

/** Program id and text of `index.json`. */
export function writeBundleIndex(index: BundleIndex): {
  readonly programId: Uint8Array;
  readonly text: string;
} {
  const written = { ...index, formatVersion: "1.0", encoding: "postcard" };
  const unnamed = { ...Object(indexJson.write({ ...written, programId: new Uint8Array(32) })) };
  const programId = programIdOf(unnamed);
  return { programId, text: stringifyDocument(indexJson.write({ ...written, programId })) };
}

/**
 * Reads `index.json`. The program id is computed from the document as it stands, unknown fields
 * included, and not compared with the stated one here.
 */
export function readBundleIndex(
  text: string,
  subject: string,
): Result<{ readonly index: IdentifiedIndex; readonly computedId: Uint8Array }, Failure> {
  const source: DocumentSource = { format: "bundle", subject };
  const doc = openDocument(text, source);
  if (!doc.ok) return doc;
  const encoding = checkEncoding(doc.value, source, { required: true });
  if (!encoding.ok) return encoding;
  const fraction = fractionIn(doc.value, "");
  if (fraction !== null) return err({ ...fraction, ...source });
  const fields = readFields(indexJson, doc.value, source);
  if (!fields.ok) return fields;
  const { formatVersion: _version, encoding: _encoding, ...index } = fields.value;
  const version = checkProjectVersion(index.version, { path: "/version", subject });
  if (!version.ok) return version;
  const order = orderFault(index);
  if (order !== null) return err({ ...order, ...source });
  return ok({ index, computedId: programIdOf(doc.value) });
}

/** Ascending order of texts by their UTF-8 bytes. */
export function compareTexts(a: string, b: string): number {
  return compareBytes(utf8Encode(a), utf8Encode(b));
}

interface Written extends IdentifiedIndex {
  readonly formatVersion: string;
  readonly encoding: string;
}

const filesJson = jsonList(
  jsonRecord<BundleFile>({
    path: jsonString,
    size: jsonUint(Number.MAX_SAFE_INTEGER),
    sha256: jsonHex(32),
  }),
);

const indexJson: JsonForm<Written> = jsonRecord<Written>({
  formatVersion: jsonString,
  project: jsonString,
  version: jsonString,
  encoding: jsonString,
  entry: jsonOption(jsonString, { omit: false }),
  schemaHash: jsonHex(32),
  tiles: jsonList(jsonRecord<BundleTile>({ id: jsonString, code: jsonHex(32) })),
  files: filesJson,
  artifacts: jsonOption(filesJson, { omit: true }),
  programId: jsonHex(32),
});

/** `H("raster.bundle.v1", jcs(index without program_id and artifacts))`. */
function programIdOf(document: JsonObject): Uint8Array {
  const { program_id: _id, artifacts: _artifacts, ...rest } = document;
  return taggedHash("raster.bundle.v1", utf8Encode(jcs(rest)));
}

/** The first number that is no integer: such a document has no canonical form (1.1). */
function fractionIn(doc: unknown, path: string): Failure | null {
  if (typeof doc === "number") {
    return Number.isSafeInteger(doc) ? null : malformed(path, "an integer", doc);
  }
  if (typeof doc !== "object" || doc === null) return null;
  for (const [key, value] of Object.entries(doc)) {
    const fault = fractionIn(value, pointer(path, key));
    if (fault !== null) return fault;
  }
  return null;
}

function orderFault(index: BundleIndex): Failure | null {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["tiles", index.tiles.map((tile) => tile.id)],
    ["files", index.files.map((file) => file.path)],
    ["artifacts", (index.artifacts ?? []).map((file) => file.path)],
  ];
  for (const [key, names] of lists) {
    for (const [position, name] of names.entries()) {
      const before = names[position - 1];
      if (before === undefined || compareTexts(before, name) < 0) continue;
      return malformed(`/${key}/${position}`, `names that ascend, after ${before}`, name);
    }
  }
  return null;
}
