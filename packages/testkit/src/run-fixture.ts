// Runs a fixture through the phases that its headings ask for, and judges what comes out.

import { orderedCfs } from "@lumen/core/cfs";
import { hasErrors } from "@lumen/core/diagnostic";
import { disassemble } from "@lumen/core/lir";
import type { Program } from "@lumen/core/program";
import { dumpAst, parseModule } from "@lumen/syntax";
import { type Compiled, compileFixture, diagnosticLines } from "./compile-fixture.ts";
import type { Expectation, Fixture, FixtureHeading, FixtureSource } from "./fixture.ts";
import { runInFolder } from "./run-folder.ts";

/** A difference between a fixture and what came out. */
export interface FixtureProblem {
  readonly heading: FixtureHeading | "Near miss";
  readonly expected: string;
  readonly actual: string;
}

const RUN_HEADINGS: readonly FixtureHeading[] = ["Output", "Fault", "Trace", "Verdict"];

/**
 * What comes out under each heading of the fixture. Diagnostics are added when the program has
 * errors, a fault when the run ends in one: a fixture cannot overlook them. A fixture about the
 * tree alone is parsed and not compiled.
 */
export async function runFixture(fixture: Fixture): Promise<readonly Expectation[]> {
  const compiled = isAboutTree(fixture) ? parseOnly(fixture.source) : compileFixture(fixture);
  const wanted = new Set(fixture.expectations.map((e) => e.heading));
  const actual = new Map<FixtureHeading, string>();
  if (wanted.has("Diagnostics") || compiled.failed)
    actual.set("Diagnostics", diagnosticLines(compiled.diagnostics));
  if (wanted.has("Ast")) actual.set("Ast", astText(fixture));
  const { program } = compiled;
  if (wanted.has("Lir")) actual.set("Lir", withProgram(program, lirText));
  if (wanted.has("Cfs")) actual.set("Cfs", withProgram(program, cfsText));
  if (RUN_HEADINGS.some((heading) => wanted.has(heading)) && program !== null) {
    const evidence = wanted.has("Trace") || wanted.has("Verdict");
    const run = await runInFolder(fixture, { evidence });
    if (wanted.has("Output")) actual.set("Output", run.output);
    if (wanted.has("Fault") || run.fault !== null) actual.set("Fault", run.fault ?? "none\n");
    if (wanted.has("Trace")) actual.set("Trace", run.trace ?? "none\n");
    if (wanted.has("Verdict")) actual.set("Verdict", run.verdict ?? "none\n");
  }
  return [...actual].map(([heading, text]) => ({ heading, text }));
}

/** True with `## Ast` and, besides, at most `## Diagnostics`. */
function isAboutTree({ expectations }: Fixture): boolean {
  const headings = expectations.map((e) => e.heading);
  return headings.includes("Ast") && headings.every((h) => h === "Ast" || h === "Diagnostics");
}

function parseOnly({ text, extension }: FixtureSource): Compiled {
  const { diagnostics } = parseModule(`main.${extension}`, text);
  return { program: null, diagnostics, failed: hasErrors(diagnostics) };
}

/** Every difference; empty when the fixture holds. */
export function judgeFixture(
  fixture: Fixture,
  actual: readonly Expectation[],
): readonly FixtureProblem[] {
  const headings = new Set([...fixture.expectations, ...actual].map((e) => e.heading));
  const textOf = (list: readonly Expectation[], heading: FixtureHeading): string =>
    list.find((e) => e.heading === heading)?.text ?? "nothing under this heading\n";
  const differences = [...headings].flatMap((heading): readonly FixtureProblem[] => {
    const problem = {
      heading,
      expected: textOf(fixture.expectations, heading),
      actual: textOf(actual, heading),
    };
    return problem.expected === problem.actual ? [] : [problem];
  });
  return [...differences, ...fixture.nearMisses.flatMap((source) => nearMiss(fixture, source))];
}

/**
 * A near miss compiles (or parses, in a fixture about the tree), and gives none of the codes that
 * the fixture is about.
 */
function nearMiss(fixture: Fixture, source: Fixture["source"]): readonly FixtureProblem[] {
  const compiled = isAboutTree(fixture) ? parseOnly(source) : compileFixture(fixture, source);
  const about = fixture.expectations.find((e) => e.heading === "Diagnostics")?.text ?? "";
  const codes: readonly string[] = about.match(/^E\d{4}/gm) ?? [];
  const triggered = compiled.diagnostics.filter(
    (d) => d.severity === "error" || codes.includes(d.code),
  );
  if (triggered.length === 0) return [];
  return [{ heading: "Near miss", expected: "none\n", actual: diagnosticLines(triggered) }];
}

function withProgram(program: Program | null, show: (program: Program) => string): string {
  return program === null ? "the program does not compile\n" : show(program);
}

function astText({ source }: Fixture): string {
  const { module } = parseModule(`main.${source.extension}`, source.text);
  return `${dumpAst(module).trimEnd()}\n`;
}

function lirText(program: Program): string {
  return program.modules
    .filter((m) => m.name !== "std.prelude")
    .map(disassemble)
    .join("");
}

/** The schema; code digests are left out, since every change of the compiler changes them. */
function cfsText(program: Program): string {
  const schema: unknown = JSON.parse(JSON.stringify(orderedCfs(program.cfs), withoutDigests));
  return `${layOut(schema, "")}\n`;
}

function withoutDigests(key: string, value: unknown): unknown {
  return key === "code" ? undefined : value;
}

const LINE_LENGTH_MAX = 100;

/** JSON text in which what fits on a line stands on one. */
function layOut(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || indent.length + flat.length < LINE_LENGTH_MAX)
    return flat;
  const inner = `${indent} `;
  const parts = Array.isArray(value)
    ? value.map((item) => layOut(item, inner))
    : Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${layOut(v, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}
