// `lumen run --commit FILE` and `--audit FILE`: the fingerprint of a run, and the comparison of a
// run with that of another (spec/formats.md 17).

import {
  auditFailure,
  DEFAULT_BITS_PER_ITEM,
  decodeFingerprint,
  type FingerprintLayout,
  layoutOfBits,
  layoutOfWindow,
  traceCommitment,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { type Audit, AuditTracer, FingerprintTracer, type Tracer } from "@lumen/raster";
import { readBytes, writeFileWhole } from "./files.ts";

/**
 * What to do with the fingerprint of a run. At most one of bits and window size is given (17.1).
 */
export type FingerprintRequest =
  | {
      readonly kind: "commit";
      readonly path: string;
      readonly bitsPerItem: number | undefined;
      readonly windowSize: number | undefined;
    }
  | { readonly kind: "audit"; readonly path: string };

/**
 * What was written, or how the run compares; `failure` is `E_AUDIT_MISMATCH`, null if it agrees.
 */
export type FingerprintReport =
  | (FingerprintLayout & {
      readonly kind: "committed";
      readonly path: string;
      readonly size: number;
      readonly root: Uint8Array;
      readonly commitment: Uint8Array;
    })
  | (Audit & {
      readonly kind: "audited";
      readonly path: string;
      readonly failure: Failure | null;
    });

/** A fingerprint in the making: `tracer` takes the run, `settle` is called after its end. */
export interface OpenFingerprint {
  readonly tracer: Tracer;
  readonly settle: () => Result<FingerprintReport, Failure>;
}

/** `E_USAGE` for bits or a window out of range; of a file what reading it says. Nothing ran yet. */
export function openFingerprint(request: FingerprintRequest): Result<OpenFingerprint, Failure> {
  return request.kind === "commit" ? openCommit(request) : openAudit(request.path);
}

function openCommit(
  request: FingerprintRequest & { readonly kind: "commit" },
): Result<OpenFingerprint, Failure> {
  const { path, bitsPerItem, windowSize } = request;
  const layout =
    windowSize === undefined
      ? layoutOfBits(bitsPerItem ?? DEFAULT_BITS_PER_ITEM)
      : layoutOfWindow(windowSize);
  if (!layout.ok) return layout;
  const tracer = new FingerprintTracer(layout.value);
  const settle = (): Result<FingerprintReport, Failure> => {
    const made = tracer.fingerprint();
    if (made === null) return err(nothingRecorded(path));
    const written = writeFileWhole(path, made.file, "trace");
    if (!written.ok) return written;
    const { size, root } = made.fingerprint;
    const commitment = traceCommitment(made.fingerprint);
    return ok({ kind: "committed", path, ...layout.value, size, root, commitment });
  };
  return ok({ tracer, settle });
}

function openAudit(path: string): Result<OpenFingerprint, Failure> {
  const bytes = readBytes(path, "load");
  if (!bytes.ok) return bytes;
  const expected = decodeFingerprint(bytes.value, path);
  if (!expected.ok) return expected;
  const tracer = new AuditTracer(expected.value);
  const settle = (): Result<FingerprintReport, Failure> => {
    const audit = tracer.finish();
    if (audit === null) return err(nothingRecorded(path));
    return ok({ kind: "audited", path, ...audit, failure: auditFailure(audit.verdict, path) });
  };
  return ok({ tracer, settle });
}

function nothingRecorded(path: string): Failure {
  return failure("E_IO", "trace", "the run left no record to commit to", { subject: path });
}
