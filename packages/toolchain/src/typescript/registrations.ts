// What the TypeScript sources of a project declare: read by running them in the sandbox.

import {
  DIAGNOSTICS,
  type Diagnostic,
  type DiagnosticCode,
  type Failure,
  failure,
  makeSourceText,
} from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { Registrations } from "@lumen/raster/authoring";
import { REGISTRATIONS_FILE, Sandbox } from "@lumen/raster/backends/js";
import type { Message } from "esbuild";
import { type Bundled, bundle, registrationsEntry } from "./bundle.ts";
import { type Place, Places, placeIn, sourcePath } from "./positions.ts";
import type { TypeScriptSources } from "./sources.ts";

/** Declarations, and what is wrong with the sources. */
export interface ReadRegistrations {
  readonly registrations: Registrations;
  readonly diagnostics: readonly Diagnostic[];
  /** Where a declaration stands. */
  readonly placeOf: (stack: string) => Place;
}

const NONE: Registrations = { tiles: [], sequences: [], problems: [] };
const ENTRY = "registrations.js";

/** Bundles the listed sources and runs them. E_TOOLCHAIN_MISSING, E_IO. */
export async function readRegistrations(
  sources: TypeScriptSources,
  { root, paths }: { readonly root: string; readonly paths: readonly string[] },
): Promise<Result<ReadRegistrations, Failure>> {
  const first = startOf(sources, paths[0] ?? "");
  const entries = new Map([["registrations", registrationsEntry(paths)]]);
  const bundled = await bundle({ sources, root, use: "registrations", entries });
  if (!bundled.ok) return bundled;
  if (sources.unreadable !== null) return err(sources.unreadable);
  if (bundled.value.kind === "refused") {
    const { messages } = bundled.value;
    const diagnostics = messages.map((message) => diagnosticOf(sources, message, first));
    return ok({ registrations: NONE, diagnostics, placeOf: () => first });
  }
  return run(sources, bundled.value.texts, first);
}

async function run(
  sources: TypeScriptSources,
  texts: (Bundled & { kind: "bundled" })["texts"],
  first: Place,
): Promise<Result<ReadRegistrations, Failure>> {
  const map = texts.get(`${ENTRY}.map`) ?? "{}";
  const places = new Places(sources, { file: REGISTRATIONS_FILE, map });
  const placeOf = (stack: string): Place => places.ofStack(stack) ?? first;
  const evaluated = await new Sandbox().evaluate(texts.get(ENTRY) ?? "");
  if (!evaluated.ok) return evaluated;
  const ended = evaluated.value;
  if (ended.kind === "failed") {
    const { message, code, help, stack } = ended;
    const problem = { code: knownCode(code) ?? "E0814", message, help };
    return ok({ registrations: NONE, diagnostics: [made(problem, placeOf(stack))], placeOf });
  }
  // What `collectRegistrations` of our own library wrote.
  const registrations = JSON.parse(ended.text) as Registrations;
  const diagnostics = registrations.problems.map(({ code, stack, ...problem }) =>
    made({ ...problem, code: code ?? "E0814" }, placeOf(stack)),
  );
  return ok({ registrations, diagnostics, placeOf });
}

function knownCode(code: string): DiagnosticCode | null {
  return Object.hasOwn(DIAGNOSTICS, code) ? (code as DiagnosticCode) : null;
}

/** A problem at a place. */
export function made(
  problem: {
    readonly code: DiagnosticCode;
    readonly message: string;
    readonly help: string | null;
  },
  { source, span }: Place,
): Diagnostic {
  const { code, message, help } = problem;
  const base = { code, severity: "error", message, source, span } as const;
  return help === null ? base : { ...base, help };
}

function startOf(sources: TypeScriptSources, path: string): Place {
  const text = sources.text(path) ?? "";
  return { source: makeSourceText(path, text), span: { start: 0, end: 0 } };
}

/** A message of the bundler: its columns count bytes. */
function diagnosticOf(sources: TypeScriptSources, message: Message, first: Place): Diagnostic {
  const { location, text } = message;
  const path = location === null ? null : sourcePath(location.file);
  const place =
    location === null || path === null
      ? first
      : placeIn(sources, path, {
          line: location.line - 1,
          column: new TextDecoder().decode(
            new TextEncoder().encode(location.lineText).subarray(0, location.column),
          ).length,
        });
  return made({ code: "E0813", message: text, help: bundlerHelp(text) }, place ?? first);
}

/** The way out of an import that leads to no package. */
function bundlerHelp(text: string): string | null {
  const name = /^Could not resolve "((?:@[\w.-]+\/)?[\w.-]+)/.exec(text)?.[1];
  return name === undefined
    ? null
    : `A package stands in node_modules beside lumen.toml: npm install ${name}`;
}

/** A failure of the host while sources are read. */
export function unreadable(path: string): Failure {
  const hint = "Paths in [raster] typescript are relative to lumen.toml.";
  return failure("E_PROJECT", "discover", `[raster] typescript: there is no file '${path}'`, {
    subject: path,
    hint,
  });
}
