// `lumen init`: a folder with a project that checks, runs, passes its test and leaves a trace.

import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EDITIONS } from "@lumen/compiler";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result, required } from "@lumen/core/result";
import { writeFileWhole } from "./files.ts";
import type { InitTemplate } from "./init-templates.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** What was made. */
export interface InitReport {
  readonly folder: string;
  readonly name: string;
  /** Paths in the folder, in the order of writing. */
  readonly files: readonly string[];
  /** What runs it in its folder, behind `lumen`. */
  readonly run: string;
}

/** Names that a package may have (language 17.4). */
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/**
 * Makes a project in a new or empty folder, called like it. E_USAGE for a name that no package may
 * have, and for a folder with something in it: nothing is ever written over. E_IO.
 */
export function initProject(folder: string, template: InitTemplate): UseCase<InitReport> {
  const path = resolve(folder);
  const name = basename(path);
  const free = isFree(path, name);
  if (!free.ok) return refuse(free.error);
  const edition = required(EDITIONS.at(-1), "there is an edition");
  const files = template.files({ name, edition });
  for (const [file, text] of files) {
    const target = join(path, file);
    const made = makeFolder(dirname(target));
    const written = made.ok ? writeFileWhole(target, text, "discover") : made;
    if (!written.ok) return refuse(written.error);
  }
  return ok({ folder: path, name, files: files.map(([file]) => file), run: template.run });
}

function isFree(path: string, name: string): Result<null, Failure> {
  const usage = (message: string, hint: string): Result<null, Failure> =>
    err(failure("E_USAGE", "discover", message, { subject: path, hint }));
  if (!NAME.test(name))
    return usage(
      `'${name}' is no name for a package`,
      "A name begins with a small letter; small letters, digits, '-' and '_' follow.",
    );
  if (!existsSync(path)) return ok(null);
  if (!statSync(path).isDirectory())
    return usage(`'${path}' is there and no folder`, "Choose another name.");
  if (readdirSync(path).length === 0) return ok(null);
  return usage(`the folder '${path}' is not empty`, "Choose another name, or an empty folder.");
}

function makeFolder(path: string): Result<null, Failure> {
  try {
    mkdirSync(path, { recursive: true });
    return ok(null);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot make the folder '${path}': ${error.message}`;
    return err(failure("E_IO", "discover", message, { subject: path }));
  }
}
