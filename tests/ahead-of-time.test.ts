// Native code ahead of time: what `lumen build --aot` makes of a program is all that its runs in
// tier T3 ask for.

import { openLlvmEngine } from "@lumen/runtime/llvm";
import { createMachine, linkProgram, numericModules } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { generatedProgram, TIER_GENERATORS } from "./fuzz/tier-programs.ts";
import { NATIVE, nativeSetting } from "./tier-runs.ts";

const SEED = 771;
const PROGRAMS = 6;

describe.skipIf(!NATIVE.ok)("a program that was built ahead of time", () => {
  it.each(TIER_GENERATORS)("is not compiled when it runs: programs $about", (generator) => {
    const objects = new Map<string, Uint8Array>();
    const asked = { found: 0, missed: 0 };
    const engine = openLlvmEngine({
      read: (key) => {
        const object = objects.get(key) ?? null;
        asked[object === null ? "missed" : "found"] += 1;
        return object;
      },
      write: (key, object) => {
        objects.set(key, object);
      },
    });
    if (!engine.ok) throw new Error(engine.error);
    for (let index = 1; index <= PROGRAMS; index += 1) {
      const program = generatedProgram(generator, { seed: SEED, index });
      const linked = linkProgram(program.modules);
      if (!linked.ok) throw new Error(linked.error.message);
      for (const module of numericModules(linked.value, (name) => !name.startsWith("std.")))
        engine.value.prepare(module);
      asked.missed = 0;
      for (const { cell, params } of program.cells) {
        if (params.length > 0) continue;
        const compile = nativeSetting(engine.value);
        const options = { entry: cell, args: [], tiles: "inline", door: true, compile } as const;
        createMachine(linked.value, options).run();
      }
      expect(asked.missed).toBe(0);
    }
    if (generator.isNumeric) expect(asked.found).toBeGreaterThan(PROGRAMS);
  });
});
