// The help texts: of the binary, and of one command.

import { COMMON_OPTIONS, type Command, type OptionTable } from "../command.ts";

/** `lumen --help` */
export function renderHelp(commands: readonly Command[], version: string): string {
  const groups = ["write", "run", "evidence", "packages"] as const;
  const lines = [
    `lumen ${version}: programs are documents, runs are evidence`,
    "",
    "usage: lumen COMMAND [ARGUMENTS]",
  ];
  const width = Math.max(...commands.map((c) => c.name.length)) + 2;
  for (const group of groups) {
    const own = commands.filter((c) => c.group === group);
    if (own.length === 0) continue;
    lines.push("", `${group}:`, ...own.map((c) => `  ${c.name.padEnd(width)}${c.summary}`));
  }
  lines.push("", "lumen COMMAND --help shows the options of a command.");
  return `${lines.join("\n")}\n`;
}

/** `lumen COMMAND --help` */
export function renderCommandHelp(command: Command): string {
  const lines = [
    `lumen ${command.name}: ${command.summary}`,
    "",
    `usage: lumen ${command.name} ${command.positionals} [OPTIONS]`,
  ];
  if (Object.keys(command.options).length > 0)
    lines.push("", "options:", ...optionLines(command.options));
  lines.push("", "common options:", ...optionLines(COMMON_OPTIONS));
  return `${lines.join("\n")}\n`;
}

function optionLines(options: OptionTable): readonly string[] {
  const heads = Object.entries(options).map(([name, { short, value }]) => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`;
    return short === undefined ? long : `-${short}, ${long}`;
  });
  const width = Math.max(...heads.map((h) => h.length)) + 2;
  const next = `\n${" ".repeat(width + 2)}`;
  return Object.values(options).map(
    (o, i) => `  ${(heads[i] ?? "").padEnd(width)}${o.help.replaceAll("\n", next)}`,
  );
}
