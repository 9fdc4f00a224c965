// A version of the state of a process, for people.

import type { ShownState } from "@lumen/toolchain";
import type { Paint } from "./paint.ts";
import { frameLines } from "./run.ts";
import { visible } from "./visible.ts";

/** The lines of a version. */
export function renderState(shown: ShownState, paint: Paint): string {
  const { process, version, versions, move, state } = shown;
  const lines = [`${paint.bold(`${visible(process)}@${version}`)} of ${versions}`];
  if (move === null) lines.push("  nothing has moved");
  else {
    lines.push(`  move        ${visible(move.kind)} ${visible(move.given)}`);
    lines.push(...frameLines([move.place], paint));
    lines.push(`  before      ${move.before}`, `  after       ${move.after}`);
  }
  for (const { name, value } of state) lines.push(`  ${visible(name)} = ${visible(value)}`);
  return `${lines.join("\n")}\n`;
}
