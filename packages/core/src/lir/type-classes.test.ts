// Equal types of different tables, and different types of one.

import { describe, expect, it } from "vitest";
import type { LirModule } from "./module.ts";
import { classifyTypes } from "./type-classes.ts";
import type { LirType } from "./types.ts";

function moduleOf(types: readonly LirType[]): LirModule {
  return { name: "m", types, constants: [], callees: [], cells: [], debug: null };
}

describe("classes of types", () => {
  it("are shared between modules, whatever the order of their tables", () => {
    const a = moduleOf([{ kind: "int" }, { kind: "list", item: 0 }]);
    const b = moduleOf([{ kind: "list", item: 1 }, { kind: "int" }, { kind: "string" }]);
    const classOf = classifyTypes([a, b, a]);
    expect(classOf(a, 1)).toBe(classOf(b, 0));
    expect(classOf(a, 0)).toBe(classOf(b, 1));
    expect(classOf(b, 2)).not.toBe(classOf(b, 1));
  });

  it("tell records apart by name, labels and what their parts hold in the end", () => {
    const record = (name: string, label: string, type: number): LirType => {
      return { kind: "record", name, fields: [{ name: label, type }] };
    };
    const types = [record("A", "x", 4), record("A", "x", 5), record("A", "y", 4)];
    const m = moduleOf([...types, record("B", "x", 4), { kind: "int" }, { kind: "float" }]);
    const classOf = classifyTypes([m]);
    expect(new Set(m.types.map((_, i) => classOf(m, i))).size).toBe(m.types.length);
  });

  it("of records that mention each other are equal where nothing tells them apart", () => {
    const link = (name: string, type: number): LirType => {
      return { kind: "record", name, fields: [{ name: "next", type }] };
    };
    const a = moduleOf([link("A", 1), link("B", 0)]);
    const b = moduleOf([link("B", 1), link("A", 0)]);
    const classOf = classifyTypes([a, b]);
    expect(classOf(a, 0)).toBe(classOf(b, 1));
    expect(classOf(a, 1)).toBe(classOf(b, 0));
    expect(classOf(a, 0)).not.toBe(classOf(a, 1));
  });

  it("of lists in lists differ by their depth, however deep", () => {
    const m = moduleOf([
      { kind: "int" },
      ...Array.from({ length: 50_000 }, (_, item): LirType => {
        return { kind: "list", item };
      }),
    ]);
    const classOf = classifyTypes([m]);
    expect(new Set(m.types.map((_, i) => classOf(m, i))).size).toBe(50_001);
  });
});
