// lumen preview

import { type PreviewedTile, type PreviewReport, preview } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped, renderTable } from "../render/table.ts";
import { BACKEND_OPTIONS, executionOf, INPUT_OPTIONS, PROJECT_OPTIONS } from "./inputs.ts";
import { conclude, showDiagnostics } from "./outcome.ts";
import { showRunFailure } from "./run-output.ts";

/** What counts cycles where no back end is named. */
const PREVIEW_BACKEND = "zkvm-sim";

/** Says what a run would take. */
export const previewCommand: Command = {
  name: "preview",
  group: "run",
  summary: "run a sequence to see the cycles of its tiles; nothing is recorded",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {
    sequence: { value: "ID", help: "the sequence (default: main)" },
    ...INPUT_OPTIONS,
    ...BACKEND_OPTIONS,
    model: { value: "NAME", help: "the cost model of zkvm-sim (default: rv32im-1)" },
    ...PROJECT_OPTIONS,
  },
  run: async (invocation) => {
    const { options } = invocation;
    const report = await preview({
      sequence: options.sequence,
      ...executionOf(invocation, PREVIEW_BACKEND),
      model: options.model,
    });
    return conclude(invocation, report, (done) => show(invocation, done));
  },
};

/** Also of a run that failed: what it took until then. */
function show(invocation: Invocation, report: PreviewReport): number {
  const { flags, format } = invocation;
  const { outcome, project, warnings } = report.run;
  if (!flags.has("quiet")) showDiagnostics({ ...invocation, format: "text" }, warnings);
  if (format === "json") showJson(invocation, report);
  else showText(invocation, report);
  return outcome.kind === "failed" ? showRunFailure(invocation, outcome.failure, project) : EXIT.ok;
}

function showJson({ terminal }: Invocation, { backend, model, tiles }: PreviewReport): void {
  const document = {
    type: "preview",
    backend,
    model,
    tiles: tiles.map(({ tileId, executions, cycles, cyclesMax, estimate, ...tile }) => ({
      tile_id: tileId,
      executions,
      cycles,
      cycles_max: cyclesMax,
      proof_cycles: tile.proofCycles,
      segments: tile.segments,
      estimate: {
        cycles: estimate.cycles,
        memory_bytes: estimate.memoryBytes,
        source: estimate.source,
        lower_bound: estimate.lowerBound,
      },
    })),
  };
  terminal.stdout(`${JSON.stringify(document)}\n`);
}

function showText({ terminal }: Invocation, { backend, model, tiles }: PreviewReport): void {
  const paint = paintFor(terminal);
  const counting = backend === PREVIEW_BACKEND ? `${backend}, model ${model}` : backend;
  terminal.stdout(`${paint.bold("Preview")} on ${counting}\n`);
  const numbers = ["runs", "cycles", "largest", "proof cycles", "segments", "expected"];
  const columns = numbers.map((title) => ({ title, align: "right" }) as const);
  const rows = tiles.map((tile) => [
    tile.tileId,
    grouped(tile.executions),
    ...[tile.cycles, tile.cyclesMax, tile.proofCycles, tile.segments].map(known),
    expected(tile),
    tile.estimate.source,
  ]);
  terminal.stdout(renderTable([{ title: "tile" }, ...columns, { title: "" }], rows));
}

function known(count: number | null): string {
  return count === null ? "-" : grouped(count);
}

/** Cycles that one execution was expected to take. */
function expected({ estimate }: PreviewedTile): string {
  const { cycles, lowerBound } = estimate;
  return cycles === null ? "-" : `${lowerBound ? ">= " : ""}${grouped(cycles)}`;
}
