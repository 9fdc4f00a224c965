// Compares a run with the fingerprint file of another while it goes (spec/formats.md 17.2). Keeps
// the one step at which they part, so that the report can show it; memory does not depend on the
// run otherwise than by the packed bits.

import {
  type AuditVerdict,
  auditFingerprint,
  type Fingerprint,
  FingerprintBuilder,
  fingerprintItem,
  leafOf,
  MerkleLog,
  type StepRecord,
} from "@lumen/core/commit";
import { ok } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { Recorded, Tracer } from "./tracers.ts";

/** A step of the own run: its record, and how it ran (empty but for tiles). */
export interface LocalStep {
  readonly leaf: number;
  readonly record: StepRecord;
  readonly backend: string;
  readonly methodId: Uint8Array;
}

/** The result of an audit; `local` is null where the own run has no such leaf, or none is named. */
export interface Audit {
  readonly verdict: AuditVerdict;
  readonly local: LocalStep | null;
}

const DONE: Recorded = ok(null);

/** Audits one run against a fingerprint. */
export class AuditTracer implements Tracer {
  readonly #expected: Fingerprint;
  readonly #builder: FingerprintBuilder;
  readonly #log = new MerkleLog();
  #schemaHash: Uint8Array | null = null;
  #parted: LocalStep | null = null;

  constructor(expected: Fingerprint) {
    this.#expected = expected;
    this.#builder = new FingerprintBuilder(expected);
  }

  recordEvent(event: TraceEvent): Recorded {
    if (event.kind !== "TileStep") return DONE;
    const { record, backend, methodId } = event;
    if (record.kind === "Genesis") this.#schemaHash = record.schemaHash;
    const leaf = this.#log.size;
    this.#log.push(leafOf(record));
    const root = this.#log.root();
    this.#builder.push(root);
    if (this.#parted === null && !this.#agrees(leaf, root))
      this.#parted = { leaf, record, backend, methodId };
    return DONE;
  }

  finalize(): Recorded {
    return DONE;
  }

  /** After the last event; null before Genesis. */
  finish(): Audit | null {
    if (this.#schemaHash === null) return null;
    const own = this.#builder.finish(this.#schemaHash, this.#log.root());
    const verdict = auditFingerprint(this.#expected, own);
    const named = "leaf" in verdict && verdict.leaf === this.#parted?.leaf;
    return { verdict, local: named ? this.#parted : null };
  }

  #agrees(leaf: number, root: Uint8Array): boolean {
    if (leaf >= this.#expected.size) return false;
    const { bitsPerItem } = this.#expected;
    const view = new DataView(root.buffer, root.byteOffset);
    const own = BigInt.asUintN(bitsPerItem, view.getBigUint64(0, true));
    return own === fingerprintItem(this.#expected, leaf);
  }
}
