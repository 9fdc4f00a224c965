// A message about Lumen source: always a value, collected by a phase, never thrown.

import type { DiagnosticCode } from "./codes.ts";
import type { SourceText, Span } from "./span.ts";

/** Errors stop the pipeline after their phase; warnings do not. */
export type Severity = "error" | "warning";

/** A further place that explains the primary one. */
export interface Label {
  readonly span: Span;
  readonly text: string;
  /** Where the span is, if not in the source of the diagnostic. */
  readonly source?: SourceText;
}

/** One replacement of source text. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** A way out that a tool can apply. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What is wrong with the program, where, and how to mend it. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Plain words, present tense: what was expected and what was found. */
  readonly message: string;
  readonly source: SourceText;
  readonly span: Span;
  readonly labels?: readonly Label[];
  readonly expected?: string;
  readonly found?: string;
  /** One next step in plain words. Falls back to the `help` of the code's row. */
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

/** What each phase returns: its result, as good as it could be made, and its diagnostics. */
export interface PhaseResult<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** True when a diagnostic of severity `error` is among them. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}
