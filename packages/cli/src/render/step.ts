// One step of a trace, for people and as a JSON object.

import type { ShownStep } from "@lumen/toolchain";
import type { Paint } from "./paint.ts";
import { grouped } from "./table.ts";
import { visible } from "./visible.ts";

/** Longest value that is shown whole. */
const VALUE_CHARACTERS_MAX = 1200;

/** The beginning of a long value, and where to find the rest. */
function shortened(value: string): string {
  if (value.length <= VALUE_CHARACTERS_MAX) return value;
  const rest = grouped(value.length - VALUE_CHARACTERS_MAX);
  return `${value.slice(0, VALUE_CHARACTERS_MAX)} … ${rest} characters more: --format json`;
}

/** The lines of a step. */
export function renderStep(step: ShownStep, paint: Paint): string {
  const { outcome, input, iteration, cycles } = step;
  const lines = [`${paint.bold(`step ${step.index}`)}  ${step.kind} ${visible(step.name)}`];
  const add = (label: string, text: string | null): void => {
    if (text !== null) lines.push(`  ${label.padEnd(12)}${visible(text)}`);
  };
  add("path", step.path === "" ? null : step.path);
  add("iteration", iteration === null ? null : String(iteration));
  add("code", step.code);
  add("cycles", cycles === null ? null : grouped(cycles));
  add("input", step.inputDigest);
  for (const { name, value } of input ?? []) add("", `${name} = ${shortened(value)}`);
  if (outcome.kind === "ok") {
    add("output", outcome.digest);
    add("", outcome.output === null ? null : shortened(outcome.output));
  } else {
    add("failed", `${outcome.code}${outcome.message === null ? "" : `: ${outcome.message}`}`);
    add("error", outcome.digest);
    add("", outcome.error === null ? null : shortened(outcome.error));
  }
  if (step.kind === "tile" && input === null)
    add("note", "the values are not shown: the trace has digests only, or does not bind its code");
  return `${lines.join("\n")}\n`;
}

/** The step as one JSON object on a line. Values are put in as texts: parsing would lose digits. */
export function stepJson(step: ShownStep): string {
  const { outcome, input, ...head } = step;
  const text = JSON.stringify;
  const values = input?.map(({ name, value }) => `${text(name)}:${value}`).join(",");
  const ended =
    outcome.kind === "ok"
      ? `{"kind":"ok","digest":${text(outcome.digest)},"output":${outcome.output}}`
      : `{"kind":"failed","digest":${text(outcome.digest)},"code":${text(outcome.code)},` +
        `"message":${text(outcome.message)},"error":${outcome.error}}`;
  const shownInput = values === undefined ? "null" : `{${values}}`;
  return `${text(head).slice(0, -1)},"input":${shownInput},"outcome":${ended}}\n`;
}
