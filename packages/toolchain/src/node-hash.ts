// The fast path of hashing on Node: the same SHA-256, by the platform.

import { createHash } from "node:crypto";
import { setSha256 } from "@lumen/core/hash";

/** Makes every hash of this process use the platform's implementation. */
export function installNodeHash(): void {
  setSha256((bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()));
}
