// A short campaign in the default suite; the long one is `npm run fuzz`.

import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.ts";
import { undefinedProductions } from "./grammar.ts";

const TEXTS = { seed: 20_261_121, from: 0, inputs: "texts" } as const;

describe("fuzz", () => {
  it("has a production for every name of the table", () => {
    expect(undefinedProductions()).toEqual([]);
  });

  it("finds nothing in a short campaign", () => {
    const { failures, formatted } = runCampaign({ ...TEXTS, count: 3000 });
    expect(failures).toEqual([]);
    // The properties of the formatter are tested by those inputs that have no syntax errors.
    expect(formatted).toBeGreaterThan(500);
  });

  it("finds nothing in a short campaign of programs", () => {
    const { failures, compiled } = runCampaign({ ...TEXTS, inputs: "programs", count: 300 });
    expect(failures).toEqual([]);
    // What is refused does not reach lowering and the validator.
    expect(compiled).toBeGreaterThan(30);
  });
});
