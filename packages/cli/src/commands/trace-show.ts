// lumen trace show: the events of a trace, one step with its values, or the graph of the run

import { GRAPH_FORMS, type GraphForm, renderGraph } from "@lumen/analysis";
import { formatPath } from "@lumen/core/commit";
import { toHex } from "@lumen/core/hash";
import { eventLine, type PlacedEvent, type TraceEvent } from "@lumen/core/trace";
import { type ShownTrace, showState, showStep, showTrace, traceGraph } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { renderState } from "../render/state.ts";
import { renderStep, stepJson } from "../render/step.ts";
import { countOf, grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Shows what `--step` or `--graph` ask for, else all events. */
export async function showCommand(
  invocation: Invocation,
  trace: string | undefined,
): Promise<number> {
  const { step, graph, state } = invocation.options;
  if (state !== undefined) return showProcess(invocation, trace, state);
  if (step !== undefined) return showOneStep(invocation, trace, step);
  const form = GRAPH_FORMS.find((f) => f === graph);
  if (form !== undefined) return showGraph(invocation, trace, form);
  const shown = showTrace(traceArgument(invocation, trace), invocation.project);
  return conclude(invocation, shown, (found) => {
    if (invocation.format === "json")
      for (const { event } of found.events) invocation.terminal.stdout(eventLine(event));
    else showText(invocation, found);
    return EXIT.ok;
  });
}

/** `Door#1@3`, `Door@3`, `Door`. */
async function showProcess(
  invocation: Invocation,
  trace: string | undefined,
  asked: string,
): Promise<number> {
  const [, process, version] = /^([^@]+)(?:@(0|[1-9][0-9]{0,14}))?$/.exec(asked) ?? [];
  if (process === undefined)
    return usageError(invocation, "trace", `--state: expected NAME#I@N, found '${asked}'`);
  const { terminal, format, options, project } = invocation;
  const shown = await showState({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    program:
      options.program === undefined ? undefined : fromWorkingDirectory(invocation, options.program),
    process,
    version: version === undefined ? null : Number(version),
  });
  return conclude(invocation, shown, (found) => {
    if (format === "json") terminal.stdout(`${JSON.stringify(found)}\n`);
    else terminal.stdout(renderState(found, paintFor(terminal)));
    return EXIT.ok;
  });
}

function showGraph(
  invocation: Invocation,
  trace: string | undefined,
  form: GraphForm,
): Promise<number> {
  const { terminal, format, flags, project } = invocation;
  const found = traceGraph({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    all: flags.has("all"),
  });
  return conclude(invocation, found, ({ graph, torn }) => {
    const text = renderGraph(graph, form);
    if (format === "json") terminal.stdout(`${JSON.stringify(graph)}\n`);
    else terminal.stdout(text.split("\n").map(visible).join("\n"));
    if (torn !== null) terminal.stderr(`torn: ${visible(torn.message)}\n`);
    return EXIT.ok;
  });
}

async function showOneStep(
  invocation: Invocation,
  trace: string | undefined,
  step: string,
): Promise<number> {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(step))
    return usageError(
      invocation,
      "trace",
      `--step: expected the number of a step, found '${step}'`,
    );
  const { terminal, format, options, project } = invocation;
  const shown = await showStep({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    program:
      options.program === undefined ? undefined : fromWorkingDirectory(invocation, options.program),
    step: Number(step),
  });
  return conclude(invocation, shown, (found) => {
    terminal.stdout(format === "json" ? stepJson(found) : renderStep(found, paintFor(terminal)));
    return EXIT.ok;
  });
}

function showText(invocation: Invocation, shown: ShownTrace): void {
  const { terminal } = invocation;
  const paint = paintFor(terminal);
  const { header, events, finished, torn, path } = shown;
  terminal.stdout(`${paint.bold(visible(header.runId))}  ${visible(path)}\n`);
  terminal.stdout(
    `  project ${visible(header.project)}, entry ${visible(header.entry)}, ${header.io.toLowerCase()} values, by ${visible(header.producer)}\n`,
  );
  terminal.stdout(
    `  program ${header.programId === null ? "code not bound" : toHex(header.programId)}\n\n`,
  );
  for (const placed of events) terminal.stdout(`${eventText(placed)}\n`);
  if (torn !== null) {
    terminal.stdout(
      `\n${paint.yellow(paint.bold("torn"))}  ${visible(torn.message)}\n  ${grouped(events.length)} whole events were read\n`,
    );
  }
  if (!finished)
    terminal.stdout(`${paint.yellow("the run did not finish")}: the last event is no RunEnd\n`);
}

function eventText({ event, index, offset }: PlacedEvent): string {
  const at = `${String(index).padStart(6)}  ${String(offset).padStart(9)}  `;
  return `${at}${event.kind.padEnd(16)}${visible(detail(event))}`.trimEnd();
}

function detail(event: TraceEvent): string {
  switch (event.kind) {
    case "TileStep":
      return recordText(event);
    case "TileStart":
      return `${event.tileId} at ${formatPath(event.path)}`;
    case "TileEnd":
      return `${event.tileId}${event.cycles === null ? "" : `, ${grouped(event.cycles)} cycles`}, ${grouped(Math.round(event.durationNs / 1000))} us`;
    case "SequenceStart":
    case "SequenceEnd":
      return event.name;
    case "TileFailure":
      return `${event.tileId}: ${event.error.code} ${event.error.message}`;
    case "SequenceFailure":
      return `${event.name}: ${event.error.code} ${event.error.message}`;
    case "LoopIteration":
      return `${event.itemId} #${event.iteration}`;
    case "EffectPerform":
      return `${event.effect}.${event.operation}`;
    case "ToolCall":
      return toolText(event);
    case "ToolResult":
      return `${event.ok ? "ok" : "error"}${event.attempts > 1 ? `, ${event.attempts} attempts` : ""}`;
    case "SchemaDrift":
      return `${event.tool} ${event.at}: expected ${event.expected}, found ${event.found}`;
    case "EffectResume":
      return event.ok ? "ok" : "error";
    case "FutureSpawn":
      return `future ${event.future}  ${event.cell}`;
    case "FutureResolve":
      return `future ${event.future}  ${event.state}`;
    case "CellStart":
      return event.cell;
    case "StateTransition":
      return `${event.process}@${event.sequenceNo} ${event.transition}`;
    case "Recovered":
      return `${grouped(event.cutBytes)} bytes cut`;
    case "RunEnd":
      return `${event.status}, ${countOf(event.steps, "step")}, root ${toHex(event.root).slice(0, 16)}`;
    default:
      return "";
  }
}

/** `llm.chat@1.2 as Chat by openai-compatible`; only what is known. */
function toolText({ tool, version, alias, provider }: TraceEvent & { kind: "ToolCall" }): string {
  const pinned = version === null ? tool : `${tool}@${version}`;
  const named = alias === tool ? pinned : `${pinned} as ${alias}`;
  return provider === "" ? named : `${named} by ${provider}`;
}

function recordText(event: TraceEvent & { kind: "TileStep" }): string {
  const { record } = event;
  switch (record.kind) {
    case "Genesis":
      return `Genesis  entry ${record.entry}`;
    case "Tile": {
      const outcome =
        record.outcome.kind === "Ok"
          ? toHex(record.outcome.outputDigest).slice(0, 16)
          : record.outcome.code;
      const size = event.output === null ? "" : `, ${grouped(event.output.length)} bytes`;
      return `step ${record.index}  ${record.tileId} -> ${outcome}${size}`;
    }
    case "Request":
      return `step ${record.index}  ${record.operation} -> ${record.outcome.kind === "Ok" ? "ok" : record.outcome.code}`;
    case "Final":
      return `Final  ${countOf(record.steps, "step")}, ${record.outcome.kind === "Ok" ? "ok" : record.outcome.code}`;
  }
}
