// What a check of evidence about parts of a trace works with: the schema ready to run, and values
// by their digests (spec/formats.md 19.2, 20.2).

import {
  compileSchema,
  readCfs,
  type Schema,
  schemaHash,
  type TileSignature,
  type ValueSource,
} from "@lumen/core/cfs";
import type { ValueTable } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { valueDigest } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, type Result } from "@lumen/core/result";
import type { StepMaterial } from "./judge-step.ts";

/** The program as a check of evidence needs it. */
export interface EvidenceMaterial extends StepMaterial {
  /** The CFS document. */
  readonly schema: unknown;
  /** Types from tile manifests, for documents that carry none (18.2). */
  readonly signatureOf?: (tileId: string) => TileSignature | undefined;
}

/** The schema with this hash and entry. `E_SCHEMA_HASH` where the one at hand is another. */
export function schemaOf(
  material: EvidenceMaterial,
  wanted: { readonly schemaHash: Uint8Array; readonly entry: string },
): Result<Schema, Failure> {
  const hash = schemaHash(material.schema);
  if (!equalBytes(hash, wanted.schemaHash)) {
    const message = `the schema at hand has the hash ${toHex(hash)}, wanted is ${toHex(wanted.schemaHash)}`;
    return err(failure("E_SCHEMA_HASH", "dispute", message));
  }
  const { signatureOf } = material;
  const cfs = readCfs(material.schema, {
    entry: wanted.entry,
    ...(signatureOf === undefined ? {} : { signatureOf }),
  });
  return cfs.ok ? compileSchema(cfs.value, wanted.entry) : cfs;
}

/** Values of a document by digest. */
export function sourceOf(values: ValueTable): ValueSource {
  return { bytesOf: (digest) => values.get(toHex(digest)) };
}

/** The key of a value that has another digest, or null (15.2). */
export function wrongValue(values: ValueTable): string | null {
  for (const [digest, bytes] of values) if (toHex(valueDigest(bytes)) !== digest) return digest;
  return null;
}
