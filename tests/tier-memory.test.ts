// Memory runs out at the same place in every tier: compiled code counts what it makes, keeps back
// room for its calls, and leaves the rest to the interpreter.

import { required } from "@lumen/core/result";
import { compileText } from "@lumen/testkit";
import { type CompileSetting, linkProgram, runPure } from "@lumen/vm";
import { describe, expect, it } from "vitest";

const PROGRAM = `enum Tree
  Leaf
  Node(left: Tree, right: Tree)
end

record Item
  name: String
  size: Int
end

cell tree(depth: Int) -> Tree
  if depth == 0
    return Leaf
  end
  return Node(tree(depth - 1), tree(depth - 1))
end

cell size(t: Tree) -> Int
  match t
    Leaf -> 1
    Node(left, right) -> 1 + size(left) + size(right)
  end
end

cell drained(start: list[Item]) -> Int
  let items = start
  let sum = 0
  while length(items) > 0
    let (last, rest) = pop(items)
    items = rest
    if last != null
      sum = sum + last.size + length(last.name)
    end
  end
  sum
end

cell filled(count: Int) -> list[Item]
  let items: list[Item] = []
  for i in 0..count
    items = append(items, Item(name: "item {i}", size: i))
  end
  items
end

cell deep(n: Int) -> Int
  if n == 0
    return 0
  end
  1 + deep(n - 1)
end

cell main(n: Int) -> Int
  let sum = 0
  for i in 0..n
    sum = sum + size(tree(i % 8)) + drained(filled(10 * i)) + deep(20 * i)
  end
  sum
end
`;

const T1: CompileSetting = { hotCalls: 0, hotTurns: 1, numeric: "never" };
const CHOSEN: CompileSetting = { hotCalls: 2, hotTurns: 3, numeric: "chosen" };

/** How a run ends, with its cycles and what it allocated. */
function endOf(compile: CompileSetting | null, n: number, memoryBytes: number): string {
  const { program } = compileText({ text: PROGRAM, extension: "lm" });
  const linked = linkProgram(required(program, "it compiles").modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const entry = { module: "main", name: "main" };
  return JSON.stringify(runPure(linked.value, entry, [n], { compile, memoryBytes }));
}

describe("a limit of memory", () => {
  const limits = [100_000, 131_072, 150_001, 200_000, 262_144, 1_000_003, 2 ** 26];
  it.each(
    limits.flatMap((limit) => [10, 40].map((n) => [limit, n] as const)),
  )("of %i bytes ends a run of %i rounds in the same place", (limit, n) => {
    const expected = endOf(null, n, limit);
    expect(endOf(T1, n, limit)).toBe(expected);
    expect(endOf(CHOSEN, n, limit)).toBe(expected);
  });

  it("is reached by some of these runs, and not by others", () => {
    expect(endOf(null, 40, 131_072)).toContain("E_TRAP_MEMORY");
    expect(endOf(null, 10, 200_000)).toContain('"ok":true');
  });
});
