// Bundles of TypeScript sources: one that tells what they declare, and one for the guest of each
// tile. Sources and library reach the bundler from memory, so that neither the folder of a project
// nor what stands around it changes a byte.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { entrySymbol } from "@lumen/raster/backends/js";
import type { BuildFailure, BuildOptions, BuildResult, Loader, Message, Plugin } from "esbuild";
import {
  LIBRARY_NAMES,
  LIBRARY_TYPES,
  type LibraryUse,
  libraryEntry,
  libraryText,
  MATH_FILE,
  MATH_NAMES,
} from "./library-files.ts";
import { loaderOf, type PreparedSource, preparePackage, prepareSource, TARGET } from "./prepare.ts";
import { TYPES_NAME } from "./pure-calls.ts";
import type { TypeScriptSources } from "./sources.ts";

/** Name space of the project's sources in bundles. */
export const SOURCE_SPACE = "project";
const LIBRARY_SPACE = "library";
const ENTRY_SPACE = "entry";

/** A bundle, or the messages of the bundler. */
export type Bundled =
  | {
      readonly kind: "bundled";
      readonly texts: ReadonlyMap<string, string>;
      /** Of guests: the sources as the bundles have them, by project path. */
      readonly prepared: ReadonlyMap<string, PreparedSource>;
    }
  | { readonly kind: "refused"; readonly messages: readonly Message[] };

/** What is bundled. */
export interface BundleJob {
  readonly sources: TypeScriptSources;
  readonly root: string;
  readonly use: LibraryUse;
  /** Maps of guests are made, too. */
  readonly withMaps?: boolean;
  /** Texts of the entries by name. */
  readonly entries: ReadonlyMap<string, string>;
}

/** The entry that tells what the sources declare, as the text that it exports. */
export function registrationsEntry(paths: readonly string[]): string {
  const imports = paths.map((path, i) => `import * as m${i} from ${importOf(path)};`);
  const list = paths.map((_, i) => `m${i}`).join(", ");
  return [
    'import { collectRegistrations } from "@lumen/raster";',
    ...imports,
    `export const text = JSON.stringify(collectRegistrations([${list}]));`,
    "",
  ].join("\n");
}

/** The entry of the guest of a tile. */
export function guestEntry(tileId: string, path: string, exported: string): string {
  return [
    `import { ${JSON.stringify(exported)} as tile } from ${importOf(path)};`,
    `export function ${entrySymbol(tileId)}(input) { return tile.execute(input); }`,
    "",
  ].join("\n");
}

function importOf(path: string): string {
  return JSON.stringify(`./${path}`);
}

/** Bundles the entries; E_TOOLCHAIN_MISSING where the bundler cannot be started. */
export async function bundle(job: BundleJob): Promise<Result<Bundled, Failure>> {
  const started = startBundler();
  if (!started.ok) return started;
  const { build, transform } = started.value;
  const names = [...job.entries.keys()];
  const prepared = new Map<string, PreparedSource>();
  const prepare = async (text: string, path: string): Promise<string> => {
    const source = await prepareSource(transform, text, path);
    prepared.set(path, source);
    return source.code;
  };
  const options: BuildOptions = {
    entryPoints: names.map((name) => ({ in: `entry:${name}`, out: name })),
    ...COMMON,
    outdir: join(job.root, "bundles"),
    absWorkingDir: job.root,
    plugins: [plugin(job, prepare), ...(job.use === "guest" ? [packagesPlugin(transform)] : [])],
    ...(job.use === "guest" ? GUEST : {}),
    ...(job.use === "guest" && job.withMaps !== true ? {} : { sourcemap: "external" }),
  };
  const built = await attempt(() => build(options));
  if (built.kind === "refused") return ok(built);
  const texts = new Map<string, string>();
  for (const { path, text } of built.result.outputFiles ?? [])
    texts.set(path.slice(join(job.root, "bundles").length + 1), text);
  return ok({ kind: "bundled", texts, prepared });
}

const WITHOUT_WAITING = {
  "async-await": false,
  "async-generator": false,
  "for-await": false,
  "dynamic-import": false,
} as const;

const COMMON = {
  bundle: true,
  write: false,
  format: "iife",
  globalName: "__raster_guest",
  target: TARGET,
  platform: "neutral",
  mainFields: ["module", "main"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
  treeShaking: true,
  // What stands in a tsconfig.json near by must not change the code.
  tsconfigRaw: {},
} as const satisfies BuildOptions;

const GUEST: BuildOptions = {
  define: MATH_NAMES,
  inject: ["lumen:math"],
  // A tile answers at once: what would wait becomes calls of the promises that guests do not have.
  supported: WITHOUT_WAITING,
};

type Esbuild = typeof import("esbuild");

/**
 * Loaded here and not above: most runs have nothing to bundle. By `require`, since the code of the
 * command that the build kept cannot import.
 */
function startBundler(): Result<Pick<Esbuild, "build" | "transform">, Failure> {
  try {
    const loaded: Esbuild = createRequire(import.meta.url)("esbuild");
    return ok(loaded);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = "Install it beside the command: npm install esbuild@0.28.";
    const message = `TypeScript tiles need esbuild, which cannot be loaded: ${firstLine(error)}`;
    return err(failure("E_TOOLCHAIN_MISSING", "compile", message, { subject: "esbuild", hint }));
  }
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] ?? "";
}

type Attempt =
  | { readonly kind: "built"; readonly result: BuildResult }
  | { readonly kind: "refused"; readonly messages: readonly Message[] };

async function attempt(build: () => Promise<BuildResult>): Promise<Attempt> {
  try {
    return { kind: "built", result: await build() };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { kind: "refused", messages: error.errors };
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** Code of packages, in which `**` is a call too; where it stands is the bundler's business. */
function packagesPlugin(transform: Esbuild["transform"]): Plugin {
  return {
    name: "packages",
    setup: (build) => {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        if (!text.includes("**")) return null;
        return { contents: await preparePackage(transform, text, path), loader: "js" };
      });
    },
  };
}

function plugin(
  { sources, root, use, entries }: BundleJob,
  prepare: (text: string, path: string) => Promise<string>,
): Plugin {
  const library = (path: string): { path: string; namespace: string; sideEffects: boolean } => {
    return { path, namespace: LIBRARY_SPACE, sideEffects: false };
  };
  return {
    name: "lumen",
    setup: (build) => {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (kind === "entry-point") {
          if (path === "lumen:math") return library(MATH_FILE);
          return { path: path.replace(/^entry:/, ""), namespace: ENTRY_SPACE };
        }
        if (LIBRARY_NAMES.includes(path)) return library(libraryEntry(use));
        if (path === TYPES_NAME) return library(LIBRARY_TYPES);
        if (path === "lumen:math") return library(MATH_FILE);
        if (namespace === LIBRARY_SPACE)
          return library(join("/", importer, "..", path).split("\\").join("/").slice(1));
        // Packages are the bundler's own business.
        if (namespace === "file" && importer !== "") return null;
        const from = namespace === SOURCE_SPACE ? importer : "";
        const found = sources.resolve(path, from);
        if (found.kind === "refused") return { errors: [{ text: found.message }] };
        if (found.kind === "source") return { path: found.path, namespace: SOURCE_SPACE };
        return null;
      });
      build.onLoad({ filter: /.*/, namespace: ENTRY_SPACE }, ({ path }) => {
        return { contents: entries.get(path) ?? "", loader: "js", resolveDir: root };
      });
      build.onLoad({ filter: /.*/, namespace: LIBRARY_SPACE }, ({ path }) => {
        return { contents: libraryText(path) ?? "", loader: loaderOf(path) };
      });
      build.onLoad({ filter: /.*/, namespace: SOURCE_SPACE }, async ({ path }) => {
        const text = sources.text(path);
        if (text === null) return { errors: [{ text: `'${path}' cannot be read` }] };
        const isCode = use === "guest" && !path.endsWith(".json");
        const contents = isCode ? await prepare(text, path) : text;
        const loader: Loader = isCode ? "js" : loaderOf(path);
        return { contents, loader, resolveDir: join(root, path, "..") };
      });
    },
  };
}
