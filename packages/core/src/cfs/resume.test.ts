// Continuing from a decoded State (spec/formats.md 15.3): given lists, and states that do not fit.

import { describe, expect, it } from "vitest";
import type { Frame, State } from "../commit/state.ts";
import { valueDigest } from "../encoding/index.ts";
import { toHex, ZERO32 } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { compileSchema } from "./compile.ts";
import { type Machine, startRun } from "./machine.ts";
import { readCfs } from "./read.ts";
import { type ResumeOptions, resumeRun } from "./resume.ts";
import type { Schema } from "./schema.ts";

/** Squares each element of [1, 2, 3] and collects the results; a test decides before. */
const document = {
  version: "1.1",
  project: "p",
  encoding: "postcard",
  tiles: [
    { id: "sq", type: "iter", inputs: 1, outputs: 1, input_types: ["i64"], output_type: "i64" },
  ],
  sequences: [
    {
      id: "main",
      input_sources: [{ source: { type: "external" } }],
      input_types: ["bool"],
      items: [
        {
          item_type: "branch",
          item_id: "b",
          input_sources: [{ source: { type: "seq_input", input_index: 0 } }],
          arms: [
            {
              when: { bool: true },
              items: [
                {
                  item_type: "loop",
                  item_id: "l",
                  mode: "for_each",
                  input_sources: [
                    {
                      source: { type: "external" },
                      literal: { type: { list: "i64" }, bytes: "03020406" },
                    },
                  ],
                  body: {
                    items: [
                      {
                        item_type: "tile",
                        item_id: "sq",
                        input_sources: [{ source: { type: "loop_element" } }],
                      },
                    ],
                    next: [],
                    collect: { source: { type: "item_output", item_index: 0, output_index: 0 } },
                  },
                  outputs: 1,
                },
              ],
              output: { source: { type: "item_output", item_index: 0, output_index: 0 } },
            },
            {
              when: { default: true },
              items: [],
              output: {
                source: { type: "external" },
                literal: { type: { list: "i64" }, bytes: "00" },
              },
            },
          ],
          outputs: 1,
        },
      ],
      outputs: 1,
      output: { source: { type: "item_output", item_index: 0, output_index: 0 } },
    },
  ],
};

function value<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (!result.ok) throw new Error(`expected a value: ${JSON.stringify(result)}`);
  return result.value;
}

const schema: Schema = value(compileSchema(value(readCfs(document))));
const SQUARES = [2, 8, 18].map((byte) => Uint8Array.of(byte));
const LIST = Uint8Array.of(3, 2, 8, 18);
const LITERAL = Uint8Array.of(3, 2, 4, 6);
const literals = {
  bytesOf: (digest: Uint8Array) =>
    toHex(digest) === toHex(valueDigest(LITERAL)) ? LITERAL : undefined,
};

/** The run before step 2: two values are collected. */
function machineBefore2(): Machine {
  const machine = value(startRun(schema, [Uint8Array.of(1)]));
  for (const output of SQUARES.slice(0, 2)) {
    value(machine.applyOutcome({ kind: "Ok", output }, ZERO32));
  }
  return machine;
}

const STATE: State = required(machineBefore2().state(), "a runner knows the state");

function finish(options: ResumeOptions): string | null {
  const machine = value(resumeRun(schema, STATE, { values: literals, ...options }));
  const output = SQUARES[2] ?? ZERO32;
  const record = machine.applyOutcome({ kind: "Ok", output }, ZERO32);
  if (!record.ok) return record.error.code;
  const end = value(machine.next());
  return end.kind === "done" ? toHex(end.outputDigest) : end.kind;
}

describe("a resumed collecting loop", () => {
  const done = toHex(valueDigest(LIST));

  it("ends with the values collected before", () => {
    const collected = machineBefore2().openLists();
    expect(collected).toEqual([SQUARES.slice(0, 2)]);
    expect(finish({ collected })).toBe(done);
  });

  it("ends with the whole list, if that is the one committed to", () => {
    expect(finish({ lists: [LIST] })).toBe(done);
    expect(finish({})).toBe("E_MISSING_VALUE");
    expect(finish({ lists: [Uint8Array.of(3, 2, 8, 20)] })).toBe("E_MISSING_VALUE");
    expect(finish({ lists: [Uint8Array.of(3, 8, 2, 18)] })).toBe("E_MISSING_VALUE");
    expect(finish({ lists: [Uint8Array.of(2, 2, 8)] })).toBe("E_MISSING_VALUE");
    expect(finish({ lists: [Uint8Array.of(3, 2, 8, 18, 0)] })).toBe("E_MISSING_VALUE");
  });

  it("does not take bytes of another value from a source", () => {
    const values = { bytesOf: () => Uint8Array.of(3, 2, 4, 8) };
    const machine = value(resumeRun(schema, STATE, { values }));
    const next = machine.next();
    expect(next.ok ? null : next.error.code).toBe("E_MISSING_VALUE");
  });
});

type Change = (state: State) => unknown;

/** The state with one frame changed. */
function frame(depth: number, change: (frame: Frame) => object): Change {
  return (state) => {
    const stack = state.stack.map((f, i) => (i === depth ? { ...f, ...change(f) } : f));
    return { ...state, stack };
  };
}

/** The state with the loop frame's kind changed. */
function loop(change: object): Change {
  return frame(2, (f) => ({ kind: { ...f.kind, ...change } }));
}

const done = { kind: "Done", outputDigest: ZERO32 };

const misfits: { readonly [what: string]: Change } = {
  "another sequence": frame(0, () => ({ kind: { kind: "Sequence", id: "other" } })),
  "a further input": frame(0, (f) => ({ inputs: [...f.inputs, ZERO32] })),
  "an item behind the block": frame(0, () => ({ item: 1, outputs: [ZERO32] })),
  "an output of an item that has not run": frame(0, () => ({ outputs: [ZERO32] })),
  "an arm that does not exist": frame(1, () => ({ kind: { kind: "Arm", arm: 2 } })),
  "a payload where there is none": frame(1, () => ({ inputs: [ZERO32] })),
  "a loop in place of an arm": frame(1, () => ({ kind: loopKind(0) })),
  "a loop beyond its bound": loop(loopKind(1_000_000)),
  "a head in a for_each": loop({ inHead: true }),
  "another number of collected values": loop({ iteration: 1 }),
  "a frontier of another size": loop({ collected: { count: 2, frontier: [ZERO32, ZERO32] } }),
  "a further state": frame(2, (f) => ({ inputs: [...f.inputs, ZERO32] })),
  "no frames": (state) => ({ ...state, stack: [] }),
  "a frame without a tile to run": (state) => ({ ...state, stack: state.stack.slice(0, 2) }),
  "a finished run with frames": (state) => ({ ...state, status: done }),
  "a recursion of a call that is not recursive": (state) => ({
    ...state,
    recur: { iteration: 1, inputDigest: ZERO32 },
  }),
};

function loopKind(iteration: number): object {
  return { kind: "Loop", iteration, inHead: false, collected: { count: 0, frontier: [] } };
}

describe("a state that the schema does not have", () => {
  it("is told from one that it has", () => {
    expect(resumeRun(schema, STATE).ok).toBe(true);
    const finished = { stack: [], recur: null, steps: 3, status: done } as unknown as State;
    expect(value(value(resumeRun(schema, finished)).next()).kind).toBe("done");
  });

  it.each(Object.entries(misfits))("is refused: %s", (_what, change) => {
    const result = resumeRun(schema, change(STATE) as State);
    expect(result.ok ? null : result.error.code).toBe("E_MALFORMED");
  });

  it("is refused with collected values that are not those committed to", () => {
    const collected = [[SQUARES[1] ?? ZERO32, SQUARES[0] ?? ZERO32]];
    const result = resumeRun(schema, STATE, { collected });
    expect(result.ok ? null : result.error.code).toBe("E_MALFORMED");
  });
});
