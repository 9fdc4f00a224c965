// The fast path of hashing on Node: the same SHA-256, by the platform.

import { hash } from "node:crypto";
import { setSha256 } from "@lumen/core/hash";

/** Makes every hash of this process use the platform's implementation. */
export function installNodeHash(): void {
  // Without a stream object for each hash: most hashed texts are short.
  setSha256((bytes) => new Uint8Array(hash("sha256", bytes, "buffer")));
}
