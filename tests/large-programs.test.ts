// Programs made to be large: types that double with every line, records that all mention each
// other, one declaration of a hundred thousand parts. They compile, or are refused, at once.

import { compileProgram } from "@lumen/compiler";
import { validateModule } from "@lumen/core/lir";
import { dumpAst, formatSource, parseModule } from "@lumen/syntax";
import { evaluateComptime } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";

const options = { project: "large", version: "0.1.0", comptime: evaluateComptime };

/** Code and line of what a compilation reports. */
function reportsOf(text: string): readonly string[] {
  const source = { name: "main", path: "main.lm", text };
  const compiled = compileProgram(source, { resolve: () => null }, options);
  return compiled.diagnostics.map(
    (d) => `${d.code} ${text.slice(0, d.span.start).split("\n").length}`,
  );
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i + 1)).join("\n");

const nested = (depth: number, inner: string): string =>
  `${"list[".repeat(depth)}${inner}${"]".repeat(depth)}`;

describe("a type", () => {
  const wide = (parts: number): string =>
    `cell main(x: (${"Int, ".repeat(parts - 1)})) -> Int = 1\n`;
  const deep = (depth: number): string =>
    `type A = ${nested(depth - 56, "Int")}\ntype B = ${nested(56, "A")}\ncell main(b: B) -> Int = 1\n`;

  it("has up to 10,000 parts", () => {
    expect(reportsOf(wide(10_000))).toEqual([]);
    expect(reportsOf(wide(10_001))).toEqual(["E0016 1"]);
  });

  it("nests up to 256 deep", () => {
    expect(reportsOf(deep(256))).toEqual([]);
    expect(reportsOf(deep(257))).toEqual(["E0016 2"]);
  });

  it("of aliases that double is refused where it passes the bound", () => {
    const aliases = lines(25, (i) => `type T${i} = (T${i - 1}, T${i - 1})`);
    const text = `type T0 = (Int, Int)\n${aliases}\ncell main(t: T25) -> Int = 1\n`;
    expect(reportsOf(text)).toEqual(["E0016 13", "E0016 26"]);
  });

  it("that is inferred is refused where it passes the bound", () => {
    const lets = lines(24, (i) => `  let a${i} = (a${i - 1}, a${i - 1})`);
    const text = `cell main() -> Int\n  let a0 = (1, 2)\n${lets}\n  return 1\nend\n`;
    expect(reportsOf(text)).toEqual(["E0016 14"]);
  });
});

describe("records", () => {
  /** A record that holds a record that holds …, with lists around the first. */
  const chain = (count: number, lists: number): string => {
    const records = lines(count - 1, (i) => `record R${i}(a: R${i + 1})`);
    return `${records}\nrecord R${count}(x: Int)\ncell main(r: ${nested(lists, "R1")}) -> Int = 1\n`;
  };

  it("hold one another up to 768 levels, which makes valid code", () => {
    // The last record has a level of its own, and its Int.
    const text = chain(767, 250);
    expect(reportsOf(text)).toEqual([]);
    const source = { name: "main", path: "main.lm", text };
    const { value } = compileProgram(source, { resolve: () => null }, options);
    expect(value?.modules.map((module) => validateModule(module).ok)).toEqual([true]);
    expect(reportsOf(chain(768, 0))).toEqual(["E0016 1"]);
  });

  it("may all mention each other", () => {
    const fields = (of: number): string => lines(of, (j) => `  a${j}: R${j}?`);
    const records = lines(20, (i) => `record R${i}\n${fields(20)}\nend`);
    expect(reportsOf(`${records}\ncell main(r: R1) -> Int = 1\n`)).toEqual([]);
  });

  it("whose wire form would have 2^40 parts are no parameters of a tile", () => {
    const records = lines(40, (i) => `record R${i}\n  a: R${i + 1}\n  b: R${i + 1}\nend`);
    const end = "record R41\n  x: Int\nend\n";
    const cells = (tile: string): string =>
      `${records}\n${end}${tile}cell f(r: R1) -> Int = 1\ncell main() -> Int = 1\n`;
    expect(reportsOf(cells(""))).toEqual([]);
    expect(reportsOf(cells("@tile(iter)\n"))).toEqual(["E0806 165"]);
  });
});

it("a machine has as many states as one likes", () => {
  const states = lines(8000, (i) => `  state S${i}\n    transition S${i + 1}()\n  end`);
  const end = "  state S8001\n    terminal: true\n  end\nend\ncell main() -> Int = 1\n";
  expect(reportsOf(`machine M\n  initial: S1\n${states}\n${end}`)).toEqual([]);
});

it("a list of any length has a textual form and is formatted", () => {
  const text = `cell main() -> Int = length([${"1,".repeat(150_000)}1])\n`;
  expect(formatSource("main.lm", text).diagnostics).toEqual([]);
  expect(dumpAst(parseModule("main.lm", text).module).match(/ 1/g)?.length).toBe(150_001);
});

describe("declarations that need each other in a chain of 5,000", () => {
  const COUNT = 5000;
  const last = COUNT - 1;

  it.each([
    [
      "aliases",
      (i: number): string => (i === last ? `type A${i} = Int` : `type A${i} = A${i + 1}`),
      "cell main(a: A0) -> Int = a",
    ],
    [
      "constants",
      (i: number): string => (i === last ? `const A${i} = 1` : `const A${i} = A${i + 1} + 1`),
      "cell main() -> Int = A0",
    ],
    [
      "cells without a result",
      (i: number): string => (i === last ? `cell a${i}() = 1` : `cell a${i}() = a${i + 1}()`),
      "cell main() -> Int = a0()",
    ],
  ])("%s", (_, declaration, main) => {
    const chain = Array.from({ length: COUNT }, (__, i) => declaration(i)).join("\n");
    expect(reportsOf(`${chain}\n${main}\n`)).toEqual([]);
  });
});

it("a trait may have 5,000 impls", () => {
  const impls = lines(
    5000,
    (i) => `record R${i}(a: Int)\nimpl T for R${i}\n  cell f(self) -> Int = ${i}\nend`,
  );
  const trait = "trait T\n  cell f(self) -> Int\nend\n";
  const use = "cell g[A: T](x: A) -> Int = x.f()\ncell main() -> Int = g(R7(a: 1))\n";
  expect(reportsOf(`${trait}${impls}\n${use}`)).toEqual([]);
});

it("names are suggested in the first 100 reports of a module", () => {
  const cells = lines(150, (i) => `cell name_number_${i}() -> Int = 1`);
  const calls = lines(150, (i) => `  let x${i} = nome_number_${i}()`);
  const text = `${cells}\ncell main() -> Int\n${calls}\n  return 1\nend\n`;
  const source = { name: "main", path: "main.lm", text };
  const { diagnostics } = compileProgram(source, { resolve: () => null }, options);
  const isSuggesting = diagnostics.map((d) => d.message.includes("did you mean"));
  expect(isSuggesting.filter((suggests) => suggests)).toHaveLength(100);
  expect(isSuggesting.lastIndexOf(true)).toBe(99);
});

describe("a circle of 20,000 declarations is reported once", () => {
  const COUNT = 20_000;
  const circle = (declaration: (i: number, next: number) => string): string =>
    Array.from({ length: COUNT }, (_, i) => declaration(i, (i + 1) % COUNT)).join("\n");

  it.each([
    ["aliases", circle((i, n) => `type A${i} = A${n}`), "(a: A0)", `E0100 ${COUNT}`],
    ["constants", circle((i, n) => `const A${i} = A${n} + 1`), "()", "E0500 1"],
    ["typed constants", circle((i, n) => `const A${i}: list[Int] = [...A${n}]`), "()", "E0500 1"],
  ])("%s", (_, declarations, params, report) => {
    expect(reportsOf(`${declarations}\ncell main${params} -> Int = 1\n`)).toEqual([report]);
  });
});

describe("a union of 2,000 records", () => {
  const records = lines(2000, (i) => `record R${i}\n  a${i}: Int\nend`);
  const union = `type U = ${lines(2000, (i) => `R${i}`).replaceAll("\n", " | ")}\n`;
  const match = (count: number): string =>
    `cell f(u: U) -> Int\n  match u\n${lines(count, (i) => `    r: R${i} -> r.a${i}`)}\n  end\nend\n`;
  const main = "cell main() -> Int = f(R7(a7: 1))\n";

  it("is matched member by member", () => {
    expect(reportsOf(`${records}\n${union}${match(2000)}${main}`)).toEqual([]);
  });

  it("has arms that nothing reaches, and values that no arm takes", () => {
    const twice = match(2000).replace("  end", "    r: R5 -> 1\n  end");
    expect(reportsOf(`${records}\n${union}${twice}${main}`)).toEqual(["E0208 8004"]);
  });
});

it("10,000 unknown names are reported", () => {
  const cells = lines(10_000, (i) => `cell c${i}() -> Int = y${i}`);
  expect(reportsOf(`${cells}\ncell main() -> Int = 1\n`)).toHaveLength(10_000);
});

it("lists of a document may nest 1,500 deep", () => {
  const items = lines(1500, (i) => `${"  ".repeat(i - 1)}- item`);
  const text = `${items}\n\n\`\`\`lumen\ncell main() -> Int = 1\n\`\`\`\n`;
  const fence = (columns: number): string =>
    `${" ".repeat(columns)}\`\`\`lumen\n${" ".repeat(columns)}cell main() -> Int = 1\n`;
  const inLists = (levels: number): string =>
    `${lines(levels, (i) => `${"  ".repeat(i - 1)}- item`)}\n${fence(2 * levels)}`;
  for (const document of [text, inLists(256)])
    expect(parseModule("main.lm.md", document).module.items).toHaveLength(1);
  expect(parseModule("main.lm.md", inLists(257)).module.items).toEqual([]);
});

it("an expression of a sequence takes several values of up to 127 levels", () => {
  const program = (depth: number): string => {
    const deep = nested(depth, "Int");
    const tiles = `@tile(iter)\ncell t(x: Int) -> ${deep} = ${"[".repeat(depth)}x${"]".repeat(depth)}\n`;
    const lets = "  let a = t(x)\n  let b = t(x)\n  let c = a == b\n  return c\n";
    return `${tiles}@sequence\ncell main(x: Int) -> Bool\n${lets}end\n`;
  };
  expect(reportsOf(program(127))).toEqual([]);
  expect(reportsOf(program(128))).toEqual(["E0806 7"]);
});
