// The vectors of spec/ are what they were, byte for byte, and every file of them is used by a test.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256, toHex } from "@lumen/core/hash";
import { describe, expect, it } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const VECTORS = join(ROOT, "spec/vectors");

/** SHA-256 of every file. A change here is a change of the specification: say why in its commit. */
const PINS: { readonly [name: string]: string } = {
  "blake3.json": "b8b299a128c5efc44b04037b54fa1d340e1c3d6bfba8502a00a56bb96721813f",
  "cfs-reject.json": "484fc4993fbf706d58740a3c9d5de2dfe272b97e39a1621dd5c76c4d66fae2db",
  "hkdf-sha256-rfc5869.json": "346f35354515d980b19981d22fcfae815dfbf3ef7d32d9d4f5ae21dc0e477fd1",
  "hkdf-sha256-wycheproof.json": "738ebcfa80536843725e535af58e5482c572ca600a9feefc057d2dff4e2a80a3",
  "hmac-sha256-wycheproof.json": "8148f16eec7d0e92a145c10efe679f21d657cc1ada2aa5edac9e4c9963f54a73",
  "json-input.json": "0c9d29b4a12aa1c196d28a97402b0b259ae4506958d5655aa7ea32b90c0fca13",
  "math-functions.json": "110485472dc490494304d7cff5eaa8a5aa687756de77a92a0f08097c3d84c2c5",
  "merkle-rfc6962.json": "b13eb8292a6a6e08838efb896ed843295e11fb4bfb7db226d2a61d7937e4e1be",
  "postcard.json": "d5fac5fba554bcf06c1ee656f0b6f691bd048cb7203216b18b28b712f2553220",
  "raster-worked.json": "53873c42da43e5d4eb2a887f539ab131ff7644a7e52c6e9ec9edf104e16de8ca",
  "sha256.json": "b89c06622da26e5bf3a920b91939dcb7396169805df4268c008a5581dea10a3a",
};

/** A test of the implementation that reads the file. */
const READERS: { readonly [name: string]: string } = {
  "blake3.json": "packages/core/src/hash/hash-vectors.test.ts",
  "cfs-reject.json": "packages/core/src/cfs/read-vectors.test.ts",
  "hkdf-sha256-rfc5869.json": "packages/core/src/hash/hash-vectors.test.ts",
  "hkdf-sha256-wycheproof.json": "packages/core/src/hash/hash-vectors.test.ts",
  "hmac-sha256-wycheproof.json": "packages/core/src/hash/hash-vectors.test.ts",
  "json-input.json": "packages/core/src/encoding/json-input-vectors.test.ts",
  "math-functions.json": "packages/vm/src/arithmetic/float-functions.test.ts",
  "merkle-rfc6962.json": "packages/core/src/commit/merkle.test.ts",
  "postcard.json": "packages/core/src/encoding/postcard-vectors.test.ts",
  "raster-worked.json": "packages/core/src/cfs/worked-vectors.test.ts",
  "sha256.json": "packages/core/src/hash/hash-vectors.test.ts",
};

const names = readdirSync(VECTORS).sort();

describe("spec/vectors", () => {
  it("has the pinned files, no more and no fewer", () => {
    expect(names).toEqual(Object.keys(PINS).sort());
    expect(names).toEqual(Object.keys(READERS).sort());
  });

  it.each(names)("%s is unchanged", (name) => {
    const bytes = new Uint8Array(readFileSync(join(VECTORS, name)));
    expect(toHex(sha256(bytes))).toBe(PINS[name]);
  });

  it.each(names)("%s is read by a test", (name) => {
    const test = readFileSync(join(ROOT, READERS[name] ?? ""), "utf8");
    const loads = test.includes("spec/vectors/") && !test.includes("it.skip");
    expect(loads).toBe(true);
    const stem = name.replace(/\.json$/, "");
    expect(test).toMatch(new RegExp(`spec/vectors/${name}|["'\`]${stem}["'\`]`));
  });
});
