// lumen migrate

import { migrateFile } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, optionPath } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Writes a document in another version of its format. */
export const migrateCommand: Command = {
  name: "migrate",
  group: "evidence",
  summary: "write a document in another version of its format",
  positionals: "FILE",
  positionalsMax: 1,
  options: {
    to: { value: "V", help: "the version" },
    out: { value: "FILE", help: "where to (default: standard output)" },
  },
  run: async (invocation) => {
    const { positionals, options, terminal, format, flags } = invocation;
    const [file] = positionals;
    if (file === undefined) return usageError(invocation, "migrate", "migrate needs a FILE");
    if (options.to === undefined) return usageError(invocation, "migrate", "migrate needs --to V");
    const out = optionPath(invocation, "out");
    const path = fromWorkingDirectory(invocation, file);
    return conclude(invocation, migrateFile({ file: path, to: options.to, out }), (done) => {
      const { format: name, steps, text } = done;
      const taken = steps.map(({ from, to, lossless }) => ({ from, to, lossless }));
      if (out === undefined) terminal.stdout(text);
      else if (format === "json")
        terminal.stdout(`${JSON.stringify({ path: out, format: name, steps: taken })}\n`);
      else if (!flags.has("quiet")) {
        const way = taken.map(({ from, to }) => `${from} to ${to}`).join(", ");
        terminal.stdout(
          `${visible(out)}  ${name} ${way === "" ? "has that version already" : way}\n`,
        );
      }
      return EXIT.ok;
    });
  },
};
