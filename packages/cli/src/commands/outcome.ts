// From the result of a use case to an exit status: refusals are shown, values go on.

import type { Failure } from "@lumen/core/diagnostic";
import type { Refusal, UseCase } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { diagnosticJson, renderCounts, renderDiagnostic } from "../render/diagnostics.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";

/** Shows a refusal and ends with 1 (2 for E_USAGE), or hands the value to `show`. */
export async function conclude<T>(
  invocation: Invocation,
  useCase: UseCase<T> | Promise<UseCase<T>>,
  show: (value: T) => number | Promise<number>,
): Promise<number> {
  const result = await useCase;
  if (result.ok) return show(result.value);
  showRefusal(invocation, result.error);
  return result.error.failure.code === "E_USAGE" ? EXIT.usage : EXIT.failed;
}

/** Diagnostics first, then the failure unless they say it all. */
export function showRefusal(invocation: Invocation, refusal: Refusal): void {
  showDiagnostics(invocation, refusal.diagnostics);
  const said = refusal.failure.code === "E_COMPILE" && refusal.diagnostics.length > 0;
  if (!said) showFailure(invocation, refusal.failure);
}

/** Diagnostics that people get to see; the first ones tell what is wrong. */
const SHOWN_MAX = 100;

/** Diagnostics on stderr, the first {@link SHOWN_MAX}; all of them as JSON lines on stdout. */
export function showDiagnostics(invocation: Invocation, diagnostics: Refusal["diagnostics"]): void {
  const { terminal, format } = invocation;
  const paint = paintFor(terminal);
  if (format === "json") {
    for (const diagnostic of diagnostics) terminal.stdout(`${diagnosticJson(diagnostic)}\n`);
    return;
  }
  if (diagnostics.length === 0) return;
  const shown = shownFirst(diagnostics);
  for (const diagnostic of shown) terminal.stderr(`${renderDiagnostic(diagnostic, paint)}\n`);
  const more = diagnostics.length - shown.length;
  if (more > 0) terminal.stderr(`… and ${more} more; --format json gives all\n`);
  terminal.stderr(`${renderCounts(diagnostics)}\n`);
  const first = diagnostics.find((d) => d.severity === "error");
  if (first !== undefined) terminal.stderr(`run \`lumen explain ${first.code}\` to know more\n`);
}

/** The first diagnostics in their order, errors before warnings where not all have a place. */
function shownFirst(diagnostics: Refusal["diagnostics"]): Refusal["diagnostics"] {
  if (diagnostics.length <= SHOWN_MAX) return diagnostics;
  const errors = diagnostics.filter((d) => d.severity === "error");
  const kept = new Set([...new Set([...errors, ...diagnostics])].slice(0, SHOWN_MAX));
  return diagnostics.filter((d) => kept.has(d));
}

/** A JSON document of the tools on one line; its large integers are strings already. */
export function oneLine(document: string): string {
  return `${JSON.stringify(JSON.parse(document))}\n`;
}

/** A usage failure: what is missing, and how the command is called. */
export function usageError(invocation: Invocation, command: string, message: string): number {
  const error: Failure = {
    code: "E_USAGE",
    phase: "discover",
    domain: "host",
    message,
    hint: `lumen ${command} --help shows how it is called.`,
  };
  showFailure(invocation, error);
  return EXIT.usage;
}
