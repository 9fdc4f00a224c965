// BLAKE3 in its three modes, for programs; no format of ours uses it (formats 1.3).

import { blake3 as nobleBlake3 } from "@noble/hashes/blake3.js";
import { assert } from "../result/result.ts";
import { utf8Encode } from "./utf8.ts";

/** BLAKE3 hash with `lengthBytes` of output. */
export function blake3(bytes: Uint8Array, lengthBytes = 32): Uint8Array {
  return nobleBlake3(bytes, { dkLen: lengthBytes });
}

/** Keyed BLAKE3; the key has 32 bytes. */
export function blake3Keyed(key: Uint8Array, bytes: Uint8Array, lengthBytes = 32): Uint8Array {
  assert(key.length === 32, "a BLAKE3 key has 32 bytes");
  return nobleBlake3(bytes, { key, dkLen: lengthBytes });
}

/** BLAKE3 key derivation from key material under a context text. */
export function blake3DeriveKey(
  context: string,
  keyMaterial: Uint8Array,
  lengthBytes = 32,
): Uint8Array {
  return nobleBlake3(keyMaterial, { context: utf8Encode(context), dkLen: lengthBytes });
}
