// lumen explain

import { nearest } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { CODE_ROWS, type CodeRow, pageOf } from "../explain/codes.ts";
import { renderPage } from "../render/page.ts";
import { paintFor } from "../render/paint.ts";
import { renderTable } from "../render/table.ts";
import { usageError } from "./outcome.ts";

/** Says what a code means; without one, lists all. */
export const explainCommand: Command = {
  name: "explain",
  group: "write",
  summary: "say what a code means, such as E0200 or E_DECODE",
  positionals: "[CODE]",
  positionalsMax: 1,
  options: {},
  run: async (invocation) => {
    const word = invocation.positionals[0];
    if (word === undefined) return showAll(invocation);
    const row = CODE_ROWS.find(({ code }) => code === word.toUpperCase());
    return row === undefined ? unknownCode(invocation, word) : showPage(invocation, row);
  },
};

function showAll({ format, terminal }: Invocation): number {
  if (format === "json") terminal.stdout(`${JSON.stringify({ codes: CODE_ROWS })}\n`);
  else {
    const rows = CODE_ROWS.map(({ code, title, name }) => [code, title, name ?? ""]);
    const columns = [{ title: "code" }, { title: "meaning" }, { title: "also" }];
    terminal.stdout(renderTable(columns, rows));
  }
  return EXIT.ok;
}

async function showPage({ format, terminal }: Invocation, row: CodeRow): Promise<number> {
  const page = await pageOf(row);
  if (format === "json") terminal.stdout(`${JSON.stringify({ ...row, page })}\n`);
  else terminal.stdout(renderPage(page, paintFor(terminal)));
  return EXIT.ok;
}

function unknownCode(invocation: Invocation, word: string): number {
  const codes = CODE_ROWS.map(({ code }) => code);
  const near = nearest(word.toUpperCase(), codes);
  const guess = near === null ? "" : `; did you mean '${near}'?`;
  return usageError(invocation, "explain", `there is no code '${word}'${guess}`);
}
