// lumen test

import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { type Failure, failure } from "@lumen/core/diagnostic";
import {
  findTests,
  mergedCoverage,
  type TestReport,
  type TestRequest,
  testDocument,
  type UseCase,
  writeFileWhole,
} from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { junitReport } from "../render/junit.ts";
import { paintFor } from "../render/paint.ts";
import {
  coverageLines,
  documentJson,
  documentLines,
  summaryJson,
  summaryLine,
  type Totals,
  totalsOf,
} from "../render/tests.ts";
import { fromWorkingDirectory, PROJECT_OPTIONS, projectOptionsOf } from "./inputs.ts";
import { conclude, showDiagnostics, showRefusal, usageError } from "./outcome.ts";

const FUEL_DEFAULT = 10_000_000_000;
const TIMEOUT_SECONDS_DEFAULT = 60;

/** Runs the tests of documents. */
export const testCommand: Command = {
  name: "test",
  group: "run",
  summary: "run tests: cells marked @test or named test_…",
  positionals: "[FILE|DIR ...]",
  positionalsMax: Number.MAX_SAFE_INTEGER,
  options: {
    filter: { value: "TEXT", help: "only tests whose name has this text" },
    update: { help: "store snapshots instead of comparing with them" },
    coverage: { help: "list the cells that no test calls" },
    junit: { value: "FILE", help: "write a report in JUnit's form as well" },
    jobs: { value: "N", help: "documents at a time (default: one for each processor)" },
    fuel: { value: "CYCLES", help: `most cycles of one test (default: ${FUEL_DEFAULT})` },
    timeout: { value: "SECONDS", help: "longest wait for something outside (default: 60)" },
    ...PROJECT_OPTIONS,
  },
  run: async (invocation) => {
    const settings = settingsOf(invocation);
    if (typeof settings === "string") return usageError(invocation, "test", settings);
    const { positionals, project } = invocation;
    const named = positionals.map((path) => fromWorkingDirectory(invocation, path));
    const found = findTests(named.length === 0 ? [project] : named);
    if (!found.ok) {
      const refusal = { ok: false, error: { failure: found.error, diagnostics: [] } } as const;
      return conclude(invocation, refusal, () => EXIT.ok);
    }
    const results = await runAll(invocation, found.value, settings);
    return showAll(invocation, results);
  },
};

/** Numbers of the command line. */
export interface TestSettings {
  readonly jobs: number;
  readonly fuel: number;
  readonly timeoutMs: number;
}

/** The numbers, or which of them is none. */
export function settingsOf({ options }: Invocation): TestSettings | string {
  const jobs = numberOf(options.jobs, availableParallelism());
  const fuel = numberOf(options.fuel, FUEL_DEFAULT);
  const timeout = numberOf(options.timeout, TIMEOUT_SECONDS_DEFAULT);
  if (jobs === null) return "--jobs is a whole number from 1";
  if (fuel === null) return "--fuel is a whole number from 1";
  if (timeout === null) return "--timeout is a whole number of seconds from 1";
  return { jobs, fuel, timeoutMs: timeout * 1000 };
}

function numberOf(text: string | undefined, otherwise: number): number | null {
  if (text === undefined) return otherwise;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

/** What is asked of the tests of one document. */
export function testRequest(
  invocation: Invocation,
  path: string,
  { fuel, timeoutMs }: TestSettings,
): TestRequest {
  const { flags, options } = invocation;
  return {
    path,
    options: projectOptionsOf(invocation),
    filter: options.filter ?? null,
    update: flags.has("update"),
    coverage: flags.has("coverage"),
    fuel,
    timeoutMs,
  };
}

type Tested = UseCase<TestReport>;

/** Documents in order, several at a time where there are threads for it. */
async function runAll(
  invocation: Invocation,
  paths: readonly string[],
  settings: TestSettings,
): Promise<readonly Tested[]> {
  const { startWorker } = invocation.terminal;
  const count = Math.min(settings.jobs, paths.length);
  const results = new Map<string, Tested>();
  const open = [...paths];
  const drain = async (test: (path: string) => Promise<Tested>): Promise<void> => {
    for (let path = open.shift(); path !== undefined; path = open.shift())
      results.set(path, await test(path));
  };
  if (startWorker === undefined || count < 2)
    await drain((path) => testDocument(testRequest(invocation, path, settings)));
  else {
    const workers = Array.from({ length: count }, () => startWorker());
    await Promise.all(workers.map((worker) => drain((path) => askWorker(worker, path))));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return paths.flatMap((path) => results.get(path) ?? []);
}

function askWorker(worker: Worker, path: string): Promise<Tested> {
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: Tested) => {
      worker.removeListener("error", reject);
      resolve(answer);
    });
    worker.once("error", reject);
    worker.postMessage(path);
  });
}

async function showAll(invocation: Invocation, results: readonly Tested[]): Promise<number> {
  const { terminal, format, flags, options } = invocation;
  const paint = paintFor(terminal);
  const reports: TestReport[] = [];
  let isRefused = false;
  for (const result of results) {
    if (!result.ok) {
      isRefused = true;
      showRefusal(invocation, result.error);
      continue;
    }
    const report = result.value;
    reports.push(report);
    if (format === "json") {
      showDiagnostics(invocation, report.warnings);
      terminal.stdout(`${JSON.stringify(documentJson(report))}\n`);
    } else {
      if (!flags.has("quiet")) showDiagnostics(invocation, report.warnings);
      const detail = flags.has("quiet") ? "failures" : flags.has("verbose") ? "all" : "normal";
      terminal.stdout(documentLines(report, detail, paint));
    }
  }
  const lists = reports.flatMap((report) => (report.coverage === null ? [] : [report.coverage]));
  const coverage = flags.has("coverage") ? mergedCoverage(lists) : null;
  const totals = totalsOf(reports);
  const isNothing = !isRefused && isEmpty(totals);
  if (isNothing) refuseEmpty(invocation);
  if (format === "json") terminal.stdout(`${JSON.stringify(summaryJson(totals, coverage))}\n`);
  else {
    if (coverage !== null) terminal.stdout(coverageLines(coverage, paint));
    terminal.stdout(summaryLine(totals, paint));
  }
  const unwritten = writeJunit(invocation, options.junit, reports);
  if (unwritten !== null) {
    showRefusal(invocation, { failure: unwritten, diagnostics: [] });
    return EXIT.failed;
  }
  return isRefused || isNothing || totals.failed > 0 ? EXIT.failed : EXIT.ok;
}

/** Nothing that ran and nothing that was skipped must not read as a success. */
function isEmpty({ passed, failed, skipped }: Totals): boolean {
  return passed + failed + skipped === 0;
}

function refuseEmpty(invocation: Invocation): void {
  const { filter } = invocation.options;
  const message =
    filter === undefined ? "there are no tests" : `no test has '${filter}' in its name`;
  const hint = "A test is a cell marked @test or named test_….";
  const error = failure("E_NO_CELL", "discover", message, { hint });
  showRefusal(invocation, { failure: error, diagnostics: [] });
}

function writeJunit(
  invocation: Invocation,
  file: string | undefined,
  reports: readonly TestReport[],
): Failure | null {
  if (file === undefined) return null;
  const path = fromWorkingDirectory(invocation, file);
  const written = writeFileWhole(path, junitReport(reports), "execute");
  return written.ok ? null : written.error;
}
