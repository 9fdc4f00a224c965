// lumen analyze

import { renderReport, reportText } from "@lumen/analysis";
import { analyze } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument } from "./inputs.ts";
import { conclude, oneLine } from "./outcome.ts";

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
  },
  run: async (invocation) => {
    const [trace] = invocation.positionals;
    const program = invocation.options.program;
    const report = await analyze({
      trace: traceArgument(invocation, trace),
      projectFolder: invocation.project,
      model: invocation.options.model,
      program: program === undefined ? undefined : fromWorkingDirectory(invocation, program),
    });
    return conclude(invocation, report, (found) => {
      const text =
        invocation.format === "json"
          ? oneLine(reportText(found.report))
          : renderReport(found.report);
      const shown = invocation.format === "json" ? text : text.split("\n").map(visible).join("\n");
      invocation.terminal.stdout(shown.endsWith("\n") ? shown : `${shown}\n`);
      return EXIT.ok;
    });
  },
};
