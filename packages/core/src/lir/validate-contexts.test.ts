// Validation of effects, generators, deferred blocks and tasks (lir.md 8, clauses 4, 5, 6 and 9): a
// module that is valid, and for every rule a change that is refused.

import { describe, expect, it } from "vitest";
import { canonicalModule } from "./canonical.ts";
import type { LirModule } from "./module.ts";
import { assemble } from "./text-assemble.ts";
import { validateModule } from "./validate.ts";

/**
 * A cell `f(any)` with registers r0 … r3 of type any, r4 int, r5 bool, r6 string, r7 fn, r8 future.
 */
function judge(
  code: readonly string[],
  more: { readonly head?: string; readonly constants?: readonly string[] } = {},
): string {
  const constants = more.constants ?? ["Ask.ask", "Ask", "ask", "Ask.tell"];
  const head = more.head ?? "cell f kind cell params 1 captures 0 result 0 row {async}";
  const lines = [
    "module m",
    "types",
    "  0 any",
    "  1 int",
    "  2 bool",
    "  3 string",
    "  4 fn (0) -> 1 {async}",
    "  5 opaque Future 1",
    "  6 opaque Generator 1",
    "constants",
    ...constants.map((text, i) => `  ${i} string "${text}"`),
    "callees",
    "  0 local 1",
    "  1 local 2",
    head,
    "  registers 0 0 0 0 1 2 3 4 5 6",
    ...code.map((line, i) => `  ${i} ${line}`),
    "end",
    "cell g kind cell params 1 captures 0 result 0 row {emit}",
    "  registers 0",
    "  0 return r0",
    "end",
    "cell h kind lambda params 1 captures 0 result 1 row {}",
    "  registers 0 1",
    "  0 cast r1, r0, t1",
    "  1 return r1",
    "end",
  ];
  const module = assemble(lines.join("\n"));
  if (!module.ok) throw new Error(module.error.message);
  const all = module.value;
  const result = validateModule(isWhole(all) ? canonicalModule(all) : all);
  return result.ok ? "valid" : result.error.message.replace(/^invalid LIR module 'm' /, "");
}

/** Whether every constant exists, so that tables can be put in order. */
function isWhole({ cells, constants }: LirModule): boolean {
  const named = cells.flatMap((cell) =>
    cell.code.flatMap((at) => (at.op === "handle" ? at.operands[1] : [])),
  );
  return named.every((k) => Number(k) < constants.length);
}

/** A handle each; code that stands after them begins at 7. */
const USED = [
  "handle r1, [k0], [->2, ->3]",
  "handle_end r0",
  "handle_end r0",
  "perform r1, k1, k2, c0, [r0]",
];
const NAMED = ["handle r1, [k3], [->6, ->7]", "handle_end r0", "handle_end r0"];
const ASK = "cell f kind cell params 1 captures 0 result 0 row {ask, async}";

function after(...code: readonly string[]): string {
  return judge([...USED, ...NAMED, ...code], { head: ASK });
}

function generator(...code: readonly string[]): string {
  const head = "cell f kind generator params 1 captures 0 result 6 row {ask}";
  return judge([...USED, ...NAMED, ...code], { head });
}

describe("contexts (clause 9)", () => {
  it("accepts handles, arms, nurseries and deferred blocks that are left properly", () => {
    expect(
      after(
        "defer ->21",
        "closure r7, c1, []",
        "nursery r1",
        "handle r1, [k0], [->13, ->17]",
        "perform r2, k1, k2, c0, [r0]",
        "handle_end r2",
        "arm_arg r2, 0",
        "resume r3, r2, 2, 3",
        "scope_leave 1",
        "jump ->17",
        "nursery_end",
        "spawn r8, r7, [r0]",
        "await r1, r8",
        "return r1",
        "defer_end",
      ),
    ).toBe("valid");
  });

  it.each([
    [
      "an end of nothing",
      ["handle_end r0"],
      "(handle_end): ends neither a handled block nor an arm",
    ],
    ["an argument outside of arms", ["arm_arg r1, 0", "return r0"], "(arm_arg): stands in no arm"],
    [
      "a resume outside of arms",
      ["resume r1, r0, 0, 0", "return r0"],
      "(resume): stands in no arm",
    ],
    [
      "leaving what is not there",
      ["scope_leave 1", "return r0"],
      "(scope_leave): leaves 1 contexts",
    ],
    ["leaving nothing", ["scope_leave 0", "return r0"], "(scope_leave): leaves 0 contexts"],
    ["the end of no nursery", ["nursery_end", "return r0"], "(nursery_end): ends no nursery"],
    ["the end of no deferred block", ["defer_end"], "(defer_end): ends no deferred block"],
    [
      "a block that jumps out",
      ["handle r1, [k0], [->9, ->10]", "jump ->10", "handle_end r0", "return r0"],
      "instruction 10 (return): is reached in different contexts",
    ],
    [
      "an arm that falls into what comes after",
      ["handle r1, [k0], [->9, ->10]", "handle_end r0", "move r1, r0", "return r0"],
      "instruction 10 (return): is reached in different contexts",
    ],
    [
      "a nursery in a loop that is not closed",
      ["nursery r1", "jump ->7"],
      "instruction 7 (nursery): is reached in different contexts",
    ],
    [
      "a tail call in a context",
      ["nursery r1", "tail_call c0, [r0]"],
      "(tail_call): stands in a context",
    ],
    [
      "a tail call in a cell that defers",
      ["defer ->9", "tail_call c0, [r0]", "defer_end"],
      "(tail_call): stands in a cell that defers",
    ],
    [
      "a return in a deferred block",
      ["defer ->9", "return r0", "return r0"],
      "instruction 9 (return): leaves a deferred block",
    ],
    [
      "a deferred block in a deferred block",
      ["defer ->9", "return r0", "defer ->11", "defer_end", "defer_end"],
      "instruction 9 (defer): stands in a deferred block",
    ],
    [
      "leaving a deferred block",
      ["defer ->9", "return r0", "scope_leave 1", "jump ->8"],
      "(scope_leave): leaves 1 contexts",
    ],
    [
      "a resume of the arm around a deferred block",
      [
        "handle r1, [k0], [->9, ->11]",
        "handle_end r0",
        "defer ->12",
        "handle_end r0",
        "return r0",
        "resume r1, r0, 0, 0",
        "defer_end",
      ],
      "instruction 12 (resume): stands in no arm",
    ],
    ["a yield in no generator", ["yield r0", "return r0"], "stands in a cell that is no generator"],
  ])("refuses %s", (_, code, message) => {
    expect(after(...code)).toContain(message);
  });

  it("refuses code that runs past the end of a block", () => {
    expect(after("nursery r1", "nursery_end")).toContain("control can run past the end");
  });
});

describe("handles (clauses 4 and 6)", () => {
  it.each([
    ["two arms for one operation", "handle r1, [k0, k0], [->9, ->9, ->10]", "two arms handle"],
    ["a missing target", "handle r1, [k0], [->10]", "1 targets for 1 operations"],
    ["a name that is no operation", "handle r1, [k1], [->9, ->10]", "'Ask' is no operation"],
    ["a constant that is missing", "handle r1, [k9], [->9, ->10]", "constant 9 does not exist"],
  ])("refuses %s", (_, line, message) => {
    expect(after(line, "handle_end r0", "handle_end r0", "return r0")).toContain(message);
  });

  it("checks the value of the block and of the resume against the register of the handle", () => {
    const code = (end: string, resumed: string): string =>
      after(
        "handle r4, [k0], [->9, ->12]",
        end,
        "const r6, k1",
        `resume ${resumed}, r0, 0, 0`,
        "handle_end r4",
        "return r0",
      );
    expect(code("handle_end r0", "r4")).toContain("the value of the handle has type any");
    expect(code("handle_end r4", "r6")).toContain("has type int, expected string");
  });

  it("checks the range of a resume", () => {
    const code = (range: string): string =>
      after(
        "handle r1, [k0], [->9, ->11]",
        "handle_end r0",
        `resume r2, r0, ${range}`,
        "handle_end r2",
        "return r1",
      );
    expect(code("0, 10")).toBe("valid");
    expect(code("0, 11")).toContain("there are no registers 0 to 11");
    expect(code("3, 2")).toContain("there are no registers 3 to 2");
  });

  it("counts what is written before the handle only, in arms and after it", () => {
    const code = (arm: string, end: string): string =>
      after(
        "handle r1, [k0], [->10, ->12]",
        "const r6, k1",
        "handle_end r6",
        arm,
        "handle_end r0",
        end,
        "return r0",
      );
    const read = (register: number): string => `fault 0, r${register}`;
    expect(code("handle_end r0", "move r2, r1")).toBe("valid");
    expect(code(read(6), "move r2, r1")).toContain("register 6 may be read before");
    expect(code("handle_end r0", read(6))).toContain("register 6 may be read before");
  });
});

describe("rows (clause 5)", () => {
  const perform = "perform r1, k1, k2, c0, [r0]";
  const inBlock = (line: string, arm: string): readonly string[] => [
    `handle r1, [${arm}], [->3, ->4]`,
    line,
    "handle_end r0",
    "handle_end r0",
    "return r1",
  ];

  it("asks for the effect of a perform that no handle of the cell takes", () => {
    const head = "cell f kind cell params 1 captures 0 result 0 row {}";
    const judged = (code: readonly string[]): string => judge(code, { head });
    const missing = "Ask.ask has effect 'ask', which the row has not";
    expect(judged([perform, "return r1"])).toContain(missing);
    expect(judged(inBlock(perform, "k0"))).toBe("valid");
    // An arm for another operation does not take this one, and an arm is outside of its handle.
    expect(judged(inBlock(perform, "k3"))).toContain(missing);
    const inArm = [
      "handle r1, [k0], [->2, ->4]",
      "handle_end r0",
      perform,
      "handle_end r1",
      "return r0",
    ];
    expect(judged(inArm)).toContain(missing);
  });

  it.each([
    ["a request", "request r1, k1, k2, [r0]", "a request has effect 'ask'"],
    ["a spawn", "spawn r8, r7, [r0]", "the task has effect 'async'"],
    ["an await", "await r1, r0", "await has effect 'async'"],
    ["a nursery", "nursery r1", "a nursery has effect 'async'"],
    ["a tool", "call_tool r1, k0, r0", "a tool has an effect, the row is empty"],
  ])("asks for the effect of %s, whoever handles", (_, line, message) => {
    const head = "cell f kind cell params 1 captures 0 result 0 row {}";
    const end = line.startsWith("nursery") ? ["nursery_end"] : [];
    const code = ["handle r1, [k0], [->4, ->5]", "closure r7, c1, []", line, ...end];
    const rest = ["handle_end r0", "handle_end r0", "return r1"];
    const shifted = code.map((text) =>
      text.replace("->4, ->5", `->${4 + end.length}, ->${5 + end.length}`),
    );
    expect(judge([...shifted, ...rest], { head })).toContain(message);
  });

  it("lets a handle take the effect of what its block calls", () => {
    const call = ["call r1, c0, [r0]", "return r1"];
    expect(after(...call)).toContain("'g' has effect 'emit', which the row has not");
    const names = { head: ASK, constants: ["Emit.emit", "Ask", "ask", "Ask.tell"] };
    expect(judge(inBlock("call r1, c0, [r0]", "k0"), names)).toBe("valid");
  });
});

describe("generators and tasks (clause 4)", () => {
  it("accept items of their type", () => {
    expect(generator("const r6, k1", "yield r6", "return r0")).toContain(
      "the item has type string",
    );
    expect(generator("cast r4, r0, t1", "yield r4", "return r0")).toBe("valid");
  });

  it("refuse a generator with another result", () => {
    const head = "cell f kind generator params 1 captures 0 result 1 row {ask}";
    expect(judge([...USED, "return r0"], { head })).toContain("another result type");
  });

  it("refuse a future of another value", () => {
    expect(after("spawn r9, r7, [r0]", "return r0")).toContain("the result has type Future");
    expect(after("spawn r4, r7, [r0]", "return r0")).toContain("the result has type Future");
    expect(after("spawn r1, r7, []", "return r0")).toContain("0 arguments for the function");
    expect(after("nursery r4", "nursery_end", "return r0")).toContain(
      "the result has type Nursery",
    );
  });
});
