// Digests of values and types (formats 1.3).

import { taggedHash } from "../hash/tagged-hash.ts";
import { utf8Encode } from "../hash/utf8.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { jcs } from "./document.ts";

/** `H("raster.type.v1", jcs(type))`: equal types are those with equal hashes (formats 3.1). */
export function typeHash(type: TypeDescriptor): Uint8Array {
  return taggedHash("raster.type.v1", utf8Encode(jcs(type)));
}

/** `H("raster.value.v1", bytes)` of the canonical wire bytes of a value. */
export function valueDigest(bytes: Uint8Array): Uint8Array {
  return taggedHash("raster.value.v1", bytes);
}
