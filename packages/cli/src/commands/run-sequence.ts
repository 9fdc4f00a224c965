// lumen run-sequence

import { toHex } from "@lumen/core/hash";
import { DEFAULT_BACKEND, type RunReport, runOneSequence } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { BACKEND_OPTIONS, executionOf, INPUT_OPTIONS, PROJECT_OPTIONS } from "./inputs.ts";
import { conclude, showDiagnostics } from "./outcome.ts";
import { PROOF_OPTIONS, proofOf, showRunFailure } from "./run-output.ts";

/** Runs one sequence from its schema. */
export const runSequenceCommand: Command = {
  name: "run-sequence",
  group: "run",
  summary: "run a sequence on its input, without a trace",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {
    sequence: { value: "ID", help: "the sequence (default: main)" },
    ...INPUT_OPTIONS,
    ...BACKEND_OPTIONS,
    ...PROOF_OPTIONS,
    "output-bytes": { help: "print the result as wire bytes in hexadecimal" },
    ...PROJECT_OPTIONS,
  },
  run: async (invocation) => {
    const report = await runOneSequence({
      sequence: invocation.options.sequence,
      ...executionOf(invocation, DEFAULT_BACKEND),
      ...proofOf(invocation),
    });
    return conclude(invocation, report, (done) => show(invocation, done));
  },
};

function show(invocation: Invocation, { entry, outcome, project, warnings }: RunReport): number {
  const { terminal, flags, format } = invocation;
  if (!flags.has("quiet")) showDiagnostics({ ...invocation, format: "text" }, warnings);
  if (outcome.kind === "failed") return showRunFailure(invocation, outcome.failure, project);
  const output = outcome.kind === "ok" ? outcome.output : null;
  const bytes = toHex(output?.bytes ?? new Uint8Array());
  if (format === "json") {
    const head = `{"type":"sequence","sequence":${JSON.stringify(entry)}`;
    // The text as it is: JSON.parse would lose digits of large integers.
    terminal.stdout(`${head},"output":${output?.json ?? "null"},"output_bytes":"${bytes}"}\n`);
  } else terminal.stdout(`${flags.has("output-bytes") ? bytes : (output?.json ?? "null")}\n`);
  return EXIT.ok;
}
