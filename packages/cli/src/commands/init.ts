// lumen init

import { required } from "@lumen/core/result";
import { DEFAULT_TEMPLATE, INIT_TEMPLATES, initProject } from "@lumen/toolchain";
import { type Command, EXIT } from "../command.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

const TEMPLATES = INIT_TEMPLATES.map(({ name, summary }) => `${name.padEnd(10)}  ${summary}`);

/** Makes a project. */
export const initCommand: Command = {
  name: "init",
  group: "write",
  summary: "make a project in a new or empty folder",
  positionals: "NAME",
  positionalsMax: 1,
  options: {
    template: {
      value: "T",
      choices: INIT_TEMPLATES.map(({ name }) => name),
      help: `what it begins with (default: ${DEFAULT_TEMPLATE})\n${TEMPLATES.join("\n")}`,
    },
  },
  run: async (invocation) => {
    const [name] = invocation.positionals;
    if (name === undefined) return usageError(invocation, "init", "expected the name of a folder");
    const { template = DEFAULT_TEMPLATE } = invocation.options;
    const chosen = INIT_TEMPLATES.find((row) => row.name === template);
    const made = initProject(
      fromWorkingDirectory(invocation, name),
      required(chosen, "the option is one of its choices"),
    );
    return conclude(invocation, made, (report) => {
      const { terminal, format, flags } = invocation;
      if (format === "json") terminal.stdout(`${JSON.stringify(report)}\n`);
      else if (!flags.has("quiet")) {
        for (const file of report.files) terminal.stdout(`${visible(`${name}/${file}`)}\n`);
        terminal.stdout(`\ncd ${visible(name)} && lumen ${report.run}\n`);
      }
      return EXIT.ok;
    });
  },
};
