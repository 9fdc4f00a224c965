// What code by LLVM does besides computing, beside WebAssembly: blocks, memory, calls, traps, the
// depth of calls; and what becomes of code that nobody holds any more.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { required } from "@lumen/core/result";
import type { Assembler, WasmModule } from "@lumen/vm/numeric";
import { describe, expect, it } from "vitest";
import { loadedCount, MODULE_BYTES_MAX, MODULE_LOOPS_MAX } from "./engine.ts";
import {
  ENGINES,
  FIRST,
  HOST,
  moduleOf,
  NATIVE,
  outcomes,
  Prepared,
  RESULT_AT,
  type Write,
} from "./testing/engines.ts";

/** Both engines say so. */
function expectBoth(module: WasmModule, expected: string, count = 1): void {
  expect(outcomes(module, count)).toEqual([expected, expected]);
}

/** A chain of choices: its number is left. */
function tableOf(chosen: number): Write {
  return (asm) => {
    const outer = asm.open("block", "i64");
    const labels = [asm.open("block"), asm.open("block"), asm.open("block")];
    asm.i32(chosen).brTable(labels.toReversed());
    for (const value of [10, 20]) asm.close().i64(value).br(outer);
    asm.close().i64(30).close();
  };
}

/** The sum of the numbers below `n`, in a loop whose end leaves two blocks. */
function sumBelow(n: number): Write {
  return (asm) => {
    const [i, sum] = [asm.local("i64"), asm.local("i64")];
    const done = asm.open("block");
    const head = asm.open("loop");
    asm.at("local.get", i).i64(n).op("i64.ge_s").brIf(done);
    asm.at("local.get", sum).at("local.get", i).op("i64.add").at("local.set", sum);
    asm.at("local.get", i).i64(1).op("i64.add").at("local.tee", i).op("drop").br(head);
    asm.close().close().at("local.get", sum);
  };
}

/** Calls itself so often, with so many values that are alive meanwhile. */
function nested(depth: number, held: number): WasmModule {
  const writeNested = (asm: Assembler): void => {
    const locals = Array.from({ length: held }, () => asm.local("i64"));
    asm.at("local.get", 0).op("i64.eqz").open("if");
    asm.i64(1).op("return").close();
    locals.forEach((local, i) => {
      asm
        .at("local.get", 0)
        .i64(i + 3)
        .op("i64.mul")
        .i32(8 * i)
        .at("i64.load", RESULT_AT);
      asm.op("i64.xor").at("local.set", local);
    });
    asm.at("local.get", 0).i64(1).op("i64.sub").at("call", FIRST);
    for (const local of locals) asm.at("local.get", local).op("i64.add");
  };
  return moduleOf("i64", (asm) => asm.i64(depth).at("call", FIRST), [
    { params: ["i64"], result: "i64", write: writeNested },
  ]);
}

describe.skipIf(NATIVE === null)("code by LLVM", () => {
  it.each([
    [0, "a"],
    [1, "14"],
    [2, "1e"],
    [7, "1e"],
    [-1, "1e"],
  ])("branches by a table: %i", (chosen, expected) => {
    expectBoth(moduleOf("i64", tableOf(chosen)), expected);
  });

  it("turns in loops and leaves them", () => {
    expectBoth(moduleOf("i64", sumBelow(101)), (5050).toString(16));
  });

  it("gives what conditions give, and skips what cannot be reached", () => {
    const choice =
      (condition: number): Write =>
      (asm) => {
        asm.i32(condition).open("if", "f64");
        asm.f64(1).otherwise();
        const block = asm.open("block", "f64");
        asm.f64(2).br(block);
        // Never done, though it is there.
        for (const kind of ["block", "loop"] as const) asm.open(kind);
        asm.op("unreachable").open("if");
        asm.op("unreachable").otherwise().close();
        asm.close().close().op("unreachable").close().close();
      };
    expectBoth(moduleOf("f64", choice(1)), "3ff0000000000000");
    expectBoth(moduleOf("f64", choice(0)), "4000000000000000");
  });

  it("chooses, and drops", () => {
    for (const [condition, expected] of [
      ["5", "7"],
      ["0", "8"],
    ])
      expectBoth(
        moduleOf("i64", (asm) => {
          asm.i64(7).i64(8).i32(Number(condition)).op("select").f64(1).op("drop");
        }),
        required(expected, "it is said"),
      );
  });

  it("reads and writes at any place, any width", () => {
    const store = (asm: Assembler): void => {
      asm.i32(3).i64(0x1122334455667788n).at("i64.store", RESULT_AT);
      asm.i32(1).i32(0x1ff).at("i32.store8", RESULT_AT);
      asm.i32(16).i32(5).at("i64.load32_u", RESULT_AT).at("i64.store", RESULT_AT);
      asm.i32(24).i32(4).at("i32.load8_u", RESULT_AT).op("i64.extend_i32_s");
      asm.at("i64.store", RESULT_AT);
      asm
        .i32(RESULT_AT + 34)
        .i32(RESULT_AT + 1)
        .i32(9)
        .whole("memory.copy");
      // What overlaps is copied as if it did not.
      asm
        .i32(RESULT_AT + 36)
        .i32(RESULT_AT + 34)
        .i32(9)
        .whole("memory.copy");
    };
    const [expected, found] = outcomes(moduleOf(null, store), 6);
    expect(found).toBe(expected);
    // 0xff at 1025, then the number from 1027 on, and so on: nothing stayed 0.
    expect(expected?.split(" ")).not.toContain("0");
  });

  it("counts pages, and grows until there are no more", () => {
    const grow = (asm: Assembler): void => {
      asm.i32(0).whole("memory.size").i32(2).whole("memory.grow").op("i32.eq");
      asm.at("i32.store", RESULT_AT);
      asm
        .i32(4)
        .i32(2 ** 15)
        .whole("memory.grow")
        .at("i32.store", RESULT_AT);
      asm.i32(8).i32(-1).whole("memory.grow").at("i32.store", RESULT_AT);
      asm.i32(12).i32(0).whole("memory.grow").whole("memory.size").op("i32.eq");
      asm.at("i32.store", RESULT_AT);
    };
    const before = ENGINES.map(({ memory }) => memory.buffer.byteLength);
    expectBoth(moduleOf(null, grow), "ffffffff00000001 1ffffffff", 2);
    const after = ENGINES.map(({ memory }) => memory.buffer.byteLength);
    expect(after).toEqual(before.map((bytes) => bytes + 2 ** 17));
    // What was made is 0, and stays when more is made.
    for (const { memory } of ENGINES) {
      const last = memory.buffer.byteLength - 1;
      expect(new Uint8Array(memory.buffer)[last]).toBe(0);
      new Uint8Array(memory.buffer)[last] = 7;
      memory.grow(1);
      expect(new Uint8Array(memory.buffer)[last]).toBe(7);
    }
  });

  it("keeps globals between functions and calls", () => {
    const module = moduleOf("i64", (asm) => asm.i64(5).at("call", FIRST).at("global.get", 0), [
      {
        params: ["i64"],
        result: null,
        write: (asm) => {
          asm.at("global.get", 0).at("local.get", 0).op("i64.add").at("global.set", 0);
        },
      },
    ]);
    for (const engine of ENGINES) {
      const prepared = new Prepared(engine, module);
      expect([prepared.outcome(), prepared.outcome()]).toEqual(["5", "a"]);
    }
  });

  it("calls functions of the host, with their operands in their order", () => {
    expectBoth(
      moduleOf("f64", (asm) => asm.f64(9).at("call", 0)),
      "4012000000000000",
    );
    expectBoth(
      moduleOf("f64", (asm) => asm.f64(3).f64(1).at("call", 1)),
      "4000000000000000",
    );
  });

  it("leaves all functions where one of them traps", () => {
    const inner = (asm: Assembler): void => {
      asm.i64(1).i32(RESULT_AT).at("i64.load", 0).op("i64.div_s");
    };
    const store = (asm: Assembler): void => {
      asm.at("call", FIRST).op("drop").i32(8).i64(1).at("i64.store", RESULT_AT);
    };
    const module = moduleOf(null, (asm) => asm.at("call", FIRST + 1), [
      { params: [], result: "i64", write: inner },
      { params: [], result: null, write: store },
    ]);
    expectBoth(module, "trap", 2);
    for (const { memory } of ENGINES) {
      expect(new DataView(memory.buffer).getBigUint64(RESULT_AT + 8, true)).toBe(0n);
      new DataView(memory.buffer).setBigUint64(RESULT_AT, 3n, true);
    }
    expectBoth(
      moduleOf("i64", (asm) => asm.op("unreachable")),
      "trap",
    );
  });

  it("has a stack for as many calls as may nest, however much they hold", () => {
    for (const [depth, held] of [
      [200, 3],
      [200, 60],
      [8, 900],
    ]) {
      const [expected, found] = outcomes(nested(depth ?? 0, held ?? 0));
      expect(found).toBe(expected);
    }
  });

  it("refuses a module that would take too long", () => {
    const large = moduleOf(null, (asm) => {
      for (let i = 0; i < MODULE_BYTES_MAX / 2; i += 1) asm.i32(i).op("drop");
    });
    const loops = (count: number): WasmModule =>
      moduleOf("i64", (asm) => {
        for (let i = 0; i < count; i += 1) asm.open("loop");
        for (let i = 0; i < count; i += 1) asm.close();
        asm.i64(count);
      });
    const engine = required(NATIVE, "it is installed");
    expect(engine.compile(large, HOST)).toMatch(/too large/);
    expect(engine.compile(loops(MODULE_LOOPS_MAX + 1), HOST)).toMatch(/too large/);
    expectBoth(loops(MODULE_LOOPS_MAX), MODULE_LOOPS_MAX.toString(16));
  });

  it("is there once for equal modules, and freed when nobody can call it", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const engine = required(NATIVE, "it is installed");
    const before = loadedCount();
    const make = (n: number): Prepared =>
      new Prepared(
        engine,
        moduleOf("i64", (asm) => asm.i64(1_000_000 + n)),
      );
    const kept = make(0);
    expect(kept.outcome()).toBe("f4240");
    for (let n = 0; n < 20; n += 1) expect(make(n).outcome()).not.toBe("trap");
    expect(loadedCount()).toBe(before + 20);
    for (let turn = 0; turn < 50 && loadedCount() > before + 1; turn += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(loadedCount()).toBeLessThanOrEqual(before + 1);
    expect(kept.outcome()).toBe("f4240");
    expect(make(3).outcome()).toBe("f4243");
  });
});
