// The cost model of 21.2, the selection of models, and the price of LIR instructions.

import { describe, expect, it } from "vitest";
import { OPCODE_NAMES } from "../lir/opcodes.ts";
import { type CostModel, lirInstructionCycles, RV32IM_1, selectCostModel } from "./cost-models.ts";

const small: CostModel = { ...RV32IM_1, name: "small", segmentLog2: 13 };

describe("selecting a model", () => {
  it("finds the built-in one and those passed in", () => {
    expect(selectCostModel("rv32im-1")).toEqual({ ok: true, value: RV32IM_1 });
    expect(selectCostModel("small", [small])).toEqual({ ok: true, value: small });
  });

  it("names the known ones when there is none of that name", () => {
    const refused = selectCostModel("gpu", [small]);
    expect(refused).toMatchObject({ ok: false, error: { code: "E_USAGE", phase: "analyze" } });
    expect(refused.ok ? "" : refused.error.message).toContain("rv32im-1, small");
  });

  it.each([12, 25, 20.5])("refuses segments of 2^%d", (segmentLog2) => {
    const wrong = { ...small, segmentLog2 };
    expect(selectCostModel("small", [wrong])).toMatchObject({ error: { code: "E_MALFORMED" } });
  });
});

describe("LIR instructions", () => {
  it("cost what 21.2 states for i64 operations, with two words per register", () => {
    expect(lirInstructionCycles(RV32IM_1, "add_int")).toBe(4 + 3 * 2);
    expect(lirInstructionCycles(RV32IM_1, "mul_int")).toBe(10 + 3 * 2);
    expect(lirInstructionCycles(RV32IM_1, "div_int")).toBe(60 + 3 * 2);
    expect(lirInstructionCycles(RV32IM_1, "shl_int")).toBe(8 + 3 * 2);
    expect(lirInstructionCycles(RV32IM_1, "add_float")).toBe(100 + 3 * 2);
    expect(lirInstructionCycles(RV32IM_1, "call", 2)).toBe(10 + 2 * 4);
  });

  it("pay for what they allocate: 20 and a cycle per 16 bytes", () => {
    const empty = lirInstructionCycles(RV32IM_1, "list_new", 0);
    expect(empty).toBe(2 + 20 + 1);
    expect(lirInstructionCycles(RV32IM_1, "list_new", 3)).toBe(2 + 3 * 4 + 20 + 2);
  });

  it("all cost something", () => {
    for (const opcode of OPCODE_NAMES) {
      expect(lirInstructionCycles(RV32IM_1, opcode), opcode).toBeGreaterThan(0);
    }
  });
});
