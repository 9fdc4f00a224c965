// Migration of documents between format versions (spec/formats.md 2.3): a registry of pure steps,
// the choice of a path, and the built-in steps. No reader calls this, only the command `migrate`.

import { readCfs, schemaHash } from "../cfs/read.ts";
import { isJsonObject, type JsonObject, malformed, ownField } from "../commit/json-form.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { stringifyDocument } from "../encoding/index.ts";
import { toHex } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { readTileManifest } from "./tile-manifest.ts";
import { FORMATS, type FormatName } from "./versions.ts";

/** Stands for the version of a document without a version field, where that is allowed. */
export const NO_VERSION = "none";

/** One step between two versions of a format. */
export interface MigrationStep {
  readonly format: FormatName;
  readonly from: string;
  readonly to: string;
  /** Whether the meaning of every document is kept. */
  readonly lossless: boolean;
  /** Gives a new document with the version `to`; never changes the given one. */
  readonly apply: (document: JsonObject) => Result<JsonObject, Failure>;
  /** The reader of `to`: refuses a result that it cannot read. */
  readonly validate: (document: JsonObject, subject: string) => Result<unknown, Failure>;
}

/** What to migrate to; `tool` is the software version that the history names. */
export interface MigrationRequest {
  readonly format: FormatName;
  readonly target: string;
  readonly tool: string;
  readonly subject: string;
}

/** A migrated document and the steps taken; none if it had the target version already. */
export interface Migrated {
  readonly document: JsonObject;
  readonly steps: readonly MigrationStep[];
}

/**
 * Migrates a parsed document by the shortest path; of several, one without loss, then the first in
 * the order of version strings. `E_NO_MIGRATION`, or whatever a step or the reader after it says.
 */
export function migrate(
  document: unknown,
  request: MigrationRequest,
  registry: readonly MigrationStep[] = BUILT_IN_MIGRATIONS,
): Result<Migrated, Failure> {
  const { format, subject } = request;
  if (!isJsonObject(document)) {
    return err({ ...malformed("", "an object", document), format, subject });
  }
  const from = versionOf(document, request);
  if (!from.ok) return from;
  const steps = findPath(registry, { format, from: from.value, to: request.target });
  if (steps === null) return err(noPath(registry, request, from.value));
  let current = document;
  for (const step of steps) {
    const next = step.apply(current);
    if (!next.ok) return err({ ...next.error, subject });
    const valid = step.validate(next.value, subject);
    if (!valid.ok) return valid;
    current = next.value;
  }
  if (steps.length === 0) return ok({ document, steps });
  const dated = withHistory(current, steps, request);
  return dated.ok ? ok({ document: sealed(document, dated.value, format), steps }) : dated;
}

/**
 * The shortest path of steps between two versions (2.3), or null. The registry is small, so all
 * shortest paths are listed and compared as wholes: the best path has no best-prefix property.
 */
export function findPath(
  registry: readonly MigrationStep[],
  wanted: { readonly format: FormatName; readonly from: string; readonly to: string },
): readonly MigrationStep[] | null {
  if (wanted.from === wanted.to) return [];
  const steps = registry.filter((step) => step.format === wanted.format);
  const reached = new Set([wanted.from]);
  let paths: (readonly MigrationStep[])[] = [[]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) => {
      const version = path.at(-1)?.to ?? wanted.from;
      const next = steps.filter((step) => step.from === version && !reached.has(step.to));
      return next.map((step) => [...path, step]);
    });
    const complete = longer.filter((path) => path.at(-1)?.to === wanted.to);
    if (complete.length > 0) return complete.sort(comparePaths)[0] ?? null;
    for (const path of longer) reached.add(path.at(-1)?.to ?? wanted.from);
    paths = longer;
  }
  return null;
}

/** The steps of 2.3. */
export const BUILT_IN_MIGRATIONS: readonly MigrationStep[] = [
  {
    format: "cfs",
    from: "1.0",
    to: "1.1",
    lossless: true,
    apply: (document) => ok(cfsAs(document, "1.1")),
    validate: (document, subject) => readCfs(document, { subject }),
  },
  {
    format: "cfs",
    from: "1.1",
    to: "1.0",
    lossless: true,
    apply: cfsToLinear,
    validate: (document, subject) => readCfs(document, { subject }),
  },
  {
    format: "tile-manifest",
    from: NO_VERSION,
    to: "1.0",
    lossless: true,
    apply: versionedManifest,
    validate: (document, subject) => readTileManifest(stringifyDocument(document), subject),
  },
];

function versionOf(document: JsonObject, request: MigrationRequest): Result<string, Failure> {
  const { format, subject } = request;
  const { field, absent } = FORMATS[format];
  const found = field === null ? undefined : ownField(document, field);
  if (typeof found === "string") return ok(found);
  if (found === undefined && absent !== null) return ok(NO_VERSION);
  const path = field === null ? "" : `/${field}`;
  return err({ ...malformed(path, "a version string", found), format, subject });
}

/** All-lossless paths first, then by version strings. Paths have equal lengths. */
function comparePaths(a: readonly MigrationStep[], b: readonly MigrationStep[]): number {
  const loss = Number(isLossy(a)) - Number(isLossy(b));
  if (loss !== 0) return loss;
  for (const [index, step] of a.entries()) {
    const other = b[index]?.to ?? "";
    if (step.to !== other) return step.to < other ? -1 : 1;
  }
  return 0;
}

function isLossy(path: readonly MigrationStep[]): boolean {
  return path.some((step) => !step.lossless);
}

function noPath(
  registry: readonly MigrationStep[],
  request: MigrationRequest,
  from: string,
): Failure {
  const { format, subject, target: to } = request;
  const ends = registry.filter((step) => step.format === format).flatMap((s) => [s.from, s.to]);
  const known = [...new Set([...ends, ...FORMATS[format].readable])].sort();
  const message = `there is no way from ${format} ${from} to ${to} (known: ${known.join(", ")})`;
  return failure("E_NO_MIGRATION", "load", message, {
    format,
    subject,
    details: { from, to, known },
  });
}

function withHistory(
  document: JsonObject,
  steps: readonly MigrationStep[],
  request: MigrationRequest,
): Result<JsonObject, Failure> {
  const { format, subject, tool } = request;
  const before: unknown = ownField(document, "history") ?? [];
  if (!Array.isArray(before)) {
    return err({ ...malformed("/history", "an array", before), format, subject });
  }
  const added = steps.map(({ from, to }) => ({ from, to, tool }));
  return ok({ ...document, history: [...before, ...added] });
}

/** A schema that stated its hash states that of what it has become. */
function sealed(original: JsonObject, document: JsonObject, format: FormatName): JsonObject {
  if (format !== "cfs" || ownField(original, "schema_hash") === undefined) return document;
  return { ...document, schema_hash: toHex(schemaHash(document)) };
}

/** The schema under another version, without the hash that it no longer has. */
function cfsAs(document: JsonObject, version: string): JsonObject {
  const { schema_hash: _stale, ...rest } = document;
  return { ...rest, version };
}

function cfsToLinear(document: JsonObject): Result<JsonObject, Failure> {
  const obstacle = firstControlItem(document);
  if (obstacle === null) return ok(cfsAs(document, "1.0"));
  const { sequence, item, path } = obstacle;
  const message = `item ${item} of sequence ${sequence} needs cfs 1.1`;
  return err(
    failure("E_NOT_EXPRESSIBLE", "load", message, {
      format: "cfs",
      path,
      details: { sequence, item },
    }),
  );
}

function versionedManifest(document: JsonObject): Result<JsonObject, Failure> {
  const encoding = ownField(document, "encoding") ?? "postcard";
  return ok({ ...document, format_version: "1.0", encoding });
}

interface ControlItem {
  readonly sequence: string;
  readonly item: string;
  readonly path: string;
}

/** The first branch or loop in document order; nested ones are inside another. */
function firstControlItem(document: JsonObject): ControlItem | null {
  for (const [s, sequence] of listOf(document, "sequences").entries()) {
    for (const [i, item] of listOf(sequence, "items").entries()) {
      const type = isJsonObject(item) ? ownField(item, "item_type") : undefined;
      if (type !== "branch" && type !== "loop") continue;
      const names = { sequence: nameOf(sequence, "id"), item: nameOf(item, "item_id") };
      return { ...names, path: `/sequences/${s}/items/${i}` };
    }
  }
  return null;
}

function listOf(doc: unknown, key: string): readonly unknown[] {
  const list = isJsonObject(doc) ? ownField(doc, key) : undefined;
  return Array.isArray(list) ? list : [];
}

function nameOf(doc: unknown, key: string): string {
  const name = isJsonObject(doc) ? ownField(doc, key) : undefined;
  return typeof name === "string" ? name : "without id";
}
