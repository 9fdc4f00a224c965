// Diagnostics for people: code, message, source line with a caret, what was expected, a way out.

import { type Diagnostic, lineText, positionOf, type SourceText } from "@lumen/core/diagnostic";
import type { Paint } from "./paint.ts";
import { visible, visibleLine } from "./visible.ts";

/** Longest source excerpt shown; the rest of the line is cut. */
const WIDTH_MAX = 160;

/** One diagnostic as a block of lines. */
export function renderDiagnostic(d: Diagnostic, paint: Paint): string {
  const at = positionOf(d.source, d.span.start);
  const heading =
    d.severity === "error"
      ? paint.red(paint.bold(`error[${d.code}]`))
      : paint.yellow(paint.bold(`warning[${d.code}]`));
  const gutter = String(at.line).length;
  const blank = " ".repeat(gutter);
  const lines = [
    `${heading}: ${paint.bold(visible(d.message))}`,
    `${blank}${paint.blue("-->")} ${d.source.path}:${at.line}:${at.column}`,
    `${blank} ${paint.blue("|")}`,
    `${paint.blue(`${at.line} |`)} ${excerpt(d.source, at.line)}`,
    `${blank} ${paint.blue("|")} ${caret(d, paint)}`,
  ];
  for (const label of d.labels ?? []) lines.push(...labelLines(d, label, paint, blank));
  if (d.expected !== undefined && d.found !== undefined) {
    lines.push(
      `${blank} ${paint.blue("=")} expected ${visible(d.expected)}, found ${visible(d.found)}`,
    );
  }
  if (d.help !== undefined)
    lines.push(`${blank} ${paint.blue("=")} ${paint.green("help")}: ${visible(d.help)}`);
  return `${lines.join("\n")}\n`;
}

function excerpt(source: SourceText, line: number): string {
  return visibleLine(lineText(source, line)).slice(0, WIDTH_MAX);
}

function caret(d: Diagnostic, paint: Paint): string {
  const at = positionOf(d.source, d.span.start);
  const text = lineText(d.source, at.line);
  const length = Math.max(1, Math.min(d.span.end - d.span.start, text.length - at.column + 1));
  const marks = "^".repeat(Math.min(length, WIDTH_MAX));
  return (
    " ".repeat(Math.min(at.column - 1, WIDTH_MAX)) +
    (d.severity === "error" ? paint.red(marks) : paint.yellow(marks))
  );
}

function labelLines(
  d: Diagnostic,
  label: NonNullable<Diagnostic["labels"]>[number],
  paint: Paint,
  blank: string,
): readonly string[] {
  const source = label.source ?? d.source;
  const at = positionOf(source, label.span.start);
  const text = lineText(source, at.line);
  const length = Math.max(
    1,
    Math.min(label.span.end - label.span.start, text.length - at.column + 1),
  );
  return [
    `${blank} ${paint.blue("::")} ${source.path}:${at.line}:${at.column}`,
    `${paint.blue(`${String(at.line).padStart(blank.length)} |`)} ${excerpt(source, at.line)}`,
    `${blank} ${paint.blue("|")} ${" ".repeat(Math.min(at.column - 1, WIDTH_MAX))}${paint.cyan("-".repeat(length))} ${label.text}`,
  ];
}

/** Summary line: `2 errors, 1 warning`. */
export function renderCounts(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
  if (warnings === 0) return count(errors, "error");
  return errors === 0
    ? count(warnings, "warning")
    : `${count(errors, "error")}, ${count(warnings, "warning")}`;
}

/** A diagnostic as a JSON line. */
export function diagnosticJson(d: Diagnostic): string {
  const start = positionOf(d.source, d.span.start);
  const end = positionOf(d.source, d.span.end);
  return JSON.stringify({
    type: "diagnostic",
    code: d.code,
    severity: d.severity,
    message: d.message,
    path: d.source.path,
    start,
    end,
    ...(d.expected === undefined ? {} : { expected: d.expected }),
    ...(d.found === undefined ? {} : { found: d.found }),
    ...(d.help === undefined ? {} : { help: d.help }),
    labels: (d.labels ?? []).map((l) => ({
      text: l.text,
      ...(l.source === undefined ? {} : { path: l.source.path }),
      start: positionOf(l.source ?? d.source, l.span.start),
      end: positionOf(l.source ?? d.source, l.span.end),
    })),
    fixes: (d.fixes ?? []).map(({ title, edits }) => ({
      title,
      edits: edits.map(({ span, newText }) => ({
        start: positionOf(d.source, span.start),
        end: positionOf(d.source, span.end),
        newText,
      })),
    })),
  });
}
