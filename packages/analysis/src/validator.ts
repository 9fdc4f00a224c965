// Rules about runs that anybody may add: they see the events of a trace in order, and say at the
// end what they noticed. Verification is not theirs: it has its own list of checks, raster/verify.

import type { TraceEvent } from "@lumen/core/trace";
import type { Finding } from "./report.ts";

/** A rule. One object serves one trace. */
export interface TraceValidator {
  /** Stands before each of its findings. */
  readonly name: string;
  /** Takes the next event. */
  take(event: TraceEvent): void;
  /** What was noticed so far; may be asked while a run goes on. */
  findings(): readonly Omit<Finding, "validator">[];
}

/** The findings of a validator under its name. */
export function findingsOf(validator: TraceValidator): readonly Finding[] {
  return validator.findings().map((finding) => ({ validator: validator.name, ...finding }));
}
