// Published vectors of the hash functions, from spec/vectors (origin and licence are named there).

import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import {
  blake3,
  blake3DeriveKey,
  blake3Keyed,
  crc32,
  fromHex,
  HASH_TAGS,
  hkdfExtract,
  hkdfSha256,
  hmacSha256,
  setSha256,
  sha256,
  taggedHash,
  toHex,
  utf8Encode,
} from "./index.ts";

function text(name: string): string {
  return readFileSync(new URL(`../../../../spec/vectors/${name}.json`, import.meta.url), "utf8");
}

function hex(value: string): Uint8Array {
  const bytes = fromHex(value);
  if (bytes === null) throw new Error(`no hex: ${value}`);
  return bytes;
}

describe("vector files", () => {
  // Any edit of a published vector must be deliberate: it changes its digest here.
  it.each([
    ["sha256", "b89c06622da26e5bf3a920b91939dcb7396169805df4268c008a5581dea10a3a"],
    ["hmac-sha256-wycheproof", "8148f16eec7d0e92a145c10efe679f21d657cc1ada2aa5edac9e4c9963f54a73"],
    ["hkdf-sha256-rfc5869", "346f35354515d980b19981d22fcfae815dfbf3ef7d32d9d4f5ae21dc0e477fd1"],
    ["hkdf-sha256-wycheproof", "738ebcfa80536843725e535af58e5482c572ca600a9feefc057d2dff4e2a80a3"],
    ["blake3", "b8b299a128c5efc44b04037b54fa1d340e1c3d6bfba8502a00a56bb96721813f"],
    ["postcard", "d5fac5fba554bcf06c1ee656f0b6f691bd048cb7203216b18b28b712f2553220"],
    ["json-input", "0c9d29b4a12aa1c196d28a97402b0b259ae4506958d5655aa7ea32b90c0fca13"],
  ])("%s is unchanged", (name, digest) => {
    expect(toHex(sha256(utf8Encode(text(name))))).toBe(digest);
  });
});

describe("SHA-256", () => {
  const vectors: {
    cavp_short: { len_bits: number; msg: string; md: string }[];
    fips: { desc: string; msg?: string; repeat?: { byte: string; count: number }; md: string }[];
  } = JSON.parse(text("sha256"));

  it("gives the digests of the CAVP short messages", () => {
    expect(vectors.cavp_short).toHaveLength(65);
    vectors.cavp_short.forEach(({ len_bits, msg, md }, i) => {
      expect(len_bits).toBe(8 * i);
      expect(hex(msg)).toHaveLength(len_bits / 8);
      expect(toHex(sha256(hex(msg)))).toBe(md);
    });
  });

  it("gives the digests of the FIPS 180-4 examples", () => {
    expect(vectors.fips).toHaveLength(3);
    for (const { msg, repeat, md } of vectors.fips) {
      const input = repeat
        ? new Uint8Array(repeat.count).fill(hex(repeat.byte)[0] ?? 0)
        : hex(msg ?? "");
      expect(toHex(sha256(input))).toBe(md);
    }
  });

  it("can be replaced and restored", () => {
    setSha256(() => new Uint8Array(32).fill(7));
    expect(sha256(new Uint8Array(0))).toEqual(new Uint8Array(32).fill(7));
    setSha256(null);
    expect(toHex(sha256(new Uint8Array(0)))).toBe(vectors.cavp_short[0]?.md);
  });

  afterEach(() => setSha256(null));
});

describe("HMAC-SHA-256", () => {
  const {
    cases,
  }: {
    cases: {
      tcId: number;
      key: string;
      msg: string;
      tag: string;
      tag_bits: number;
      result: string;
    }[];
  } = JSON.parse(text("hmac-sha256-wycheproof"));

  it("agrees with the Wycheproof cases, truncated and invalid ones included", () => {
    expect(cases).toHaveLength(174);
    expect(cases.filter(({ result }) => result === "valid")).toHaveLength(66);
    cases.forEach(({ tcId, key, msg, tag, tag_bits, result }, i) => {
      expect(tcId).toBe(i + 1);
      const mac = hmacSha256(hex(key), hex(msg)).subarray(0, tag_bits / 8);
      expect([tcId, toHex(mac) === tag]).toEqual([tcId, result === "valid"]);
    });
  });
});

describe("HKDF-SHA-256", () => {
  it("gives keys and output of RFC 5869 appendix A", () => {
    const {
      cases,
    }: {
      cases: {
        ikm: string;
        salt: string;
        info: string;
        length: number;
        prk: string;
        okm: string;
      }[];
    } = JSON.parse(text("hkdf-sha256-rfc5869"));
    expect(cases).toHaveLength(3);
    for (const { ikm, salt, info, length, prk, okm } of cases) {
      expect(toHex(hkdfExtract(hex(salt), hex(ikm)))).toBe(prk);
      const output = hkdfSha256({
        keyMaterial: hex(ikm),
        salt: hex(salt),
        info: hex(info),
        lengthBytes: length,
      });
      expect(toHex(output)).toBe(okm);
    }
  });

  it("agrees with the Wycheproof cases and refuses lengths that are too large", () => {
    const {
      cases,
    }: {
      cases: {
        tcId: number;
        ikm: string;
        salt: string;
        info: string;
        size: number;
        okm: string;
        result: string;
      }[];
    } = JSON.parse(text("hkdf-sha256-wycheproof"));
    expect(cases).toHaveLength(86);
    expect(cases.filter(({ result }) => result === "valid")).toHaveLength(83);
    cases.forEach(({ tcId, ikm, salt, info, size, okm, result }, i) => {
      expect(tcId).toBe(i + 1);
      const derive = () =>
        hkdfSha256({ keyMaterial: hex(ikm), salt: hex(salt), info: hex(info), lengthBytes: size });
      if (result === "valid") expect([tcId, toHex(derive())]).toEqual([tcId, okm]);
      else expect(derive).toThrow("0 to 8160");
    });
  });
});

describe("BLAKE3", () => {
  it("gives hash, keyed hash and derived key of the official vectors", () => {
    const vectors: {
      key: string;
      key_hex: string;
      context_string: string;
      cases: { input_len: number; hash: string; keyed_hash: string; derive_key: string }[];
    } = JSON.parse(text("blake3"));
    const key = utf8Encode(vectors.key);
    expect(toHex(key)).toBe(vectors.key_hex);
    expect(vectors.cases).toHaveLength(35);
    for (const { input_len, hash, keyed_hash, derive_key } of vectors.cases) {
      const input = Uint8Array.from({ length: input_len }, (_, i) => i % 251);
      const context = vectors.context_string;
      expect(toHex(blake3(input, hash.length / 2))).toBe(hash);
      expect(toHex(blake3Keyed(key, input, keyed_hash.length / 2))).toBe(keyed_hash);
      expect(toHex(blake3DeriveKey(context, input, derive_key.length / 2))).toBe(derive_key);
      expect(toHex(blake3(input))).toBe(hash.slice(0, 64));
      expect(toHex(blake3Keyed(key, input))).toBe(keyed_hash.slice(0, 64));
      expect(toHex(blake3DeriveKey(context, input))).toBe(derive_key.slice(0, 64));
    }
  });
});

describe("tagged hash", () => {
  it("gives the worked examples, which use every tag once", () => {
    const { tagged_hash }: { tagged_hash: { tag: string; payload: string; hash: string }[] } =
      JSON.parse(text("raster-worked"));
    expect(tagged_hash.map(({ tag }) => tag).sort()).toEqual([...HASH_TAGS].sort());
    for (const tag of HASH_TAGS) {
      const vector = tagged_hash.find((one) => one.tag === tag);
      expect(toHex(taggedHash(tag, hex(vector?.payload ?? "")))).toBe(vector?.hash);
    }
  });
});

describe("CRC-32", () => {
  it("has the check value of ISO-HDLC (formats 14.1)", () => {
    expect(crc32(utf8Encode("123456789")).toString(16)).toBe("cbf43926");
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
