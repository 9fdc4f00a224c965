// lumen trace ls, lumen trace show

import { basename } from "node:path";
import { formatPath } from "@lumen/core/commit";
import { toHex } from "@lumen/core/hash";
import { eventLine, type PlacedEvent, type TraceEvent } from "@lumen/core/trace";
import { listedTraces, type ShownTrace, showStep, showTrace } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { renderStep, stepJson } from "../render/step.ts";
import { grouped, renderTable } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Looks into traces. */
export const traceCommand: Command = {
  name: "trace",
  group: "evidence",
  summary: "ls: the traces of a project; show: what is in one (default: the newest)",
  positionals: "ls | show [TRACE]",
  positionalsMax: 2,
  options: {
    step: { value: "K", help: "show: one step, with its values" },
    program: { value: "FILE", help: "with --step: the program file (default: beside the trace)" },
  },
  run: async (invocation) => {
    const [what, trace] = invocation.positionals;
    if (what === "ls") return listAll(invocation);
    if (what !== "show")
      return usageError(
        invocation,
        "trace",
        `expected ls or show, found ${what === undefined ? "nothing" : `'${what}'`}`,
      );
    if (invocation.options.step !== undefined)
      return showOneStep(invocation, trace, invocation.options.step);
    const shown = showTrace(traceArgument(invocation, trace), invocation.project);
    return conclude(invocation, shown, (found) => {
      if (invocation.format === "json")
        for (const { event } of found.events) invocation.terminal.stdout(eventLine(event));
      else showText(invocation, found);
      return EXIT.ok;
    });
  },
};

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

function listAll(invocation: Invocation): number {
  const { terminal, format } = invocation;
  const found = listedTraces(invocation.project);
  if (format === "json") {
    for (const t of found) {
      const header = t.header.ok
        ? { runId: t.header.value.runId, entry: t.header.value.entry, date: dateOf(t.header.value) }
        : { error: t.header.error };
      const status = t.status.ok ? { status: t.status.value } : { error: t.status.error };
      terminal.stdout(
        `${JSON.stringify({ path: t.path, bytes: t.bytes, ...header, ...status })}\n`,
      );
    }
    return EXIT.ok;
  }
  if (found.length === 0) {
    terminal.stdout("no traces here yet: lumen run records one inside a project\n");
    return EXIT.ok;
  }
  const rows = found.map((t) => [
    t.header.ok ? t.header.value.runId : basename(t.path),
    t.header.ok ? dateOf(t.header.value) : "",
    t.header.ok ? t.header.value.entry : "",
    t.status.ok ? t.status.value : "",
    grouped(t.bytes),
    t.header.ok ? (t.status.ok ? "" : t.status.error.message) : t.header.error.message,
  ]);
  terminal.stdout(
    renderTable(
      [
        { title: "run" },
        { title: "date (UTC)" },
        { title: "entry" },
        { title: "ended" },
        { title: "bytes", align: "right" },
        { title: "" },
      ],
      rows.map((cells) => cells.map(visible)),
    ),
  );
  return EXIT.ok;
}

/** `2026-01-31 12:00:00`, in UTC; empty for a deterministic run, which has no time. */
function dateOf({ timestamp }: { readonly timestamp: bigint }): string {
  if (timestamp === 0n) return "";
  return new Date(Number(timestamp / 1_000_000n)).toISOString().slice(0, 19).replace("T", " ");
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
    case "Recovered":
      return `${grouped(event.cutBytes)} bytes cut`;
    case "RunEnd":
      return `${event.status}, ${grouped(event.steps)} steps, root ${toHex(event.root).slice(0, 16)}`;
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
      return `Final  ${grouped(record.steps)} steps, ${record.outcome.kind === "Ok" ? "ok" : record.outcome.code}`;
  }
}
