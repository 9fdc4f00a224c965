// Why a use case gave no result: a failure, and the diagnostics of the program where it has some.

import type { Diagnostic, Failure } from "@lumen/core/diagnostic";
import { err, type Result } from "@lumen/core/result";

/** A failure with the diagnostics that led to it (empty unless the program has errors). */
export interface Refusal {
  readonly failure: Failure;
  readonly diagnostics: readonly Diagnostic[];
}

/** What every use case returns. */
export type UseCase<T> = Result<T, Refusal>;

/** Wraps a failure. */
export function refuse(
  failure: Failure,
  diagnostics: readonly Diagnostic[] = [],
): { readonly ok: false; readonly error: Refusal } {
  return err({ failure, diagnostics });
}
