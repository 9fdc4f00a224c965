// Manifests of tiles (spec/formats.md 8.2): the one beside an artifact, and the one in a program
// file, which says nothing about a backend (10.2).

import {
  type JsonForm,
  type JsonObject,
  jsonChoice,
  jsonHex,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonUint,
  malformed,
  ownField,
} from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { stringifyDocument, typeHash } from "../encoding/index.ts";
import { equalBytes } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import {
  checkEncoding,
  type DocumentSource,
  jsonType,
  openDocument,
  readFields,
  unknownFields,
} from "./document.ts";

/** Format version that is written. */
const VERSION = "1.0";

/** A tile is run once, or repeated with its own state (7.1). */
export type TileKind = "iter" | "recur";

/** The types of a tile. `typeHash` is that of {@link tileTypeHash}. */
export interface TileAbi {
  readonly inputs: readonly { readonly name: string; readonly type: TypeDescriptor }[];
  readonly output: TypeDescriptor;
  /** E of a tile that returns result[T, E], else null. */
  readonly error: TypeDescriptor | null;
  readonly typeHash: Uint8Array;
}

/** Name and version of the program that made an artifact. */
export interface CompilerName {
  readonly name: string;
  readonly version: string;
}

/** Manifest of an artifact. Optional keys are null where absent. */
export interface TileManifest {
  readonly tileId: string;
  readonly backend: string;
  /** Lowercase hex; its length depends on the backend (8.3). */
  readonly methodId: Uint8Array;
  /** Bytes of the guest file, 0 if there is none. */
  readonly elfSize: number;
  /** Opaque cache key (8.4); absent: stale. */
  readonly sourceHash: string | null;
  readonly guestFile: string | null;
  readonly abi: TileAbi | null;
  readonly kind: TileKind | null;
  /** Digest of the code the guest was made from; absent: not bound to code. */
  readonly code: Uint8Array | null;
  readonly compiler: CompilerName | null;
  /** Keys that this release does not know, kept when the manifest is written again. */
  readonly extra: JsonObject;
}

/** Manifest of a tile in a program file. */
export interface ProgramTileManifest {
  readonly tileId: string;
  readonly code: Uint8Array;
  readonly kind: TileKind | null;
  readonly abi: TileAbi | null;
}

/** `H("raster.type.v1", jcs({"tuple":[{"tuple":[inputs…]} or "unit", output]}))` (8.2). */
export function tileTypeHash(
  inputs: readonly TypeDescriptor[],
  output: TypeDescriptor,
): Uint8Array {
  return typeHash({ tuple: [inputs.length === 0 ? "unit" : { tuple: inputs }, output] });
}

/** Text of an artifact's manifest. */
export function writeTileManifest(manifest: TileManifest): string {
  const { extra, ...fields } = manifest;
  const known = manifestJson.write({ ...fields, formatVersion: VERSION, encoding: "postcard" });
  return stringifyDocument({ ...Object(known), ...extra });
}

/**
 * Reads an artifact's manifest: `E_MALFORMED` or `E_UNSUPPORTED_VERSION`. A command that can
 * rebuild treats either as stale; `verify` refuses the artifact (8.2).
 */
export function readTileManifest(text: string, subject: string): Result<TileManifest, Failure> {
  const source: DocumentSource = { format: "tile-manifest", subject };
  const doc = openManifest(text, source);
  if (!doc.ok) return doc;
  const fields = readFields(manifestJson, doc.value, source);
  if (!fields.ok) return fields;
  const { formatVersion: _version, encoding: _encoding, ...manifest } = fields.value;
  const abi = checkAbi(manifest.abi, source);
  if (!abi.ok) return abi;
  return ok({ ...manifest, extra: unknownFields(doc.value, MANIFEST_KEYS) });
}

/** Text of the manifest of a tile in a program file. */
export function writeProgramTile(manifest: ProgramTileManifest): string {
  const more = { formatVersion: VERSION, encoding: "postcard" };
  return stringifyDocument(programTileJson.write({ ...manifest, ...more }));
}

/** Reads the manifest of a tile in a program file; keys of a backend are refused (10.2). */
export function readProgramTile(
  text: string,
  subject: string,
): Result<ProgramTileManifest, Failure> {
  const source: DocumentSource = { format: "tile-manifest", subject };
  const doc = openManifest(text, source);
  if (!doc.ok) return doc;
  for (const key of BACKEND_KEYS) {
    const found = ownField(doc.value, key);
    if (found === undefined) continue;
    return err({ ...malformed(`/${key}`, "no key that depends on a backend", found), ...source });
  }
  const fields = readFields(programTileJson, doc.value, source);
  if (!fields.ok) return fields;
  const { formatVersion: _version, encoding: _encoding, ...manifest } = fields.value;
  const abi = checkAbi(manifest.abi, source);
  return abi.ok ? ok(manifest) : abi;
}

/** What stands in the file beside the fields of our data. */
interface Written {
  readonly formatVersion: string | null;
  readonly encoding: string | null;
}

const BACKEND_KEYS = ["backend", "method_id", "elf_size", "source_hash", "guest_file"];

const MANIFEST_KEYS = [
  ...["tile_id", ...BACKEND_KEYS, "format_version", "encoding"],
  ...["abi", "kind", "code", "compiler"],
];

const abiJson: JsonForm<TileAbi> = jsonRecord<TileAbi>({
  inputs: jsonList(
    jsonRecord<{ readonly name: string; readonly type: TypeDescriptor }>({
      name: jsonString,
      type: jsonType,
    }),
  ),
  output: jsonType,
  error: jsonOption(jsonType, { omit: true }),
  typeHash: jsonHex(32),
});

const optionalString = jsonOption(jsonString, { omit: true });
const optionalAbi = jsonOption(abiJson, { omit: true });
const optionalKind = jsonOption(jsonChoice<TileKind>(["iter", "recur"]), { omit: true });

const manifestJson: JsonForm<Omit<TileManifest, "extra"> & Written> = jsonRecord({
  tileId: jsonString,
  backend: jsonString,
  methodId: jsonHex(null),
  elfSize: jsonUint(Number.MAX_SAFE_INTEGER),
  sourceHash: optionalString,
  formatVersion: optionalString,
  encoding: optionalString,
  guestFile: optionalString,
  abi: optionalAbi,
  kind: optionalKind,
  code: jsonOption(jsonHex(32), { omit: true }),
  compiler: jsonOption(jsonRecord<CompilerName>({ name: jsonString, version: jsonString }), {
    omit: true,
  }),
});

const programTileJson: JsonForm<ProgramTileManifest & Written> = jsonRecord({
  tileId: jsonString,
  code: jsonHex(32),
  kind: optionalKind,
  formatVersion: optionalString,
  encoding: optionalString,
  abi: optionalAbi,
});

function openManifest(text: string, source: DocumentSource): Result<JsonObject, Failure> {
  const doc = openDocument(text, source);
  if (!doc.ok) return doc;
  const encoding = checkEncoding(doc.value, source, { required: false });
  return encoding.ok ? doc : encoding;
}

function checkAbi(abi: TileAbi | null, source: DocumentSource): Result<null, Failure> {
  if (abi === null) return ok(null);
  const types = abi.inputs.map((input) => input.type);
  if (equalBytes(abi.typeHash, tileTypeHash(types, abi.output))) return ok(null);
  const refusal = malformed("/abi/type_hash", "the type hash of inputs and output", "another hash");
  return err({ ...refusal, ...source });
}
