// References into the record of a run (language 16.7).

import { Tuple } from "@lumen/core/value";
import { answer, type ProviderTable } from "./provider.ts";

/** `trace_ref`: the run, and a number that counts its references from 0. */
export function traceProviders(runId: string): ProviderTable {
  let next = 0;
  return { "trace.trace_ref": () => answer(new Tuple([runId, next++])) };
}
