// What holds for every back end that runs LIR: ABI, outcomes, integrity of code, no proofs.

import { codeDigest, methodId } from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { utf8Encode } from "@lumen/core/hash";
import { decodeModule, encodeModule, type LirModule } from "@lumen/core/lir";
import type { Result } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { type Backend, ESTIMATE, type TileMetadata, type TileResult } from "../backend.ts";
import { add, divide, natural, nothing, type Tile } from "../testing/lir-tiles.ts";
import { hex, unwrap } from "../testing/worked-runs.ts";
import { IsolateBackend } from "./isolate.ts";
import { NativeBackend } from "./native.ts";
import { ZkvmSimBackend } from "./zkvm-sim.ts";

const BACKENDS: readonly (() => Backend)[] = [
  () => new NativeBackend(),
  () => new IsolateBackend(),
  () => new ZkvmSimBackend(),
];

describe.each(BACKENDS.map((open) => [open().name, open] as const))("%s", (name, open) => {
  const run = async (tile: Tile, input: string): Promise<TileResult> => {
    const backend = open();
    const compiled = unwrap(await backend.compileTile(tile.metadata, tile.code));
    return unwrap(await backend.executeTile(compiled, hex(input), ESTIMATE));
  };

  it("decodes several parameters, one, and none", async () => {
    const sum = await run(add, "0450");
    expect(sum).toMatchObject({ kind: "finished", output: hex("54") });
    expect(await run(natural, "54")).toMatchObject({ kind: "finished", output: hex("54") });
    expect(await run(nothing, "")).toMatchObject({ kind: "finished", output: hex("") });
  });

  it.each([
    ["too few bytes", add, "04"],
    ["bytes behind the value", add, "045000"],
    ["bytes for no parameter", nothing, "00"],
    ["a long varint", natural, "8000"],
  ])("refuses %s with E_DECODE", async (_, tile, input) => {
    const result = await run(tile, input);
    expect(result).toMatchObject({
      kind: "failed",
      failure: { code: "E_DECODE", error: hex(""), stack: [] },
    });
    if (result.kind === "failed") {
      expect(result.failure.message).toMatch(/^Failed to deserialize input: /);
    }
  });

  it("fails with the bytes of err(e)", async () => {
    expect(await run(natural, "01")).toMatchObject({
      kind: "failed",
      failure: { code: "E_TILE_FAILED", error: hex("036e6567"), message: "tile tile failed: neg" },
    });
  });

  it("refuses a value that its type cannot hold with E_ENCODE", async () => {
    const narrow = { ...add, metadata: { ...add.metadata, output: "u8" } as const };
    const result = await run(narrow, "01a00b");
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_ENCODE", error: hex("") } });
    if (result.kind === "failed") {
      expect(result.failure.message).toMatch(/^Failed to serialize output: /);
    }
  });

  it("carries code and call stack of a fault", async () => {
    expect(await run(divide, "0200")).toMatchObject({
      kind: "failed",
      failure: {
        code: "E_TRAP_DIV_ZERO",
        error: hex(""),
        stack: [{ module: "", cell: "tile", span: null }],
      },
    });
  });

  it("names the guest by its bytes (8.3)", async () => {
    const compiled = unwrap(await open().compileTile(add.metadata, add.code));
    expect(compiled.guest).toEqual({ file: "guest.lir", bytes: add.code });
    expect(compiled.backend).toBe(name);
    expect(compiled.methodId).toEqual(methodId(name, add.code));
  });

  it("refuses code that is not that of the tile, no LIR, or of another signature", async () => {
    const compile = async (metadata: TileMetadata, code: Uint8Array): Promise<unknown> =>
      errorOf(await open().compileTile(metadata, code));
    expect(await compile(add.metadata, divide.code)).toBe("E_ARTIFACT_CORRUPT");
    const text = utf8Encode("guest:greet");
    expect(await compile({ ...add.metadata, code: codeDigest(text) }, text)).toBe("E_LIR_INVALID");
    expect(await compile({ ...add.metadata, inputs: ["i64"] }, add.code)).toBe(
      "E_ARTIFACT_CORRUPT",
    );
  });

  it("refuses an artifact whose guest is not the code", async () => {
    const backend = open();
    const compiled = unwrap(await backend.compileTile(add.metadata, add.code));
    const forged = { ...compiled, guest: { ...compiled.guest, bytes: divide.code } };
    const fresh = open();
    const ran = await fresh.executeTile(forged, hex("0450"), ESTIMATE);
    expect(errorOf(ran)).toBe("E_ARTIFACT_CORRUPT");
  });

  it("refuses a slice in which two cells have the tile's name", async () => {
    const double: LirModule = unwrap(decodeModule(add.code, "add"));
    const code = encodeModule({ ...double, cells: [...double.cells, ...double.cells] });
    const metadata = { ...add.metadata, code: codeDigest(code) };
    expect(errorOf(await open().compileTile(metadata, code))).toBe("E_LIR_INVALID");
  });

  it("has no engine for a language that nobody gave it", async () => {
    const source = utf8Encode("export default 1;\n");
    const metadata = { ...add.metadata, guest: "js", code: codeDigest(source) } as const;
    expect(errorOf(await open().compileTile(metadata, source))).toBe("E_BACKEND_UNSUPPORTED");
  });

  it("makes no proofs and estimates what is declared", async () => {
    const backend = open();
    const compiled = unwrap(await backend.compileTile(add.metadata, add.code));
    const prove = { kind: "prove", verify: true } as const;
    const proved = await backend.executeTile(compiled, hex("0450"), prove);
    expect(errorOf(proved)).toBe("E_BACKEND_UNSUPPORTED");
    const verified = await backend.verifyReceipt(compiled, hex("00"));
    expect(errorOf(verified)).toBe("E_BACKEND_UNSUPPORTED");
    const declared = { ...add.metadata, estimatedCycles: 9 };
    expect(backend.estimateResources(declared, null)).toMatchObject({
      cycles: 9,
      memoryBytes: null,
      source: "declared",
    });
  });
});

function errorOf(result: Result<unknown, Failure>): string | null {
  return result.ok ? null : result.error.code;
}
