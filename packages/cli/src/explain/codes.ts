// What `lumen explain` knows: the rows of the tables of codes, and for each a page. Numbered codes
// have a written page in docs/errors/; those of named codes are made from their row.

import {
  DIAGNOSTICS,
  type DiagnosticCode,
  FAILURES,
  type FailureCode,
  TRAPS,
} from "@lumen/core/diagnostic";
import { MEANINGS } from "./meanings.ts";

/** A code, as it is listed. */
export interface CodeRow {
  readonly code: string;
  readonly title: string;
  /** The name under which tools report the same about a schema or manifest; null without one. */
  readonly name: string | null;
  readonly class: "source" | "failure" | "fault";
}

/** Every code, in the order of its table: source, failures at tool boundaries, faults of runs. */
export const CODE_ROWS: readonly CodeRow[] = [
  ...Object.entries(DIAGNOSTICS).map(
    ([code, { title, name }]): CodeRow => ({ code, title, name, class: "source" }),
  ),
  ...namedRows(FAILURES, "failure"),
  ...namedRows(TRAPS, "fault"),
];

function namedRows(
  table: { readonly [code: string]: { readonly title: string } },
  kind: "failure" | "fault",
): readonly CodeRow[] {
  return Object.entries(table).map(([code, { title }]) => ({
    code,
    title,
    name: null,
    class: kind,
  }));
}

/** The page of a code in Markdown. Loads the written pages, which nothing else has to pay for. */
export async function pageOf(row: CodeRow): Promise<string> {
  if (!isNumbered(row.code)) return namedPage(row);
  const { ERROR_PAGES } = await import("./pages.ts");
  return ERROR_PAGES[row.code];
}

function isNumbered(code: string): code is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTICS, code);
}

function isNamed(code: string): code is FailureCode {
  return Object.hasOwn(MEANINGS, code);
}

const CLASS_TEXT: { readonly [kind in "failure" | "fault"]: readonly string[] } = {
  failure: [
    "A command could not do what it was asked to, and nothing was accepted in its place. The",
    "message says which file, value or step is concerned; with `--format json` it is one object",
    "with this code, the phase, the domain and, where something helps, a hint.",
  ],
  fault: [
    "A running program stopped here. The message and the calls that led to it are printed, the",
    "exit status is 1, and the code is the outcome of the step in a trace. A future, a handler or",
    "a supervisor may catch it.",
  ],
};

function namedPage(row: CodeRow): string {
  const twin = CODE_ROWS.find(({ name }) => name === row.code);
  const lines = [`# ${row.code}: ${row.title}`, ""];
  const [cause, wayOut] = (isNamed(row.code) ? MEANINGS[row.code] : undefined) ?? [];
  if (cause !== undefined && wayOut !== undefined) lines.push(cause, "", wayOut, "");
  lines.push(...CLASS_TEXT[row.class === "fault" ? "fault" : "failure"]);
  if (twin !== undefined) {
    lines.push("", "Found in source, the same is:", "", `- ${twin.code}: ${twin.title}`);
  }
  return `${lines.join("\n")}\n`;
}
