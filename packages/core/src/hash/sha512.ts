// SHA-512 (FIPS 180-4), for programs; no format of ours uses it.

import { sha512 as nobleSha512 } from "@noble/hashes/sha2.js";

/** SHA-512 of the bytes: 64 bytes, fresh. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return nobleSha512(bytes);
}
