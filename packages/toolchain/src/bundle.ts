// `lumen bundle`: a program with its artifacts in one file, its check, and its files (formats
// 10.2).

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { type Diagnostic, type Failure, failure } from "@lumen/core/diagnostic";
import { type Bundle, type FileTable, pathFault, readUstar } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { build } from "./build.ts";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import { readBytes, writeFileWhole } from "./files.ts";
import { openProgram } from "./open-program.ts";
import { packProgram, readProgramFile } from "./program-file.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { targetOf } from "./target.ts";

/** A program to be bundled. */
export interface BundleRequest {
  readonly target: string;
  readonly options?: ProjectOptions;
  /** Back ends whose artifacts go in, in this order; each once. */
  readonly backends: readonly string[];
  /** undefined: `target/raster/bundles/PROJECT-VERSION.rbundle`. */
  readonly out: string | undefined;
}

/** The bundle that was written. */
export interface BundleReport {
  readonly path: string;
  readonly bytes: number;
  readonly programId: Uint8Array;
  readonly artifacts: number;
  readonly warnings: readonly Diagnostic[];
}

/** Builds the program for each back end and packs everything. */
export async function createBundle(request: BundleRequest): Promise<UseCase<BundleReport>> {
  const { target, options, backends, out } = request;
  const built = options === undefined ? {} : { options };
  for (const backend of backends) {
    const made = await build({ target, backend, tile: undefined, force: false, ...built });
    if (!made.ok) return made;
    const [failed] = made.value.failures;
    if (failed !== undefined) return refuse(failed.error);
  }
  const opened = await openProgram(target, options);
  if (!opened.ok) return opened;
  const project = opened.value;
  const artifacts = artifactsOf(project, backends);
  if (!artifacts.ok) return refuse(artifacts.error);
  const packed = packProgram(project, artifacts.value);
  if (!packed.ok) return refuse(packed.error);
  const { bytes, programId } = packed.value;
  const named = out === undefined ? ownName(project.program) : ok("");
  if (!named.ok) return refuse(named.error);
  const path = out ?? join(targetOf(project.project).root, "bundles", `${named.value}.rbundle`);
  const written = writeFileWhole(path, bytes, "compile");
  if (!written.ok) return refuse(written.error);
  const count = project.program.tiles.length * backends.length;
  const warnings = project.diagnostics;
  return ok({ path, bytes: bytes.length, programId, artifacts: count, warnings });
}

/** `PROJECT-VERSION`, as the name of one file or folder: a bundle is written by anybody. */
function ownName(of: {
  readonly project: string;
  readonly version: string;
}): Result<string, Failure> {
  const name = `${of.project}-${of.version}`;
  if (pathFault(name) === null && !name.includes("/")) return ok(name);
  const message = `the project is called ${JSON.stringify(of.project)}, which is no name of a file`;
  const hint = "Say where it goes with --out.";
  return err(failure("E_IO", "load", message, { subject: of.project, hint }));
}

/** The artifact directories of all tiles, below `artifacts/` (8.1, 10.2). */
function artifactsOf(
  { program, project }: RunnableProject,
  backends: readonly string[],
): Result<FileTable, Failure> {
  const files = new Map<string, Uint8Array>();
  for (const backend of backends) {
    for (const { id } of program.tiles) {
      const folder = targetOf(project).tile(id, backend);
      for (const name of readdirSync(folder).sort()) {
        const content = readBytes(join(folder, name), "compile");
        if (!content.ok) return content;
        files.set(`artifacts/${backend}/${id}/${name}`, content.value);
      }
    }
  }
  return ok(files);
}

/** A bundle that has passed every check. */
export interface CheckedBundle {
  readonly path: string;
  readonly bundle: Bundle;
}

/**
 * Checks a bundle. `E_ARTIFACT_CORRUPT`, `E_UNSUPPORTED_VERSION`, `E_BAD_PROJECT_VERSION`, `E_IO`.
 */
export function checkBundle(path: string): UseCase<CheckedBundle> {
  const checked = readChecked(path);
  return checked.ok ? ok({ path, bundle: checked.value.bundle }) : checked;
}

/** The bytes that were checked, too: the file may be another one by the next time. */
function readChecked(
  path: string,
): UseCase<{ readonly bytes: Uint8Array; readonly bundle: Bundle }> {
  const bytes = readBytes(path, "load");
  if (!bytes.ok) return refuse(bytes.error);
  const read = readProgramFile(bytes.value, path);
  if (!read.ok) return refuse(read.error);
  return ok({ bytes: bytes.value, bundle: read.value.bundle });
}

/** Where the files of a bundle were put. */
export interface ExtractedBundle extends CheckedBundle {
  readonly folder: string;
  readonly files: number;
}

/**
 * Puts the files of a checked bundle into a new or empty folder, `PROJECT-VERSION` below `within`
 * by
 * default. `E_IO` for a folder that has something in it.
 */
export function extractBundle(
  path: string,
  to: { readonly folder: string | undefined; readonly within: string },
): UseCase<ExtractedBundle> {
  const checked = readChecked(path);
  if (!checked.ok) return checked;
  const { bytes, bundle } = checked.value;
  const named = to.folder === undefined ? ownName(bundle.index) : ok("");
  if (!named.ok) return refuse(named.error);
  const folder = to.folder ?? join(to.within, named.value);
  const archive = readUstar(bytes, path);
  if (!archive.ok) return refuse(archive.error);
  const made = emptyFolder(folder);
  if (!made.ok) return refuse(made.error);
  for (const { path: name, content } of archive.value) {
    const written = writeFileWhole(join(folder, ...name.split("/")), content, "load");
    if (!written.ok) return refuse(written.error);
  }
  return ok({ path, bundle, folder, files: archive.value.length });
}

function emptyFolder(folder: string): Result<null, Failure> {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      const message = `'${folder}' is not empty`;
      const hint = "Name a new folder.";
      return err(failure("E_IO", "load", message, { subject: folder, hint }));
    }
    mkdirSync(folder, { recursive: true });
    return ok(null);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot use the folder '${folder}': ${error.message}`;
    return err(failure("E_IO", "load", message, { subject: folder }));
  }
}
