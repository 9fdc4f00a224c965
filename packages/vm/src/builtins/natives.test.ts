// Every native builtin: normal, edge and error cases (language 16).

import { BUILTINS, type NativeBuiltinName } from "@lumen/core/builtins";
import { displayNested } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { callBuiltin, l, T } from "../testing/build-program.ts";
import type { NativeCases } from "../testing/native-cases/case.ts";
import { CORE_CASES } from "../testing/native-cases/core.ts";
import { DATA_CASES } from "../testing/native-cases/data.ts";
import { MATH_CASES } from "../testing/native-cases/math.ts";
import { SEQUENCES_CASES } from "../testing/native-cases/sequences.ts";
import { STRINGS_CASES } from "../testing/native-cases/strings.ts";
import { NATIVES, NATIVES_BY_NUMBER } from "./natives.ts";

const CASES: NativeCases = {
  ...CORE_CASES,
  ...STRINGS_CASES,
  ...MATH_CASES,
  ...SEQUENCES_CASES,
  ...DATA_CASES,
};

describe("natives", () => {
  for (const [name, cases] of Object.entries(CASES)) {
    for (const [args, expected] of cases) {
      it(`${name}(${args.map(displayNested).join(", ")}) is ${expected}`, () => {
        expect(callBuiltin(name as NativeBuiltinName, args)).toBe(expected);
      });
    }
  }

  it("have cases, all of them", () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(NATIVES).sort());
  });

  it("are bound by their number", () => {
    for (const [name, native] of Object.entries(NATIVES)) {
      expect(NATIVES_BY_NUMBER[BUILTINS[name as NativeBuiltinName].number]).toBe(native);
    }
  });

  it("answer at the kind of the register that they write", () => {
    expect(callBuiltin("sum", [l()], T.float)).toBe("0.0");
    expect(callBuiltin("pow", [2, -1], T.int)).toBe(
      "E_TRAP_TYPE type error at runtime: expected Int, got Float",
    );
  });
});
