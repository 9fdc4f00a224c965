// Finding traces: by run id or by file, the newest, all of a project.

import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import { isFile, readBytes } from "./files.ts";
import { type ReadProgram, readProgramFile } from "./program-file.ts";
import { openProject } from "./project.ts";
import { targetOf } from "./target.ts";

/** Both forms of a trace (formats 14): binary, then JSON lines. */
const TRACE_EXTENSIONS: readonly string[] = [".rtrace", ".jsonl"];

/**
 * The trace that `TRACE` on a command line means: a file, else a run id of the project, or how just
 * one of them begins; without one the newest of the project. E_IO.
 */
export function findTrace(
  trace: string | undefined,
  projectFolder: string,
): Result<string, Failure> {
  if (trace === undefined) return newestTrace(projectFolder);
  const path = resolve(trace);
  if (isFile(path)) return ok(path);
  const folder = tracesFolder(projectFolder);
  const named = TRACE_EXTENSIONS.map((end) => join(folder, trace + end)).find(isFile);
  if (named !== undefined) return ok(named);
  const begun = listTraces(folder).filter((found) => basename(found).startsWith(trace));
  const [only, ...others] = trace === "" ? [] : begun;
  if (only !== undefined && others.length === 0) return ok(only);
  if (only !== undefined) return err(ambiguous(trace, begun));
  const message = `there is no trace file or run id '${trace}'`;
  const hint = "lumen trace ls lists the runs of a project.";
  return err(failure("E_IO", "load", message, { subject: trace, hint }));
}

/** Names of runs in the message about a beginning that several have. */
const SHOWN_MAX = 5;

function ambiguous(trace: string, found: readonly string[]): Failure {
  const names = found.map((path) => basename(path).replace(/\.[a-z]+$/, ""));
  const more = names.length > SHOWN_MAX ? ", …" : "";
  const message = `${names.length} runs begin with '${trace}': ${names.slice(0, SHOWN_MAX).join(", ")}${more}`;
  return failure("E_IO", "load", message, { subject: trace, hint: "Give more of the run id." });
}

/** Where the traces of a project are; a folder that is no project has them too. */
export function tracesFolder(projectFolder: string): string {
  const project = openProject(projectFolder);
  return targetOf({ root: project.ok ? project.value.root : resolve(projectFolder) }).traces;
}

/** Trace files of a folder, oldest first; what is no regular file there is none. */
export function listTraces(folder: string): readonly string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => TRACE_EXTENSIONS.some((end) => name.endsWith(end)))
    .flatMap((name) => {
      const path = join(folder, name);
      const found = statSync(path, { throwIfNoEntry: false });
      return found?.isFile() === true ? [{ path, written: found.mtimeMs }] : [];
    })
    .sort((a, b) => a.written - b.written || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** The newest trace of a project. */
function newestTrace(projectFolder: string): Result<string, Failure> {
  const folder = tracesFolder(projectFolder);
  const newest = listTraces(folder).at(-1);
  if (newest !== undefined) return ok(newest);
  const hint = "lumen run records one inside a project; a lone file needs --trace.";
  return err(
    failure("E_IO", "load", `there are no traces in '${folder}'`, { subject: folder, hint }),
  );
}

/**
 * The program file of a trace: `--program`, else beside the trace, else below the project. Its id
 * must be
 * the one that the trace names. E_ARTIFACT_MISSING, E_ARTIFACT_CORRUPT, E_UNSUPPORTED_VERSION.
 */
export function findProgram(args: {
  readonly programId: Uint8Array;
  readonly tracePath: string;
  readonly projectFolder: string;
  readonly given: string | undefined;
}): Result<ReadProgram, Failure> {
  const name = `${toHex(args.programId)}.rbundle`;
  const candidates = [
    join(dirname(args.tracePath), "..", "programs", name),
    join(tracesFolder(args.projectFolder), "..", "programs", name),
  ];
  const path = args.given ?? candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const message = `the program file ${name} of the trace is not there`;
    const hint =
      "Give it with --program FILE; it is in target/raster/programs where the run was recorded.";
    return err(failure("E_ARTIFACT_MISSING", "load", message, { subject: args.tracePath, hint }));
  }
  const bytes = readBytes(path, "load");
  if (!bytes.ok) return bytes;
  const read = readProgramFile(bytes.value, path);
  if (!read.ok) return read;
  const found = toHex(read.value.bundle.index.programId);
  if (found !== toHex(args.programId)) {
    const message = `the program file has id ${found}, the trace names ${toHex(args.programId)}`;
    return err(failure("E_ARTIFACT_CORRUPT", "load", message, { subject: path }));
  }
  return read;
}
