// What `explainTiers` says about cells that were compiled, and about those that were not: why.

import { required } from "@lumen/core/result";
import { compileText } from "@lumen/testkit";
import { createMachine, explainTiers, linkProgram, TIER_CHOICES } from "@lumen/vm";
import { describe, expect, it } from "vitest";

const TEXT = `cell square(n: Int) -> Int = n * n

cell sum(n: Int) -> Int
  let total = 0
  for i in 0..n
    total = total + square(i)
  end
  total
end

cell once(n: Int) -> Int = n + 1

cell told(n: Int) -> Int / {emit}
  print(n)
  n
end

cell main() -> Int / {emit}
  told(once(sum(5000)))
end
`;

/** Tier and reason of each cell of the module, after a run with a choice of tiers. */
function explained(choice: string): Readonly<Record<string, string>> {
  const { program, diagnostics } = compileText({ text: TEXT, extension: "lm" });
  const linked = linkProgram(required(program, diagnostics[0]?.message ?? "").modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const compile = required(
    TIER_CHOICES.find(({ name }) => name === choice),
    "the choice exists",
  ).setting;
  const entry = { module: "main", name: "main" };
  const machine = createMachine(linked.value, {
    entry,
    args: [],
    tiles: "inline",
    door: true,
    compile,
  });
  const state = machine.run();
  expect(state.kind).toBe("suspended");
  const reports = explainTiers(linked.value, compile).filter((r) => r.module === "main");
  return Object.fromEntries(
    reports.map((r) => [r.cell, r.tier + (r.reason === null ? "" : `: ${r.reason}`)]),
  );
}

describe("explainTiers", () => {
  it("says what was hot, and what never can be compiled", () => {
    expect(explained("auto")).toEqual({
      square: "T1",
      sum: "T1 loop: called rarely: more than 500 calls make it hot",
      once: "T0: called rarely: more than 500 calls make it hot",
      told: "T0: it has the effects emit",
      main: "T0: it has the effects emit",
    });
  });

  it("says so where everything is compiled at once, or nothing", () => {
    expect(explained("t1")).toMatchObject({ square: "T1", sum: "T1", once: "T1" });
    expect(explained("t0")).toMatchObject({
      square: "T0: nothing is compiled",
      main: "T0: nothing is compiled",
    });
  });
});
