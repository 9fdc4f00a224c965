// What the options of a compilation allow and refuse, and that every feature is recognised by use.

import { describe, expect, it } from "vitest";
import { checkProgram } from "../check/check-program.ts";
import type { ModuleHost } from "../module-host.ts";
import type { MaturityOptions } from "./check-maturity.ts";

const HOST: ModuleHost = { resolve: () => null };

function refusals(text: string, options: MaturityOptions): readonly string[] {
  const { diagnostics } = checkProgram({ name: "main", path: "main.lm", text }, HOST, options);
  return diagnostics.filter((d) => d.code === "E0126").map((d) => d.message);
}

const GADT = "enum E[T]\n  A(Int) -> E[Int]\nend\n";

describe("experimental features", () => {
  it("need an opt-in, in the source or for the whole compilation", () => {
    expect(refusals(GADT, {})).toEqual(["feature 'gadts' is experimental and needs an opt-in"]);
    expect(refusals(`@feature "gadts"\n${GADT}`, {})).toEqual([]);
    expect(refusals(GADT, { allowUnstable: true })).toEqual([]);
  });

  it("are denied whatever the source says", () => {
    const both = { allowUnstable: true, denyUnstable: true };
    expect(refusals(`@feature "gadts"\n${GADT}`, both)).toEqual([
      "feature 'gadts' is experimental, and only stable features are allowed",
    ]);
  });
});

describe("unstable features", () => {
  it.each([
    ["bitwise_operators", "cell f(x: Int) -> Int = x & 1"],
    ["bitwise_operators", "cell f(x: Int) -> Int = ~x"],
    ["shift_operators", "cell f(x: Int) -> Int = x << 1"],
    ["floor_division", "cell f(x: Int) -> Int\n  x //= 2\n  return x\nend"],
    ["variadic_params", "cell f(...xs: Int) -> Int = length(xs)"],
    ["compose_operator", "cell f() -> Int\n  let g = abs ~> abs\n  return g(1)\nend"],
    ["cell_policies", "@budget http 1\ncell f() -> Int = 1"],
    ["tiles", "@tile(iter)\ncell f(x: Int) -> Int = x"],
    [
      "for_filters",
      "cell f(xs: list[Int]) -> Null\n  for x in xs if x > 1\n    print(x)\n  end\nend",
    ],
    ["labeled_loops", "cell f() -> Null\n  for @a x in 1..3\n    break @a\n  end\nend"],
  ])("%s compiles, and is denied on request", (feature, text) => {
    expect(refusals(text, {})).toEqual([]);
    expect(refusals(text, { denyUnstable: true })).toEqual([
      `feature '${feature}' is unstable, and only stable features are allowed`,
    ]);
  });

  it("leave stable programs alone", () => {
    expect(refusals("cell f(x: Int) -> Int = x + 1", { denyUnstable: true })).toEqual([]);
  });
});
