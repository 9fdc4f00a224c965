// The queue against a plain array, and its price.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Queue } from "./queue.ts";

type Step = { readonly op: "push" | "shift" | "remove" | "drain"; readonly item: number };

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom("push", "push", "push", "shift", "shift", "remove", "drain"),
  item: fc.nat(5),
});

describe("Queue", () => {
  it("does what an array does", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new Queue<number>();
        let plain: number[] = [];
        for (const { op, item } of steps) {
          if (op === "push") {
            queue.push(item);
            plain.push(item);
          } else if (op === "shift") expect(queue.shift()).toBe(plain.shift());
          else if (op === "remove") {
            queue.remove((other) => other === item);
            plain = plain.filter((other) => other !== item);
          } else {
            expect(queue.drain()).toEqual(plain);
            plain = [];
          }
          expect([...queue]).toEqual(plain);
          expect([queue.length, queue.first]).toEqual([plain.length, plain[0]]);
        }
      }),
      { seed: 20261121 },
    );
  });
});
