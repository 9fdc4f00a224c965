// Every case of spec/vectors/postcard.json, strict and lenient.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../hash/index.ts";
import type { TypeDescriptor, Value } from "../value/index.ts";
import { compareValues, equalValues } from "../value/index.ts";
import {
  checkTypeDescriptor,
  decodeValue,
  decodeValuePrefix,
  encodeValue,
  parseJson,
  valueFromJson,
  valueToJsonText,
} from "./index.ts";

interface Sample {
  readonly id?: string;
  readonly type: TypeDescriptor;
  readonly value: unknown;
  readonly hex: string;
}

interface Invalid {
  readonly id: string;
  readonly type: TypeDescriptor;
  readonly hex: string;
  readonly reason: string;
  readonly crate_accepts: boolean;
  readonly crate_value: unknown;
  readonly crate_leftover_bytes: number;
  readonly strict: string;
}

const vectors: {
  spec: Sample[];
  spec_canonicality_table: {
    type: TypeDescriptor;
    hex: string;
    spec_canonical: boolean;
    spec_accepted: boolean;
  }[];
  crate_tests: Sample[];
  generated: Sample[];
  invalid: Invalid[];
} = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/postcard.json", import.meta.url), "utf8"),
);

function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === null) throw new Error(`no hex: ${text}`);
  return bytes;
}

/** A value in JSON value form, where maps of string keys may be written as objects. */
function fromForm(type: TypeDescriptor, form: unknown): Value {
  const node = parseJson(JSON.stringify(form));
  if (!node.ok) throw new Error(node.error.message);
  const value = valueFromJson(type, node.value);
  if (!value.ok) throw new Error(value.error.message);
  return value.value;
}

function same(a: Value, b: Value): boolean {
  return equalValues(a, b) || compareValues(a, b) === 0;
}

describe.each([
  ["spec", vectors.spec, 18],
  ["crate_tests", vectors.crate_tests, 33],
  ["generated", vectors.generated, 465],
] as const)("%s", (_, samples, count) => {
  it("has all cases, each with its own id", () => {
    expect(samples).toHaveLength(count);
    const ids = samples.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("encodes and decodes every value, in both modes, and writes its JSON form", () => {
    for (const { type, value: form, hex: text } of samples) {
      expect(checkTypeDescriptor(type).ok).toBe(true);
      const value = fromForm(type, form);
      const bytes = encodeValue(type, value);
      expect(bytes.ok && toHex(bytes.value)).toBe(text);
      for (const mode of ["strict", "lenient"] as const) {
        const decoded = decodeValue(type, hex(text), { mode });
        expect(decoded.ok && same(decoded.value, value)).toBe(true);
      }
      const written = valueToJsonText(type, value);
      if (!written.ok) throw new Error(written.error.message);
      // The vectors write an f32 with all digits of the double, we write the shortest that suffice.
      const isExact = !JSON.stringify(type).includes('"f32"');
      if (isExact) expect(JSON.parse(written.value)).toEqual(form);
      expect(same(fromForm(type, JSON.parse(written.value)), value)).toBe(true);
    }
  });
});

describe("canonicality table", () => {
  it("is accepted as the format's own document says", () => {
    expect(vectors.spec_canonicality_table).toHaveLength(7);
    for (const {
      type,
      hex: text,
      spec_canonical,
      spec_accepted,
    } of vectors.spec_canonicality_table) {
      expect(decodeValue(type, hex(text)).ok).toBe(spec_canonical);
      expect(decodeValue(type, hex(text), { mode: "lenient" }).ok).toBe(spec_accepted);
    }
  });
});

describe("invalid", () => {
  it("has all cases in order", () => {
    const ids = vectors.invalid.map(({ id }) => id);
    expect(ids).toEqual(
      Array.from({ length: 69 }, (_, i) => `bad-${String(i + 1).padStart(3, "0")}`),
    );
  });

  it.each(vectors.invalid)("$id is refused strictly for $reason", (vector) => {
    expect(vector.strict).toBe("reject");
    const result = decodeValue(vector.type, hex(vector.hex), { subject: "case" });
    if (result.ok) throw new Error("accepted");
    const { code, phase, subject, details, offset } = result.error;
    expect({ code, phase, subject, details }).toEqual({
      code: "E_DECODE",
      phase: "decode",
      subject: "case",
      details: { reason: vector.reason },
    });
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(vector.hex.length / 2);
    expect(result.error.message).toMatch(/^Failed to deserialize input: /);
  });

  it.each(vectors.invalid)("$id is read leniently as the reference decoder does", (vector) => {
    const result = decodeValuePrefix(vector.type, hex(vector.hex), { mode: "lenient" });
    expect(result.ok).toBe(vector.crate_accepts);
    if (!result.ok) {
      expect(vector.crate_value).toBeNull();
      expect(vector.crate_leftover_bytes).toBe(0);
      return;
    }
    expect(result.value.leftoverBytes).toBe(vector.crate_leftover_bytes);
    const written = valueToJsonText(vector.type, result.value.value);
    expect(written.ok && JSON.parse(written.value)).toEqual(vector.crate_value);
  });
});
