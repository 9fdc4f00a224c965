// What `explainTiers` says about cells that were compiled, and about those that were not: why.

import { required } from "@lumen/core/result";
import { compileText } from "@lumen/testkit";
import {
  createMachine,
  explainTiers,
  linkProgram,
  type NumericPlan,
  TIER_CHOICES,
} from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { NATIVE } from "./tier-runs.ts";

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

const CHOICES = `cell total(xs: list[Int]) -> Int
  let sum = 0
  for i in 0..len(xs)
    sum = sum + xs[i]
  end
  return sum
end

cell pairs(xs: list[Int]) -> Int
  let count = 0
  for i in 0..len(xs)
    for j in 0..len(xs)
      if xs[i] < xs[j]
        count = count + 1
      end
    end
  end
  return count
end

cell named(name: String, n: Int) -> Int
  return n + length(name)
end

cell longest(rows: list[list[Int]]) -> Int
  let best = 0
  for i in 0..len(rows)
    best = max(best, sum(rows[i]))
  end
  return best
end

cell inner(xs: list[Int]) -> String
  let text = ""
  for i in 0..3
    let sum = 0
    for j in 0..2000
      sum = sum + xs[j % 3]
    end
    text = text + to_string(sum)
  end
  return text
end

cell main() -> Int / {emit}
  let xs = [3, 1, 2]
  let sum = 0
  for i in 0..600
    sum = sum + total(xs)
    sum = sum + pairs(xs)
    sum = sum + named("n", i)
    sum = sum + longest([xs, xs])
  end
  print(inner(xs))
  return sum
end
`;

const POOR = `cell early(xs: list[Int]) -> Int
  for i in 0..len(xs)
    for j in 0..len(xs)
      if xs[i] <= xs[j]
        return j
      end
    end
  end
  return -1
end

cell cut(xs: list[Int]) -> Int
  for i in 0..2
    for j in 0..1
      xs = take(xs, 2)
    end
  end
  return len(xs)
end

cell main() -> Int / {emit}
  let long = range(0, 2000)
  let short = [1, 2, 3]
  let sum = 0
  for i in 0..700
    sum = sum + early(long)
    sum = sum + cut(short)
  end
  print(short)
  return sum
end
`;

/** Tier and reason of each cell of the module, after a run with a choice of tiers. */
function explained(
  choice: string,
  text = TEXT,
  native: NumericPlan["native"] = undefined,
): Readonly<Record<string, string>> {
  const { program, diagnostics } = compileText({ text, extension: "lm" });
  const linked = linkProgram(required(program, diagnostics[0]?.message ?? "").modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const { setting } = required(
    TIER_CHOICES.find(({ name }) => name === choice),
    "the choice exists",
  );
  const compile = setting === null ? null : { ...setting, native };
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
      square: "T1: it has no loop: calling WebAssembly would cost more than it saves",
      sum: "T2 loop: called rarely: more than 500 calls make it hot",
      once: "T0: called rarely: more than 500 calls make it hot",
      told: "T0: it has the effects emit",
      main: "T0: it has the effects emit",
    });
  });

  it("says why code is of T1 and not of T2", () => {
    expect(explained("auto", CHOICES)).toMatchObject({
      total: "T1: it does too little with its lists to pay for copying them",
      pairs: "T2",
      named: "T1: it takes what is no number, boolean or list of them",
      longest: "T1: it uses the builtin 'sum'",
      inner: "T1 loop: it would copy its lists at each turn of the loop around it",
    });
  });

  it("says what did not pay when it ran", () => {
    expect(explained("auto", POOR)).toMatchObject({
      early: "T1: copying its lists took more than WebAssembly saved",
      cut: "T2 loop: its WebAssembly was left too often to pay",
    });
  });

  it.skipIf(!NATIVE.ok)("says why code is of T2 and not of T3", () => {
    const native = NATIVE.ok ? NATIVE.value : undefined;
    const loop = "  while n < 0\n    n = n + 1\n  end\n";
    const large = `cell large(m: Int) -> Int\n  let n = m\n${loop.repeat(65)}  n\nend\n`;
    const small = `cell small(m: Int) -> Int\n  let n = m\n${loop.repeat(8)}  n\nend\n`;
    const main = "cell main() -> Int / {emit}\n  print(small(1) + large(1))\n  0\nend\n";
    expect(explained("t3", `${large}${small}${main}`, native)).toMatchObject({
      small: "T3",
      large: "T2: it is too large for LLVM",
    });
  });

  it("says so where everything is compiled at once, or nothing", () => {
    expect(explained("t1")).toMatchObject({ square: "T1", sum: "T1", once: "T1" });
    expect(explained("t2")).toMatchObject({ square: "T2", sum: "T2", once: "T2" });
    expect(explained("t0")).toMatchObject({
      square: "T0: nothing is compiled",
      main: "T0: nothing is compiled",
    });
  });
});
