// Snapshots of machines (formats 30): that every class is in the tables, that sharing and circles
// stay, and that bytes which no encoder writes are refused and never thrown at.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { concatBytes, sha256 } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import {
  displayNested,
  Float,
  isShared,
  type List,
  listItem,
  makeErr,
  makeList,
  makeRecord,
  mapFromEntries,
  Some,
  setFromItems,
  share,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { InstanceState } from "../builtins/instances.ts";
import { ChannelIterator, IteratorState } from "../containers/iterators.ts";
import type { LinkedCell, LinkedProgram } from "../link/program.ts";
import { Fiber, Frame } from "../machine/fiber.ts";
import { GeneratorState } from "../machine/generator.ts";
import { createMachine, type Machine, restoreMachine } from "../machine/machine.ts";
import { Channel, Nursery, Task } from "../machine/tasks.ts";
import { sketch } from "../testing/sketch.ts";
import { CLASSES } from "./thing-kinds.ts";
import { DERIVED, THINGS } from "./things.ts";

const ID = new Uint8Array(32).fill(3);
const SOURCES = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Asks `Log.log` with its argument twice and returns it. */
const PROGRAM = sketch(`
cell main(a0) {log}
  request a1, 'Log', 'log', [a0]
  request a1, 'Log', 'log', [a0]
  return a0
`);

/** A machine that has asked for the first time. */
function asking(value: Value, program: LinkedProgram = PROGRAM): Machine {
  const entry = { module: "m", name: "main" };
  const machine = createMachine(program, { entry, args: [value], tiles: "inline", door: true });
  expect(machine.run().kind).toBe("suspended");
  return machine;
}

function bytesOf(machine: Machine): Uint8Array {
  const bytes = machine.snapshot(ID);
  if (!bytes.ok) throw new Error(bytes.error);
  return bytes.value;
}

function restored(bytes: Uint8Array): Machine {
  const machine = restoreMachine(PROGRAM, bytes, { programId: ID });
  if (!machine.ok) throw new Error(JSON.stringify(machine.error));
  return machine.value;
}

/** The value that comes out of the restored machine at the end. */
function throughSnapshot(value: Value): Value {
  const machine = restored(bytesOf(asking(value)));
  for (let i = 0; i < 3; i += 1) {
    const state = machine.run();
    if (state.kind === "finished") return state.value;
    if (state.kind === "faulted") throw new Error(state.fault.message);
    const request = required(state.requests[0], "the program asks");
    machine.answer(request.id, { ok: true, value: null });
  }
  throw new Error("the program ends");
}

/** The same bytes with another body, so that only the decoder can refuse them. */
function withDigest(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, -32);
  return concatBytes(body, sha256(body));
}

describe("the tables", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const texts = files.map((name) => readFileSync(join(SOURCES, name), "utf8"));
  const found = (pattern: RegExp): readonly string[] =>
    [
      ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((m) => m[1] ?? ""))),
    ].sort();

  it("have every class of things that references refer to", () => {
    const heap = found(/export class (\w+) extends (?:HeapObject|IteratorState)\b/g);
    const known: readonly string[] = Object.values(CLASSES).map((of) => of.name);
    expect(heap).toEqual([
      "Channel",
      "ChannelIterator",
      "GeneratorState",
      "InstanceState",
      "IteratorState",
      "Nursery",
      "Task",
    ]);
    expect(heap.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("have every field of every class", () => {
    const cell: LinkedCell = required(PROGRAM.cells.get("m#main"), "the cell");
    const frame = new Frame(cell, new Int32Array(), []);
    const samples = {
      fiber: new Fiber(null, null),
      frame,
      task: new Task(1, null, null),
      nursery: new Nursery(),
      channel: new Channel(null),
      iterator: new IteratorState(makeList([])),
      "channel iterator": new ChannelIterator(new Channel(null)),
      generator: new GeneratorState(frame),
      instance: new InstanceState(),
    } satisfies Record<keyof typeof CLASSES, object>;
    for (const [kind, sample] of Object.entries(samples)) {
      const stored = Object.keys(sample).filter((name) => !DERIVED.includes(name));
      const row = THINGS[kind as keyof typeof samples];
      expect([kind, [...row.fields].sort()]).toEqual([kind, stored.sort()]);
    }
  });

  it("have tags that differ", () => {
    const tags = Object.values(THINGS).map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
  });
});

describe("values", () => {
  it.each<[string, Value]>([
    ["null", null],
    ["Ints", makeList([0, -1, 2 ** 53 - 1, -(2n ** 63n), 2n ** 63n - 1n])],
    ["Floats", makeList([new Float(-0), new Float(Number.NaN), new Float(1e300)])],
    ["texts", makeList(["", "a".repeat(40), "ä€𝄞"])],
    ["bytes", new Uint8Array([0, 255])],
    ["containers", new Tuple([makeErr(makeList([true])), new Some(null)])],
    ["sets and maps", mapFromEntries([{ key: setFromItems([1, "b"]), value: makeList([]) }])],
    ["foreign records", makeRecord({ name: "Far", fields: ["x"] }, [3])],
  ])("%s stay what they are", (_name, value) => {
    expect(throughSnapshot(value)).toEqual(value);
    expect(displayNested(throughSnapshot(value))).toBe(displayNested(value));
  });

  it("that were one object are one object again", () => {
    const inner = share(makeList([1]));
    const found = throughSnapshot(new Tuple([inner, inner, makeList([1])]));
    if (!(found instanceof Tuple)) throw new Error("a tuple");
    expect(found.items[0]).toBe(found.items[1]);
    expect(found.items[0]).not.toBe(found.items[2]);
    const isSharedList = (value: Value): boolean => isShared(value as List);
    expect(found.items.map(isSharedList)).toEqual([true, true, false]);
  });

  it("may nest as deeply as memory allows", () => {
    let deep: Value = makeList([]);
    for (let i = 0; i < 100_000; i += 1) deep = makeList([deep]);
    let found: Value | undefined = throughSnapshot(deep);
    let levels = 0;
    while (Array.isArray(found) && found.length > 0) {
      found = listItem(found, 0);
      levels += 1;
    }
    expect(levels).toBe(100_000);
  });

  it("that are equal give equal bytes", () => {
    const make = (): Value => mapFromEntries([{ key: "a", value: makeList([1, "x".repeat(50)]) }]);
    expect(bytesOf(asking(make()))).toEqual(bytesOf(asking(make())));
  });
});

describe("bytes from anywhere", () => {
  const bytes = bytesOf(asking(mapFromEntries([{ key: "a", value: makeList([1, 2]) }])));
  const code = (from: Uint8Array, id = ID): string => {
    const machine = restoreMachine(PROGRAM, from, { programId: id });
    return machine.ok ? "ok" : machine.error.code;
  };

  it("of another version are refused with both", () => {
    const other = bytes.slice();
    other[8] = 2;
    const machine = restoreMachine(PROGRAM, other, { programId: ID });
    expect(machine).toMatchObject({
      ok: false,
      error: { code: "E_UNSUPPORTED_VERSION", found: "2.0", supported: ["1.0"] },
    });
  });

  it("that are damaged, cut or of another program are refused", () => {
    expect(code(bytes)).toBe("ok");
    expect(code(bytes, new Uint8Array(32))).toBe("E_ARTIFACT_CORRUPT");
    for (let length = 0; length < bytes.length; length += 1) {
      expect(code(bytes.subarray(0, length))).toMatch(/^E_(ARTIFACT_CORRUPT|UNSUPPORTED_VERSION)$/);
    }
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(code(changed)).toMatch(/^E_(ARTIFACT_CORRUPT|UNSUPPORTED_VERSION)$/);
    }
  });

  it("with a right digest are refused with an offset, or read", () => {
    let refused = 0;
    for (let at = 44; at < bytes.length - 32; at += 1) {
      for (const flip of [1, 2, 0x7f, 0x80, 0xff]) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        const machine = restoreMachine(PROGRAM, withDigest(changed), { programId: ID });
        if (machine.ok) continue;
        refused += 1;
        expect(machine.error.code).toBe("E_DECODE");
        expect(machine.error.offset).toBeGreaterThanOrEqual(44);
        expect(machine.error.offset).toBeLessThanOrEqual(bytes.length);
      }
    }
    expect(refused).toBeGreaterThan(100);
    for (let length = 44; length < bytes.length - 32; length += 1) {
      const cut = concatBytes(bytes.subarray(0, length), new Uint8Array(32));
      expect(code(withDigest(cut))).toBe("E_DECODE");
    }
  });
});
