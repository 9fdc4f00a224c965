// `lumen cfs`: writes the control-flow schema, or checks a file against the sources (formats 9).

import { join } from "node:path";
import { readCfs, schemaHash } from "@lumen/core/cfs";
import type { Diagnostic } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { ok } from "@lumen/core/result";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import { readText, writeFileWhole } from "./files.ts";
import { openProgram } from "./open-program.ts";
import { cfsText } from "./program-file.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { targetOf } from "./target.ts";

/** The schema of a project. */
export interface SchemaReport {
  readonly project: RunnableProject;
  readonly text: string;
  readonly hash: string;
  readonly version: string;
  /** Where it was written; null when it was not. */
  readonly path: string | null;
  readonly warnings: readonly Diagnostic[];
}

/** Compiles and writes the schema to `output`, by default `target/raster/cfs.json`. */
export async function schema(
  target: string,
  output: string | undefined,
  options: ProjectOptions = {},
): Promise<UseCase<SchemaReport>> {
  const opened = await openProgram(target, options);
  if (!opened.ok) return opened;
  const text = cfsText(opened.value.program);
  const document = parseDocument(text, { subject: "cfs.json" });
  if (!document.ok) return refuse(document.error);
  const checked = readCfs(document.value);
  if (!checked.ok) return refuse(checked.error);
  const path = output ?? targetOf(opened.value.project).cfs;
  const written = writeFileWhole(path, text, "compile");
  if (!written.ok) return refuse(written.error);
  const version = String(checked.value.document.version);
  return ok({
    project: opened.value,
    text,
    hash: toHex(checked.value.schemaHash),
    version,
    path,
    warnings: opened.value.diagnostics,
  });
}

/** A schema file that passed every check, and whether it is the schema of the sources. */
export interface SchemaCheck {
  readonly path: string;
  readonly hash: string;
  /** Hash of the schema that the sources give now. */
  readonly current: string;
}

/** Checks a schema file (9.3) and compares it with the sources. */
export async function checkSchema(
  target: string,
  file: string,
  options: ProjectOptions = {},
): Promise<UseCase<SchemaCheck>> {
  const text = readText(file, "load");
  if (!text.ok) return refuse(text.error);
  const document = parseDocument(text.value, { subject: file });
  if (!document.ok) return refuse(document.error);
  const checked = readCfs(document.value, { subject: file });
  if (!checked.ok) return refuse(checked.error);
  const opened = await openProgram(target, options);
  if (!opened.ok) return opened;
  const current = parseDocument(cfsText(opened.value.program), {
    subject: join(target, "cfs.json"),
  });
  if (!current.ok) return refuse(current.error);
  return ok({
    path: file,
    hash: toHex(checked.value.schemaHash),
    current: toHex(schemaHash(current.value)),
  });
}
