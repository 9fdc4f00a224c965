// Public entry point of @lumen/raster/verify: the part of Raster that has to be trusted.
export {
  type Bisection,
  bisect,
  checkTranscript,
  type DisputeParty,
  type PrefixRoot,
} from "./bisect.ts";
export { CHECKS, type CheckName, type CheckRow } from "./checks.ts";
export {
  type Disproved,
  EVIDENCE_CHECKS,
  type EvidenceCheckName,
  type EvidenceCheckRow,
} from "./evidence-checks.ts";
export { checkFraudProof, type FraudMaterial, type FraudVerdict } from "./fraud-check.ts";
export type { DeclaredRun } from "./genesis-fraud.ts";
export {
  type ExecutedTile,
  type ExecuteStep,
  type Judgement,
  judgeStep,
  type StepMaterial,
  type Wrong,
  type WrongReason,
} from "./judge-step.ts";
export type { EvidenceMaterial } from "./material.ts";
export { checkProof, type Proven } from "./proof-check.ts";
export type { ExecuteTile, ProgramFacts } from "./run-check.ts";
export type { Accepted, Rejected, Undecided, Verdict, VerifyLevel } from "./verdict.ts";
export { type VerifyOptions, verifyTrace } from "./verify-trace.ts";
export {
  type ReplayedStep,
  replayWindow,
  type WindowReplay,
  type WindowVerdict,
} from "./window-check.ts";
