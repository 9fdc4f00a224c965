// Control, calls, limits, cycles, suspension and faults of a machine (lir.md 4, 6, 7).

import { BUILTINS } from "@lumen/core/builtins";
import type { Constant } from "@lumen/core/lir";
import { displayNested, makeErr, makeOk, Tuple, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { linkProgram } from "../link/link-program.ts";
import {
  type CellSketch,
  l,
  m,
  moduleOf,
  programOf,
  runMain,
  T,
  t,
  textOf,
} from "../testing/build-program.ts";
import { createMachine, type Machine, type MachineState } from "./machine.ts";
import { runPure } from "./run-pure.ts";

const ints = (...values: number[]): Constant[] =>
  values.map((value) => ({ kind: "int", value: BigInt(value) }));

/** Sums n, n-1, … 1: two blocks a round. */
const LOOP: CellSketch = {
  params: 1,
  code: [
    ["const", 1, 0],
    ["const", 2, 1],
    ["const", 4, 0],
    ["lt_int", 3, 4, 0],
    ["jump_unless", 3, 8],
    ["add_int", 1, 1, 0],
    ["sub_int", 0, 0, 2],
    ["jump", 3],
    ["return", 1],
  ],
};

const text = (cells: readonly CellSketch[], args: readonly Value[], constants?: Constant[]) =>
  textOf(runMain(programOf(cells, constants), args).state);

describe("control", () => {
  it("loops", () => {
    expect(text([LOOP], [100], ints(0, 1))).toBe("5050");
  });

  it("switches, out of range to the last target", () => {
    const cell: CellSketch = {
      params: 1,
      code: [
        ["switch", 0, [1, 3, 5]],
        ["const", 1, 0],
        ["return", 1],
        ["const", 1, 1],
        ["return", 1],
        ["const", 1, 2],
        ["return", 1],
      ],
    };
    const results = [0, 1, 2, -1, 2n ** 60n].map((v) => text([cell], [v], ints(10, 11, 12)));
    expect(results).toEqual(["10", "11", "12", "12", "12"]);
  });

  it("jumps if true only", () => {
    const cell: CellSketch = {
      params: 1,
      code: [
        ["jump_if", 0, 2],
        ["return", 1],
        ["return", 0],
      ],
    };
    expect(text([cell], [true])).toBe("true");
    expect(text([cell], [false])).toBe("null");
  });

  it("stops with the trap of a fault instruction and says where", () => {
    const program = programOf(
      [
        {
          code: [
            ["call", 0, 1, []],
            ["return", 0],
          ],
        },
        {
          code: [
            ["const", 0, 0],
            ["fault", 10, 0],
          ],
        },
      ],
      [{ kind: "string", value: "runtime error: x" }],
    );
    const { state } = runMain(program);
    expect(state.kind === "faulted" && state.fault).toEqual({
      code: "E_TRAP_OTHER",
      message: "runtime error: x",
      stack: [
        { module: "m", cell: "main", span: { start: 0, end: 5 } },
        { module: "m", cell: "cell1", span: { start: 10, end: 15 } },
      ],
    });
  });
});

describe("calls", () => {
  const DEPTH: CellSketch = {
    params: 1,
    code: [
      ["const", 1, 0],
      ["eq_int", 2, 0, 1],
      ["jump_if", 2, 6],
      ["const", 3, 1],
      ["sub_int", 3, 0, 3],
      ["call", 0, 0, [3]],
      ["return", 0],
    ],
  };

  it("nest 4096 deep and no deeper", () => {
    expect(text([DEPTH], [4095], ints(0, 1))).toBe("0");
    expect(text([DEPTH], [4096], ints(0, 1))).toBe(
      "E_TRAP_STACK stack overflow: call depth exceeded 4096",
    );
  });

  it("in tail position reuse the frame", () => {
    const cell: CellSketch = {
      params: 1,
      code: [
        ["const", 1, 0],
        ["eq_int", 2, 0, 1],
        ["jump_if", 2, 6],
        ["const", 3, 1],
        ["sub_int", 3, 0, 3],
        ["tail_call", 0, [3]],
        ["return", 0],
      ],
    };
    expect(text([cell], [100_000], ints(0, 1))).toBe("0");
  });

  it("in tail position see one value twice without writing through", () => {
    const main: CellSketch = {
      code: [
        ["const", 1, 0],
        ["list_new", 0, []],
        ["tail_call", 1, [0, 0]],
      ],
    };
    const appends: CellSketch = {
      params: 2,
      code: [
        ["list_append", 0, 0, 2],
        ["tuple_new", 3, [0, 1]],
        ["return", 3],
      ],
    };
    expect(text([main, appends], [], ints(1))).toBe("([null], [])");
  });

  const closureOf = (callee: CellSketch, target: number): CellSketch[] => [
    {
      params: 2,
      registers: [0, 0, 0, target],
      code: [
        ["closure", 2, 1, [0]],
        ["call_closure", 3, 2, [1]],
        ["return", 3],
      ],
    },
    callee,
  ];

  it("of function values check arguments and result", () => {
    const adds: CellSketch = {
      kind: "lambda",
      params: 1,
      captures: 1,
      registers: [T.int ?? 0, 0],
      code: [
        ["arith", 2, 0, 0, 1],
        ["return", 2],
      ],
    };
    expect(text(closureOf(adds, T.int ?? 0), [10, 5])).toBe("15");
    expect(text(closureOf(adds, T.float ?? 0), [10, 5])).toBe("15.0");
    expect(text(closureOf(adds, T.int ?? 0), [10, "a"])).toBe(
      "E_TRAP_TYPE type error at runtime: expected Int, got String",
    );
    expect(text(closureOf(adds, T.string ?? 0), [10, 5])).toBe(
      "E_TRAP_TYPE type error at runtime: expected String, got Int",
    );
  });

  it("of what is no function, or with another number of arguments, fault", () => {
    const call: CellSketch = {
      params: 1,
      code: [
        ["call_closure", 1, 0, []],
        ["return", 1],
      ],
    };
    expect(text([call], [5])).toBe("E_TRAP_TYPE type error at runtime: cannot call Int");
    const two: CellSketch = { params: 2, captures: 1, code: [["return", 0]] };
    expect(text(closureOf(two, 0), [1, 2])).toBe(
      "E_TRAP_TYPE type error at runtime: function takes 2 arguments, got 1",
    );
  });
});

/** Counts up to 3: (n >= 3, n + 1). */
const COUNT_TO_3: CellSketch = {
  name: "count",
  kind: "tile",
  params: 1,
  code: [
    ["const", 1, 0],
    ["const", 2, 1],
    ["le_int", 3, 1, 0],
    ["add_int", 4, 0, 2],
    ["tuple_new", 5, [3, 4]],
    ["return", 5],
  ],
};

const recurOf = (bound: number): CellSketch => ({
  params: 1,
  code: [
    ["call_recur", 1, 1, [0], bound],
    ["return", 1],
  ],
});

describe("recur tiles", () => {
  it("run until done, within the bound", () => {
    expect(text([recurOf(4), COUNT_TO_3], [0], ints(3, 1))).toBe("(true, 4)");
    expect(text([recurOf(3), COUNT_TO_3], [0], ints(3, 1))).toBe(
      "E_TRAP_OTHER runtime error: recursion limit exceeded in tile 'count'",
    );
  });

  it("stop at the first err of a result", () => {
    const identity: CellSketch = { kind: "tile", params: 1, code: [["return", 0]] };
    expect(text([recurOf(4), identity], [makeErr("e")])).toBe('err("e")');
    expect(text([recurOf(4), identity], [makeOk(t(true, 1))])).toBe("ok((true, 1))");
  });
});

describe("cycles and fuel", () => {
  it("are charged per block, the same every time", () => {
    const program = programOf([LOOP], ints(0, 1));
    // 3 consts; 101 heads of lt and jump; 100 bodies of add, sub and jump; return.
    const expected = 3 + 101 * 2 + 100 * 3 + 2;
    expect(runMain(program, [100]).cycles).toBe(expected);
    expect(runMain(program, [100]).cycles).toBe(expected);
    expect(textOf(runMain(program, [100], { fuel: expected }).state)).toBe("5050");
    expect(textOf(runMain(program, [100], { fuel: expected - 1 }).state)).toBe(
      "E_TRAP_FUEL fuel exhausted",
    );
  });

  it("are the same where the machine runs slice by slice, of any length", () => {
    const program = programOf([LOOP], ints(0, 1));
    const whole = runMain(program, [100]);
    for (const slice of [0, 1, 2, 3, 7, 100, 10_000]) {
      const entry = { module: "m", name: "main" };
      const machine = createMachine(program, { entry, args: [100], tiles: "inline", door: false });
      let pauses = 0;
      let state = machine.runSlice(slice);
      for (; state.kind === "paused"; pauses += 1) {
        expect(machine.cycles).toBeLessThanOrEqual(whole.cycles);
        state = machine.runSlice(slice);
      }
      expect(textOf(state)).toBe("5050");
      expect(machine.cycles).toBe(whole.cycles);
      expect(pauses > 0).toBe(slice < 500);
    }
  });

  it("end a run at its limit, also where slices would go on", () => {
    const program = programOf([LOOP], ints(0, 1));
    const entry = { module: "m", name: "main" };
    const options = { entry, args: [100], tiles: "inline", door: false, fuel: 100 } as const;
    const machine = createMachine(program, options);
    let state = machine.runSlice(30);
    while (state.kind === "paused") state = machine.runSlice(30);
    expect(textOf(state)).toBe("E_TRAP_FUEL fuel exhausted");
    expect(machine.cycles).toBe(runMain(program, [100], { fuel: 100 }).cycles);
  });

  it("count a builtin by its row", () => {
    const hash: CellSketch = {
      params: 1,
      code: [
        ["call_builtin", 1, BUILTINS.hash.number, [0]],
        ["return", 1],
      ],
    };
    expect(runMain(programOf([hash]), ["a"]).cycles).toBe(BUILTINS.hash.cost + 2);
  });
});

describe("memory", () => {
  /** Appends to a list, or throws each one away. */
  const grow = (target: number): CellSketch => ({
    params: 2,
    code: [
      ["const", 2, 0],
      ["list_new", 3, []],
      ["lt_int", 4, 2, 0],
      ["jump_unless", 4, 8],
      ["list_append", target, 3, 1],
      ["const", 5, 1],
      ["add_int", 2, 2, 5],
      ["jump", 2],
      ["return", 2],
    ],
  });

  it("is what is reachable, not what was ever allocated", () => {
    const run = (target: number, memoryBytes: number): string =>
      textOf(runMain(programOf([grow(target)], ints(0, 1)), [5000, "x"], { memoryBytes }).state);
    expect(run(3, 130_000)).toBe("5000");
    expect(run(3, 60_000)).toBe("E_TRAP_MEMORY memory limit exceeded");
    expect(run(6, 2_000)).toBe("5000");
  });

  it("is refused before a large string is built", () => {
    const repeat: CellSketch = {
      params: 2,
      code: [
        ["call_builtin", 2, BUILTINS.repeat.number, [0, 1]],
        ["return", 2],
      ],
    };
    const run = (count: number): string =>
      textOf(runMain(programOf([repeat]), ["a", count], { memoryBytes: 100_000 }).state);
    expect(run(10_000)).toHaveLength(10_002);
    expect(run(60_000)).toBe("E_TRAP_MEMORY memory limit exceeded");
  });
});

describe("suspension", () => {
  const start = (cells: readonly CellSketch[], args: readonly Value[], constants?: Constant[]) =>
    createMachine(programOf(cells, constants), {
      entry: { module: "m", name: "main" },
      args,
      tiles: "suspend",
      door: true,
    });
  const requestsOf = (state: MachineState): string[] =>
    state.kind !== "suspended"
      ? [textOf(state)]
      : state.requests.map((r) => {
          if (r.kind === "tool") return `${r.id} tool:${r.tool}(${displayNested(r.input)})`;
          const name = r.kind === "door" ? `${r.effect}.${r.operation}` : r.name;
          const run = r.kind === "tile" && r.recur !== null ? `#${r.recur.iteration}` : "";
          return `${r.id} ${name}${run}(${r.args.map(displayNested).join(", ")})`;
        });
  const answer = (machine: Machine, id: number, value: Value): string[] => {
    machine.answer(id, { ok: true, value });
    return requestsOf(machine.run());
  };
  const doorCell = (name: "timestamp_ms" | "read_file" | "debug", target = 0): CellSketch => ({
    params: name === "timestamp_ms" ? 0 : 1,
    registers: [0, target],
    code: [
      ["call_builtin", 1, BUILTINS[name].number, name === "timestamp_ms" ? [] : [0]],
      ["return", 1],
    ],
  });

  it("asks the door and goes on with the answer", () => {
    const machine = start([doorCell("timestamp_ms", T.int)], []);
    expect(requestsOf(machine.run())).toEqual(["0 time.timestamp_ms()"]);
    expect(requestsOf(machine.run())).toEqual(["0 time.timestamp_ms()"]);
    expect(answer(machine, 0, 7)).toEqual(["7"]);
  });

  it("checks the answer against the register that waits for it", () => {
    const machine = start([doorCell("timestamp_ms", T.int)], []);
    machine.run();
    expect(answer(machine, 0, "late")).toEqual([
      "E_TRAP_TYPE type error at runtime: expected Int, got String",
    ]);
  });

  it("faults with an error answer, its code kept where it is a trap", () => {
    const fail = (code: string, message: string): string => {
      const machine = start([doorCell("read_file")], ["x"]);
      machine.run();
      machine.answer(0, { ok: false, code, message, error: null });
      return textOf(machine.run());
    };
    expect(fail("E_IO", "read_file failed: x")).toBe(
      "E_TRAP_OTHER runtime error: read_file failed: x",
    );
    expect(fail("E_IO", "runtime error: y")).toBe("E_TRAP_OTHER runtime error: y");
    expect(fail("E_TRAP_HALT", "halt: z")).toBe("E_TRAP_HALT halt: z");
  });

  it("gives the argument of debug back, whatever is answered", () => {
    const machine = start([doorCell("debug")], [l(1)]);
    machine.run();
    expect(answer(machine, 0, null)).toEqual(["[1]"]);
  });

  it("is a defect without a door", () => {
    expect(() => runMain(programOf([doorCell("timestamp_ms")]))).toThrow(/without a door/);
  });

  it("asks for each run of a recur tile", () => {
    const machine = start([recurOf(9), COUNT_TO_3], [0], ints(3, 1));
    expect(requestsOf(machine.run())).toEqual(["0 count#0(0)"]);
    expect(answer(machine, 0, new Tuple([false, 1]))).toEqual(["1 count#1(1)"]);
    expect(answer(machine, 1, new Tuple([true, 2]))).toEqual(["(true, 2)"]);
  });

  it("holds the bound of a recur tile", () => {
    const machine = start([recurOf(1), COUNT_TO_3], [0], ints(3, 1));
    machine.run();
    expect(answer(machine, 0, new Tuple([false, 1]))).toEqual([
      "E_TRAP_OTHER runtime error: recursion limit exceeded in tile 'count'",
    ]);
  });

  it("asks for tiles called directly, through function values and in tail position", () => {
    const direct: CellSketch = {
      params: 1,
      code: [
        ["call", 1, 1, [0]],
        ["return", 1],
      ],
    };
    const tail: CellSketch = { params: 1, code: [["tail_call", 1, [0]]] };
    const value: CellSketch = {
      params: 1,
      code: [
        ["closure", 1, 1, []],
        ["call_closure", 2, 1, [0]],
        ["return", 2],
      ],
    };
    for (const cell of [direct, tail, value]) {
      const machine = start([cell, COUNT_TO_3], [0], ints(3, 1));
      expect(requestsOf(machine.run())).toEqual(["0 count(0)"]);
      expect(answer(machine, 0, new Tuple([false, 1]))).toEqual(["(false, 1)"]);
    }
  });

  it("runs tiles inside a tile in place", () => {
    const outer: CellSketch = {
      kind: "tile",
      params: 1,
      code: [
        ["call", 1, 1, [0]],
        ["return", 1],
      ],
    };
    const machine = start([outer, COUNT_TO_3], [0], ints(3, 1));
    expect(requestsOf(machine.run())).toEqual(["(false, 1)"]);
  });
});

describe("deep values", () => {
  it("fault instead of breaking the engine", () => {
    const deep = (): Value => {
      let value: Value = l();
      for (let i = 0; i < 200_000; i += 1) value = l(value);
      return value;
    };
    const equal: CellSketch = {
      params: 2,
      code: [
        ["eq", 2, 0, 1],
        ["return", 2],
      ],
    };
    expect(text([equal], [deep(), deep()])).toBe(
      "E_TRAP_STACK stack overflow: value nested too deeply",
    );
  });
});

describe("entry", () => {
  it("takes arguments at the types of its parameters, with shapes of the program", () => {
    const cell: CellSketch = { params: 1, registers: [T.floats ?? 0], code: [["return", 0]] };
    expect(text([cell], [l(1)])).toBe("[1.0]");
    expect(text([cell], [m()])).toBe(
      "E_TRAP_TYPE type error at runtime: expected list[Float], got Map",
    );
  });

  it("runs pure cells to their end", () => {
    const program = programOf([LOOP], ints(0, 1));
    const entry = { module: "m", name: "main" };
    expect(runPure(program, entry, [3])).toMatchObject({
      ok: true,
      value: 6,
      cycles: 3 + 8 + 9 + 2,
    });
    const out = runPure(program, entry, [3], { fuel: 1 });
    expect(!out.ok && out.fault.code).toBe("E_TRAP_FUEL");
  });
});

describe("linking", () => {
  const module = moduleOf([{ code: [["return", 0]] }]);

  it("resolves cells of other modules", () => {
    const other = {
      ...moduleOf(
        [
          {
            code: [
              ["const", 0, 0],
              ["return", 0],
            ],
          },
        ],
        ints(7),
      ),
      name: "o",
    };
    const caller = moduleOf([
      {
        code: [
          ["call", 0, 0, []],
          ["return", 0],
        ],
      },
    ]);
    const callees = [{ kind: "extern" as const, module: "o", name: "main" }];
    const linked = linkProgram([{ ...caller, callees }, other]);
    expect(linked.ok && textOf(runMain(linked.value).state)).toBe("7");
  });

  it("refuses unknown callees and repeated modules", () => {
    const callees = [{ kind: "extern" as const, module: "o", name: "f" }];
    const unknown = linkProgram([{ ...module, callees }]);
    expect(!unknown.ok && [unknown.error.code, unknown.error.message]).toEqual([
      "E_LIR_INVALID",
      'module "m": there is no cell o.f',
    ]);
    expect(linkProgram([module, module]).ok).toBe(false);
  });

  it("decodes constants of any type, and refuses bytes that are none", () => {
    const main: CellSketch = {
      code: [
        ["const", 0, 0],
        ["return", 0],
      ],
    };
    const floats = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]);
    const constant: Constant = { kind: "value", type: T.floats ?? 0, bytes: floats };
    expect(text([main], [], [constant])).toBe("[1.5]");
    const broken = moduleOf([main], [{ ...constant, bytes: floats.subarray(1) }]);
    expect(linkProgram([broken]).ok).toBe(false);
  });
});
