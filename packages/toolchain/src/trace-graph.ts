// `lumen trace show --graph`: what ran inside of what, of a whole trace.

import { foldGraph, GraphBuilder, type RunGraph } from "@lumen/analysis";
import type { Failure } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** Which trace, and how much of it. */
export interface GraphRequest {
  readonly trace: string | undefined;
  readonly projectFolder: string;
  /** Every span on its own, instead of loops as one round. */
  readonly all: boolean;
}

/** The graph of a trace. */
export interface GraphReport {
  readonly graph: RunGraph;
  readonly torn: Failure | null;
}

/** Makes the graph of a trace up to its last whole event. */
export function traceGraph(request: GraphRequest): UseCase<GraphReport> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const header = readHeader(path.value);
  if (!header.ok) return refuse(header.error);
  const { entry, deterministic } = header.value;
  const builder = new GraphBuilder(entry, { deterministic });
  const read = readEvents(path.value, ({ event }) => builder.add(event));
  if (!read.ok) return refuse(read.error);
  const { root, leftOut } = builder.graph();
  const graph = { root: request.all ? root : foldGraph(root), leftOut };
  return ok({ graph, torn: read.value.torn });
}
