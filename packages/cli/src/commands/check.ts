// lumen check

import { check } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { countOf } from "../render/table.ts";
import { PROJECT_OPTIONS, projectOptionsOf, targetOf } from "./inputs.ts";
import { conclude, showDiagnostics } from "./outcome.ts";

/** Compiles and reports. */
export const checkCommand: Command = {
  name: "check",
  group: "write",
  summary: "compile and report mistakes",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: PROJECT_OPTIONS,
  run: (invocation) =>
    conclude(invocation, check(targetOf(invocation), projectOptionsOf(invocation)), (report) => {
      const { terminal, format } = invocation;
      showDiagnostics(invocation, report.diagnostics);
      const { summary, project, sources } = report.checked;
      const status = report.clean ? EXIT.ok : EXIT.failed;
      if (format === "json") {
        const { clean, diagnostics } = report;
        const documents = [...sources.keys()];
        const errors = diagnostics.filter((d) => d.severity === "error").length;
        const warnings = diagnostics.length - errors;
        const end = { type: "check", clean, project: project.name, documents, errors, warnings };
        terminal.stdout(`${JSON.stringify(end)}\n`);
        return status;
      }
      if (!report.clean || invocation.flags.has("quiet") || summary === null) return status;
      const paint = paintFor(terminal);
      const parts = [
        countOf(summary.tileCount, "tile"),
        countOf(summary.sequenceCount, "sequence"),
        countOf(sources.size, "document"),
      ];
      terminal.stdout(`${paint.green("ok")}  ${project.name}: ${parts.join(", ")}, no errors\n`);
      return EXIT.ok;
    }),
};
