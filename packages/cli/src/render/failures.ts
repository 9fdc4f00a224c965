// Failures and faults for people: what is wrong, where, and one next step.

import type { Failure } from "@lumen/core/diagnostic";
import type { Invocation } from "../command.ts";
import { paintFor } from "./paint.ts";
import { visible } from "./visible.ts";

/** Writes a failure to stderr, or as one JSON line to stdout. */
export function showFailure(
  invocation: Pick<Invocation, "format" | "terminal">,
  failure: Failure,
): void {
  const { terminal, format } = invocation;
  if (format === "json") {
    terminal.stdout(`${JSON.stringify({ type: "error", ...failure })}\n`);
    return;
  }
  terminal.stderr(renderFailure(failure, invocation));
}

/** The lines of a failure; its causes are indented below it. */
export function renderFailure(failure: Failure, invocation: Pick<Invocation, "terminal">): string {
  const paint = paintFor(invocation.terminal);
  const lines = [
    `${paint.red(paint.bold(`error[${failure.code}]`))}: ${paint.bold(visible(failure.message))}`,
  ];
  if (failure.subject !== undefined && !failure.message.includes(failure.subject)) {
    lines.push(`  ${paint.blue("in")} ${visible(failure.subject)}`);
  }
  if (failure.path !== undefined && !failure.message.includes(failure.path)) {
    lines.push(`  ${paint.blue("at")} ${visible(failure.path)}`);
  }
  if (failure.offset !== undefined && !failure.message.includes(String(failure.offset))) {
    lines.push(`  ${paint.blue("at byte")} ${failure.offset}`);
  }
  if (failure.cause !== undefined && !failure.message.includes(failure.cause.message)) {
    lines.push(`  ${paint.blue("because")} ${visible(failure.cause.message)}`);
  }
  if (failure.hint !== undefined) lines.push(`  ${paint.green("help")}: ${visible(failure.hint)}`);
  return `${lines.join("\n")}\n`;
}
