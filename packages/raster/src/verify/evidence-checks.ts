// The checks of evidence about parts of a trace: windows (spec/formats.md 19.2) and fraud proofs
// (20.2), one row each. A document that fails one proves nothing about the trace.

import type { FailureCode } from "@lumen/core/diagnostic";

/** One check of a document. */
export interface EvidenceCheckRow {
  readonly clause: string;
  readonly code: Extract<
    FailureCode,
    "E_PROOF_INVALID" | "E_WINDOW_RANGE" | "E_COMMIT_MISMATCH" | "E_FRAUD_INVALID"
  >;
  /** What must hold, as a sentence. */
  readonly rule: string;
}

/** The checks in the order in which a document meets them. */
export const EVIDENCE_CHECKS = {
  "window-range": {
    clause: "19.3",
    code: "E_WINDOW_RANGE",
    rule: "a window has steps of the trace, as many as it has records",
  },
  "window-id": {
    clause: "19.1",
    code: "E_PROOF_INVALID",
    rule: "the window id is that of root, size, start and end",
  },
  "window-frontier": {
    clause: "19.2",
    code: "E_PROOF_INVALID",
    rule: "the frontier is that of the leaves before the window and has the prefix root",
  },
  "window-prefix": {
    clause: "16.3",
    code: "E_PROOF_INVALID",
    rule: "the trace continues the prefix before the window",
  },
  "window-records": {
    clause: "16.3",
    code: "E_PROOF_INVALID",
    rule: "the trace continues the prefix with the records of the window",
  },
  "window-pre-record": {
    clause: "16.2",
    code: "E_PROOF_INVALID",
    rule: "the record before the window is its leaf",
  },
  "window-pre-state": {
    clause: "15.3",
    code: "E_PROOF_INVALID",
    rule: "the state before the window is that of the record before it, and one of the schema",
  },
  "window-genesis": {
    clause: "19.2",
    code: "E_PROOF_INVALID",
    rule: "leaf 0 is opened and names the schema, the entry and the program of the window",
  },
  "window-values": {
    clause: "15.2",
    code: "E_PROOF_INVALID",
    rule: "each value of the window has its digest",
  },
  "fraud-id": {
    clause: "1.3",
    code: "E_FRAUD_INVALID",
    rule: "the proof id is that of the content",
  },
  "fraud-claim": {
    clause: "16.1",
    code: "E_FRAUD_INVALID",
    rule: "the commitment is that of size, root and schema hash",
  },
  "fraud-commitment": {
    clause: "20.2",
    code: "E_COMMIT_MISMATCH",
    rule: "the commitment is the one that was held",
  },
  "fraud-genesis": {
    clause: "20.2",
    code: "E_FRAUD_INVALID",
    rule: "leaf 0 is opened and names the schema of the claim and the program of the proof",
  },
  "fraud-step": {
    clause: "16.2",
    code: "E_FRAUD_INVALID",
    rule: "the disputed record is its leaf",
  },
  "fraud-pre": {
    clause: "16.2",
    code: "E_FRAUD_INVALID",
    rule: "the record before the disputed one is opened, is its leaf, and can be read",
  },
  "fraud-pre-state": {
    clause: "15.3",
    code: "E_FRAUD_INVALID",
    rule: "the state before the step is that of the record before it, and one of the schema",
  },
  "fraud-values": {
    clause: "15.2",
    code: "E_FRAUD_INVALID",
    rule: "each value of the proof has its digest",
  },
  "fraud-correct": {
    clause: "20.2",
    code: "E_FRAUD_INVALID",
    rule: "the step is wrong",
  },
} as const;

/** Name of a check. */
export type EvidenceCheckName = keyof typeof EVIDENCE_CHECKS;

const ROWS: { readonly [K in EvidenceCheckName]: EvidenceCheckRow } = EVIDENCE_CHECKS;

/** A document that does not prove what it says. */
export interface Disproved {
  readonly kind: "invalid";
  readonly check: EvidenceCheckName;
  readonly clause: string;
  readonly code: EvidenceCheckRow["code"];
  readonly message: string;
}

/** The refusal of a document by a check; `why` says more. */
export function disproved(check: EvidenceCheckName, why: string): Disproved {
  const { clause, code, rule } = ROWS[check];
  return { kind: "invalid", check, clause, code, message: `${rule} (${clause}): ${why}` };
}
