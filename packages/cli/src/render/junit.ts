// Results of tests in the XML form that JUnit introduced and CI servers read: a suite for each
// document, a case for each test.

import type { TestOutcome, TestReport } from "@lumen/toolchain";

/** The document. */
export function junitReport(reports: readonly TestReport[]): string {
  const suites = reports.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function suite({ path, tests }: TestReport): string {
  const count = (status: TestOutcome["status"]): number =>
    tests.filter((test) => test.status === status).length;
  const time = tests.reduce((sum, test) => sum + test.milliseconds, 0);
  const head = attributes({
    name: path,
    tests: String(tests.length),
    failures: String(count("failed")),
    errors: "0",
    skipped: String(count("skipped")),
    time: seconds(time),
  });
  return `  <testsuite${head}>\n${tests.map((test) => testCase(test, path)).join("")}  </testsuite>\n`;
}

function testCase(test: TestOutcome, path: string): string {
  const { name, line, milliseconds, failure, status, output } = test;
  const head = attributes({
    name,
    classname: path,
    file: path,
    line: String(line),
    time: seconds(milliseconds),
  });
  const parts: string[] = [];
  if (status === "skipped") parts.push("      <skipped/>\n");
  if (failure !== null) {
    const stack = failure.stack.map(({ cell, at }) =>
      at === null ? `at ${cell}` : `at ${cell} (${at.path}:${at.line}:${at.column})`,
    );
    const text = [failure.message, ...stack].join("\n");
    const kind = attributes({ message: failure.message, type: failure.code ?? "failed" });
    parts.push(`      <failure${kind}>${escaped(text)}</failure>\n`);
  }
  if (output !== "") parts.push(`      <system-out>${escaped(output)}</system-out>\n`);
  if (parts.length === 0) return `    <testcase${head}/>\n`;
  return `    <testcase${head}>\n${parts.join("")}    </testcase>\n`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(5);
}

function attributes(table: { readonly [name: string]: string }): string {
  return Object.entries(table)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll("\n", "&#10;")}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML 1.0 has no way to write most control characters and lone surrogates: U+FFFD stands there. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}");
}
