// Compiles and runs the programs of documents, and says where they do not do what is stated.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import type { Program } from "@lumen/core/program";
import { type Compiled, compileText, diagnosticLines } from "./compile-fixture.ts";
import { type DocumentProgram, describeFate, type StatedOutput } from "./document-programs.ts";
import type { FixtureSource } from "./fixture.ts";
import { runTarget, type TargetRun } from "./run-target.ts";

/** A place where a document is wrong about a program. */
export interface DocumentProblem {
  readonly stated: string;
  readonly actual: string;
}

/**
 * Every difference; empty when the document is right. A program that states no output is run where
 * its entry takes no input, and must not fault.
 */
export async function judgeProgram(program: DocumentProgram): Promise<readonly DocumentProblem[]> {
  const { fate, outputs } = program;
  const compiled = compileDocument(program);
  const errors = compiled.diagnostics.filter((d) => d.severity === "error");
  const isAsStated =
    fate.kind === "fails" ? errors.some((d) => d.code === fate.code) : errors.length === 0;
  if (!isAsStated) return [{ stated: describeFate(fate), actual: diagnosticLines(errors) }];
  if (fate.kind === "fails") return [];
  const asked = outputs.length > 0 ? outputs : runsAlone(compiled.program) ? [null] : [];
  if (asked.length === 0 && fate.kind === "faults")
    return [{ stated: describeFate(fate), actual: "it has no entry that runs without input" }];
  return inFolder(program, async (folder) => {
    const problems: DocumentProblem[] = [];
    for (const stated of asked) problems.push(...(await judgeRun({ program, stated, folder })));
    return problems;
  });
}

interface RunJudged {
  readonly program: DocumentProgram;
  /** null: nothing is stated about what is printed. */
  readonly stated: StatedOutput | null;
  readonly folder: string;
}

async function judgeRun({
  program,
  stated,
  folder,
}: RunJudged): Promise<readonly DocumentProblem[]> {
  const { fate, target } = program;
  const input = stated?.input?.replace("@", `@${folder}/`) ?? null;
  const run = await runTarget({
    target: join(folder, target),
    input,
    traceDir: null,
    deterministic: false,
  });
  const due = fate.kind === "faults" ? fate.code : null;
  const problems: DocumentProblem[] = [];
  if ((run.failure?.code ?? null) !== due)
    problems.push({ stated: describeFate(fate), actual: endOf(run) });
  if (stated !== null && stated.text !== run.output)
    problems.push({ stated: stated.text, actual: run.output });
  return problems;
}

function endOf({ failure }: TargetRun): string {
  return failure === null ? "it runs to its end" : `${failure.code} ${failure.message}`;
}

/** Compiles a program of a document in memory, with the files beside it as modules. */
export function compileDocument({ files, target }: DocumentProgram): Compiled {
  const folder = posix.dirname(target);
  const modules = new Map<string, FixtureSource>();
  for (const [path, text] of files) {
    const name = /^(.*?)\.(?:lm|lm\.md)$/.exec(posix.relative(folder, path))?.[1];
    if (name !== undefined) modules.set(name.replaceAll("/", "."), sourceOf(path, text));
  }
  return compileText(sourceOf(target, files.get(target) ?? ""), modules);
}

function sourceOf(path: string, text: string): FixtureSource {
  return { text, extension: path.endsWith(".md") ? "lm.md" : "lm" };
}

/** True when the entry of the program takes no input. */
function runsAlone(program: Program | null): boolean {
  const entries = [...(program?.cells ?? []), ...(program?.sequences ?? [])];
  return entries.some((e) => ("id" in e ? e.id : e.name) === "main" && e.params.length === 0);
}

async function inFolder<T>(
  { files }: DocumentProgram,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-document-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
