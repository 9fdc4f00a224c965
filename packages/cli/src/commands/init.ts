// lumen init

import { initProject } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Makes a project. */
export const initCommand: Command = {
  name: "init",
  group: "write",
  summary: "make a project in a new or empty folder",
  positionals: "NAME",
  positionalsMax: 1,
  options: {},
  run: async (invocation) => {
    const [name] = invocation.positionals;
    if (name === undefined) return usageError(invocation, "init", "expected the name of a folder");
    const made = initProject(fromWorkingDirectory(invocation, name));
    return conclude(invocation, made, (report) => {
      const { terminal, format, flags } = invocation;
      if (format === "json") terminal.stdout(`${JSON.stringify(report)}\n`);
      else if (!flags.has("quiet")) {
        for (const file of report.files) terminal.stdout(`${visible(`${name}/${file}`)}\n`);
        terminal.stdout(`\ncd ${visible(name)} && lumen run\n`);
      }
      return EXIT.ok;
    });
  },
};
