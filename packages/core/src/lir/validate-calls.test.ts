// Validation of calls, of assignment before use, of constants and debug information, and of the
// links between modules (lir.md 8, clauses 5 to 8).

import { describe, expect, it } from "vitest";
import { encodeModule } from "./codec.ts";
import type { LirModule } from "./module.ts";
import { assemble } from "./text-assemble.ts";
import { readModule, validateModule, validateProgram } from "./validate.ts";

function moduleOf(text: string): LirModule {
  const module = assemble(text);
  if (!module.ok) throw new Error(module.error.message);
  return module.value;
}

function judge(text: string): string {
  const result = validateModule(moduleOf(text));
  return result.ok ? "valid" : result.error.message;
}

/** A caller of `g`, whose text follows. */
function callText(line: string, callee: string, row = "{}"): string {
  return `module m
types
  0 int
  1 string
callees
  0 local 1
cell f kind cell params 1 captures 0 result 0 row ${row}
  registers 0 1
  0 ${line}
  1 return r0
end
${callee}`;
}

const G = `cell g kind cell params 1 captures 0 result 0 row {}
  registers 0
  0 return r0
end
`;

describe("calls (clause 5)", () => {
  it("accepts a call that fits", () => {
    expect(judge(callText("call r0, c0, [r0]", G))).toBe("valid");
  });

  it.each([
    ["too many arguments", "call r0, c0, [r0, r0]", G, "2 arguments for 'g', expected 1"],
    ["an argument of another type", "call r0, c0, [r1]", G, "argument 1 of 'g' has type string"],
    ["a result of another type", "call r1, c0, [r0]", G, "the result of 'g' has type int"],
    ["a tail call that does not fit", "tail_call c0, [r1]", G, "argument 1 of 'g'"],
    [
      "an effect that the row lacks",
      "call r0, c0, [r0]",
      G.replace("row {}", "row {emit}"),
      "'g' has effect 'emit'",
    ],
    [
      "a direct call of a cell with captures",
      "call r0, c0, [r0]",
      G.replace("params 1 captures 0", "params 0 captures 1"),
      "only a closure calls it",
    ],
    ["recursion of a cell that is no tile", "call_recur r0, c0, [r0], 5", G, "is not a tile"],
    [
      "recursion of an iter tile",
      "call_recur r0, c0, [r0], 5",
      G.replace("kind cell", "kind tile"),
      "does not have the result of a recur tile",
    ],
    ["a closure in a register of another type", "closure r0, c0, []", G, "expected fn"],
  ])("refuses %s", (_what, line, callee, expected) => {
    expect(judge(callText(line, callee))).toContain(expected);
  });

  it("accepts the effect of a builtin in the row", () => {
    const line = "call_builtin r0, @random_int, [r0, r0]";
    const text = callText(line, "", "{random}").replace("callees\n  0 local 1\n", "");
    expect(judge(text)).toBe("valid");
    expect(judge(text.replace("{random}", "{}"))).toContain("builtin 'random_int' has effect");
  });

  it("checks captures and the function type of a closure", () => {
    const text = (capture: string, result: string): string => `module m
types
  0 int
  1 fn (0) -> ${result} {}
  2 string
callees
  0 local 1
cell f kind cell params 1 captures 0 result 0 row {}
  registers 0 1 2
  0 closure r1, c0, [${capture}]
  1 return r0
end
cell g kind lambda params 1 captures 1 result 0 row {}
  registers 0 0
  0 return r0
end
`;
    expect(judge(text("r0", "0"))).toBe("valid");
    expect(judge(text("", "0"))).toContain("0 arguments for captures of 'g'");
    expect(judge(text("r2", "0"))).toContain("argument 1 of captures of 'g'");
    expect(judge(text("r0", "2"))).toContain("result of 'g'");
  });

  it("checks calls of function values", () => {
    const text = (line: string, row: string): string => `module m
types
  0 fn (1) -> 1 ${row}
  1 int
cell f kind cell params 2 captures 0 result 1 row {}
  registers 0 1
  0 ${line}
  1 return r1
end
`;
    expect(judge(text("call_closure r1, r0, [r1]", "{}"))).toBe("valid");
    expect(judge(text("call_closure r1, r0, []", "{}"))).toContain("0 arguments");
    expect(judge(text("call_closure r1, r0, [r0]", "{}"))).toContain("argument 1");
    expect(judge(text("call_closure r1, r0, [r1]", "{emit}"))).toContain("effect 'emit'");
    expect(judge(text("call_closure r1, r1, [r1]", "{}"))).toContain("expected fn");
  });
});

describe("assignment before use (clause 6)", () => {
  const branch = (second: string): string => `module m
types
  0 bool
  1 int
constants
  0 int 1
cell f kind cell params 1 captures 0 result 1 row {}
  registers 0 1
  0 jump_if r0, ->2
  1 ${second}
  2 return r1
end
`;

  it("wants a write on every path", () => {
    expect(judge(branch("const r1, k0"))).toContain("register 1 may be read before it is written");
    expect(judge(branch("const r1, k0").replace("->2", "->1"))).toBe("valid");
  });

  it("lets a register that may be null be read at once", () => {
    const text = `module m
types
  0 option 1
  1 int
cell f kind cell params 0 captures 0 result 0 row {}
  registers 0
  0 return r0
end
`;
    expect(judge(text)).toBe("valid");
    expect(
      judge(text.replace("result 0", "result 1").replace("registers 0", "registers 1")),
    ).toContain("out of order");
  });

  it("knows that iter_next writes only when it does not jump", () => {
    const text = (target: string): string => `module m
types
  0 opaque Iterator 1
  1 int
cell f kind cell params 1 captures 0 result 1 row {}
  registers 0 1
  0 iter_next r1, r0, ${target}
  1 jump ->2
  2 return r1
end
`;
    expect(judge(text("->0"))).toBe("valid");
    expect(judge(text("->2"))).toContain("may be read before it is written");
  });

  it("follows loops back to their head", () => {
    const text = `module m
types
  0 bool
  1 int
constants
  0 int 1
cell f kind cell params 1 captures 0 result 1 row {}
  registers 0 1 1
  0 jump_if r0, ->2
  1 jump ->4
  2 const r1, k0
  3 jump ->0
  4 add_int r2, r1, r1
  5 return r2
end
`;
    expect(judge(text)).toContain("instruction 4 (add_int): register 1 may be read");
  });

  it("ignores code that control does not reach", () => {
    const text = `module m
types
  0 int
cell f kind cell params 1 captures 0 result 0 row {}
  registers 0 0
  0 return r0
  1 return r1
end
`;
    expect(judge(text)).toBe("valid");
  });
});

describe("constants and debug information (clauses 7 and 8)", () => {
  const value = (bytes: string): string => `module m
types
  0 list 1
  1 int
constants
  0 value 0 ${bytes}
cell f kind cell params 0 captures 0 result 0 row {}
  registers 0
  0 const r0, k0
  1 return r0
end
`;

  it("decodes values canonically", () => {
    expect(judge(value("010e"))).toBe("valid");
    expect(judge(value("0e"))).toContain("does not decode");
    expect(judge(value("018e00"))).toContain("does not decode");
  });

  it("wants one entry per cell and one span per instruction", () => {
    const module = moduleOf(callText("call r0, c0, [r0]", G));
    const spans = (count: number): LirModule["debug"] => ({
      path: "m.lm",
      cells: [
        { spans: new Array(count).fill({ start: 0, end: 1 }), paramNames: ["x"], locals: [] },
        { spans: [{ start: 0, end: 1 }], paramNames: ["x"], locals: [] },
      ],
    });
    expect(validateModule({ ...module, debug: spans(2) }).ok).toBe(true);
    expect(validateModule({ ...module, debug: spans(1) }).ok).toBe(false);
    expect(validateModule({ ...module, debug: { path: "m.lm", cells: [] } }).ok).toBe(false);
  });
});

describe("programs", () => {
  const caller = (argument: string): LirModule =>
    moduleOf(`module main
types
  0 int
  1 string
  2 record P { x: 0 }
callees
  0 extern lib g
cell f kind cell params 1 captures 0 result 0 row {}
  registers 0 1 2
  0 call r0, c0, [${argument}]
  1 return r0
end
`);
  const lib = (row: string, type: string): LirModule =>
    moduleOf(`module lib
types
  0 record P { x: 1 }
  1 ${type}
  2 int
cell g kind cell params 1 captures 0 result 2 row ${row}
  registers 0 2
  0 fault 0, r0
end
`);
  const good = moduleOf(`module lib
types
  0 record P { x: 1 }
  1 int
cell g kind cell params 1 captures 0 result 1 row {}
  registers 0 1
  0 field_get r1, r0, 0
  1 return r1
end
`);

  const judgeAll = (...modules: readonly LirModule[]): string => {
    const result = validateProgram(modules);
    return result.ok ? "valid" : result.error.message;
  };

  it("compares records of two modules by name and parts", () => {
    expect(judgeAll(withWrite(caller("r2")), good)).toBe("valid");
  });

  it("refuses arguments, missing cells and modules of one name", () => {
    expect(judgeAll(caller("r0"), good)).toContain("argument 1 of 'g' has type int, expected P");
    expect(judgeAll(withWrite(caller("r2")))).toContain("module 'lib' has no cell 'g'");
    expect(judgeAll(good, good)).toContain("two modules are named 'lib'");
    expect(judgeAll(lib("{}", "string"))).toContain("expected string");
  });

  it("reads files and validates them", () => {
    const bytes = encodeModule(good);
    expect(readModule(bytes, "lib.lir").ok).toBe(true);
    const broken = encodeModule({ ...good, cells: [] });
    const result = readModule(broken, "lib.lir");
    expect(result.ok ? "valid" : result.error.message).toContain("is not reached");
  });
});

/** The caller with its record as a second parameter, so that it is written. */
function withWrite(module: LirModule): LirModule {
  return { ...module, cells: module.cells.map((cell) => ({ ...cell, paramCount: 3 })) };
}
