// `lumen migrate`: a document in another version of its format (formats 2.3). Nothing else
// migrates.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument, stringifyDocument } from "@lumen/core/encoding";
import { FORMATS, type FormatName, type MigrationStep, migrate } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { readEvidence, writeFileWhole } from "./files.ts";
import { VERSION } from "./producer.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** A document and the version that it is to have. */
export interface MigrateRequest {
  readonly file: string;
  readonly to: string;
  /** undefined: only the text is wanted. */
  readonly out: string | undefined;
}

/** The migrated document. `steps` is empty where it had the version already. */
export interface MigrateReport {
  readonly format: FormatName;
  readonly steps: readonly MigrationStep[];
  readonly text: string;
}

/** Migrates a document. `E_NO_MIGRATION`, `E_NOT_EXPRESSIBLE`, `E_MALFORMED`. */
export function migrateFile({ file, to, out }: MigrateRequest): UseCase<MigrateReport> {
  const text = readEvidence(file);
  if (!text.ok) return refuse(text.error);
  const document = parseDocument(text.value, { subject: file });
  if (!document.ok) return refuse(document.error);
  const format = formatOf(document.value, file);
  if (!format.ok) return refuse(format.error);
  const request = { format: format.value, target: to, tool: VERSION, subject: file };
  const migrated = migrate(document.value, request);
  if (!migrated.ok) return refuse(migrated.error);
  const { steps } = migrated.value;
  const result = stringifyDocument(migrated.value.document);
  const written = out === undefined ? ok(null) : writeFileWhole(out, result, "load");
  return written.ok ? ok({ format: format.value, steps, text: result }) : refuse(written.error);
}

/** What tells a format: keys that only its documents have, the first match counts. */
const MARKS: readonly { readonly format: FormatName; readonly keys: readonly string[] }[] = [
  { format: "tile-manifest", keys: ["tile_id", "method_id"] },
  { format: "bundle", keys: ["program_id", "files"] },
  { format: "project-manifest", keys: ["name", "tiles", "sequences"] },
  { format: "cfs", keys: ["project", "tiles", "sequences"] },
  { format: "policy", keys: ["budgets"] },
  { format: "analysis-report", keys: ["tile_metrics"] },
];

/** Formats whose documents say what they are. */
const KINDS: { readonly [kind: string]: FormatName } = {
  window: "window",
  dispute: "dispute",
  "fraud-proof": "fraud-proof",
  inclusion: "proof",
  consistency: "proof",
};

function formatOf(document: unknown, subject: string): Result<FormatName, Failure> {
  const isObject = typeof document === "object" && document !== null && !Array.isArray(document);
  const has = (key: string): boolean => isObject && Object.hasOwn(document, key);
  const kind: unknown = isObject && has("kind") ? Reflect.get(document, "kind") : null;
  if (typeof kind === "string" && Object.hasOwn(KINDS, kind)) {
    const named = KINDS[kind];
    if (named !== undefined) return ok(named);
  }
  const marked = MARKS.find(({ keys }) => keys.every(has));
  if (marked !== undefined) return ok(marked.format);
  const message = "the document is of no format that has versions in JSON";
  const hint = `Formats: ${Object.keys(FORMATS).join(", ")}.`;
  return err(failure("E_MALFORMED", "load", message, { subject, hint }));
}
