// What a package's capabilities allow at the door.

import { describe, expect, it } from "vitest";
import { type DoorAnswer, makeDoor, policyLayer } from "./index.ts";

const NEEDED: readonly (readonly [string, string, string])[] = [
  ["fs", "read_file", "filesystem"],
  ["http", "get", "network"],
  ["net", "connect", "network"],
  ["process", "spawn", "process"],
  ["env", "get_env", "environment"],
];

async function ask(
  capabilities: readonly string[] | null,
  effect: string,
  operation: string,
): Promise<{ readonly answer: DoorAnswer; readonly asked: number }> {
  let asked = 0;
  const door = makeDoor([policyLayer(capabilities)], async () => {
    asked += 1;
    return { ok: true, value: "from outside" };
  });
  return { answer: await door({ effect, operation, args: [] }), asked };
}

describe("policyLayer", () => {
  it.each(NEEDED)("lets %s.%s pass with %s only", async (effect, operation, capability) => {
    const passed = { answer: { ok: true, value: "from outside" }, asked: 1 };
    expect(await ask(null, effect, operation)).toEqual(passed);
    expect(await ask([capability, "other"], effect, operation)).toEqual(passed);
    const others = NEEDED.map(([, , c]) => c).filter((c) => c !== capability);
    for (const capabilities of [[], others]) {
      const refused = await ask(capabilities, effect, operation);
      expect(refused).toMatchObject({ answer: { ok: false, code: "E_POLICY" }, asked: 0 });
      expect(refused.answer).toMatchObject({
        message: `policy violation for '${effect}.${operation}': [capabilities] does not list ${capability}`,
      });
    }
  });

  it.each([
    "emit.print",
    "time.timestamp",
    "random.random",
    "io.read_line",
  ])("never refuses %s", async (name) => {
    const [effect = "", operation = ""] = name.split(".");
    expect((await ask([], effect, operation)).answer.ok).toBe(true);
  });
});
