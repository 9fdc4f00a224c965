// The edges of numbers and lists in every tier: each operation on the extremes of Int and Float,
// lists that several hold, calls that nest too deep. Tiers T2 and T3 ran, or there is no test.

import type { Program } from "@lumen/core/program";
import { required } from "@lumen/core/result";
import { debugValue, Float, type Value } from "@lumen/core/value";
import { compileText } from "@lumen/testkit";
import { type CompileSetting, createMachine, explainTiers, linkProgram } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { NATIVE, nativeSetting } from "./tier-runs.ts";

const T1: CompileSetting = { hotCalls: 0, hotTurns: 1, numeric: "never" };
const T2: CompileSetting = { hotCalls: 0, hotTurns: 1, numeric: "always" };

/** Calls are never hot, so that loops are entered in the middle. */
const T2_LOOPS: CompileSetting = { hotCalls: 2 ** 30, hotTurns: 1, numeric: "always" };

/** The tiers of numbers; T3 where it is installed. */
const NUMERIC: readonly { readonly tier: string; readonly setting: CompileSetting }[] = [
  { tier: "T2", setting: T2 },
  ...(NATIVE.ok ? [{ tier: "T3", setting: nativeSetting(NATIVE.value) }] : []),
];

/** The same of loops alone, and of what should pay. */
const NUMERIC_LOOPS: typeof NUMERIC = [
  { tier: "T2", setting: T2_LOOPS },
  { tier: "T2", setting: { hotCalls: 100, hotTurns: 1000, numeric: "chosen" } },
  ...(NATIVE.ok ? [{ tier: "T3", setting: { ...T2_LOOPS, native: NATIVE.value } }] : []),
];

const INTS: readonly (number | bigint)[] = [
  0,
  1,
  -1,
  2,
  3,
  -7,
  63,
  64,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 + 1,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 63n) + 1n,
];

const FLOATS = [0, -0, 0.5, -1.5, 1e300, -1e300, 5e-324, 2 ** 63, -(2 ** 63), 1e19]
  .concat(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN)
  .map((value) => new Float(value));

const INT_OPERATORS = ["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>"];
const FLOAT_OPERATORS = ["+", "-", "*", "/", "//", "%", "**"];

function compiledProgram(text: string): Program {
  const { program, diagnostics } = compileText({ text, extension: "lm" });
  return required(program, diagnostics[0]?.message ?? "it compiles");
}

/** What a program comes to for arguments of its `main`; each time all over again. */
class Runs {
  readonly tiers = new Set<string>();
  private readonly program: Program;
  private readonly setting: CompileSetting | null;

  constructor(program: Program, setting: CompileSetting | null) {
    this.program = program;
    this.setting = setting;
  }

  /** Values, faults with their stacks, cycles, allocated bytes, for each list of arguments. */
  of(argumentLists: readonly (readonly Value[])[]): readonly string[] {
    const linked = linkProgram(this.program.modules);
    if (!linked.ok) throw new Error(linked.error.message);
    const ends = argumentLists.map((args) => {
      const machine = createMachine(linked.value, {
        entry: { module: "main", name: "main" },
        args,
        tiles: "inline",
        door: false,
        compile: this.setting,
      });
      const state = machine.run();
      const end = state.kind === "finished" ? debugValue(state.value) : JSON.stringify(state);
      return `${args.map(debugValue)}: ${end} ${machine.cycles} ${machine.allocatedBytes}`;
    });
    const reports = explainTiers(linked.value, this.setting);
    for (const { cell, tier } of reports)
      if (cell !== "main" || reports.length === 1) this.tiers.add(tier);
    return ends;
  }
}

/** Compares the tiers; every cell but `main` ran in T2, then in T3. */
function compare(text: string, argumentLists: readonly (readonly Value[])[]): readonly string[] {
  const program = compiledProgram(text);
  const expected = new Runs(program, null).of(argumentLists);
  expect(new Runs(program, T1).of(argumentLists)).toEqual(expected);
  for (const { tier, setting } of NUMERIC) {
    const runs = new Runs(program, setting);
    expect(runs.of(argumentLists)).toEqual(expected);
    expect([...runs.tiers]).toEqual([tier]);
  }
  return expected;
}

function pairs<T extends Value>(values: readonly T[]): readonly (readonly Value[])[] {
  return values.flatMap((a) => values.map((b) => [a, b]));
}

/** A cell, and a `main` that calls it, not in tail position. */
function called(params: string, args: string, result: string, body: string): string {
  return (
    `cell f(${params}) -> ${result}\n  return ${body}\nend\n` +
    `cell main(${params}) -> ${result}\n  let r: ${result} = f(${args})\n  return r\nend\n`
  );
}

describe("Int", () => {
  it.each(INT_OPERATORS)("a %s b", (operator) => {
    compare(called("a: Int, b: Int", "a, b", "Int", `a ${operator} b`), pairs(INTS));
  });

  it.each(INT_OPERATORS)("a %s constant", (operator) => {
    const shift = operator === "<<" || operator === ">>";
    const constants = shift
      ? [0, 63, 64, -1]
      : [0, 1, -1, 2, 10, -10, 2147483648, 4611686018427387904n];
    for (const constant of constants)
      compare(
        called("a: Int", "a", "Int", `a ${operator} (${constant})`),
        INTS.map((a) => [a]),
      );
  });

  it.each(["wrapping_add", "wrapping_sub", "wrapping_mul"])("%s", (name) => {
    compare(called("a: Int, b: Int", "a, b", "Int", `${name}(a, b)`), pairs(INTS));
  });

  it.each(["-a", "~a", "abs(a)", "min(a, 7)", "max(a, -7)"])("%s", (body) => {
    compare(
      called("a: Int", "a", "Int", body),
      INTS.map((a) => [a]),
    );
  });

  it.each(["<", "<=", "==", "!="])("a %s b", (operator) => {
    compare(called("a: Int, b: Int", "a, b", "Bool", `a ${operator} b`), pairs(INTS));
  });

  it("to Float", () => {
    compare(
      called("a: Int", "a", "Float", "to_float(a)"),
      INTS.map((a) => [a]),
    );
  });
});

describe("Float", () => {
  it.each(FLOAT_OPERATORS)("a %s b", (operator) => {
    compare(called("a: Float, b: Float", "a, b", "Float", `a ${operator} b`), pairs(FLOATS));
  });

  it.each(["<", "<=", "==", "!="])("a %s b", (operator) => {
    compare(called("a: Float, b: Float", "a, b", "Bool", `a ${operator} b`), pairs(FLOATS));
  });

  it.each(["min", "max", "atan2", "hypot"])("%s", (name) => {
    compare(called("a: Float, b: Float", "a, b", "Float", `${name}(a, b)`), pairs(FLOATS));
  });

  it.each(["sqrt", "floor", "ceil", "trunc", "abs", "sin", "exp", "log"])("%s", (name) => {
    compare(
      called("a: Float", "a", "Float", `${name}(a)`),
      FLOATS.map((a) => [a]),
    );
  });

  it("to Int", () => {
    compare(
      called("a: Float", "a", "Int", "to_int(a)"),
      FLOATS.map((a) => [a]),
    );
  });
});

describe("lists", () => {
  it("are values: who holds one does not see what others write", () => {
    const text = `cell f(xs: list[list[Int]], n: Int) -> list[list[Int]]
  let before = xs
  let row = xs[0]
  xs[0][1] = n
  row[0] = -n
  xs = append(xs, row)
  let both = [xs[0], xs[0], before[0]]
  both[0][2] = 77
  return append(append(both, row), before[-1])
end
cell main(n: Int) -> list[list[Int]]
  let xs = [[1, 2, 3], [4]]
  let ys = xs
  let r: list[list[Int]] = f(xs, n)
  return append(append(r, xs[0]), ys[1])
end
`;
    const [end] = compare(text, [[9]]);
    expect(end).toContain("[[1, 9, 77], [1, 9, 3], [1, 2, 3], [-9, 2, 3], [4], [1, 2, 3], [4]]");
  });

  it.each(["0", "2", "-1", "-3", "3", "-4", "9223372036854775807"])("index %s", (at) => {
    for (const items of ["[1, 2, 3]", "[0.5, -0.0, 2.5]", "[true, false, true]"]) {
      const item = items.startsWith("[1") ? "Int" : items.startsWith("[0") ? "Float" : "Bool";
      const text = `cell f(xs: list[${item}], at: Int) -> list[${item}]
  xs[at] = xs[0]
  return append(xs, xs[at])
end
cell main(at: Int) -> list[${item}]
  let r: list[${item}] = f(${items}, at)
  return r
end
`;
      compare(text, [[at.length > 10 ? BigInt(at) : Number(at)]]);
    }
  });

  it("grow, and hold any Int", () => {
    const text = `cell f(n: Int, x: Int) -> list[Int]
  let xs: list[Int] = []
  for i in 0..n
    xs = append(xs, x - i)
  end
  return xs
end
cell main(n: Int, x: Int) -> list[Int]
  let r: list[Int] = f(n, x)
  return r
end
`;
    compare(text, [
      [0, 1],
      [100, 2 ** 31],
      [100, 2n ** 53n + 50n],
      [20, -(2n ** 63n) + 30n],
      [40, -(2n ** 63n) + 30n],
    ]);
  });
});

describe("loops", () => {
  it("that turn long are entered again, with the lists that they have", () => {
    const text = `cell main(n: Int) -> list[Int]
  let composite: list[Bool] = []
  for _ in 0..n
    composite = append(composite, false)
  end
  let counts = [0, 9]
  let before = counts
  for i in 2..n
    if not composite[i]
      counts[0] = counts[0] + 1
      let j = i * i
      while j < n
        composite[j] = true
        j = j + i
      end
    end
  end
  return append(counts, before[0])
end
`;
    const program = compiledProgram(text);
    const expected = new Runs(program, null).of([[300_000]]);
    expect(expected[0]).toContain("[25997, 9, 0]");
    for (const { tier, setting } of NUMERIC_LOOPS) {
      const linked = new Runs(program, setting);
      expect(linked.of([[300_000]])).toEqual(expected);
      expect([...linked.tiers]).toEqual([`${tier} loop`]);
    }
  });
});

describe("iterators", () => {
  it.each([
    ["that come to their end", "0.5"],
    ["that are left in the middle", "parts[x // 2000]"],
  ])("%s", (_, part) => {
    const text = `cell main(n: Int) -> Float
  let sum = 0.0
  let parts = [0.5, 1.5]
  for x in range(0, n)
    for y in [1.5, -0.0, 2.5]
      sum = sum + y * to_float(x) + ${part}
    end
    parts[x % 2] = sum
  end
  return sum
end
`;
    const program = compiledProgram(text);
    const expected = new Runs(program, null).of([[5000]]);
    expect(expected[0]?.includes("E_TRAP_INDEX")).toBe(part !== "0.5");
    for (const { tier, setting } of NUMERIC_LOOPS) {
      const linked = new Runs(program, setting);
      expect(linked.of([[5000]])).toEqual(expected);
      expect([...linked.tiers]).toEqual([`${tier} loop`]);
    }
  });

  it("go over lists of lists, which are values", () => {
    const text = `cell f(rows: list[list[Int]]) -> list[list[Int]]
  let out: list[list[Int]] = []
  for row in rows
    row[0] = row[0] + 1
    for x in row
      row = append(row, x)
    end
    rows[0][0] = 100
    out = append(out, row)
  end
  return append(out, rows[0])
end
cell main() -> list[list[Int]]
  let r: list[list[Int]] = f([[1, 2], [3]])
  return r
end
`;
    expect(compare(text, [[]])[0]).toContain("[[2, 2, 2, 2], [4, 4], [100, 2]]");
  });
});

describe("calls", () => {
  const DEEP = `cell down(n: Int) -> Int
  if n == 0
    return 0
  end
  return 1 + down(n - 1)
end
cell main(n: Int) -> Int
  let r: Int = down(n)
  return r
end
`;

  it("nest as deep as the limit, and not deeper", () => {
    const [fits, deeper] = compare(DEEP, [[4094], [4095]]);
    expect(fits).toContain(": 4094 ");
    expect(deeper).toContain("E_TRAP_STACK");
  });

  it("in tail position take no frame", () => {
    const text = `cell even(n: Int, sum: Int) -> Int
  if n == 0
    return sum
  end
  return odd(n - 1, sum + n)
end
cell odd(n: Int, sum: Int) -> Int
  if n == 0
    return -sum
  end
  return even(n - 1, sum + 1)
end
cell main(n: Int) -> Int
  let r: Int = even(n, 0)
  return r
end
`;
    compare(text, [[0], [7], [50]]);
  });
});
