// The fast path of hashing on Node: the same SHA-256, by the platform.

import * as crypto from "node:crypto";
import { setSha256 } from "@lumen/core/hash";

const HASH_BYTES = 32;

/** Makes every hash of this process use the platform's implementation. */
export function installNodeHash(): void {
  setSha256("hash" in crypto ? oneShot : byObject);
}

/**
 * Most inputs are a few hundred bytes, where an object for each hash costs more than hashing. As a
 * string of bytes the result costs half of what a Buffer does.
 */
function oneShot(bytes: Uint8Array): Uint8Array {
  const text = crypto.hash("sha256", bytes, "binary");
  const digest = new Uint8Array(HASH_BYTES);
  for (let i = 0; i < HASH_BYTES; i += 1) digest[i] = text.charCodeAt(i);
  return digest;
}

/** For versions of Node before 20.12. */
function byObject(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(crypto.createHash("sha256").update(bytes).digest());
}
