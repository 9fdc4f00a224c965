// A short tamper campaign in the default suite; the long one is `npm run fuzz -- --tamper`.

import { installNodeHash } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";
import { runTampering } from "./tamper/campaign.ts";
import { TAMPERS } from "./tamper/mutants.ts";

installNodeHash();

describe("tampering", () => {
  it("is told from honest runs, every kind of it in every program", async () => {
    const found = await runTampering({ seed: 20_261_121, from: 0, count: 60 });
    expect(found.failures).toEqual([]);
    expect([...found.mutants.keys()].sort()).toEqual(Object.keys(TAMPERS).sort());
    const total = [...found.mutants.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(600);
    expect(found.disputes).toBeGreaterThan(40);
    // A kind that hardly ever finds a place would not be tested.
    for (const count of found.mutants.values()) expect(count).toBeGreaterThan(40);
  });
});
