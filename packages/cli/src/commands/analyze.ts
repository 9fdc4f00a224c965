// lumen analyze

import { renderPage, renderReport, reportText } from "@lumen/analysis";
import { type AnalyzeReport, analyze, follow, writeFileWhole } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, oneLine } from "./outcome.ts";

/** Moves the cursor to the beginning of an empty screen. */
const CLEAR = "\u001b[2J\u001b[H";

/** Shows where a run spent its time and cycles. */
export const analyzeCommand: Command = {
  name: "analyze",
  group: "evidence",
  summary: "where time and cycles of a run went (default: the newest)",
  positionals: "[TRACE]",
  positionalsMax: 1,
  options: {
    model: { value: "NAME", help: "the cost model of the zkVM estimate (default: rv32im-1)" },
    program: { value: "FILE", help: "the program file (default: the one beside the trace)" },
    html: { value: "FILE", help: "write a page with a timeline and a flow graph, too" },
    follow: { help: "show the figures of a run that goes on, until it ends" },
  },
  run: async (invocation) => {
    const [trace] = invocation.positionals;
    const { program, model } = invocation.options;
    const request = {
      trace: traceArgument(invocation, trace),
      projectFolder: invocation.project,
      model,
      program: program === undefined ? undefined : fromWorkingDirectory(invocation, program),
    };
    const report = invocation.flags.has("follow")
      ? await follow({ ...request, update: (picture) => showUpdate(invocation, picture) })
      : await analyze(request);
    return conclude(invocation, report, (found) => show(invocation, found));
  },
};

function show(invocation: Invocation, found: AnalyzeReport): number {
  const { options, terminal, format, flags } = invocation;
  const page = options.html;
  if (page !== undefined) {
    const path = fromWorkingDirectory(invocation, page);
    const written = writeFileWhole(path, renderPage(found), "analyze");
    if (!written.ok) {
      showFailure(invocation, written.error);
      return EXIT.failed;
    }
  }
  if (flags.has("follow") && terminal.interactive && format === "text") terminal.stdout(CLEAR);
  terminal.stdout(textOf(invocation, found));
  if (page !== undefined && format === "text") terminal.stderr(`written to ${visible(page)}\n`);
  return EXIT.ok;
}

/** JSON: a line each time. On a terminal the report so far; elsewhere only the last one counts. */
function showUpdate(invocation: Invocation, picture: Pick<AnalyzeReport, "report">): void {
  const { terminal, format } = invocation;
  if (format === "json") terminal.stdout(textOf(invocation, picture));
  else if (terminal.interactive) terminal.stdout(CLEAR + textOf(invocation, picture));
}

function textOf({ format }: Invocation, { report }: Pick<AnalyzeReport, "report">): string {
  if (format === "json") return oneLine(reportText(report));
  const shown = renderReport(report).split("\n").map(visible).join("\n");
  return shown.endsWith("\n") ? shown : `${shown}\n`;
}
