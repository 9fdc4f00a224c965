// The programs of the replay corpus: together their traces hold every kind of event that a run
// writes.

import { parseJson, valueFromJson } from "@lumen/core/encoding";
import type { FakeTool } from "@lumen/testkit";

/** A program of the corpus. */
export interface CorpusProgram {
  readonly name: string;
  readonly source: string;
  readonly input: string | null;
  readonly tools: { readonly [id: string]: FakeTool };
}

const SEQUENCE = `
@tile(iter)
cell double(n: Int) -> Int = n * 2

@tile(iter)
cell total(ns: list[Int]) -> Int = sum(ns)

@sequence
cell each(ns: list[Int]) -> list[Int]
  let doubled = [double(n) for n in ns]
  doubled
end

@sequence
cell main(ns: list[Int]) -> Int
  let doubled = each(ns)
  let all = total(doubled)
  all
end
`;

const FAILING = `
@tile(iter)
cell first(ns: list[Int]) -> Int = ns[0]

@tile(iter)
cell again(n: Int) -> Int = n

@sequence
cell main(ns: list[Int]) -> Int
  let n = first(ns)
  let m = again(n)
  m
end
`;

const CELL = `
@tile(iter)
cell double(n: Int) -> Int = n * 2

memory Notes
end

machine Door
  initial: Closed
  state Closed
    transition Open(1)
  end
  state Open(times: Int)
    terminal: true
  end
end

cell work(n: Int) -> Int
  sleep(n)
  double(n)
end

cell main(n: Int) -> Int
  let notes = Notes()
  notes.append("begin")
  let a = spawn(work, 2)
  let b = spawn(work, 1)
  print("sum {timestamp_ms()}")
  Door().run()
  notes.append(random_int(1, 6))
  let failed = spawn(fn() => [1][n])
  notes.store("a", await a)
  notes.version() + await b
end
`;

const TOOLS = `
use tool web.get as Get
grant Get

record Page
  title: String
end

cell main() -> String
  let page: Page = Get(url: "u")
  page.title
end
`;

/** A page with a field that the program does not know: drift. */
const page: FakeTool = () => {
  const node = parseJson('{"title": "t", "size": 3}');
  const value = node.ok ? valueFromJson("json", node.value) : node;
  if (!value.ok) throw new Error(value.error.message);
  return { ok: true, value: value.value };
};

/** Every program. */
export const PROGRAMS: readonly CorpusProgram[] = [
  { name: "sequence", source: SEQUENCE, input: "[1, 2, 3]", tools: {} },
  { name: "failing", source: FAILING, input: "[]", tools: {} },
  { name: "cell", source: CELL, input: "5", tools: {} },
  { name: "tools", source: TOOLS, input: null, tools: { "web.get": page } },
];
