// Modules that the encoder writes are modules for the engine, whatever instruction is in them.

import { required } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { Assembler } from "./assembler.ts";
import { webAssembly } from "./engine.ts";
import { encodeModule, HOST_MODULE, MEMORY_NAME, type WasmModule } from "./module.ts";
import { type OpsWith, rowOf, WASM_OPS, type WasmOp } from "./opcodes.ts";
import { HELPERS, type HelperName } from "./support-functions.ts";

const engine = required(webAssembly(), "Node has WebAssembly");

/** A module with an imported function, a global and one exported function. */
function moduleWith(body: Assembler, result: "i32" | "i64" | "f64" | null): WasmModule {
  return {
    imports: [{ name: "sin", params: ["f64"], result: "f64" }],
    memory: { pagesMin: 1, pagesMax: 2 },
    globals: ["i64", "i32"],
    functions: [{ params: [], result, body, exported: "run" }],
  };
}

function run(body: Assembler, result: "i32" | "i64" | "f64"): unknown {
  const memory = new engine.Memory({ initial: 1, maximum: 2 });
  const host = { [MEMORY_NAME]: memory, sin: Math.sin };
  const module = new engine.Module(encodeModule(moduleWith(body, result)));
  return new engine.Instance(module, { [HOST_MODULE]: host }).exports.run?.();
}

function write(asm: Assembler, name: WasmOp): void {
  const { immediate } = rowOf(name);
  if (immediate === "none") asm.op(name as OpsWith<"none">);
  else if (immediate === "index" || immediate === "memory") asm.at(name as OpsWith<"index">, 0);
  else if (immediate === "zero" || immediate === "zeros") asm.whole(name as OpsWith<"zero">);
  else if (immediate === "i32") asm.i32(-7);
  else if (immediate === "i64") asm.i64(-(2n ** 63n));
  else asm.f64(-0);
}

describe("encodeModule", () => {
  it.each(Object.keys(WASM_OPS) as WasmOp[])("%s", (name) => {
    const body = new Assembler(0);
    body.local("i64");
    body.op("unreachable");
    write(body, name);
    body.op("unreachable");
    expect(engine.validate(encodeModule(moduleWith(body, null)))).toBe(true);
  });

  it("can be wrong: types that do not fit are refused", () => {
    const body = new Assembler(0).i32(1).i64(1).op("i64.add");
    expect(engine.validate(encodeModule(moduleWith(body, "i64")))).toBe(false);
  });

  it("keeps every bit of constants", () => {
    expect(run(new Assembler(0).i64(-(2n ** 63n)), "i64")).toBe(-(2n ** 63n));
    expect(run(new Assembler(0).f64(-0), "f64")).toBe(-0);
    expect(run(new Assembler(0).f64(Number.MIN_VALUE), "f64")).toBe(Number.MIN_VALUE);
  });

  it("calls imported functions, which are numbered first", () => {
    expect(run(new Assembler(0).f64(2).at("call", 0), "f64")).toBe(Math.sin(2));
  });

  it.each([
    [0, 20],
    [1, 10],
    [7, 10],
  ])("branches to the label of %i", (chosen, expected) => {
    const asm = new Assembler(0);
    const outer = asm.open("block", "i32");
    const labels = [asm.open("block"), asm.open("block")];
    asm.i32(chosen).brTable(labels);
    asm.close().i32(10).br(outer).close().i32(20).close();
    expect(run(asm, "i32")).toBe(expected);
  });

  it("writes the helpers", () => {
    const names = Object.keys(HELPERS) as HelperName[];
    const bytes = encodeModule({
      imports: [],
      memory: { pagesMin: 1, pagesMax: 2 },
      globals: ["i64", "i64", "i64", "i64", "i64", "i32", "i32", "i32"],
      functions: names.map((name) => {
        const { params, result, write: body } = HELPERS[name];
        return { params, result, body: body((other) => names.indexOf(other)), exported: null };
      }),
    });
    expect(engine.validate(bytes)).toBe(true);
  });
});
