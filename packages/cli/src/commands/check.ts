// lumen check

import { check } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { targetOf } from "./inputs.ts";
import { conclude, showDiagnostics } from "./outcome.ts";

/** Compiles and reports. */
export const checkCommand: Command = {
  name: "check",
  group: "write",
  summary: "compile and report mistakes",
  positionals: "[FILE|DIR]",
  positionalsMax: 1,
  options: {},
  run: (invocation) =>
    conclude(invocation, check(targetOf(invocation)), (report) => {
      const { terminal, format } = invocation;
      showDiagnostics(invocation, report.diagnostics);
      if (!report.clean) return EXIT.failed;
      const program = report.compiled.program;
      if (format === "json" || invocation.flags.has("quiet") || program === null) return EXIT.ok;
      const paint = paintFor(terminal);
      const declared = program.tiles.filter((t) => !/__e\d+$/.test(t.id)).length;
      const parts = [
        count(declared, "tile"),
        count(program.sequences.length, "sequence"),
        count(report.compiled.sources.size, "document"),
      ];
      terminal.stdout(`${paint.green("ok")}  ${program.project}: ${parts.join(", ")}, no errors\n`);
      return EXIT.ok;
    }),
};

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
