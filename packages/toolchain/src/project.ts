// A project on disk: the folder with lumen.toml, or a lone file without one (language 17.4).

import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { EDITIONS } from "@lumen/compiler";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { checkProjectVersion } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { NO_TOOLS, type ToolSettings } from "@lumen/runtime";
import { parse as parseToml, TomlError } from "smol-toml";
import { isFile, readText } from "./files.ts";
import { slipIn } from "./manifest-keys.ts";
import { toolSettings } from "./manifest-providers.ts";
import { secretNames } from "./manifest-secrets.ts";

/** Extensions of Lumen sources, in the order in which imports try them (language 17.2). */
export const SOURCE_EXTENSIONS: readonly string[] = [".lm", ".lumen", ".lm.md", ".lumen.md"];

/** A program's place on disk. Paths are absolute. */
export interface Project {
  readonly root: string;
  /** `[package] name`, else the name of the folder or file. */
  readonly name: string;
  readonly version: string;
  /** The root module's file; the first TypeScript source where there is no document. */
  readonly entryPath: string;
  /** False for a project of TypeScript tiles alone. */
  readonly hasDocument: boolean;
  /** `[raster] typescript`: sources of TypeScript tiles, absolute, in their order. */
  readonly typescript: readonly string[];
  /** False for a lone file: no trace unless asked for, and all ambient requests allowed. */
  readonly isProject: boolean;
  /** Text of lumen.toml and lumen.lock, where they exist. */
  readonly manifestText: string | null;
  readonly lockText: string | null;
  /** `[package] stability = "stable"`: only stable features are allowed (language 20). */
  readonly stableOnly: boolean;
  /** Ambient capabilities of the root package: null means all. */
  readonly capabilities: readonly string[] | null;
  /** Variables of the environment that are secrets, ascending (language 11.7). */
  readonly secrets: readonly string[];
  /** `[providers]`: who answers which tool (language 17.4). */
  readonly tools: ToolSettings;
  /** `[build] cache`: an absolute folder, false for none, null where nothing is said. */
  readonly cache: string | false | null;
}

const MANIFEST = "lumen.toml";
/** Values of `[package] stability`; the second is what a project without the key has. */
const STABILITIES: readonly string[] = ["stable", "unstable"];
const TYPESCRIPT = /\.m?[tj]s$/;
const DEFAULT_ENTRIES: readonly string[] = ["main", "src/main"];

/**
 * Finds the project of a file or folder. A folder needs a lumen.toml or a main document; a file
 * belongs to the nearest parent with a lumen.toml, else stands alone. A TypeScript source that this
 * lists stands for the project. E_IO, E_PROJECT; E_USAGE for a file that is no Lumen document.
 */
export function openProject(target: string): Result<Project, Failure> {
  const path = resolve(target);
  if (!existsSync(path)) {
    return err(
      failure("E_IO", "discover", `there is no file or folder '${target}'`, { subject: target }),
    );
  }
  const kind = statSync(path);
  const isFolder = kind.isDirectory();
  if (!isFolder && TYPESCRIPT.test(path)) return projectOfSource(path);
  if (!isFolder && !SOURCE_EXTENSIONS.some((end) => path.endsWith(end))) {
    const hint = path.endsWith(".json")
      ? `Give input with --input @${basename(path)}.`
      : `The name of a document ends in ${SOURCE_EXTENSIONS.join(", ")}.`;
    const message = `'${basename(path)}' is not a Lumen document`;
    return err(failure("E_USAGE", "discover", message, { subject: target, hint }));
  }
  if (!isFolder && !kind.isFile()) {
    // A pipe would be waited for, maybe for ever.
    const message = `'${target}' is no regular file`;
    return err(failure("E_IO", "discover", message, { subject: target }));
  }
  const root = findRoot(isFolder ? path : dirname(path));
  if (root !== null) return readProject(root, isFolder ? null : path);
  if (!isFolder) return ok(loneFile(path));
  const entry = findEntry(path, DEFAULT_ENTRIES);
  if (entry !== null) return ok({ ...loneFile(entry), root: path, name: basename(path) });
  return err(
    failure("E_PROJECT", "discover", `no lumen.toml and no main document in '${target}'`, {
      subject: target,
      hint: "Give a Lumen file, or a folder that has a lumen.toml; lumen init makes one.",
    }),
  );
}

/** The project that lists a TypeScript source. */
function projectOfSource(path: string): Result<Project, Failure> {
  const root = findRoot(dirname(path));
  const project = root === null ? null : readProject(root, null);
  if (project?.ok === false || project?.value.typescript.includes(path) === true) return project;
  const shown = root === null ? basename(path) : projectPath({ root }, path);
  const where = root === null ? "a lumen.toml" : join(root, MANIFEST);
  const hint = `Write [raster] typescript = [${JSON.stringify(shown)}] in ${where}.`;
  const message = `no lumen.toml lists the TypeScript source '${basename(path)}'`;
  return err(failure("E_PROJECT", "discover", message, { subject: path, hint }));
}

/** A lone program in a folder whose text somebody types, so that it has no file. */
export function typedProgram(folder: string): Project {
  return { ...loneFile(join(resolve(folder), "input.lm")), name: "input" };
}

function findRoot(from: string): string | null {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, MANIFEST))) return at;
    if (dirname(at) === at) return null;
  }
}

function loneFile(path: string): Project {
  const name = SOURCE_EXTENSIONS.reduceRight(
    (text, extension) => (text.endsWith(extension) ? text.slice(0, -extension.length) : text),
    basename(path),
  );
  return {
    root: dirname(path),
    name,
    version: "0.0.0",
    entryPath: path,
    hasDocument: true,
    typescript: [],
    isProject: false,
    manifestText: null,
    lockText: null,
    stableOnly: false,
    ...NO_SETTINGS,
    cache: null,
  };
}

function findEntry(root: string, bases: readonly string[]): string | null {
  for (const base of bases) {
    for (const extension of SOURCE_EXTENSIONS) {
      const path = join(root, base + extension);
      if (isFile(path)) return path;
    }
  }
  return null;
}

function readProject(root: string, file: string | null): Result<Project, Failure> {
  const path = join(root, MANIFEST);
  const manifestText = readText(path, "discover");
  if (!manifestText.ok) return manifestText;
  const parsed = parseManifest(manifestText.value, path);
  if (!parsed.ok) return parsed;
  const { name, version, entry, cache, typescript: listed, slip, ...permissions } = parsed.value;
  if (slip !== null) return err(failure("E_PROJECT", "load", slip, { subject: path }));
  const typescript = listed.map((source) => join(root, source));
  const document = file ?? (entry === null ? findEntry(root, DEFAULT_ENTRIES) : join(root, entry));
  const entryPath = document ?? typescript[0] ?? null;
  if (entryPath === null || !isFile(entryPath)) {
    if (document === null && typescript.length > 0) return err(noSource(listed[0] ?? "", path));
    const looked = entry === "" ? "''" : (entry ?? "main.lm.md, src/main.lm.md and their kin");
    return err(
      failure("E_PROJECT", "discover", `the project has no entry document: looked for ${looked}`, {
        subject: path,
        hint:
          'Set `entry` in the [package] table, as in entry = "main.lm.md", or list sources of ' +
          "TypeScript tiles: `typescript` in [raster].",
      }),
    );
  }
  const lockPath = join(root, "lumen.lock");
  const lockText = existsSync(lockPath) ? readText(lockPath, "discover") : ok(null);
  if (!lockText.ok) return lockText;
  return ok({
    root,
    name: name ?? basename(root),
    version,
    entryPath,
    hasDocument: document !== null,
    typescript,
    isProject: true,
    manifestText: manifestText.value,
    lockText: lockText.value,
    ...permissions,
    cache: cacheFolder(root, cache),
  });
}

/**
 * `[build] cache` of the project around a folder, as {@link Project} has it; its documents need not
 * be there. E_PROJECT, E_IO.
 */
export function cacheOfProject(folder: string): Result<Project["cache"], Failure> {
  const root = findRoot(resolve(folder));
  if (root === null) return ok(null);
  const path = join(root, MANIFEST);
  const text = readText(path, "discover");
  if (!text.ok) return text;
  const manifest = parseManifest(text.value, path);
  return manifest.ok ? ok(cacheFolder(root, manifest.value.cache)) : manifest;
}

function cacheFolder(root: string, cache: Manifest["cache"]): Project["cache"] {
  return typeof cache === "string" ? resolve(root, cache) : cache;
}

/** What a package may ask at the door: `[capabilities]`, and `[secrets]` with its kin. */
export type Permissions = Pick<Project, "capabilities" | "secrets">;

/** What a package says about its runs: its permissions, and who answers its tools. */
export type RunSettings = Permissions & Pick<Project, "tools">;

/** What a lone file, which has no manifest, says. */
const NO_SETTINGS: RunSettings = { capabilities: null, secrets: [], tools: NO_TOOLS };

/** The settings in a package manifest's text, null for no manifest. E_PROJECT. */
export function settingsOf(
  manifestText: string | null,
  subject: string,
): Result<RunSettings, Failure> {
  if (manifestText === null) return ok(NO_SETTINGS);
  const manifest = parseManifest(manifestText, subject);
  if (!manifest.ok) return manifest;
  const { capabilities, secrets, tools } = manifest.value;
  return ok({ capabilities, secrets, tools });
}

interface Manifest {
  readonly name: string | null;
  readonly version: string;
  readonly entry: string | null;
  readonly stableOnly: boolean;
  readonly capabilities: readonly string[] | null;
  readonly secrets: readonly string[];
  readonly tools: ToolSettings;
  readonly cache: string | false | null;
  /** Paths relative to the root. */
  readonly typescript: readonly string[];
  /** A name that is nearly one of this version's, null for none. */
  readonly slip: string | null;
}

/**
 * Reads the tables that this version uses. Types of values are checked, unknown keys are left
 * alone, but for slips, which {@link readProject} refuses.
 */
function parseManifest(text: string, path: string): Result<Manifest, Failure> {
  const wrong = (message: string, hint?: string): Result<Manifest, Failure> =>
    err(
      failure("E_PROJECT", "load", message, {
        subject: path,
        ...(hint === undefined ? {} : { hint }),
      }),
    );
  let table: Record<string, unknown>;
  try {
    table = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = "bad TOML"] = error.message.split("\n");
    return wrong(`${message} (line ${error.line}, column ${error.column})`);
  }
  const pkg = asTable(table.package);
  if (pkg === null) return wrong("[package] is not a table");
  const fields: Record<string, string | null> = {};
  for (const key of ["name", "version", "entry", "edition", "stability"]) {
    const value = pkg[key];
    if (value !== undefined && typeof value !== "string") {
      return wrong(`[package] ${key}: expected a string, found ${JSON.stringify(value)}`);
    }
    fields[key] = value ?? null;
  }
  const version = fields.version ?? "0.0.0";
  const checked = checkProjectVersion(version, { subject: path, path: "/package/version" });
  if (!checked.ok) return checked;
  const edition = fields.edition ?? null;
  if (edition !== null && !EDITIONS.includes(edition)) {
    return wrong(`[package] edition: expected ${EDITIONS.join(", ")}, found ${edition}`);
  }
  const stability = fields.stability ?? null;
  if (stability !== null && !STABILITIES.includes(stability)) {
    return wrong(`[package] stability: expected ${STABILITIES.join(" or ")}, found ${stability}`);
  }
  const capabilities = table.capabilities;
  const granted = asTable(capabilities);
  if (granted === null) return wrong("[capabilities] is not a table");
  const build = asTable(table.build);
  if (build === null) return wrong("[build] is not a table");
  const { cache = null } = build;
  if (cache !== null && cache !== false && typeof cache !== "string")
    return wrong(`[build] cache: expected a folder or false, found ${JSON.stringify(cache)}`);
  const raster = asTable(table.raster);
  if (raster === null) return wrong("[raster] is not a table");
  const typescript = typescriptSources(raster.typescript ?? []);
  if (!typescript.ok) return wrong(typescript.error);
  const secrets = secretNames(table);
  if (!secrets.ok) return wrong(secrets.error);
  const tools = toolSettings(table);
  if (!tools.ok) return wrong(tools.error);
  return ok({
    cache,
    slip: slipIn(table),
    typescript: typescript.value,
    secrets: secrets.value,
    tools: tools.value,
    name: fields.name ?? null,
    version,
    entry: fields.entry ?? null,
    stableOnly: stability === "stable",
    capabilities: capabilities === undefined ? null : Object.keys(granted),
  });
}

/** `[raster] typescript`: different files below the root; or what is wrong with it. */
function typescriptSources(value: unknown): Result<readonly string[], string> {
  const isList = Array.isArray(value) && value.every((path) => typeof path === "string");
  if (!isList)
    return err(`[raster] typescript: expected a list of paths, found ${JSON.stringify(value)}`);
  const paths: readonly string[] = value.map((path: string) => posix.normalize(path));
  const bad = paths.find(
    (path) => isAbsolute(path) || path.startsWith("..") || !TYPESCRIPT.test(path),
  );
  if (bad !== undefined)
    return err(`[raster] typescript: '${bad}' is no TypeScript source below the project`);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  return twice === undefined
    ? ok(paths)
    : err(`[raster] typescript: '${twice}' stands there twice`);
}

function noSource(path: string, manifest: string): Failure {
  const hint = "Paths are relative to lumen.toml.";
  const message = `[raster] typescript: there is no file '${path}'`;
  return failure("E_PROJECT", "discover", message, { subject: manifest, hint });
}

/** A table; an absent one is empty; null for anything else. */
function asTable(value: unknown): Record<string, unknown> | null {
  if (value === undefined) return {};
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** A path as people and program files see it: relative to the project root, with `/`. */
export function projectPath(project: Pick<Project, "root">, path: string): string {
  const shown = relative(project.root, path);
  return shown.startsWith("..") || isAbsolute(shown)
    ? path.split(sep).join("/")
    : shown.split(sep).join("/");
}
