// The native back end on hand-made LIR: ABI, outcomes, limits, integrity of code.

import { codeDigest, methodId } from "@lumen/core/commit";
import { utf8Encode } from "@lumen/core/hash";
import { type Cell, decodeModule, encodeModule, type LirModule } from "@lumen/core/lir";
import { describe, expect, it } from "vitest";
import { ESTIMATE, type TileMetadata, type TileResult } from "../backend.ts";
import { hex, unwrap } from "../testing/worked-runs.ts";
import { NativeBackend } from "./native.ts";

interface Tile {
  readonly code: Uint8Array;
  readonly metadata: TileMetadata;
}

function tileOf(
  signature: Pick<TileMetadata, "inputs" | "output"> & Partial<TileMetadata>,
  parts: Partial<LirModule> & Pick<Cell, "registers" | "result" | "code">,
): Tile {
  const { registers, result, code, ...tables } = parts;
  const paramCount = signature.inputs.length;
  const cell: Cell = {
    name: "tile",
    kind: "tile",
    paramCount,
    captureCount: 0,
    registers,
    result,
    row: [],
    code,
  };
  const module: LirModule = {
    name: "",
    types: [{ kind: "int" }],
    constants: [],
    callees: [],
    cells: [cell],
    debug: null,
    ...tables,
  };
  const bytes = encodeModule(module);
  const metadata: TileMetadata = {
    id: "tile",
    kind: "iter",
    guest: "lir",
    error: null,
    code: codeDigest(bytes),
    estimatedCycles: null,
    maxMemory: null,
    ...signature,
  };
  return { code: bytes, metadata };
}

const add = tileOf(
  { inputs: ["i64", "i64"], output: "i64" },
  {
    registers: [0, 0, 0],
    result: 0,
    code: [
      { op: "add_int", operands: [2, 0, 1] },
      { op: "return", operands: [2] },
    ],
  },
);

const divide = tileOf(
  { inputs: ["i64", "i64"], output: "i64" },
  {
    registers: [0, 0, 0],
    result: 0,
    code: [
      { op: "quot_int", operands: [2, 0, 1] },
      { op: "return", operands: [2] },
    ],
  },
);

/** err("neg") for negative numbers. */
const natural = tileOf(
  { inputs: ["i64"], output: "i64", error: "string" },
  {
    types: [
      { kind: "int" },
      { kind: "bool" },
      { kind: "string" },
      { kind: "result", ok: 0, error: 2 },
    ],
    constants: [
      { kind: "int", value: 0n },
      { kind: "string", value: "neg" },
    ],
    registers: [0, 0, 1, 2, 3],
    result: 3,
    code: [
      { op: "const", operands: [1, 0] },
      { op: "lt_int", operands: [2, 0, 1] },
      { op: "jump_unless", operands: [2, 6] },
      { op: "const", operands: [3, 1] },
      { op: "variant_new", operands: [4, 1, [3]] },
      { op: "return", operands: [4] },
      { op: "variant_new", operands: [4, 0, [0]] },
      { op: "return", operands: [4] },
    ],
  },
);

const nothing = tileOf(
  { inputs: [], output: "unit" },
  {
    types: [{ kind: "null" }],
    constants: [{ kind: "null" }],
    registers: [0],
    result: 0,
    code: [
      { op: "const", operands: [0, 0] },
      { op: "return", operands: [0] },
    ],
  },
);

const forever = tileOf(
  { inputs: [], output: "unit" },
  {
    types: [{ kind: "null" }],
    registers: [0],
    result: 0,
    code: [{ op: "jump", operands: [0] }],
  },
);

function run(tile: Tile, input: string, backend = new NativeBackend()): TileResult {
  const compiled = unwrap(backend.compileTile(tile.metadata, tile.code));
  return unwrap(backend.executeTile(compiled, hex(input), ESTIMATE));
}

describe("ABI (6)", () => {
  it("decodes several parameters, one, and none", () => {
    expect(run(add, "0450")).toEqual({
      kind: "finished",
      output: hex("54"),
      cycles: 3,
      proof: null,
    });
    expect(run(natural, "54")).toMatchObject({ kind: "finished", output: hex("54") });
    expect(run(nothing, "")).toMatchObject({ kind: "finished", output: hex("") });
  });

  it.each([
    ["too few bytes", add, "04"],
    ["bytes behind the value", add, "045000"],
    ["bytes for no parameter", nothing, "00"],
    ["a long varint", natural, "8000"],
  ])("refuses %s with E_DECODE", (_, tile, input) => {
    const result = run(tile, input);
    expect(result).toMatchObject({
      kind: "failed",
      failure: { code: "E_DECODE", error: hex(""), stack: [] },
      cycles: 0,
    });
    if (result.kind === "failed") {
      expect(result.failure.message).toMatch(/^Failed to deserialize input: /);
    }
  });

  it("fails with the bytes of err(e)", () => {
    expect(run(natural, "01")).toMatchObject({
      kind: "failed",
      failure: { code: "E_TILE_FAILED", error: hex("036e6567"), message: "tile tile failed: neg" },
    });
  });

  it("refuses a value that its type cannot hold with E_ENCODE", () => {
    const narrow = { ...add, metadata: { ...add.metadata, output: "u8" } as const };
    const result = run(narrow, "01a00b");
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_ENCODE", error: hex("") } });
    if (result.kind === "failed") {
      expect(result.failure.message).toMatch(/^Failed to serialize output: /);
    }
  });
});

describe("traps", () => {
  it("carries code and call stack of a fault", () => {
    expect(run(divide, "0200")).toMatchObject({
      kind: "failed",
      failure: {
        code: "E_TRAP_DIV_ZERO",
        error: hex(""),
        stack: [{ module: "", cell: "tile", span: null }],
      },
    });
  });

  it("runs out of fuel, and has just enough", () => {
    const fuel = 1000;
    const result = run(forever, "", new NativeBackend({ fuel }));
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_FUEL" } });
    expect(run(add, "0450", new NativeBackend({ fuel: 3 })).kind).toBe("finished");
    expect(run(add, "0450", new NativeBackend({ fuel: 2 }))).toMatchObject({
      failure: { code: "E_TRAP_FUEL" },
    });
  });
});

describe("artifacts", () => {
  it("names the guest by its bytes (8.3)", () => {
    const compiled = unwrap(new NativeBackend().compileTile(add.metadata, add.code));
    expect(compiled.guest).toEqual({ file: "guest.lir", bytes: add.code });
    expect(compiled.methodId).toEqual(methodId("native", add.code));
  });

  it("refuses code that is not that of the tile, no LIR, or of another signature", () => {
    const backend = new NativeBackend();
    const compile = (metadata: TileMetadata, code: Uint8Array): unknown =>
      backend.compileTile(metadata, code);
    expect(compile(add.metadata, divide.code)).toMatchObject({
      error: { code: "E_ARTIFACT_CORRUPT" },
    });
    const text = utf8Encode("guest:greet");
    expect(compile({ ...add.metadata, code: codeDigest(text) }, text)).toMatchObject({
      error: { code: "E_LIR_INVALID" },
    });
    expect(compile({ ...add.metadata, inputs: ["i64"] }, add.code)).toMatchObject({
      error: { code: "E_ARTIFACT_CORRUPT" },
    });
  });

  it("refuses a slice in which two cells have the tile's name", () => {
    const backend = new NativeBackend();
    const double: LirModule = unwrap(decodeModule(add.code, "add"));
    const code = encodeModule({ ...double, cells: [...double.cells, ...double.cells] });
    const metadata = { ...add.metadata, code: codeDigest(code) };
    expect(backend.compileTile(metadata, code)).toMatchObject({ error: { code: "E_LIR_INVALID" } });
  });

  it("makes no proofs and estimates what is declared", () => {
    const backend = new NativeBackend();
    const compiled = unwrap(backend.compileTile(add.metadata, add.code));
    const prove = { kind: "prove", verify: true } as const;
    expect(backend.executeTile(compiled, hex("0450"), prove)).toMatchObject({
      error: { code: "E_BACKEND_UNSUPPORTED" },
    });
    expect(backend.verifyReceipt(compiled)).toMatchObject({
      error: { code: "E_BACKEND_UNSUPPORTED" },
    });
    expect(backend.estimateResources(add.metadata).source).toBe("none");
    expect(backend.estimateResources({ ...add.metadata, estimatedCycles: 9 })).toEqual({
      cycles: 9,
      memoryBytes: null,
      source: "declared",
    });
  });
});
