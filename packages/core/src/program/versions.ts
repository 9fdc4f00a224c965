// The format versions that this release writes and reads (spec/formats.md 2.1), and the fail-closed
// check of 2.2. Project versions, which are the user's own, are only checked for their form.

import { CFS_VERSIONS } from "../cfs/model.ts";
import { EVIDENCE_VERSIONS } from "../commit/evidence.ts";
import { FINGERPRINT_VERSIONS } from "../commit/fingerprint.ts";
import { malformed } from "../commit/json-form.ts";
import { type Failure, failure, unsupportedVersion } from "../diagnostic/failure.ts";
import { err, ok, type Result } from "../result/result.ts";
import { TRACE_VERSIONS } from "../trace/header.ts";

/** Where the version of a format stands and which versions can be read. */
export interface FormatRow {
  /** Key in the JSON document, or null where the version is part of a binary header. */
  readonly field: string | null;
  /** What an absent version means, or null where it must be present. */
  readonly absent: string | null;
  /** Versions are opaque strings: compared byte for byte. */
  readonly readable: readonly string[];
}

/** Name of a format. */
export type FormatName =
  | "cfs"
  | "tile-manifest"
  | "project-manifest"
  | "bundle"
  | "trace"
  | "fingerprint"
  | "window"
  | "dispute"
  | "fraud-proof"
  | "proof"
  | "analysis-report"
  | "policy"
  | "snapshots"
  | "tile-io";

/** The table of 2.1. */
export const FORMATS: { readonly [N in FormatName]: FormatRow } = {
  cfs: { field: "version", absent: null, readable: CFS_VERSIONS },
  "tile-manifest": { field: "format_version", absent: "1.0", readable: ["1.0"] },
  "project-manifest": { field: "format_version", absent: "1.0", readable: ["1.0"] },
  bundle: { field: "format_version", absent: null, readable: ["1.0"] },
  trace: { field: null, absent: null, readable: TRACE_VERSIONS },
  fingerprint: { field: null, absent: null, readable: FINGERPRINT_VERSIONS },
  window: { field: "format_version", absent: null, readable: EVIDENCE_VERSIONS },
  dispute: { field: "format_version", absent: null, readable: EVIDENCE_VERSIONS },
  "fraud-proof": { field: "format_version", absent: null, readable: EVIDENCE_VERSIONS },
  proof: { field: "format_version", absent: null, readable: EVIDENCE_VERSIONS },
  "analysis-report": { field: "format_version", absent: null, readable: ["1.0"] },
  policy: { field: "format_version", absent: null, readable: ["1.0"] },
  snapshots: { field: null, absent: null, readable: ["1"] },
  "tile-io": { field: "encoding", absent: null, readable: ["postcard"] },
};

/**
 * The version of a document, to be asked before any other field is looked at (2.2). `found` is the
 * value of its version field, undefined if it has none. `E_MALFORMED` for a missing one or no
 * string, `E_UNSUPPORTED_VERSION` for one that is not readable.
 */
export function checkVersion(
  format: FormatName,
  found: unknown,
  subject?: string,
): Result<string, Failure> {
  const { field, absent, readable } = FORMATS[format];
  if (found === undefined && absent !== null) return ok(absent);
  const path = field === null ? "" : `/${field}`;
  const where = { path, ...(subject === undefined ? {} : { subject }) };
  if (typeof found !== "string") {
    return err({ ...malformed(path, "a version string", found), ...where, format });
  }
  if (readable.includes(found)) return ok(found);
  return err(unsupportedVersion({ format, found, supported: readable, ...where }));
}

const NUMBER = "(?:0|[1-9][0-9]*)";
const WORD = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
const BUILD = "[0-9A-Za-z-]+";
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${WORD}(?:\\.${WORD})*)?(?:\\+${BUILD}(?:\\.${BUILD})*)?$`,
);

/** Checks that a project or sequence version is SemVer, else `E_BAD_PROJECT_VERSION` (2.1). */
export function checkProjectVersion(
  version: string,
  where: { readonly path?: string; readonly subject?: string } = {},
): Result<string, Failure> {
  if (version.length <= 256 && SEMVER.test(version)) return ok(version);
  const shown = JSON.stringify(version.slice(0, 80));
  const message = `${shown} is not a version such as 1.2.3 (SemVer 2.0.0)`;
  return err(failure("E_BAD_PROJECT_VERSION", "load", message, where));
}
