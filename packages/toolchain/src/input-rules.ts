// What the program itself says about its inputs: defaults of record fields, `where` constraints.

import type { Failure } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";
import type { InputParam } from "./input.ts";

/** Rules that JSON input obeys beyond its types. */
export interface InputRules {
  /** Default of a field that the input leaves out, from the fields before it. */
  readonly defaultOf: (
    record: string,
    field: string,
    previous: readonly Value[],
  ) => Value | undefined;
  /** The first constraint that a value breaks, with its path; null when all hold. */
  readonly check: (params: readonly InputParam[], values: readonly Value[]) => Failure | null;
}
