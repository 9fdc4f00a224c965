// lumen run-tile

import { toHex } from "@lumen/core/hash";
import { DEFAULT_BACKEND, runTile, type TileRunReport } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped } from "../render/table.ts";
import { BACKEND_OPTIONS, executionOf, INPUT_OPTIONS, PROJECT_OPTIONS } from "./inputs.ts";
import { conclude, showDiagnostics } from "./outcome.ts";
import { PROOF_OPTIONS, proofOf, showRunFailure } from "./run-output.ts";

/** Runs one tile once. */
export const runTileCommand: Command = {
  name: "run-tile",
  group: "run",
  summary: "run one tile on its input, without a trace",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {
    tile: { value: "ID", help: "the tile (default: the only one)" },
    ...INPUT_OPTIONS,
    ...BACKEND_OPTIONS,
    ...PROOF_OPTIONS,
    "output-bytes": { help: "print the result as wire bytes in hexadecimal" },
    ...PROJECT_OPTIONS,
  },
  run: async (invocation) => {
    const report = await runTile({
      tile: invocation.options.tile,
      ...executionOf(invocation, DEFAULT_BACKEND),
      ...proofOf(invocation),
    });
    return conclude(invocation, report, (done) => show(invocation, done));
  },
};

function show(invocation: Invocation, report: TileRunReport): number {
  const { terminal, flags, format } = invocation;
  const { outcome, project, warnings } = report;
  if (!flags.has("quiet")) showDiagnostics({ ...invocation, format: "text" }, warnings);
  if (outcome.kind === "failed")
    return showRunFailure(invocation, outcome.failure, project, costOf(report));
  const output = outcome.kind === "ok" ? outcome.output : null;
  if (format === "json") {
    const head = `{"type":"tile","tile_id":${JSON.stringify(report.tileId)}`;
    // The text as it is: JSON.parse would lose digits of large integers.
    const cost = JSON.stringify(costOf(report)).slice(1);
    const bytes = JSON.stringify(toHex(output?.bytes ?? new Uint8Array()));
    terminal.stdout(`${head},"output":${output?.json ?? "null"},"output_bytes":${bytes},${cost}\n`);
  } else if (flags.has("output-bytes")) {
    terminal.stdout(`${toHex(output?.bytes ?? new Uint8Array())}\n`);
  } else terminal.stdout(`${output?.json ?? "null"}\n`);
  if (flags.has("verbose") && format !== "json") terminal.stderr(costLine(invocation, report));
  return EXIT.ok;
}

function costOf({
  backend,
  methodId,
  cycles,
  proofCycles,
  receipt,
  verified,
}: TileRunReport): object {
  return {
    backend,
    method_id: methodId,
    cycles,
    proof_cycles: proofCycles,
    receipt: receipt === null ? null : { $hex: receipt },
    verified,
  };
}

function costLine(
  { terminal }: Invocation,
  { backend, cycles, proofCycles }: TileRunReport,
): string {
  const parts = [
    `on ${backend}`,
    ...(cycles === null ? [] : [`${grouped(cycles)} cycles`]),
    ...(proofCycles === null ? [] : [`${grouped(proofCycles)} proof cycles`]),
  ];
  return paintFor(terminal).dim(`${parts.join(", ")}\n`);
}
