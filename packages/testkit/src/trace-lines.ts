// One line per trace event, without digests and times: what a reader of a fixture wants to see.

import { formatPath, type Outcome, type StepRecord } from "@lumen/core/commit";
import type { TraceEvent } from "@lumen/core/trace";

/** The events of a trace, one line each. */
export function traceLines(events: readonly TraceEvent[]): string {
  return events.map((event) => `${[event.kind, ...detailsOf(event)].join(" ")}\n`).join("");
}

function detailsOf(event: TraceEvent): readonly string[] {
  switch (event.kind) {
    case "TileStep":
      return recordDetails(event.record);
    case "TileStart":
      return [event.tileId, pathText(event.path), ...iterationText(event.iteration)];
    case "TileEnd":
      return [event.tileId];
    case "TileFailure":
      return [event.tileId, event.error.code, event.error.message];
    case "SequenceStart":
      return [event.name, pathText(event.path)];
    case "SequenceEnd":
      return [event.name];
    case "SequenceFailure":
      return [event.name, event.error.code, event.error.message];
    case "LoopIteration":
      return [event.itemId, String(event.iteration)];
    case "CellStart":
      return [event.cell];
    case "EffectPerform":
      return [`${event.effect}.${event.operation}`];
    case "ToolCall":
      return [event.tool];
    case "ToolResult":
    case "EffectResume":
      return [event.ok ? "ok" : "err"];
    case "SchemaDrift":
      return [event.tool, event.at, event.found];
    case "FutureSpawn":
      return [String(event.future), event.cell];
    case "FutureResolve":
      return [String(event.future), event.state];
    case "StateTransition":
      return [`${event.process}@${event.sequenceNo}`, event.transition];
    case "RunEnd":
      return [`steps=${event.steps}`, `size=${event.size}`, event.status];
    default:
      return [];
  }
}

function recordDetails(record: StepRecord): readonly string[] {
  switch (record.kind) {
    case "Genesis":
      return ["Genesis", record.entry];
    case "Tile": {
      const { tileId, path, iteration, outcome } = record;
      const where = [pathText(path), ...iterationText(iteration)];
      return ["Tile", tileId, ...where, outcomeText(outcome)];
    }
    case "Request":
      return ["Request", record.operation, outcomeText(record.outcome)];
    case "Final":
      return ["Final", `steps=${record.steps}`, outcomeText(record.outcome)];
  }
}

function pathText(path: Parameters<typeof formatPath>[0]): string {
  const text = formatPath(path);
  return text === "" ? "-" : text;
}

function iterationText(iteration: number | null): readonly string[] {
  return iteration === null ? [] : [`iteration=${iteration}`];
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === "Ok" ? "Ok" : `Err(${outcome.code})`;
}
