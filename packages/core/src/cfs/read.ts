// Reads a control flow schema: the checks of spec/formats.md 9.3 in their order, the schema hash,
// and the entry rule (11.1).

import { type Failure, failure } from "../diagnostic/failure.ts";
import { jcs } from "../encoding/index.ts";
import { equalBytes, fromHex, taggedHash, toHex, utf8Encode } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import {
  checkArity,
  checkCycles,
  checkExternals,
  checkOrder,
  checkRange,
  checkSequenceOutputs,
} from "./check-bindings.ts";
import {
  checkCallees,
  checkIds,
  checkItemTypes,
  checkKinds,
  checkRecur,
  checkUnique,
  refusal,
} from "./check-names.ts";
import { checkTypes } from "./check-types.ts";
import type { Cfs, TileSignature } from "./model.ts";
import { type CfsShape, readShape } from "./read-shape.ts";
import { TypeTable } from "./type-table.ts";

/** How a document is read. */
export interface ReadCfsOptions {
  /** File name for messages. */
  readonly subject?: string;
  /** The requested entry (`--sequence`): decides where external arguments are allowed. */
  readonly entry?: string;
  /** Types from artifact manifests, for documents that carry none (18.2). Never hashed. */
  readonly signatureOf?: (tileId: string) => TileSignature | undefined;
}

/**
 * Stages 1 to 16 of 9.3 over a parsed document; the failure has the code of the first stage that
 * fails and, in `path`, its first place. Stage 17 is {@link selectEntry}.
 */
export function readCfs(document: unknown, options: ReadCfsOptions = {}): Result<Cfs, Failure> {
  const shape = readShape(document, options);
  if (!shape.ok) return shape;
  const failed = runChecks(shape.value, options.entry);
  if (failed !== null) {
    return err(options.subject === undefined ? failed : { ...failed, subject: options.subject });
  }
  return ok({ ...shape.value, schemaHash: schemaHash(document) });
}

/** `H("raster.schema.cfs.v1", jcs(document without "schema_hash"))` (1.3). 32 bytes. */
export function schemaHash(document: unknown): Uint8Array {
  const { schema_hash: _own, ...rest } = Object(document) as { readonly [key: string]: unknown };
  return taggedHash("raster.schema.cfs.v1", utf8Encode(jcs(rest)));
}

/**
 * Stage 17, the entry rule of 11.1: the requested sequence, else the document's `entry`, else
 * `main`. `E_NO_ENTRY` lists the sequences there are.
 */
export function selectEntry(
  cfs: Pick<Cfs, "entry" | "sequences">,
  requested?: string,
): Result<string, Failure> {
  const id = requested ?? cfs.entry ?? "main";
  const named = cfs.sequences.filter((sequence) => sequence.id === id).length;
  if (named === 1) return ok(id);
  const ids = cfs.sequences.map((sequence) => sequence.id);
  const path = requested === undefined && cfs.entry !== null ? { path: "/entry" } : {};
  if (named > 1) {
    const message = `${named} sequences are called "${id}"`;
    return err(failure("E_ENTRY_AMBIGUOUS", "load", message, { subject: id, ...path }));
  }
  const list = ids.length === 0 ? "there are none" : `there are ${ids.join(", ")}`;
  const [only] = ids;
  const hint = ids.length === 1 ? { hint: `pass --sequence ${only}` } : {};
  const message = `no sequence is called "${id}": ${list}`;
  return err(failure("E_NO_ENTRY", "load", message, { subject: id, ...path, ...hint }));
}

/** Stages 3 to 16. */
function runChecks(cfs: CfsShape, requested: string | undefined): Failure | null {
  const named =
    checkIds(cfs) ??
    checkUnique(cfs) ??
    checkKinds(cfs) ??
    checkRecur(cfs) ??
    checkCallees(cfs) ??
    checkItemTypes(cfs) ??
    checkArity(cfs) ??
    checkOrder(cfs);
  if (named !== null) return named;
  const types = new TypeTable(cfs);
  return (
    checkRange(cfs, types) ??
    checkSequenceOutputs(cfs, types) ??
    checkExternals(cfs, entryOrNull(cfs, requested)) ??
    checkCycles(cfs) ??
    checkTypes(cfs, types) ??
    checkSchemaHash(cfs)
  );
}

function entryOrNull(cfs: CfsShape, requested: string | undefined): string | null {
  const entry = selectEntry(cfs, requested);
  return entry.ok ? entry.value : null;
}

function checkSchemaHash(cfs: CfsShape): Failure | null {
  const stated = cfs.document.schema_hash;
  if (typeof stated !== "string") return null;
  const computed = schemaHash(cfs.document);
  const bytes = fromHex(stated);
  if (bytes !== null && equalBytes(bytes, computed)) return null;
  const message = `the schema hash is ${toHex(computed)}, the document says ${stated}`;
  return refusal("E_SCHEMA_HASH", "/schema_hash", message);
}
