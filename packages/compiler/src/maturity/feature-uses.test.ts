// Only declarations with a landmark are read for the features of a module: what is found must be
// what reading all of them finds.

import { parseModule } from "@lumen/syntax";
import { describe, expect, it } from "vitest";
import { type FeatureUses, featureUses } from "./feature-uses.ts";

/** A name of a feature: a module with one is read as a whole. */
const READ_ALL = [{ text: "eval", start: 0 }];

function usesOf(source: string): { readonly marked: FeatureUses; readonly all: FeatureUses } {
  const { module, landmarks } = parseModule("a.lm", source);
  return { marked: featureUses(module, landmarks), all: featureUses(module, READ_ALL) };
}

const PLAIN = "cell plain(x: Int) -> Int\n  x + 1\nend\n";

describe("features of marked declarations", () => {
  it.each([
    [
      "cell f(xs: list[Int]) -> Int\n  for x in xs if x > 1\n    g(x)\n  end\n  1\nend",
      "for_filters",
    ],
    ["cell f(...xs: Int) -> Int = 1", "variadic_params"],
    ["cell f(..xs: Int) -> Int = 1", "variadic_params"],
    ["cell f(own x: Int) -> Int = 1", null],
    ["cell f(x: own Int) -> Int = 1", "linear_types"],
    ["cell f() -> Int\n  while @outer true\n    break @outer\n  end\n  1\nend", "labeled_loops"],
    ['cell f() -> String = "{1 // 2}"', "floor_division"],
    ["cell f(x: Int) -> Int\n  x <<= 2\n  x\nend", "shift_operators"],
    ["enum E[T]\n  A(T) -> E[Int]\nend", "gadts"],
    ["effect Log\n  cell note(x: String) -> Null\nend", "effects"],
    [
      "impl T for R\n  cell f(self) -> Int\n    defer\n      g()\n    end\n    1\n  end\nend",
      "defer",
    ],
    ["let x = 1 & 2", "bitwise_operators"],
    ["cell f() -> Any = map([1], eval)", "eval"],
    ['cell f() -> Any = "1" |> eval', "eval"],
    ["cell f() -> Any\n  let run = eval\n  run(1)\nend", "eval"],
    ["cell f() -> Any\n  let eval = 1\n  eval\nend", null],
    ["cell f() -> Any\n  cell sample(x: Int) -> Int = x\n  sample(1)\nend", null],
    ["const sample = 1\ncell f() -> Int = sample", null],
    ["enum Kind\n  normal\n  certain(Int)\nend\ncell f() -> Any = [normal, certain(1)]", null],
    ["cell f() -> Any = Box[Sender[Int]](null)", "channels"],
    ["cell f(xs: list[Int]) -> Any = xs[0]", null],
    ["cell f() -> Int\n  cell g(own: Int) -> Int = own\n  ~g(1)\nend", "bitwise_operators"],
  ])("%s", (source, feature) => {
    const { marked, all } = usesOf(`${PLAIN}${source}\n${PLAIN.replace("plain", "other")}`);
    expect([...marked]).toEqual([...all]);
    if (feature !== null) expect([...marked.keys()]).toContain(feature);
    else expect(marked.size).toBe(0);
  });

  it("are found at their first use, whatever is found before", () => {
    const source = "cell a() -> Int = b() ~> c\ncell d() -> Int / {e}\n  perform E.f()\nend\n";
    const { marked, all } = usesOf(`${source}effect E\n  cell f() -> Int\nend\n${source}`);
    expect([...marked]).toEqual([...all]);
    expect(marked.get("effects")?.start).toBe(source.indexOf("perform"));
  });
});
