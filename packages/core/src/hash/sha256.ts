// SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) over it.

import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { assert } from "../result/result.ts";

type HashFunction = (bytes: Uint8Array) => Uint8Array;

/** Most bytes that one derivation gives (RFC 5869 2.3). */
export const HKDF_LENGTH_MAX: number = 255 * 32;

let implementation: HashFunction = nobleSha256;

/** SHA-256 of the bytes: 32 bytes, fresh. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return implementation(bytes);
}

/** Replaces the implementation for the whole process by a faster one; null restores ours. */
export function setSha256(replacement: HashFunction | null): void {
  implementation = replacement ?? nobleSha256;
}

/** HMAC-SHA-256, 32 bytes (RFC 2104). */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, message);
}

/** The pseudorandom key of RFC 5869 2.2; an empty salt stands for 32 zero bytes. */
export function hkdfExtract(salt: Uint8Array, keyMaterial: Uint8Array): Uint8Array {
  return extract(nobleSha256, keyMaterial, salt);
}

/** HKDF-SHA-256 (RFC 5869). `lengthBytes` must be at most {@link HKDF_LENGTH_MAX} = 8160. */
export function hkdfSha256(args: {
  readonly keyMaterial: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly lengthBytes: number;
}): Uint8Array {
  const { keyMaterial, salt, info, lengthBytes } = args;
  const inRange = Number.isInteger(lengthBytes) && lengthBytes >= 0;
  assert(inRange && lengthBytes <= HKDF_LENGTH_MAX, "an HKDF length is 0 to 8160");
  if (lengthBytes === 0) return new Uint8Array(0);
  return expand(nobleSha256, hkdfExtract(salt, keyMaterial), info, lengthBytes);
}
