// A checker that remembers says what a fresh check says, after any edit; and after edits of bodies
// it really does check only the module that was edited.

import { checkProgram, createChecker } from "@lumen/compiler";
import { describe, expect, it } from "vitest";
import { randomOf } from "./fuzz/random.ts";
import { edited, programOf, type Texts } from "./property/projects.ts";
import { wellTypedProject } from "./property/well-typed.ts";

const SHAPES = `@feature "effects"
pub record Point(x: Int, y: Int = 1 where y >= 0)

pub enum Shape
  Dot(Point)
  Line(from: Point, to: Point)
end

pub trait Sized
  cell size(self) -> Int
  cell doubled(self) -> Int
    self.size() * 2
  end
end

impl Sized for Shape
  cell size(self) -> Int
    match self
      Dot(p) -> p.x
      Line(from, to) -> to.x - from.x
    end
  end
end

pub effect Meter
  cell count(name: String) -> Int
end

pub const UNIT = 3

pub cell scale(p: Point, by: Int = UNIT) -> Point
  let next = p.x * by
  Point(x: next, y: p.y)
end

pub cell measure(name: String) -> Int / {meter}
  let n = Meter.count(name)
  let text = "measured {name}"
  n + UNIT + length(text)
end
`;

const TOTALS = `@feature "effects"
import shapes: *

pub cell guess(xs: list[Int])
  let best = 0
  for x in xs
    best = if x > best then x else best
  end
  best + UNIT
end

pub cell total(shapes: list[Shape]) -> Int
  let sum = guess([1, 2])
  for s in shapes
    sum += s.size() + s.doubled()
  end
  sum
end

cell apply(f: fn(Int) -> Int / {}, n: Int) -> Int = f(n)

cell quiet(n: Int) -> Int = n + 1

cell noisy(n: Int) -> Int / {emit}
  print("noisy")
  n
end

pub cell metered(names: list[String]) -> Int
  let all = map(names, fn(n) => length(n) * 2)
  let counted = handle
    measure("a") + measure("b")
  with
    Meter.count(name) => resume(length(name))
  end
  counted + length(all) + apply(quiet, 1)
end
`;

const MAIN = `@feature "effects"
import shapes: Point, Shape, Meter, scale, measure
import totals

cell pure_part(n: Int) -> Int / {}
  let p = scale(Point(x: n))
  p.x + totals.total([Shape.Dot(p)])
end

cell main() -> Int
  let found = totals.guess([1, 2, 3])
  let text = "{found} and {pure_part(2)}"
  print(text)
  found + totals.metered(["x"])
end
`;

const START: Texts = new Map([
  ["main", MAIN],
  ["shapes", SHAPES],
  ["totals", TOTALS],
]);

const fresh = (texts: Texts): unknown => {
  const { root, host } = programOf(texts);
  return checkProgram(root, host, { keepsTrees: false }).diagnostics;
};

describe("a checker", () => {
  it.each([1, 2, 3, 4, 5, 6])("says what a fresh check says, seed %i", (seed) => {
    const random = randomOf(seed, 0);
    const checker = createChecker();
    let texts = START;
    let reused = 0;
    for (let i = 0; i < 40; i++) {
      const { root, host } = programOf(texts);
      const { diagnostics, checked } = checker.check(root, host);
      expect(diagnostics, `edit ${i}:\n${[...texts.values()].join("\n---\n")}`).toEqual(
        fresh(texts),
      );
      if (checked.length === 1) reused += 1;
      // Back to a right program now and then: in a broken one there is little left to check.
      texts = edited(random.below(4) === 0 ? START : texts, random);
    }
    expect(reused).toBeGreaterThan(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("says so of generated projects, seed %i", (seed) => {
    const random = randomOf(seed, 1);
    const right = wellTypedProject(random);
    const checker = createChecker();
    let texts: Texts = right;
    for (let i = 0; i < 20; i++) {
      const { root, host } = programOf(texts);
      const { diagnostics } = checker.check(root, host);
      const shown = `seed ${seed}, edit ${i}:\n${[...texts].flat().join("\n---\n")}`;
      expect(diagnostics, shown).toEqual(fresh(texts));
      // Several edits at once as well, in several modules.
      texts = random.below(4) === 0 ? right : texts;
      for (let k = 0; k <= random.below(3); k++) texts = edited(texts, random);
    }
  });

  it.each([
    ["a body", "main", "found + totals", "found - totals", ["main"]],
    ["a body that others call", "shapes", "p.x * by", "p.x * by * 2", ["shapes"]],
    ["a body that is longer", "shapes", "  let next", "  let a = 1\n  let next", ["shapes"]],
    ["a body whose row grows", "shapes", "  let next", '  print("x")\n  let next', ["shapes"]],
    ["a body that is wrong", "totals", "sum += s", "sum += t", ["totals"]],
    ["a body that gives a function with an effect", "totals", "(quiet", "(noisy", ["totals"]],
    ["a result that is inferred", "totals", "best + UNIT", "to_string(best)", null],
    ["a signature", "shapes", "by: Int", "by: Float", null],
    ["a constant", "shapes", "UNIT = 3", 'UNIT = "3"', null],
    ["a type", "shapes", "x: Int, y", "x: Int, z: Int = 1, y", null],
    ["an import", "main", "scale, measure", "scale", null],
  ])("checks after an edit of %s what can see it", (_, name, from, to, expected) => {
    const checker = createChecker();
    const start = programOf(START);
    expect(checker.check(start.root, start.host)).toMatchObject({ diagnostics: [] });
    expect(checker.check(start.root, start.host).checked).toEqual([]);
    const text = START.get(name) ?? "";
    expect(text).toContain(from);
    const texts = new Map(START).set(name, text.replace(from, to));
    const { root, host } = programOf(texts);
    const result = checker.check(root, host);
    expect(result.diagnostics).toEqual(fresh(texts));
    if (expected === null) expect(result.checked.length).toBeGreaterThan(1);
    else expect(result.checked).toEqual(expected);
    expect(checker.check(start.root, start.host).diagnostics).toEqual([]);
  });
});
