// lumen replay

import { type ReplayReport, replay } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { frameLines } from "../render/run.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { workingCopyNote } from "../render/working-copy.ts";
import { optionPath, traceArgument } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";
import { replayFile, replayWindowOf, windowFile, windowOptions } from "./replay-window.ts";

/** Runs a recorded run again. */
export const replayCommand: Command = {
  name: "replay",
  group: "evidence",
  summary: "run a recorded run again and compare (default: the newest)",
  positionals: "[TRACE|WINDOW]",
  positionalsMax: 1,
  options: {
    program: { value: "FILE", help: "the program file (default: the one beside the trace)" },
    backend: { value: "B", help: "what runs the tiles again (default: native)" },
    start: { value: "A", help: "with --end: only the steps from A on" },
    end: { value: "B", help: "with --start: up to step B, which is not run" },
    at: { value: "D", help: "only the window of steps that step D is in" },
    "window-size": { value: "W", help: "with --at: steps of a window (default 64)" },
    context: { help: "with --at: the window before it, too" },
    out: { value: "FILE", help: "write the window as a document that can be replayed alone" },
  },
  run: async (invocation) => {
    const [trace] = invocation.positionals;
    const part = windowOptions(invocation);
    if (typeof part === "string") return usageError(invocation, "replay", part);
    const file = trace === undefined ? null : windowFile(invocation, trace);
    if (file !== null && part !== null)
      return usageError(invocation, "replay", "a window document is replayed as it is");
    if (file !== null) return replayFile(invocation, file);
    const request = {
      trace: traceArgument(invocation, trace),
      projectFolder: invocation.project,
      program: optionPath(invocation, "program"),
      backend: invocation.options.backend,
    };
    if (part !== null) return replayWindowOf(invocation, { ...request, ...part });
    const report = await replay(request);
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
