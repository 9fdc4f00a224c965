// The way into compiled code: what one machine found hot the next one enters at once, whatever
// calls it; what the program comes to is what the interpreter says.

import { required } from "@lumen/core/result";
import { debugValue, type Value } from "@lumen/core/value";
import { compileText } from "@lumen/testkit";
import {
  type CompileSetting,
  createMachine,
  explainTiers,
  type LinkedProgram,
  linkProgram,
  TIER_CHOICES,
} from "@lumen/vm";
import { describe, expect, it } from "vitest";

const AUTO = required(TIER_CHOICES[0], "there is a default").setting;
const SETTINGS: readonly (CompileSetting | null)[] = TIER_CHOICES.map(({ setting }) => setting);

function linked(text: string): LinkedProgram {
  const { program, diagnostics } = compileText({ text, extension: "lm" });
  const { modules } = required(program, diagnostics[0]?.message ?? "it compiles");
  const found = linkProgram(modules);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

interface Asked {
  readonly args: readonly Value[];
  readonly compile: CompileSetting | null;
  readonly tiles?: "inline" | "suspend";
}

/** Requests, end, cycles and memory of one machine; tiles outside give their argument's double. */
function run(program: LinkedProgram, { args, compile, tiles = "inline" }: Asked): string {
  const entry = { module: "main", name: "main" };
  const machine = createMachine(program, { entry, args, tiles, door: true, compile });
  const asked: string[] = [];
  for (let state = machine.run(); ; state = machine.run()) {
    if (state.kind !== "suspended") {
      const end = state.kind === "finished" ? debugValue(state.value) : JSON.stringify(state);
      return `${asked.join(" ")} ${end} ${machine.cycles} ${machine.allocatedBytes}`;
    }
    const [request] = state.requests;
    if (request?.kind !== "tile") throw new Error("only tiles are asked for");
    asked.push(`${request.name}(${request.args.map(debugValue).join(", ")}) ${request.at.cell}`);
    const value = request.args.length === 0 ? null : Number(request.args[0]) * 2;
    machine.answer(request.id, { ok: true, value });
  }
}

/** How often the interpreter has entered compiled code of a cell. */
function entries(program: LinkedProgram, name: string): number {
  const reports = explainTiers(program, AUTO);
  return reports.find(({ cell }) => cell === name)?.entries ?? 0;
}

const LOOPS = `cell main(n: Int) -> String
  let sum = 0
  for i in 0..n
    sum = (sum * 31 + i) % 1000003
  end
  return "\${sum}"
end
`;

describe("a machine of a program that was run before", () => {
  it("enters a compiled loop at its first turn", () => {
    const program = linked(LOOPS);
    const expected = run(linked(LOOPS), { args: [3], compile: null });
    run(program, { args: [3], compile: AUTO });
    expect(entries(program, "main")).toBe(0);
    run(program, { args: [2000], compile: AUTO });
    const before = entries(program, "main");
    expect(before).toBeGreaterThan(0);
    expect(run(program, { args: [3], compile: AUTO })).toBe(expected);
    expect(entries(program, "main")).toBeGreaterThan(before);
  });

  it("counts the turns and calls of all machines together", () => {
    const program = linked(LOOPS);
    for (let i = 0; i < 30; i += 1) run(program, { args: [40], compile: AUTO });
    expect(entries(program, "main")).toBeGreaterThan(0);
    const short = linked("cell main(n: Int) -> Int = n * n + 1");
    for (let i = 0; i < 600; i += 1)
      expect(run(short, { args: [i], compile: AUTO })).toContain(` ${i * i + 1} `);
    expect(entries(short, "main")).toBeGreaterThan(50);
  });
});

describe("compiled code is entered", () => {
  const twice = (text: string, args: readonly Value[], name: string): void => {
    const expected = run(linked(text), { args, compile: null });
    for (const compile of SETTINGS) {
      const program = linked(text);
      for (let i = 0; i < 2; i += 1) expect(run(program, { args, compile })).toBe(expected);
      if (compile !== null) expect(entries(program, name)).toBeGreaterThan(0);
    }
  };

  it("by calls in tail position, also where they fault", () => {
    const text = (end: string): string => `cell even(n: Int, seen: list[Int]) -> Int
  if n == 0
    return ${end}
  end
  return odd(n - 1, append(seen, n % 7))
end
cell odd(n: Int, seen: list[Int]) -> Int = even(n - 1, seen)
cell start(n: Int) -> Int / {emit} = even(n, [])
cell main(n: Int) -> Int / {emit} = start(n)
`;
    twice(text("len(seen)"), [6000], "even");
    twice(text("seen[n - 1 + len(seen) * 2]"), [6000], "even");
  });

  it("by calls of function values", () => {
    const text = `cell main(n: Int) -> Int / {emit}
  let step = 3
  let next = fn(x: Int) -> Int => (x * step + 1) % 1009
  let x = 1
  for i in 0..n
    x = next(x)
  end
  if x < 0
    print(x)
  end
  return x
end
`;
    twice(text, [5000], "main$lambda0");
  });
});

describe("tiles", () => {
  const TEXT = `@tile(iter)
cell doubled(n: Int) -> Int = n * 2
cell both(n: Int) -> Int = doubled(n) + 1
cell last(n: Int) -> Int = doubled(n)
cell main(n: Int) -> Int
  let sum = 0
  for i in 0..n
    let apply = fn(x: Int) -> Int => doubled(x)
    sum = sum + both(i) * last(i) + apply(i)
  end
  return sum
end
`;

  it.each(["inline", "suspend"] as const)("run %s from compiled cells", (tiles) => {
    const asked = { args: [700], tiles };
    const expected = run(linked(TEXT), { ...asked, compile: null });
    expect(expected.startsWith("doubled(0) both")).toBe(tiles === "suspend");
    for (const compile of SETTINGS) {
      const program = linked(TEXT);
      for (let i = 0; i < 2; i += 1) expect(run(program, { ...asked, compile })).toBe(expected);
      const isCompiled = compile !== null && tiles === "inline";
      if (isCompiled) expect(entries(program, "main")).toBeGreaterThan(0);
    }
  });

  it("may run inline and outside in turn", () => {
    const program = linked(TEXT);
    for (const tiles of ["inline", "suspend", "inline"] as const) {
      const asked = { args: [700], tiles };
      const expected = run(linked(TEXT), { ...asked, compile: null });
      expect(run(program, { ...asked, compile: AUTO })).toBe(expected);
    }
  });
});
