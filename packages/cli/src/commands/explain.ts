// lumen explain

import { DIAGNOSTICS, type DiagnosticCode, FAILURES, TRAPS } from "@lumen/core/diagnostic";
import { type Command, EXIT } from "../command.ts";
import { usageError } from "./outcome.ts";

/** Says what a code means. */
export const explainCommand: Command = {
  name: "explain",
  group: "write",
  summary: "say what a code means, such as E0200 or E_DECODE",
  positionals: "CODE",
  positionalsMax: 1,
  options: {},
  run: async (invocation) => {
    const code = (invocation.positionals[0] ?? "").toUpperCase();
    const text = explanation(code);
    if (text === null)
      return usageError(
        invocation,
        "explain",
        code === "" ? "which code?" : `there is no code '${code}'`,
      );
    if (invocation.format === "json")
      invocation.terminal.stdout(`${JSON.stringify({ code, ...text })}\n`);
    else
      invocation.terminal.stdout(
        `${code}  ${text.title}\n${text.help === null ? "" : `\n${text.help}\n`}`,
      );
    return EXIT.ok;
  },
};

function explanation(
  code: string,
): { readonly title: string; readonly help: string | null } | null {
  if (Object.hasOwn(DIAGNOSTICS, code)) return rowOf(code);
  const named: Record<string, { readonly title: string }> = { ...FAILURES, ...TRAPS };
  const row = Object.hasOwn(named, code) ? named[code] : undefined;
  return row === undefined ? null : { title: row.title, help: null };
}

function rowOf(code: string): { readonly title: string; readonly help: string } | null {
  const found = (Object.keys(DIAGNOSTICS) as DiagnosticCode[]).find((c) => c === code);
  return found === undefined ? null : DIAGNOSTICS[found];
}
