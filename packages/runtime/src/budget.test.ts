// What counts as a use, and what happens to the next one.

import type { Budget } from "@lumen/core/program";
import { describe, expect, it } from "vitest";
import { budgetLayer, type DoorAnswer, makeDoor, policyLayer } from "./index.ts";

const HTTP: Budget = { name: "http", limit: 2, effects: ["http"], operations: ["tool:web.get"] };
const WEB: Budget = { name: "Web", limit: 1, effects: [], operations: ["tool:web.get"] };
const ASK: Budget = { name: "ask", limit: 0, effects: ["ask"], operations: [] };

/** Answers of requests named `effect.operation`, in their order: what was refused, or null. */
async function refusals(
  budgets: readonly Budget[],
  requests: readonly (readonly [string, string])[],
  capabilities: readonly string[] | null = null,
): Promise<readonly (string | null)[]> {
  const answer: DoorAnswer = { ok: true, value: null };
  const layers = [policyLayer(capabilities), budgetLayer(budgets)];
  const door = makeDoor(layers, async () => answer);
  const answers: (string | null)[] = [];
  for (const [effect, operation] of requests) {
    const found = await door({ effect, operation, args: [] });
    answers.push(found.ok ? null : found.message);
  }
  return answers;
}

const OVER_HTTP = "effect budget exceeded for 'http': limit 2 reached";

describe("budgetLayer", () => {
  it("counts all operations of an effect together, and its tools", async () => {
    const requests = [
      ["http", "http_get"],
      ["fs", "read_file"],
      ["tool", "web.get"],
      ["http", "http_post"],
      ["tool", "web.get"],
      ["tool", "other"],
    ] as const;
    const expected = [null, null, null, OVER_HTTP, OVER_HTTP, null];
    expect(await refusals([HTTP], requests)).toEqual(expected);
  });

  it("counts for each budget, and a refused request for none", async () => {
    const requests = [
      ["tool", "web.get"],
      ["tool", "web.get"],
      ["http", "http_get"],
      ["http", "http_get"],
    ] as const;
    const over = "effect budget exceeded for 'Web': limit 1 reached";
    expect(await refusals([WEB, HTTP], requests)).toEqual([null, over, null, OVER_HTTP]);
  });

  it("knows effects of the program in any case, and refuses the first use at 0", async () => {
    const over = "effect budget exceeded for 'ask': limit 0 reached";
    expect(await refusals([ASK], [["Ask", "ask"]])).toEqual([over]);
  });

  it("does not count what the policy refuses", async () => {
    const get = ["http", "http_get"] as const;
    const refused = "policy violation for 'http.http_get': [capabilities] does not list network";
    expect(await refusals([HTTP], [get, get, get], [])).toEqual([refused, refused, refused]);
  });
});
