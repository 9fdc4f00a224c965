// What the compiler needs to run compile-time code (language 14): a machine that somebody gives it.

import type { LirModule } from "@lumen/core/lir";
import type { Result } from "@lumen/core/result";
import type { TypeDescriptor } from "@lumen/core/value";
import type { CellRef } from "../hir/type.ts";

/** A pure cell without parameters, and all cells that it needs. */
export interface ComptimeRequest {
  readonly modules: readonly LirModule[];
  readonly entry: CellRef;
  /** Wire type of the result. */
  readonly type: TypeDescriptor;
}

/** The encoded result of a request, or in one line why there is none. Equal input, equal output. */
export type ComptimeEvaluator = (request: ComptimeRequest) => Result<Uint8Array, string>;
