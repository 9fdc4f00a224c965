// Stages 1 and 2 of spec/formats.md 9.3: versions, then the JSON shape of a whole schema. Gives the
// decoded model; what its parts mean together is checked later. Blocks are in read-items.ts.

import { type Failure, failure, unsupportedVersion } from "../diagnostic/failure.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import {
  CFS_VERSIONS,
  type Cfs,
  type CfsSequence,
  type CfsTile,
  type CfsVersion,
  type TileSignature,
} from "./model.ts";
import { NamedTypes } from "./named-types.ts";
import {
  describeJson,
  has,
  isObject,
  NodeReader,
  type ObjectNode,
  own,
  pointer,
} from "./node-reader.ts";
import { checkPlainData } from "./plain-data.ts";
import { ItemReader } from "./read-items.ts";

/** What a shape reader needs beside the document. */
export interface ShapeOptions {
  readonly subject?: string;
  readonly signatureOf?: (tileId: string) => TileSignature | undefined;
}

/** Everything but the schema hash, which only makes sense for data that passed this far. */
export type CfsShape = Omit<Cfs, "schemaHash">;

/** Stage 1: the version, then the encoding (2.2). Nothing else of the document is looked at. */
export function checkVersions(document: unknown, subject?: string): Result<CfsVersion, Failure> {
  const named = subject === undefined ? {} : { subject };
  const fields = isObject(document) ? document : null;
  if (fields === null) {
    const message = `expected an object, found ${describeJson(document)}`;
    return err(failure("E_MALFORMED", "load", message, { path: "", format: "cfs", ...named }));
  }
  const node = { path: "", fields };
  const reader = new NodeReader({ format: "cfs", ...named });
  const found = reader.stringAt(node, "version");
  if (reader.failure !== null) return err(reader.failure);
  const version = CFS_VERSIONS.find((known) => known === found);
  if (version === undefined) {
    const args = { format: "cfs", found, supported: CFS_VERSIONS, path: "/version" };
    return err(unsupportedVersion({ ...args, ...named }));
  }
  const encoding = reader.stringAt(node, "encoding");
  if (reader.failure !== null) return err(reader.failure);
  if (encoding === "postcard") return ok(version);
  const args = { format: "tile-io", supported: ["postcard"], path: "/encoding" };
  return err(unsupportedVersion({ ...args, found: encoding, ...named }));
}

/** Stages 1 and 2. `document` is plain JSON data, as `parseDocument` gives it. */
export function readShape(document: unknown, options: ShapeOptions): Result<CfsShape, Failure> {
  const versions = checkVersions(document, options.subject);
  if (!versions.ok) return versions;
  const named = options.subject === undefined ? {} : { subject: options.subject };
  const reader = new NodeReader({ format: "cfs", ...named });
  checkPlainData(reader, document);
  // Before anything recurses into the document, its depth must be known to be bounded.
  if (reader.failure !== null) return err(reader.failure);
  const shape = new ShapeReader(reader, versions.value, options).read(document);
  return reader.failure === null ? ok(shape) : err(reader.failure);
}

class ShapeReader {
  readonly #reader: NodeReader;
  readonly #version: CfsVersion;
  readonly #options: ShapeOptions;

  constructor(reader: NodeReader, version: CfsVersion, options: ShapeOptions) {
    this.#reader = reader;
    this.#version = version;
    this.#options = options;
  }

  read(document: unknown): CfsShape {
    const reader = this.#reader;
    const root = reader.object("", document);
    const absent: ObjectNode = { path: "/types", fields: {} };
    const table = has(root, "types") ? reader.objectAt(root, "types") : absent;
    const types = new NamedTypes(reader, table);
    const project = reader.stringAt(root, "project");
    const tiles = reader
      .arrayAt(root, "tiles")
      .map((e) => this.#tile(reader.object(e.path, e.value), types));
    const sequences = reader
      .arrayAt(root, "sequences")
      .map((e) => this.#sequence(reader.object(e.path, e.value), types));
    const entry = reader.optionalStringAt(root, "entry");
    if (has(root, "schema_hash")) reader.hexAt(root, "schema_hash", 32);
    if (has(root, "compiler")) this.#compiler(reader.objectAt(root, "compiler"));
    types.checkAll();
    return {
      document: root.fields,
      version: this.#version,
      project,
      entry,
      tiles,
      sequences,
      tileById: firstById(tiles),
      sequenceById: firstById(sequences),
    };
  }

  #tile(node: ObjectNode, types: NamedTypes): CfsTile {
    const reader = this.#reader;
    const id = reader.stringAt(node, "id");
    const type = reader.stringAt(node, "type");
    const inputs = reader.countAt(node, "inputs");
    const outputs = reader.countAt(node, "outputs");
    const inputTypes = this.#types(node, types, inputs);
    const outputType = this.#type(node, "output_type", types);
    // Manifest types fill in only what the document leaves open, and only where they fit it.
    const known = this.#options.signatureOf?.(id);
    const signature = known?.inputTypes.length === inputs ? known : undefined;
    return {
      path: node.path,
      id,
      type,
      inputs,
      outputs,
      inputTypes: inputTypes ?? signature?.inputTypes ?? null,
      outputType: outputType ?? signature?.outputType ?? null,
      errorType: this.#type(node, "error_type", types),
      inputNames: this.#names(node, inputs),
      maxIterations: reader.boundAt(node, "max_iterations", 1),
      description: reader.optionalStringAt(node, "description"),
      code: has(node, "code") ? reader.hexAt(node, "code", 32) : null,
      methodIds: this.#methodIds(node),
    };
  }

  #sequence(node: ObjectNode, types: NamedTypes): CfsSequence {
    const reader = this.#reader;
    const items = new ItemReader(reader, types, this.#version);
    const id = reader.stringAt(node, "id");
    const params = items.bindings(node, "input_sources");
    for (const param of params) {
      if (param.source.kind !== "external") {
        reader.refuse(`${param.path}/source/type`, "a parameter of a sequence is external");
      }
      if (param.literal !== null) {
        reader.refuse(`${param.path}/literal`, "a parameter of a sequence is no constant");
      }
    }
    return {
      path: node.path,
      id,
      params,
      items: items.items(node, "items"),
      inputTypes: this.#types(node, types, params.length),
      inputNames: this.#names(node, params.length),
      outputType: this.#type(node, "output_type", types),
      outputs: has(node, "outputs") ? reader.countAt(node, "outputs") : null,
      output: items.output(node, "output"),
    };
  }

  #type(node: ObjectNode, key: string, types: NamedTypes): TypeDescriptor | null {
    return has(node, key) ? types.read(pointer(node.path, key), own(node, key)) : null;
  }

  #types(node: ObjectNode, types: NamedTypes, count: number): TypeDescriptor[] | null {
    const elements = this.#reader.optionalArrayAt(node, "input_types");
    if (elements === null) return null;
    this.#sameLength(pointer(node.path, "input_types"), elements.length, count);
    return elements.map((e) => types.read(e.path, e.value));
  }

  #names(node: ObjectNode, count: number): string[] | null {
    const elements = this.#reader.optionalArrayAt(node, "input_names");
    if (elements === null) return null;
    this.#sameLength(pointer(node.path, "input_names"), elements.length, count);
    return elements.map((e) => this.#reader.string(e.path, e.value));
  }

  #sameLength(path: string, found: number, expected: number): void {
    if (found === expected) return;
    this.#reader.refuse(path, `expected ${expected} entries, one per input, found ${found}`);
  }

  #methodIds(node: ObjectNode): Map<string, Uint8Array> {
    const ids = new Map<string, Uint8Array>();
    if (!has(node, "method_ids")) return ids;
    const table = this.#reader.objectAt(node, "method_ids");
    // Method ids are opaque (8.3): a further backend may use another length.
    for (const key of Object.keys(table.fields)) ids.set(key, this.#reader.hexAt(table, key));
    return ids;
  }

  #compiler(node: ObjectNode): void {
    this.#reader.stringAt(node, "name");
    this.#reader.stringAt(node, "version");
  }
}

function firstById<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  const byId = new Map<string, T>();
  for (const thing of things) if (!byId.has(thing.id)) byId.set(thing.id, thing);
  return byId;
}
