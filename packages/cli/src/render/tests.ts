// The results of tests, for people and as JSON.

import type { CellCoverage, TestOutcome, TestReport } from "@lumen/toolchain";
import type { Paint } from "./paint.ts";
import { frameLines } from "./run.ts";
import { countOf } from "./table.ts";

/** How much is said of tests: all of them, documents and failures, or failures alone. */
export type Detail = "all" | "normal" | "failures";

/** Counts over all documents. */
export interface Totals {
  readonly documents: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly written: number;
  readonly obsolete: number;
}

/** Adds documents up. */
export function totalsOf(reports: readonly TestReport[]): Totals {
  const tests = reports.flatMap((report) => report.tests);
  const count = (status: TestOutcome["status"]): number =>
    tests.filter((test) => test.status === status).length;
  const sum = (of: (report: TestReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    documents: reports.length,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    written: sum((report) => report.snapshots.written.length),
    obsolete: sum((report) => report.snapshots.obsolete.length),
  };
}

/** One document: a line, and what there is to say about its tests. */
export function documentLines(report: TestReport, detail: Detail, paint: Paint): string {
  const { path, tests, snapshots } = report;
  const failed = tests.filter((test) => test.status === "failed");
  const mark = failed.length > 0 ? paint.red("FAIL") : paint.green("ok  ");
  const lines = [
    ...(detail === "failures" && failed.length === 0
      ? []
      : [`${mark} ${path}  ${countOf(tests.length, "test")}`]),
    ...tests
      .filter((test) => detail === "all" || test.status === "failed")
      .flatMap((test) => testLines(test, path, paint)),
    ...(detail === "failures" ? [] : snapshots.written.map((name) => `  stored  ${name}`)),
    ...(detail === "failures" ? [] : snapshots.obsolete.map((name) => `  obsolete  ${name}`)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function testLines(test: TestOutcome, path: string, paint: Paint): readonly string[] {
  const { failure, status, name, line, output } = test;
  if (status === "skipped") return [`  ${paint.yellow("skipped")}  ${name}`];
  if (failure === null) return [`  ${paint.green("passed")}  ${name}`];
  const code = failure.code === null ? "" : `[${failure.code}] `;
  return [
    `  ${paint.red("failed")}  ${name}  ${paint.dim(`${path}:${line}`)}`,
    ...indented(`${code}${failure.message}`, "    "),
    ...frameLines(failure.stack, paint).map((text) => `  ${text}`),
    ...(output === "" ? [] : [paint.dim("    it printed"), ...indented(output, "    | ")]),
  ];
}

function indented(text: string, prefix: string): readonly string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${prefix}${line}`);
}

/** Cells that no test called, by document, and the share of those that were. */
export function coverageLines(coverage: readonly CellCoverage[], paint: Paint): string {
  const missing = coverage.filter((cell) => !cell.isCalled);
  const called = coverage.length - missing.length;
  const share = coverage.length === 0 ? 100 : (100 * called) / coverage.length;
  const lines = [
    "",
    `coverage  ${called} of ${countOf(coverage.length, "cell")} called, ${share.toFixed(1)} %`,
    ...missing.map(
      ({ path, line, cell }) => `  ${paint.yellow("not called")}  ${path}:${line} ${cell}`,
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `12 passed, 1 failed in 3 documents`. */
export function summaryLine(totals: Totals, paint: Paint): string {
  const { documents, passed, failed, skipped, written, obsolete } = totals;
  const parts = [
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    paint.green(`${passed} passed`),
    ...(skipped > 0 ? [paint.yellow(`${skipped} skipped`)] : []),
  ];
  const snapshots = [
    ...(written > 0 ? [`${countOf(written, "snapshot")} stored`] : []),
    ...(obsolete > 0
      ? [`${countOf(obsolete, "snapshot")} that no test asks for (--update removes them)`]
      : []),
  ];
  const more = snapshots.length === 0 ? "" : `; ${snapshots.join(", ")}`;
  return `\n${parts.join(", ")} in ${countOf(documents, "document")}${more}\n`;
}

/** A document as a JSON line. */
export function documentJson(report: TestReport): object {
  const { path, tests, snapshots } = report;
  return { type: "document", path, tests, snapshots };
}

/** The last JSON line. */
export function summaryJson(totals: Totals, coverage: readonly CellCoverage[] | null): object {
  return { type: "test", ...totals, ...(coverage === null ? {} : { coverage }) };
}
