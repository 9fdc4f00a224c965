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
import { utf8Decode } from "@lumen/core/hash";
import type { Program } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { parseModule } from "@lumen/syntax";
import { type CacheQuestion, type CacheSetting, keep, lookUp } from "./cache/cache.ts";
import type { CacheEntry } from "./cache/entry.ts";
import { evaluateComptime } from "./comptime.ts";
import { makeDiskHost, type SeenFile } from "./module-host.ts";
import { openProject, type Project, projectPath } from "./project.ts";
import { projectScrub, refuseSecretText } from "./secret-guard.ts";
import type { TypeScriptPart } from "./typescript/front-end.ts";
import { emptyProgram, type Joined, joinPrograms, joinSummaries } from "./typescript/join.ts";

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
  /** What a project without a document has. */
  readonly none: (project: Project) => T;
  /** The same with what TypeScript adds; `sources` are those of Lumen. */
  readonly join: (
    value: T,
    part: TypeScriptPart,
    sources: ReadonlyMap<string, string>,
  ) => Joined<T>;
}

const PROGRAM: Phase<Program> = {
  kind: "program",
  run: compileProgram,
  wrap: (program) => ({ kind: "program", program }),
  unwrap: (outcome) => (outcome.kind === "program" ? outcome.program : null),
  none: emptyProgram,
  join: joinPrograms,
};

const SUMMARY: Phase<ProgramSummary> = {
  kind: "summary",
  run: diagnoseProgram,
  wrap: (summary) => ({ kind: "summary", summary }),
  unwrap: (outcome) => (outcome.kind === "summary" ? outcome.summary : null),
  none: () => ({ tileCount: 0, sequenceCount: 0 }),
  join: (summary, part) => ({ value: joinSummaries(summary, part), diagnostics: [] }),
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
  const { secrets, typescript } = project;
  const question: CacheQuestion = {
    project,
    kind: phase.kind,
    options: [JSON.stringify({ ...maturity, secrets, typescript })],
  };
  const hit = cache === null ? null : lookUp(cache, question);
  const known = hit === null ? null : phase.unwrap(hit.entry.outcome);
  if (hit !== null && known !== null) {
    const { entry, sources } = hit;
    const refused = secretIn(project, sources);
    if (refused !== null) return err(refused);
    return ok({ project, value: known, diagnostics: entry.warnings, sources });
  }
  const lumen = compileLumen(project, phase, { ...maturity, secrets });
  if (!lumen.ok) return lumen;
  const joined = await withTypeScript(project, phase, lumen.value);
  if (!joined.ok) return joined;
  const { value, diagnostics, sources, seen, isCacheable } = joined.value;
  if (cache !== null && value !== null && isCacheable)
    keep(cache, question, { warnings: diagnostics, outcome: phase.wrap(value), seen });
  return ok({ project, value, diagnostics, sources });
}

/** What one front end or both made of a project. */
interface Compiled<T> {
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  readonly seen: readonly SeenFile[];
  readonly isCacheable: boolean;
}

function compileLumen<T>(
  project: Project,
  phase: Phase<T>,
  options: MaturityOptions & Pick<Project, "secrets">,
): Result<Compiled<T>, Failure> {
  if (!project.hasDocument) {
    const value = phase.none(project);
    return ok({ value, diagnostics: [], sources: new Map(), seen: [], isCacheable: true });
  }
  const disk = makeDiskHost(project);
  if (!disk.ok) return disk;
  const { root, host, sources, seen, unreadable } = disk.value;
  const { name, version } = project;
  const asked = { project: name, version, comptime: evaluateComptime, ...options };
  const { value, diagnostics } = phase.run(root, host, asked);
  const failed = unreadable() ?? secretIn(project, sources);
  if (failed !== null) return err(failed);
  return ok({ value, diagnostics, sources, seen: seen(), isCacheable: true });
}

/** Adds the TypeScript of a project, if it has any. */
async function withTypeScript<T>(
  project: Project,
  phase: Phase<T>,
  lumen: Compiled<T>,
): Promise<Result<Compiled<T>, Failure>> {
  if (project.typescript.length === 0) return ok(lumen);
  // Most programs have no need of it, and it is slow to load.
  const { compileTypeScript } = await import("./typescript/front-end.ts");
  const part = await compileTypeScript(project);
  if (!part.ok) return part;
  const { isCacheable, tiles } = part.value;
  // Guests hold code of packages, too.
  const guests = tiles.map(({ id, guest }): [string, string] => {
    return [`the code of tile ${id}`, guest.kind === "js" ? (utf8Decode(guest.source) ?? "") : ""];
  });
  const refused = secretIn(project, new Map([...part.value.sources, ...guests]));
  if (refused !== null) return err(refused);
  const sources = new Map([...lumen.sources, ...part.value.sources]);
  const seen = [...lumen.seen, ...part.value.seen];
  const found = [...lumen.diagnostics, ...part.value.diagnostics];
  if (lumen.value === null || hasErrors(found))
    return ok({ value: null, diagnostics: found, sources, seen, isCacheable });
  const joined = phase.join(lumen.value, part.value, lumen.sources);
  const diagnostics = [...found, ...joined.diagnostics];
  const value = hasErrors(diagnostics) ? null : joined.value;
  return ok({ value, diagnostics, sources, seen, isCacheable });
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
  const isAll = project.hasDocument && project.typescript.length === 0;
  if (hasErrors(diagnostics) || text === undefined || !isAll) return ok(null);
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
