// Random programs of handlers, deferred blocks and ways out, against JavaScript's generators.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectPrograms, textOfProgram } from "../testing/effect-programs.ts";
import { referenceRun } from "../testing/effect-reference.ts";
import { runLogged } from "../testing/run-logged.ts";

describe("programs with handlers", () => {
  it("do what generators do", () => {
    fc.assert(
      fc.property(effectPrograms, (main) => {
        expect(runLogged(textOfProgram(main))).toBe(referenceRun(main));
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });
});
