// lumen trace recover

import { type RecoverReport, recoverTrace } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { countOf, grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude } from "./outcome.ts";

/** Keeps what is whole of a broken trace. */
export function recoverCommand(invocation: Invocation, trace: string | undefined): Promise<number> {
  const { output } = invocation.options;
  const report = recoverTrace({
    trace: traceArgument(invocation, trace),
    projectFolder: invocation.project,
    out: output === undefined ? undefined : fromWorkingDirectory(invocation, output),
  });
  return conclude(invocation, report, (done) => {
    if (invocation.format === "json") invocation.terminal.stdout(`${JSON.stringify(done)}\n`);
    else showText(invocation, done);
    return EXIT.ok;
  });
}

function showText(invocation: Invocation, report: RecoverReport): void {
  const { terminal } = invocation;
  const { kept, path, broken, events, steps, droppedBytes, finished } = report;
  const paint = paintFor(terminal);
  const title = kept === null ? "whole" : kept === path ? "cut" : "copied";
  terminal.stdout(`${paint.green(paint.bold(title))}  ${visible(kept ?? path)}\n`);
  terminal.stdout(`  kept        ${countOf(events, "event")}, ${countOf(steps, "step")}\n`);
  if (droppedBytes > 0) terminal.stdout(`  dropped     ${grouped(droppedBytes)} bytes\n`);
  if (broken !== null) terminal.stdout(`  because     ${visible(broken.message)}\n`);
  if (!finished)
    terminal.stdout(
      `  ${paint.yellow("note")}        the run has no end: lumen run --resume goes on with it\n`,
    );
}
