// The project manifest `target/raster/manifest.json` (spec/formats.md 10.1): a summary for people
// and tools. Execution and verification use the control flow schema only.

import {
  type JsonForm,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonTagged,
  jsonUint,
} from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { stringifyDocument } from "../encoding/index.ts";
import { ok, type Result } from "../result/result.ts";
import { type DocumentSource, openDocument, readFields } from "./document.ts";
import { checkProjectVersion } from "./versions.ts";

const VERSION = "1.0";

/** What the manifest says of a tile. `name` equals `id`. */
export interface TileSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
}

/** The top-level shape of a sequence; mixed ones are Linear over their top-level items. */
export type ControlFlow =
  | { readonly kind: "Linear"; readonly steps: readonly string[] }
  | {
      readonly kind: "Conditional";
      readonly branches: readonly {
        readonly condition: string;
        readonly tiles: readonly string[];
      }[];
    }
  | {
      readonly kind: "Loop";
      readonly body: readonly string[];
      readonly maxIterations: number | null;
    };

/** A SequenceSchema. `tiles`: distinct tile ids in the order of first use. */
export interface SequenceSummary {
  readonly name: string;
  readonly version: string;
  readonly tiles: readonly string[];
  readonly controlFlow: ControlFlow;
}

/** The project manifest; `version` and those of sequences are SemVer. */
export interface ProjectManifest {
  readonly name: string;
  readonly version: string;
  readonly tiles: readonly TileSummary[];
  readonly sequences: readonly SequenceSummary[];
  /** Entry sequence by rule 11.1, or null. */
  readonly entry: string | null;
}

/** Text of a project manifest; `E_BAD_PROJECT_VERSION` for a version that is not SemVer. */
export function writeProjectManifest(manifest: ProjectManifest): Result<string, Failure> {
  const versions = checkVersions(manifest, undefined);
  if (!versions.ok) return versions;
  return ok(stringifyDocument(projectJson.write({ ...manifest, formatVersion: VERSION })));
}

/** Reads a project manifest: `E_MALFORMED`, `E_UNSUPPORTED_VERSION`, `E_BAD_PROJECT_VERSION`. */
export function readProjectManifest(
  text: string,
  subject: string,
): Result<ProjectManifest, Failure> {
  const source: DocumentSource = { format: "project-manifest", subject };
  const doc = openDocument(text, source);
  if (!doc.ok) return doc;
  const fields = readFields(projectJson, doc.value, source);
  if (!fields.ok) return fields;
  const { formatVersion: _version, ...manifest } = fields.value;
  const versions = checkVersions(manifest, subject);
  return versions.ok ? ok(manifest) : versions;
}

const optionalCount = jsonOption(jsonUint(Number.MAX_SAFE_INTEGER), { omit: false });
const ids = jsonList(jsonString);

const controlFlowJson: JsonForm<ControlFlow> = jsonTagged<ControlFlow>("type", {
  Linear: jsonRecord({ steps: ids }),
  Conditional: jsonRecord({
    branches: jsonList(
      jsonRecord<{ readonly condition: string; readonly tiles: readonly string[] }>({
        condition: jsonString,
        tiles: ids,
      }),
    ),
  }),
  Loop: jsonRecord<{ readonly body: readonly string[]; readonly maxIterations: number | null }>({
    body: ids,
    maxIterations: optionalCount,
  }),
});

const projectJson: JsonForm<ProjectManifest & { readonly formatVersion: string | null }> =
  jsonRecord<ProjectManifest & { readonly formatVersion: string | null }>({
    name: jsonString,
    version: jsonString,
    tiles: jsonList(
      jsonRecord<TileSummary>({
        id: jsonString,
        name: jsonString,
        description: jsonOption(jsonString, { omit: false }),
        estimatedCycles: optionalCount,
        maxMemory: optionalCount,
      }),
    ),
    sequences: jsonList(
      jsonRecord<SequenceSummary>({
        name: jsonString,
        version: jsonString,
        tiles: ids,
        controlFlow: controlFlowJson,
      }),
    ),
    formatVersion: jsonOption(jsonString, { omit: true }),
    entry: jsonOption(jsonString, { omit: false }),
  });

function checkVersions(
  manifest: ProjectManifest,
  subject: string | undefined,
): Result<null, Failure> {
  const where = subject === undefined ? {} : { subject };
  const own = checkProjectVersion(manifest.version, { path: "/version", ...where });
  if (!own.ok) return own;
  for (const [index, { version }] of manifest.sequences.entries()) {
    const path = `/sequences/${index}/version`;
    const checked = checkProjectVersion(version, { path, ...where });
    if (!checked.ok) return checked;
  }
  return ok(null);
}
