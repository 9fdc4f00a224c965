// lumen bundle: create, check, extract

import { toHex } from "@lumen/core/hash";
import { type CheckedBundle, checkBundle, createBundle, extractBundle } from "@lumen/toolchain";
import { type Command, EXIT, type Invocation } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, optionPath, PROJECT_OPTIONS, projectOptionsOf } from "./inputs.ts";
import { conclude, showDiagnostics, showRefusal, usageError } from "./outcome.ts";

/** Failures that say that the file is no right bundle, not that it could not be looked at. */
const REJECTED: readonly string[] = ["E_ARTIFACT_CORRUPT", "E_BAD_PROJECT_VERSION"];

interface Action {
  readonly options: readonly string[];
  readonly max: number;
  readonly run: (invocation: Invocation, words: readonly string[]) => Promise<number>;
}

const ACTIONS: { readonly [name: string]: Action } = {
  create: { options: ["out", "backend", ...Object.keys(PROJECT_OPTIONS)], max: 1, run: create },
  check: { options: [], max: 1, run: check },
  extract: { options: ["out"], max: 1, run: extract },
};

const OWN_OPTIONS = new Set(Object.values(ACTIONS).flatMap((action) => action.options));

/** Packs a program with its artifacts into one file. */
export const bundleCommand: Command = {
  name: "bundle",
  group: "evidence",
  summary: "a program and its artifacts as one file: create, check, extract",
  positionals: "create [FILE|DIR] | check BUNDLE | extract BUNDLE",
  positionalsMax: 2,
  options: {
    out: { value: "PATH", help: "create: the file; extract: the folder, new or empty" },
    backend: { value: "B[,B]", help: "create: artifacts for these (default: native)" },
    ...PROJECT_OPTIONS,
  },
  run: async (invocation) => {
    const [name = "", ...words] = invocation.positionals;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) {
      const found = name === "" ? "nothing" : `'${name}'`;
      const names = Object.keys(ACTIONS).join(", ");
      return usageError(invocation, "bundle", `expected one of ${names}, found ${found}`);
    }
    const given = [...Object.keys(invocation.options), ...invocation.flags];
    const foreign = given.find((o) => OWN_OPTIONS.has(o) && !action.options.includes(o));
    if (foreign !== undefined)
      return usageError(invocation, "bundle", `bundle ${name} takes no --${foreign}`);
    if (name !== "create" && words.length === 0)
      return usageError(invocation, "bundle", `bundle ${name} needs a BUNDLE`);
    return action.run(invocation, words);
  },
};

async function create(invocation: Invocation, [target]: readonly string[]): Promise<number> {
  const { options, project, terminal, format, flags } = invocation;
  const backends = [...new Set((options.backend ?? "native").split(","))];
  const report = await createBundle({
    target: target === undefined ? project : fromWorkingDirectory(invocation, target),
    options: projectOptionsOf(invocation),
    backends,
    out: optionPath(invocation, "out"),
  });
  return conclude(invocation, report, ({ path, bytes, programId, artifacts, warnings }) => {
    if (!flags.has("quiet")) showDiagnostics({ ...invocation, format: "text" }, warnings);
    if (format === "json") {
      const shown = { path, bytes, programId: toHex(programId), backends, artifacts };
      terminal.stdout(`${JSON.stringify(shown)}\n`);
    } else if (!flags.has("quiet")) {
      terminal.stdout(
        `${visible(path)}  ${grouped(bytes)} bytes, ${grouped(artifacts)} artifacts\n`,
      );
      terminal.stdout(`  program     ${toHex(programId)}\n`);
    }
    return EXIT.ok;
  });
}

async function check(invocation: Invocation, [file = ""]: readonly string[]): Promise<number> {
  const checked = checkBundle(fromWorkingDirectory(invocation, file));
  if (!checked.ok && REJECTED.includes(checked.error.failure.code)) {
    showRefusal(invocation, checked.error);
    return EXIT.rejected;
  }
  return conclude(invocation, checked, (found) => {
    if (invocation.format === "json")
      invocation.terminal.stdout(`${JSON.stringify(bundleJson(found))}\n`);
    else showBundle(invocation, found);
    return EXIT.ok;
  });
}

function bundleJson({ path, bundle }: CheckedBundle): object {
  const { index, artifacts } = bundle;
  return {
    path,
    project: index.project,
    version: index.version,
    entry: index.entry,
    programId: toHex(index.programId),
    schemaHash: toHex(index.schemaHash),
    tiles: index.tiles.map(({ id, code }) => ({ id, code: toHex(code) })),
    files: index.files.length,
    artifacts: [...artifacts].map(([backend, tiles]) => ({ backend, tiles: [...tiles.keys()] })),
  };
}

function showBundle({ terminal }: Invocation, { path, bundle }: CheckedBundle): void {
  const paint = paintFor(terminal);
  const { index, artifacts } = bundle;
  const name = `${index.project} ${index.version}`;
  terminal.stdout(`${paint.green(paint.bold("sound"))}  ${visible(path)}\n`);
  terminal.stdout(`  project     ${visible(name)}\n`);
  terminal.stdout(`  entry       ${visible(index.entry ?? "none")}\n`);
  terminal.stdout(`  program     ${toHex(index.programId)}\n`);
  terminal.stdout(
    `  tiles       ${visible(index.tiles.map(({ id }) => id).join(", ") || "none")}\n`,
  );
  for (const [backend, tiles] of artifacts)
    terminal.stdout(`  artifacts   ${visible(backend)}: ${grouped(tiles.size)} tiles\n`);
}

async function extract(invocation: Invocation, [file = ""]: readonly string[]): Promise<number> {
  const report = extractBundle(fromWorkingDirectory(invocation, file), {
    folder: optionPath(invocation, "out"),
    within: invocation.terminal.workingDirectory,
  });
  return conclude(invocation, report, ({ folder, files, bundle }) => {
    const { terminal, format, flags } = invocation;
    const programId = toHex(bundle.index.programId);
    if (format === "json") terminal.stdout(`${JSON.stringify({ folder, files, programId })}\n`);
    else if (!flags.has("quiet"))
      terminal.stdout(`${visible(folder)}  ${grouped(files)} files of program ${programId}\n`);
    return EXIT.ok;
  });
}
