// Language 11.7: a short campaign of secret flows; the long one is `npm run fuzz -- --secrets`.

import { describe, expect, it } from "vitest";
import { runSecretCampaign } from "./secrets/campaign.ts";
import { tells } from "./secrets/leaks.ts";
import { ENCODINGS } from "./secrets/world.ts";

const SECRET = 's"k\\ /+é%41-0123456789';

describe("the search for leaks", () => {
  it.each(Object.entries(ENCODINGS))("sees a secret in the form %s", (_, encode) => {
    const text = `before ${encode(SECRET)} after`;
    expect(tells(Buffer.from(text), SECRET)).toBe(true);
    expect(tells(Buffer.from(text.replaceAll(encode(SECRET), "…")), SECRET)).toBe(false);
  });
});

describe("flows of a secret", () => {
  it("tell it nowhere", { timeout: 120_000 }, async () => {
    const found = await runSecretCampaign({ seed: 20_261_121, from: 1, count: 60 });
    expect(found.failures).toEqual([]);
    // A campaign whose programs do not run would find nothing either.
    expect(found.marked).toBeGreaterThan(30);
    expect(found.refused).toBeGreaterThan(3);
    expect(found.resumed).toBeGreaterThan(0);
  });
});
