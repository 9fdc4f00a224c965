// Sameness of types against the plain definition, and the laws of the subtype relation.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapParts } from "./map-parts.ts";
import type { LirType } from "./types.ts";
import { partsOf, relationsOf, typeClasses } from "./validate-relations.ts";

/** Splits all classes in rounds until nothing changes: slow, and plainly right. */
function plainClasses(types: readonly LirType[]): readonly string[] {
  let classes = types.map((type) => JSON.stringify(mapParts(type, () => 0)));
  for (;;) {
    const keys = types.map((type, i) =>
      JSON.stringify([classes[i], partsOf(type).map((part) => classes[part])]),
    );
    const numbers = new Map([...new Set(keys)].map((key, n): [string, string] => [key, `${n}`]));
    const next = keys.map((key) => numbers.get(key) ?? "");
    if (new Set(next).size === new Set(classes).size) return next;
    classes = next;
  }
}

/** Tables of records and lists that refer to each other at random. */
const table = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const part = fc.nat(size - 1);
  const type: fc.Arbitrary<LirType> = fc.oneof(
    fc.constant({ kind: "int" as const }),
    fc.record({ kind: fc.constant("list" as const), item: part }),
    part.map(
      (next): LirType => ({ kind: "record", name: "R", fields: [{ name: "next", type: next }] }),
    ),
    fc.tuple(part, part).map((items): LirType => ({ kind: "tuple", items })),
  );
  return fc.array(type, { minLength: size, maxLength: size });
});

describe("sameness", () => {
  it("agrees with the plain definition", () => {
    fc.assert(
      fc.property(table, (types) => {
        const fast = typeClasses(types);
        const plain = plainClasses(types);
        for (const i of types.keys())
          for (const j of types.keys()) expect(fast[i] === fast[j]).toBe(plain[i] === plain[j]);
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it("of a long chain of records of one name takes no time", () => {
    const count = 20_000;
    const types = Array.from({ length: count }, (_, i): LirType => {
      const next = Math.min(i + 1, count - 1);
      return i === count - 1
        ? { kind: "int" }
        : { kind: "record", name: "R", fields: [{ name: "next", type: next }] };
    });
    expect(new Set(typeClasses(types)).size).toBe(count);
  });
});

describe("subtypes", () => {
  /** Tables without cycles: every part stands later in the table. */
  const tree = fc
    .array(fc.tuple(fc.nat(7), fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 10 })
    .map((rows): LirType[] => {
      const scalars: LirType[] = [{ kind: "any" }, { kind: "null" }, { kind: "int" }];
      const parts = rows.map(([kind, a, b], i): LirType => {
        const left = i + 1 + a;
        const right = i + 1 + b;
        const size = rows.length + scalars.length;
        const at = (index: number): number => Math.min(index, size);
        const types: readonly LirType[] = [
          { kind: "list", item: at(left) },
          { kind: "option", item: at(left) },
          { kind: "map", key: at(left), value: at(right) },
          { kind: "tuple", items: [at(left), at(right)] },
          { kind: "union", members: [at(left), at(right)] },
          { kind: "result", ok: at(left), error: at(right) },
          { kind: "fn", params: [at(left)], result: at(right), row: [] },
          { kind: "set", item: at(left) },
        ];
        return types[kind] ?? { kind: "any" };
      });
      return [...parts, ...scalars, { kind: "string" }];
    });

  it("are reflexive and transitive, and any is above all", () => {
    fc.assert(
      fc.property(tree, (types) => {
        const { isSubtype } = relationsOf(types);
        const all = [...types.keys()];
        const any = types.findIndex((type) => type.kind === "any");
        for (const a of all) {
          expect(isSubtype(a, a)).toBe(true);
          expect(isSubtype(a, any)).toBe(true);
          for (const b of all.filter((x) => isSubtype(a, x)))
            for (const c of all.filter((x) => isSubtype(b, x)))
              expect([types, a, b, c, isSubtype(a, c)]).toEqual([types, a, b, c, true]);
        }
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });
});
