// Runs a fixture as a user would: written into a folder of its own, run with a trace, verified.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Failure } from "@lumen/core/diagnostic";
import { type RunReport, showTrace, verify } from "@lumen/toolchain";
import type { Fixture } from "./fixture.ts";
import { runTarget } from "./run-target.ts";
import { traceLines } from "./trace-lines.ts";

/** What a run of a fixture gives; `fault` and `trace` are null where there is none. */
export interface FolderRun {
  readonly output: string;
  readonly fault: string | null;
  readonly trace: string | null;
  readonly verdict: string | null;
}

/** Runs the fixture's entry in a new folder, which is removed afterwards. */
export async function runInFolder(
  fixture: Fixture,
  wanted: { readonly evidence: boolean },
): Promise<FolderRun> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-fixture-"));
  try {
    return await runIn(folder, fixture, wanted.evidence);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, fixture: Fixture, evidence: boolean): Promise<FolderRun> {
  const target = writeSources(folder, fixture);
  const traceDir = evidence ? join(folder, "traces") : null;
  const { output, failure, report } = await runTarget({
    target,
    input: fixture.input,
    traceDir,
    deterministic: true,
  });
  const fault = failure === null ? null : failureLine(failure);
  if (report === null) return { output, fault, trace: null, verdict: null };
  return { output, fault, ...(await evidenceOf(folder, report)) };
}

function writeSources(folder: string, fixture: Fixture): string {
  for (const [name, source] of fixture.modules) {
    const path = join(folder, `${name.replaceAll(".", "/")}.${source.extension}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source.text);
  }
  const main = join(folder, `main.${fixture.source.extension}`);
  writeFileSync(main, fixture.source.text);
  return main;
}

function failureLine({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string {
  return `${code} ${message}\n`;
}

async function evidenceOf(
  folder: string,
  report: RunReport,
): Promise<Pick<FolderRun, "trace" | "verdict">> {
  const path = report.evidence?.tracePath ?? null;
  if (path === null) return { trace: null, verdict: null };
  const shown = showTrace(path, folder);
  const trace = shown.ok
    ? traceLines(shown.value.events.map((placed) => placed.event))
    : failureLine(shown.error.failure);
  const request = { trace: path, projectFolder: folder, program: undefined };
  const verdict = await verify({ ...request, level: undefined, cfs: undefined });
  return {
    trace,
    verdict: verdict.ok ? verdictLine(verdict.value.verdict) : refused(verdict.error),
  };
}

function refused(error: { readonly failure: Failure }): string {
  return `refused ${failureLine(error.failure)}`;
}

type Verdict = Extract<Awaited<ReturnType<typeof verify>>, { ok: true }>["value"]["verdict"];

function verdictLine(verdict: Verdict): string {
  switch (verdict.kind) {
    case "accepted":
      return `accepted ${verdict.level} entry=${verdict.entry} steps=${verdict.steps}\n`;
    case "rejected":
      return `rejected ${verdict.code} ${verdict.check}: ${verdict.message}\n`;
    case "undecided":
      return `undecided ${verdict.code}: ${verdict.message}\n`;
  }
}
