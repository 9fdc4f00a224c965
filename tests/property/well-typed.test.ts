// Generated programs that are right by construction compile, lower to LIR that the validator
// accepts, and give the same bytes every time.

import { encodeModule, validateModule, validateProgram } from "@lumen/core/lir";
import { compileText } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { randomOf } from "../fuzz/random.ts";
import { wellTypedProgram } from "./well-typed.ts";

const COUNT = 60;

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("well-typed programs", () => {
  it("compile, lower to valid LIR, and always to the same", () => {
    for (let seed = 1; seed <= COUNT; seed++) {
      const text = wellTypedProgram(randomOf(2026, seed));
      const { program, diagnostics } = compileText({ text, extension: "lm" });
      const errors = diagnostics.filter((d) => d.severity === "error");
      const shown = errors.map((d) => `${d.code} ${d.message}`);
      expect(shown, `seed ${seed}\n${text}`).toEqual([]);
      if (program === null) throw new Error(`seed ${seed}: no program without errors`);
      for (const module of program.modules) {
        const validated = validateModule(module);
        expect(validated.ok ? "valid" : validated.error.message, `seed ${seed}`).toBe("valid");
      }
      const linked = validateProgram(program.modules);
      expect(linked.ok ? "valid" : linked.error.message, `seed ${seed}`).toBe("valid");
      const again = compileText({ text, extension: "lm" }).program;
      const bytes = (p: typeof program) => p.modules.map((m) => hex(encodeModule(m)));
      expect(again === null ? null : bytes(again), `seed ${seed}`).toEqual(bytes(program));
    }
  });
});
