// A short campaign in the default suite; the long one is `npm run fuzz`.

import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.ts";
import { undefinedProductions } from "./grammar.ts";

describe("fuzz", () => {
  it("has a production for every name of the table", () => {
    expect(undefinedProductions()).toEqual([]);
  });

  it("finds nothing in a short campaign", () => {
    const { failures, formatted } = runCampaign({ seed: 20_261_121, from: 0, count: 3000 });
    expect(failures).toEqual([]);
    // The properties of the formatter are tested by those inputs that have no syntax errors.
    expect(formatted).toBeGreaterThan(500);
  });
});
