// `lumen test` of one document: compile it, run each test in a machine of its own, compare its
// snapshots (language 17.6).

import { type TestCell, type TestModule, testModule } from "@lumen/compiler";
import { type Diagnostic, type Fault, positionOf, type SourceText } from "@lumen/core/diagnostic";
import { disassemble, sliceOf } from "@lumen/core/lir";
import { ok, required } from "@lumen/core/result";
import { type Value, VariantValue, variantPart } from "@lumen/core/value";
import { type CellOutcome, makeNetwork, runCell } from "@lumen/runtime";
import { parseModule } from "@lumen/syntax";
import { type LinkedProgram, linkProgram } from "@lumen/vm";
import { type ProjectOptions, type RunnableProject, requireCode } from "../compile-project.ts";
import { writeFileWhole } from "../files.ts";
import { makeLocalHost } from "../local-host.ts";
import { type LocatedFrame, locateFrames } from "../located-frames.ts";
import { openProgram } from "../open-program.ts";
import { projectPath } from "../project.ts";
import { refuse, type UseCase } from "../refusal.ts";
import { tryDisplay } from "../run-report.ts";
import { projectScrub } from "../secret-guard.ts";
import { LOCAL_KINDS, openTools } from "../tools.ts";
import { type CellCoverage, coverageOf } from "./coverage.ts";
import { type SnapshotChanges, SnapshotSession } from "./snapshot-session.ts";
import { readSnapshots, renderSnapshots, snapshotName, snapshotPath } from "./snapshots.ts";

/** How tests are run. */
export interface TestRequest {
  /** A Lumen document. */
  readonly path: string;
  readonly options?: ProjectOptions;
  /** Only tests whose name or cell contains this text; null: all. */
  readonly filter: string | null;
  /** Stores snapshots instead of comparing them. */
  readonly update: boolean;
  readonly coverage: boolean;
  /** Most cycles of one test. */
  readonly fuel: number;
  /** Longest time of one test, for those that wait for something outside. */
  readonly timeoutMs: number;
}

/** Why a test failed. */
export interface TestFailure {
  /** Code of the fault; null where the test ended without one. */
  readonly code: string | null;
  readonly message: string;
  readonly stack: readonly LocatedFrame[];
}

/** One test. */
export interface TestOutcome {
  readonly name: string;
  readonly cell: string;
  /** Line of its name, from 1. */
  readonly line: number;
  readonly status: "passed" | "failed" | "skipped";
  readonly failure: TestFailure | null;
  /** What it printed, both streams in order. */
  readonly output: string;
  readonly milliseconds: number;
}

/** The tests of a document; plain data, so that it can come from another thread. */
export interface TestReport {
  /** Project path. */
  readonly path: string;
  readonly tests: readonly TestOutcome[];
  /** Null unless asked for. */
  readonly coverage: readonly CellCoverage[] | null;
  readonly snapshots: Pick<SnapshotChanges, "written" | "obsolete">;
  readonly warnings: readonly Diagnostic[];
}

/** What the tests of one document share. */
interface Suite {
  readonly project: RunnableProject;
  readonly linked: LinkedProgram;
  readonly source: SourceText;
  readonly request: TestRequest;
  readonly snapshots: SnapshotSession;
}

/** Runs the tests of a document, one after the other. */
export async function testDocument(request: TestRequest): Promise<UseCase<TestReport>> {
  const opened = await openProgram(request.path, request.options);
  if (!opened.ok) return opened;
  const project = opened.value;
  const coded = requireCode(project);
  if (!coded.ok) return refuse(coded.error);
  const linked = linkProgram(project.program.modules);
  if (!linked.ok) return refuse(linked.error);
  const file = snapshotPath(project.project.entryPath);
  const stored = readSnapshots(file);
  if (!stored.ok) return refuse(stored.error);
  const path = projectPath(project.project, project.project.entryPath);
  const text = required(project.sources.get(path), "the root document was read");
  const { file: parsed, module } = parseModule(path, text);
  const snapshots = new SnapshotSession(stored.value, request.update);
  const suite = { project, linked: linked.value, source: parsed.source, request, snapshots };
  const all = testModule(module);
  const tests = await runTests(suite, all);
  const isWhole = request.filter === null && tests.every((t) => t.status === "passed");
  const changes = snapshots.changes(isWhole);
  if (request.update) {
    const changed = changes.written.length > 0 || changes.obsolete.length > 0;
    const written = changed
      ? writeFileWhole(file, renderSnapshots(changes.next, project.project.entryPath), "execute")
      : ok(null);
    if (!written.ok) return refuse(written.error);
  }
  const coverage = request.coverage ? coverageOf(project, linked.value) : null;
  const { written, obsolete } = changes;
  return ok({
    path,
    tests,
    coverage,
    snapshots: { written, obsolete },
    warnings: project.diagnostics,
  });
}

async function runTests(suite: Suite, all: TestModule): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of all.tests) {
    if (!isWanted(suite, test.name, test.cell)) continue;
    outcomes.push(await runTest(suite, test));
  }
  for (const { cell, span } of all.snapshots) {
    const name = `${cell} (code)`;
    if (!isWanted(suite, name, cell)) continue;
    const failure = compareCode(suite, cell, name);
    outcomes.push(outcomeOf(suite, { name, cell, span }, { failure, output: "", milliseconds: 0 }));
  }
  return outcomes;
}

function isWanted({ request }: Suite, name: string, cell: string): boolean {
  const { filter } = request;
  return filter === null || name.includes(filter) || cell.includes(filter);
}

async function runTest(suite: Suite, test: TestCell): Promise<TestOutcome> {
  if (test.isSkipped) {
    const ran = { failure: null, output: "", milliseconds: 0 };
    return { ...outcomeOf(suite, test, ran), status: "skipped" };
  }
  const { project, linked, request, snapshots } = suite;
  const output: string[] = [];
  const write = (text: string): void => {
    output.push(text);
  };
  const opened = openTools(project, { kinds: LOCAL_KINDS, deterministic: true });
  if (!opened.ok) {
    const ran = { failure: { ...opened.error, stack: [] }, output: "", milliseconds: 0 };
    return outcomeOf(suite, test, ran);
  }
  const tools = opened.value;
  const network = makeNetwork();
  const host = makeLocalHost(project, {
    console: { stdout: write, stderr: write, readLine: () => "", readRest: () => "" },
    deterministic: true,
    args: [],
    runId: "test",
    network,
    journal: [],
    tools,
    checkpoints: null,
    snapshots: (name, text) => snapshots.compare(snapshotName(test.name, name), text),
  });
  const [root] = project.program.modules;
  const entry = { module: required(root, "a program has a root").name, name: test.entry };
  const { fuel, timeoutMs } = request;
  const started = process.hrtime.bigint();
  const scrub = projectScrub(project.project);
  const running = runCell({ program: linked, entry, args: [], host, runTile: null, fuel, scrub });
  const ended = await withinTime(running, timeoutMs);
  network.close();
  await tools.close();
  const milliseconds = Number((process.hrtime.bigint() - started) / 10_000n) / 100;
  const failure = ended === null ? timedOut(timeoutMs) : failureOf(ended, project);
  return outcomeOf(suite, test, { failure, output: output.join(""), milliseconds });
}

/** Null when the time is over; what the test waits for is given up. */
async function withinTime(
  running: Promise<CellOutcome>,
  timeoutMs: number,
): Promise<CellOutcome | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  const ended = await Promise.race([running, over]);
  clearTimeout(timer);
  return ended;
}

function timedOut(timeoutMs: number): TestFailure {
  const message = `nothing outside answered within ${timeoutMs / 1000} s`;
  return { code: null, message, stack: [] };
}

/** A test passes unless it raises, returns false or `err`, or ends the program. */
function failureOf(outcome: CellOutcome, project: RunnableProject): TestFailure | null {
  switch (outcome.kind) {
    case "finished":
      return failureOfValue(outcome.value);
    case "faulted":
      return faultOf(outcome.fault, project);
    case "exited":
      return { code: null, message: `it called exit(${outcome.status})`, stack: [] };
    case "stopped":
      return { code: outcome.failure.code, message: outcome.failure.message, stack: [] };
  }
}

function faultOf(fault: Fault, project: RunnableProject): TestFailure {
  const { code, message, stack } = fault;
  return { code, message, stack: locateFrames(stack, project) };
}

function failureOfValue(value: Value): TestFailure | null {
  if (value === false) return { code: null, message: "it returned false", stack: [] };
  const isErr =
    value instanceof VariantValue &&
    value.variant.shape.name === "result" &&
    value.variant.tag === 1;
  if (!isErr) return null;
  const shown = tryDisplay(variantPart(value, 0));
  const text = shown.kind === "text" ? shown.text : "a value that is too large to show";
  return { code: null, message: `it returned err(${text})`, stack: [] };
}

function compareCode(suite: Suite, cell: string, name: string): TestFailure | null {
  const { modules } = suite.project.program;
  const [root] = modules;
  const slice = sliceOf(modules, {
    module: required(root, "a program has a root").name,
    name: cell,
  });
  if (!slice.ok) return { code: slice.error.code, message: slice.error.message, stack: [] };
  const why = suite.snapshots.compare(name, disassemble(slice.value).trimEnd());
  return why === null ? null : { code: null, message: why, stack: [] };
}

function outcomeOf(
  { source }: Suite,
  { name, cell, span }: Pick<TestCell, "name" | "cell" | "span">,
  ran: Pick<TestOutcome, "failure" | "output" | "milliseconds">,
): TestOutcome {
  const { line } = positionOf(source, span.start);
  return { name, cell, line, status: ran.failure === null ? "passed" : "failed", ...ran };
}
