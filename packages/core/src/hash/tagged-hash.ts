// Domain-separated SHA-256: the one table of tags and the hash over it (formats 1.3).

import { sha256 } from "./sha256.ts";
import { utf8Encode } from "./utf8.ts";

/** Every use of the hash except the Merkle tree. A changed payload layout means a new tag. */
export const HASH_TAGS = [
  "raster.method.v1",
  "raster.code.v1",
  "raster.source.v1",
  "raster.type.v1",
  "raster.schema.cfs.v1",
  "raster.bundle.v1",
  "raster.value.v1",
  "raster.state.v1",
  "raster.step.v1",
  "raster.trace.v1",
  "raster.window.v1",
  "raster.frame.v1",
  "raster.process.v1",
  "raster.fraud.v1",
] as const;

/** A domain of {@link taggedHash}. */
export type HashTag = (typeof HASH_TAGS)[number];

const PREFIXES: ReadonlyMap<HashTag, Uint8Array> = new Map(
  HASH_TAGS.map((tag) => [tag, utf8Encode(`${tag}\0`)]),
);

/** The bytes that go before the payload: the tag in ASCII and one zero byte. */
export function tagPrefix(tag: HashTag): Uint8Array {
  return PREFIXES.get(tag) ?? utf8Encode(`${tag}\0`);
}

/** `SHA-256(tag ‖ 00 ‖ payload)`, 32 bytes. */
export function taggedHash(tag: HashTag, payload: Uint8Array): Uint8Array {
  const prefix = tagPrefix(tag);
  const input = new Uint8Array(prefix.length + payload.length);
  input.set(prefix);
  input.set(payload, prefix.length);
  return sha256(input);
}
