// lumen replay

import { type ReplayReport, replay } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { frameLines } from "../render/run.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { workingCopyNote } from "../render/working-copy.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude } from "./outcome.ts";

/** Runs a recorded run again. */
export const replayCommand: Command = {
  name: "replay",
  group: "evidence",
  summary: "run a recorded run again and compare (default: the newest)",
  positionals: "[TRACE]",
  positionalsMax: 1,
  options: {
    program: { value: "FILE", help: "the program file (default: the one beside the trace)" },
  },
  run: async (invocation) => {
    const [trace] = invocation.positionals;
    const program = invocation.options.program;
    const report = await replay({
      trace: traceArgument(invocation, trace),
      projectFolder: invocation.project,
      program: program === undefined ? undefined : fromWorkingDirectory(invocation, program),
    });
    return conclude(invocation, report, (found) => show(invocation, found));
  },
};

function show(invocation: Invocation, report: ReplayReport): number {
  const { terminal, format } = invocation;
  const { result, path, unfinished, opened } = report;
  const status = result.kind === "identical" ? EXIT.ok : EXIT.rejected;
  if (format === "json") {
    terminal.stdout(
      `${JSON.stringify({ path, ...result, unfinished, workingCopy: opened.workingCopy })}\n`,
    );
    return status;
  }
  const paint = paintFor(terminal);
  if (result.kind === "identical") {
    terminal.stdout(
      `${paint.green(paint.bold("identical"))}  ${visible(path)}\n  ${grouped(result.steps)} steps were run again and gave the same records\n`,
    );
  } else {
    terminal.stdout(
      `${paint.red(paint.bold("diverged"))}  ${visible(path)}\n  ${visible(result.message)}\n`,
    );
    terminal.stdout(
      `  expected    ${visible(result.expected)}\n  found       ${visible(result.found)}\n`,
    );
    if (result.at !== null) terminal.stdout(`${frameLines([result.at], paint).join("\n")}\n`);
  }
  if (unfinished)
    terminal.stdout(`  ${paint.yellow("note")}        the recorded run did not finish\n`);
  workingCopyNote(invocation, opened.workingCopy);
  return status;
}
