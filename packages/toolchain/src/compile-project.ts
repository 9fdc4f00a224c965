// Compiles a project: the one way from files to a program, used by every command that needs one.

import {
  type CompileOptions,
  compileProgram,
  diagnoseProgram,
  type MaturityOptions,
  type ModuleHost,
  type ModuleSource,
  type ProgramSummary,
} from "@lumen/compiler";
import {
  type Diagnostic,
  type Failure,
  failure,
  hasErrors,
  type PhaseResult,
} from "@lumen/core/diagnostic";
import type { Program } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { parseModule } from "@lumen/syntax";
import { type CacheQuestion, type CacheSetting, keep, lookUp } from "./cache/cache.ts";
import type { CacheEntry } from "./cache/entry.ts";
import { evaluateComptime } from "./comptime.ts";
import { makeDiskHost } from "./module-host.ts";
import { openProject, type Project, projectPath } from "./project.ts";
import { projectScrub, refuseSecretText } from "./secret-guard.ts";

/** How a project is compiled. */
export interface ProjectOptions extends MaturityOptions {
  /** Where compilations of a project are kept; null: nowhere. */
  readonly cache?: (project: Project) => CacheSetting | null;
}

/** A project and what the compiler said about it. */
export interface ReadProject {
  readonly project: Project;
  readonly diagnostics: readonly Diagnostic[];
  /** Sources by project path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** A project and what the compiler made of it. `program` is null when a diagnostic is an error. */
export interface CompiledProject extends ReadProject {
  readonly program: Program | null;
}

/** A project that was only checked. `summary` is null when a diagnostic is an error. */
export interface DiagnosedProject extends ReadProject {
  readonly summary: ProgramSummary | null;
}

/**
 * Opens and compiles; failures concern the project's files, diagnostics its source. A project that
 * says `stability = "stable"` denies unstable features by itself.
 */
export async function compileProject(
  target: string,
  options: ProjectOptions = {},
): Promise<Result<CompiledProject, Failure>> {
  const read = await throughCompiler(target, options, PROGRAM);
  return read.ok ? ok({ ...read.value, program: read.value.value }) : read;
}

/** Like {@link compileProject}, without a program. */
export async function diagnoseProject(
  target: string,
  options: ProjectOptions = {},
): Promise<Result<DiagnosedProject, Failure>> {
  const read = await throughCompiler(target, options, SUMMARY);
  return read.ok ? ok({ ...read.value, summary: read.value.value }) : read;
}

type Outcome = CacheEntry["outcome"];

/** What is asked of the compiler, and how its answer goes into the cache and comes back. */
interface Phase<T> {
  readonly kind: Outcome["kind"];
  readonly run: (
    root: ModuleSource,
    host: ModuleHost,
    options: CompileOptions,
  ) => PhaseResult<T | null>;
  readonly wrap: (value: T) => Outcome;
  readonly unwrap: (outcome: Outcome) => T | null;
}

const PROGRAM: Phase<Program> = {
  kind: "program",
  run: compileProgram,
  wrap: (program) => ({ kind: "program", program }),
  unwrap: (outcome) => (outcome.kind === "program" ? outcome.program : null),
};

const SUMMARY: Phase<ProgramSummary> = {
  kind: "summary",
  run: diagnoseProgram,
  wrap: (summary) => ({ kind: "summary", summary }),
  unwrap: (outcome) => (outcome.kind === "summary" ? outcome.summary : null),
};

type Answer<T> = Result<ReadProject & { readonly value: T | null }, Failure>;

async function throughCompiler<T>(
  target: string,
  options: ProjectOptions,
  phase: Phase<T>,
): Promise<Answer<T>> {
  const opened = openProject(target);
  if (!opened.ok) return opened;
  const project = opened.value;
  const cache = options.cache?.(project) ?? null;
  const allowUnstable = options.allowUnstable ?? false;
  const denyUnstable = (options.denyUnstable ?? false) || project.stableOnly;
  const maturity = { allowUnstable, denyUnstable };
  const { secrets } = project;
  const question: CacheQuestion = {
    project,
    kind: phase.kind,
    options: [JSON.stringify({ ...maturity, secrets })],
  };
  const hit = cache === null ? null : lookUp(cache, question);
  const known = hit === null ? null : phase.unwrap(hit.entry.outcome);
  if (hit !== null && known !== null) {
    const { entry, sources } = hit;
    const refused = secretIn(project, sources);
    if (refused !== null) return err(refused);
    return ok({ project, value: known, diagnostics: entry.warnings, sources });
  }
  const disk = makeDiskHost(project);
  if (!disk.ok) return disk;
  const { root, host, sources, seen, unreadable } = disk.value;
  const { name, version } = project;
  const asked = { project: name, version, comptime: evaluateComptime, secrets, ...maturity };
  const { value, diagnostics } = phase.run(root, host, asked);
  const failed = unreadable() ?? secretIn(project, sources);
  if (failed !== null) return err(failed);
  if (cache !== null && value !== null)
    keep(cache, question, { warnings: diagnostics, outcome: phase.wrap(value), seen: seen() });
  return ok({ project, value, diagnostics, sources });
}

/** A text of the program that holds the value of a secret is not even quoted in a diagnostic. */
function secretIn(project: Project, sources: ReadonlyMap<string, string>): Failure | null {
  const scrub = projectScrub(project);
  if (scrub === null) return null;
  const texts = [["lumen.toml", project.manifestText ?? ""] as const, ...sources];
  for (const [subject, text] of texts) {
    const refused = refuseSecretText(scrub, { text, subject, phase: "load" });
    if (refused !== null) return refused;
  }
  return null;
}

/**
 * E_NO_CELL for a root document that declares nothing: what was meant as code is most likely not in
 * a block that counts.
 */
export function requireCode(read: ReadProject): Result<null, Failure> {
  const { project, diagnostics, sources } = read;
  const path = projectPath(project, project.entryPath);
  const text = sources.get(path);
  if (hasErrors(diagnostics) || text === undefined) return ok(null);
  const { file, module } = parseModule(path, text);
  if (module.items.length > 0 || module.statements.length > 0) return ok(null);
  if (file.mode === "markdown" && file.blocks.length === 0) {
    const hint = "Code stands between a line ```lumen and a line ```, with no other words.";
    const message = `${path} has no \`\`\`lumen block`;
    return err(failure("E_NO_CELL", "compile", message, { subject: project.entryPath, hint }));
  }
  const message = `${path} declares nothing`;
  return err(failure("E_NO_CELL", "compile", message, { subject: project.entryPath }));
}

/** A compiled project whose program is there. */
export interface RunnableProject extends CompiledProject {
  readonly program: Program;
}

/**
 * For commands that need a program: E_COMPILE, with the diagnostics beside it, when there is none.
 */
export function requireProgram(compiled: CompiledProject): Result<RunnableProject, Failure> {
  const { program, diagnostics } = compiled;
  if (program !== null && !hasErrors(diagnostics)) return ok({ ...compiled, program });
  const count = diagnostics.filter((d) => d.severity === "error").length;
  const errors = `${count} ${count === 1 ? "error" : "errors"}`;
  return err(
    failure("E_COMPILE", "compile", `the program has ${errors}`, {
      subject: compiled.project.entryPath,
    }),
  );
}
