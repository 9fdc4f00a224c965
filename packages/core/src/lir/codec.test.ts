// Module files: both directions, versions, and bytes that no encoder wrote (lir.md 5).

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8Encode } from "../hash/index.ts";
import { decodeModule, encodeModule } from "./codec.ts";
import type { LirModule } from "./module.ts";
import { assemble } from "./text-assemble.ts";
import { readModule } from "./validate.ts";

const TEXT = `module main
types
  0 int
  1 record Node { value: 0, next: 2 }
  2 option 1
  3 string
constants
  0 int -5
  1 string "é"
callees
  0 local 0
cell f kind tile params 2 captures 0 result 0 row {}
  registers 0 1 2 3
  0 const r0, k0
  1 place_set r1, r1, .#0, r0
  2 const r3, k1
  3 call r0, c0, [r0, r1]
  4 return r0
end
`;

function sample(): LirModule {
  const module = assemble(TEXT);
  if (!module.ok) throw new Error(module.error.message);
  const spans = Array.from({ length: 5 }, (_, i) => ({ start: i, end: i + 300 }));
  const cells = [{ spans, paramNames: ["a", "b"], locals: [{ register: 3, name: "s" }] }];
  return { ...module.value, debug: { path: "main.lm.md", cells } };
}

const FILE = encodeModule(sample());

function failureOf(bytes: Uint8Array): { readonly code: string; readonly offset: number | null } {
  const result = decodeModule(bytes, "main.lir");
  if (result.ok) return { code: "none", offset: null };
  return { code: result.error.code, offset: result.error.offset ?? null };
}

function withByte(at: number, value: number): Uint8Array {
  const bytes = FILE.slice();
  bytes[at] = value;
  return bytes;
}

describe("module files", () => {
  it("begin with the magic and version 1.0", () => {
    expect([...FILE.subarray(0, 12)]).toEqual([...utf8Encode("LUMENLIR"), 1, 0, 0, 0]);
  });

  it("read back as the module, debug information included", () => {
    expect(decodeModule(FILE, "main.lir")).toEqual({ ok: true, value: sample() });
    expect(readModule(FILE, "main.lir").ok).toBe(true);
  });

  it("of another magic are refused", () => {
    expect(failureOf(withByte(0, 0x6c))).toEqual({ code: "E_LIR_INVALID", offset: 0 });
    expect(failureOf(FILE.subarray(0, 11))).toEqual({ code: "E_LIR_INVALID", offset: 0 });
    expect(failureOf(new Uint8Array())).toEqual({ code: "E_LIR_INVALID", offset: 0 });
  });

  it("of another version are refused with the version met", () => {
    for (const [at, value, found] of [
      [8, 2, "2.0"],
      [8, 0, "0.0"],
      [10, 1, "1.1"],
    ] as const) {
      const result = decodeModule(withByte(at, value), "main.lir");
      expect(result).toMatchObject({
        error: { code: "E_UNSUPPORTED_VERSION", format: "lir", found, supported: ["1.0"] },
      });
    }
  });

  it("are refused when cut short or followed by more", () => {
    for (let length = 12; length < FILE.length; length++)
      expect(failureOf(FILE.subarray(0, length)).code).toBe("E_LIR_INVALID");
    expect(failureOf(new Uint8Array([...FILE, 0])).code).toBe("E_LIR_INVALID");
  });

  it("never make the reader throw, and read back to the same bytes where they are accepted", () => {
    const change = fc.array(fc.tuple(fc.integer({ min: 12, max: FILE.length - 1 }), fc.nat(255)), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(change, (changes) => {
        const bytes = FILE.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const result = readModule(bytes, "main.lir");
        if (result.ok) expect(encodeModule(result.value)).toEqual(bytes);
        else expect(["E_LIR_INVALID"]).toContain(result.error.code);
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });

  it("of random bytes are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        const bytes = new Uint8Array([...FILE.subarray(0, 12), ...tail]);
        const result = readModule(bytes, "main.lir");
        if (!result.ok) expect(result.error.code).toBe("E_LIR_INVALID");
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });
});
