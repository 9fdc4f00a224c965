// Cost of an execution by the model of 21.2: input and output, paging, segments; worked by hand.

import { describe, expect, it } from "vitest";
import { RV32IM_1 } from "./cost-models.ts";
import { type GuestWork, guestCost } from "./guest-cost.ts";

const NOTHING: GuestWork = {
  instructionCycles: 0,
  codeBytes: 0,
  inputBytes: 0,
  outputBytes: 0,
  allocatedBytes: 0,
};

describe("host", () => {
  it("reads the framed input, and ends", () => {
    // One word of framing: 1 + ⌈1/4⌉ to read, 1 to load; 6 for the digest of an empty journal; 1.
    expect(guestCost(NOTHING, RV32IM_1).hostCycles).toBe(2 + 1 + 6 + 1);
  });

  it("pays for each word, and for each block of the journal", () => {
    // 16 + 4 bytes are 5 words: 1 + 2 to read, 5 to load; 65 bytes are 17 words and 2 blocks.
    const work = { ...NOTHING, inputBytes: 16, outputBytes: 65 };
    expect(guestCost(work, RV32IM_1).hostCycles).toBe(3 + 5 + 17 + 6 + 2 * 68 + 1);
  });
});

describe("paging", () => {
  it("pages code, stack and data in once in a single segment, and nothing out", () => {
    const work = { ...NOTHING, codeBytes: 1025, inputBytes: 24, allocatedBytes: 1000 };
    const cost = guestCost(work, RV32IM_1);
    expect(cost).toMatchObject({ pageIns: 2 + 1 + 1, pageOuts: 0 });
    expect(cost.pagingCycles).toBe(5130 + 3 * 1130);
  });

  it("pages code and stack in again in each segment, and out what a segment wrote", () => {
    const work = {
      ...NOTHING,
      instructionCycles: 2 ** 20 + 1,
      codeBytes: 2048,
      allocatedBytes: 10 * 1024,
    };
    const cost = guestCost(work, RV32IM_1);
    expect(cost).toMatchObject({ pageIns: 2 * (2 + 1) + 10, pageOuts: 1 + 10 - 5 });
    expect(cost.pagingCycles).toBe(2 * 5130 + (16 - 2 + 6) * 1130);
  });
});

describe("all of it", () => {
  it("is the sum, and gives proof cycles and segments", () => {
    const work = { ...NOTHING, instructionCycles: 3_000_000, codeBytes: 512, outputBytes: 8 };
    const cost = guestCost(work, RV32IM_1);
    expect(cost.cycles).toBe(3_000_000 + cost.hostCycles + cost.pagingCycles);
    expect(cost.proofCycles).toBe(4_194_304);
    expect(cost.plan.segments).toBe(3);
  });

  it("stays an exact integer for forged numbers", () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const work = { ...NOTHING, instructionCycles: huge, allocatedBytes: huge, codeBytes: huge };
    const cost = guestCost(work, RV32IM_1);
    expect(Number.isSafeInteger(cost.cycles)).toBe(true);
    expect(Number.isSafeInteger(cost.pagingCycles)).toBe(true);
  });
});
