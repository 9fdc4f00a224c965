// Worked fingerprint files, every broken part of one, and the audit.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, sha256, toHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import {
  auditFailure,
  auditFingerprint,
  decodeFingerprint,
  encodeFingerprint,
  type Fingerprint,
  FingerprintBuilder,
  type FingerprintLayout,
  fingerprintItem,
  layoutOfBits,
  layoutOfWindow,
} from "./fingerprint.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");
const roots: readonly Uint8Array[] = worked.commitment.prefix_roots.map(bytes);
const schemaHash = bytes(worked.schema_hash[0].schema_hash);

function fingerprintOf(prefixRoots: readonly Uint8Array[], layout: FingerprintLayout): Fingerprint {
  const builder = new FingerprintBuilder(layout);
  for (const root of prefixRoots) builder.push(root);
  return builder.finish(schemaHash, required(prefixRoots.at(-1), "there is a leaf"));
}

function items(fingerprint: Fingerprint): bigint[] {
  return Array.from({ length: fingerprint.size }, (_, i) => fingerprintItem(fingerprint, i));
}

/** Fingerprints with only some bits per item: arbitrary 32 byte roots from a seed. */
const someRoots = Array.from({ length: 50 }, (_, i) => sha256(Uint8Array.of(i)));

describe("worked files", () => {
  it.each([0, 1])("file %i is written and read", (number) => {
    expect(worked.fingerprint).toHaveLength(2);
    const row = worked.fingerprint[number];
    const layout = { bitsPerItem: row.bits_per_item, windowSize: row.window_size };
    const fingerprint = fingerprintOf(roots, layout);
    expect(toHex(encodeFingerprint(fingerprint))).toBe(row.file);
    const read = decodeFingerprint(bytes(row.file), "f");
    expect(read).toEqual({ ok: true, value: fingerprint });
    expect(items(fingerprint)).toEqual(row.items.map(BigInt));
  });
});

describe("layouts", () => {
  it("derives the bits of every window size", () => {
    const sizes = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
    const bits = sizes.map((size) => layoutOfWindow(size)).map((r) => r.ok && r.value.bitsPerItem);
    expect(bits).toEqual([64, 32, 16, 8, 4, 2, 1, 1, 1, 1]);
  });

  it.each([0, 1, 3, 2048, 2.5, -2])("refuses window size %d", (size) => {
    expect(layoutOfWindow(size)).toMatchObject({ error: { code: "E_USAGE" } });
  });

  it("takes 1 to 64 bits", () => {
    for (const bits of [0, 65, 1.5]) expect(layoutOfBits(bits).ok).toBe(false);
    for (const bits of [1, 64]) expect(layoutOfBits(bits).ok).toBe(true);
  });

  it("packs and unpacks any number of bits", () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 50 }),
      (bitsPerItem, count) => {
        const fingerprint = fingerprintOf(someRoots.slice(0, count), {
          bitsPerItem,
          windowSize: 0,
        });
        const mask = (1n << BigInt(bitsPerItem)) - 1n;
        const low = someRoots.slice(0, count).map((root) => {
          const view = new DataView(root.buffer, root.byteOffset);
          return view.getBigUint64(0, true) & mask;
        });
        expect(items(fingerprint)).toEqual(low);
        const file = encodeFingerprint(fingerprint);
        expect(file.length).toBe(88 + 8 * Math.ceil((count * bitsPerItem) / 64) + 8);
        expect(decodeFingerprint(file, "f")).toEqual({ ok: true, value: fingerprint });
      },
    );
    fc.assert(property, { seed: 17, numRuns: 100 });
  });
});

describe("broken files", () => {
  const file = bytes(worked.fingerprint[1].file);

  /** The file with other bytes and, unless told otherwise, a check that fits them. */
  function changed(
    offset: number,
    values: readonly number[],
    options = { check: true },
  ): Uint8Array {
    const copy = file.slice();
    copy.set(values, offset);
    if (options.check) copy.set(sha256(copy.subarray(0, -8)).subarray(0, 8), copy.length - 8);
    return copy;
  }

  it.each([
    ["magic", 0, changed(0, [0x73])],
    ["no digit in the magic", 0, changed(7, [0x78])],
    ["no bits", 8, changed(8, [0])],
    ["too many bits", 8, changed(8, [65])],
    ["flags", 9, changed(9, [1])],
    ["reserved bytes", 10, changed(11, [1])],
    ["window of one", 12, changed(12, [1])],
    ["window no power of two", 12, changed(12, [33])],
    ["window too large", 12, changed(12, [0, 8])],
    ["window and bits apart", 12, changed(12, [64])],
    ["number of leaves", 16, changed(16, [17])],
    ["huge number of leaves", 16, changed(16, [255, 255, 255, 255, 255, 255, 255, 255])],
    ["unused bits", 90, changed(90, [1])],
    ["last unused bit", 95, changed(95, [0x80])],
    ["check", 96, changed(60, [1], { check: false })],
    ["one byte too long", 16, Uint8Array.of(...file, 0)],
    ["one byte short", 16, file.subarray(0, -1)],
    ["shorter than a header", 95, file.subarray(0, 95)],
    ["empty", 0, file.subarray(0, 0)],
  ])("refuses %s", (_what, offset, broken) => {
    expect(decodeFingerprint(broken, "f")).toMatchObject({
      ok: false,
      error: { code: "E_MALFORMED", format: "fingerprint", subject: "f", offset },
    });
  });

  it("refuses every changed bit and every cut", () => {
    for (let offset = 0; offset < file.length; offset += 1) {
      const flipped = changed(offset, [(file[offset] ?? 0) ^ 1], { check: false });
      expect(decodeFingerprint(flipped, "f").ok).toBe(false);
      expect(decodeFingerprint(file.subarray(0, offset), "f").ok).toBe(false);
    }
  });

  it("names another version", () => {
    expect(decodeFingerprint(changed(7, [0x32]), "f")).toMatchObject({
      error: { code: "E_UNSUPPORTED_VERSION", format: "fingerprint", found: "2", supported: ["1"] },
    });
  });
});

describe("the audit", () => {
  const layout = { bitsPerItem: 16, windowSize: 0 };
  const expected = fingerprintOf(roots, layout);
  const other = bytes("ff".repeat(32));

  it("accepts an equal run", () => {
    const verdict = auditFingerprint(expected, fingerprintOf(roots, layout));
    expect(verdict).toEqual({ kind: "accepted" });
    expect(auditFailure(verdict, "f")).toBeNull();
  });

  it("compares schemas before anything else", () => {
    const own = { ...fingerprintOf([other], layout), schemaHash: other };
    expect(auditFingerprint(expected, own).kind).toBe("schema");
  });

  it("finds the first differing item in every place", () => {
    for (let leaf = 0; leaf < roots.length; leaf += 1) {
      const own = fingerprintOf(
        roots.map((root, i) => (i < leaf ? root : other)),
        layout,
      );
      const verdict = auditFingerprint(expected, own);
      const items = { expected: fingerprintItem(expected, leaf), found: 0xffffn };
      expect(verdict).toEqual({ kind: "item", leaf, ...items });
      expect(auditFailure(verdict, "f")).toMatchObject({
        code: "E_AUDIT_MISMATCH",
        domain: "verifiable",
        details: { reason: "item", leaf, found: "65535" },
      });
    }
  });

  it("reports another length at the first missing leaf", () => {
    const own = fingerprintOf(roots.slice(0, 3), layout);
    const verdict = auditFingerprint(expected, own);
    expect(verdict).toEqual({ kind: "length", leaf: 3, expected: 4, found: 3 });
    expect(auditFailure(verdict, "f")).toMatchObject({ details: { reason: "length", leaf: 3 } });
  });

  it("tells equal items from equal runs by the root", () => {
    const verdict = auditFingerprint(expected, { ...expected, root: other });
    expect(verdict.kind).toBe("root");
    expect(auditFailure(verdict, "f")).toMatchObject({ details: { reason: "root" } });
  });
});
