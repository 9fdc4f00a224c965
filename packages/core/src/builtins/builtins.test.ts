// The joined table: a number, a name and an alias stand for one builtin each.

import { describe, expect, it } from "vitest";
import { BUILTINS, type BuiltinRow, builtinByName, builtinByNumber } from "./index.ts";

const ROWS: readonly (readonly [string, BuiltinRow])[] = Object.entries<BuiltinRow>(BUILTINS);

describe("BUILTINS", () => {
  it("gives each number once", () => {
    const numbers = ROWS.map(([, row]) => row.number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const [name, row] of ROWS) expect(builtinByNumber(row.number)).toBe(name);
  });

  it("gives each name and alias once, also across sections", () => {
    const names = ROWS.flatMap(([name, row]) => [name, ...row.aliases]);
    expect(new Set(names).size).toBe(names.length);
    for (const [name, row] of ROWS) {
      for (const spelled of [name, ...row.aliases]) expect(builtinByName(spelled)).toBe(name);
    }
  });

  it("keeps the numbers that compiled programs hold", () => {
    const pinned = { print: 1, hash: 15, length: 40, abs: 80, append: 120, keys: 170, ok: 200 };
    for (const [name, number] of Object.entries(pinned)) {
      expect(builtinByName(name)).toBe(name);
      expect(builtinByNumber(number)).toBe(name);
    }
  });

  it("says how each is computed, and names the effect of what is asked at the door", () => {
    for (const [, { how, effect }] of ROWS) {
      expect(how).toMatch(/^(native|machine|prelude|construct|door [a-z]+\.[a-z0-9_]+)$/);
      if (how.startsWith("door ")) expect(how.slice(5).split(".")[0]).toBe(effect);
    }
  });
});
