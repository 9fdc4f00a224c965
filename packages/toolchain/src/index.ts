// Public entry point of @lumen/toolchain: the use cases, one function each.
export type { MaturityOptions } from "@lumen/compiler";
export { type AnalyzeReport, type AnalyzeRequest, analyze } from "./analyze.ts";
export { BACKENDS, type BackendEntry, type BackendUse, DEFAULT_BACKEND } from "./backends.ts";
export { type BuildReport, type BuildRequest, type BuiltTile, build } from "./build.ts";
export {
  type BundleReport,
  type BundleRequest,
  type CheckedBundle,
  checkBundle,
  createBundle,
  type ExtractedBundle,
  extractBundle,
} from "./bundle.ts";
export type { CacheSetting } from "./cache/cache.ts";
export {
  type CacheListing,
  clearCache,
  type ListedEntry,
  listCache,
} from "./cache/manage.ts";
export { type CheckReport, check } from "./check.ts";
export type { CompiledProject, ProjectOptions, RunnableProject } from "./compile-project.ts";
export { COMPTIME_CYCLES_MAX, evaluateComptime } from "./comptime.ts";
export {
  type BisectReport,
  type BisectRequest,
  bisectTraces,
  type CheckDisputeReport,
  type CheckDisputeRequest,
  checkDispute,
  type DeclaredInput,
  type ProveFraudReport,
  type ProveFraudRequest,
  proveFraud,
  type ReplayedLeaf,
} from "./dispute.ts";
export { readStandardInput, writeFileWhole } from "./files.ts";
export type { FingerprintReport, FingerprintRequest } from "./fingerprint-file.ts";
export { type FollowRequest, follow } from "./follow.ts";
export {
  type FormatReport,
  type FormatRequest,
  type FormattedFile,
  type FormattedText,
  formatFiles,
  formatText,
} from "./format.ts";
export { type InitReport, initProject } from "./init.ts";
export { DEFAULT_TEMPLATE, INIT_TEMPLATES, type InitTemplate } from "./init-templates.ts";
export type { InputSource } from "./input.ts";
export { type LocatedFrame, locateFrames } from "./located-frames.ts";
export { installMemoryGuard } from "./memory-guard.ts";
export { type MigrateReport, type MigrateRequest, migrateFile } from "./migrate.ts";
export type { NativeReport } from "./native/build-native.ts";
export type { ObjectSetting } from "./native/object-store.ts";
export { nearest } from "./nearest.ts";
export { installNodeHash } from "./node-hash.ts";
export { openProgram } from "./open-program.ts";
export { type PreviewedTile, type PreviewReport, type PreviewRequest, preview } from "./preview.ts";
export { PRODUCER, VERSION } from "./producer.ts";
export { cacheOfProject, openProject, type Project, typedProgram } from "./project.ts";
export type { Refusal, UseCase } from "./refusal.ts";
export { complete } from "./repl/complete.ts";
export { type History, openHistory } from "./repl/history.ts";
export {
  type ReplAnswer,
  ReplSession,
  type ReplType,
  type SessionOptions,
} from "./repl/session.ts";
export { type ReplayReport, replay } from "./replay.ts";
export {
  replayPart,
  replayWindowFile,
  type WindowChoice,
  type WindowReport,
  type WindowRequest,
} from "./replay-window.ts";
export { type ResumeReport, type ResumeRequest, resumeRun } from "./resume/resume.ts";
export { runProgram } from "./run.ts";
export type { Evidence, RunFailure, RunReport, RunRequest } from "./run-report.ts";
export { runOneSequence, type SequenceRunRequest } from "./run-sequence.ts";
export { runTile, type TileRunReport, type TileRunRequest } from "./run-tile.ts";
export { checkSchema, type SchemaCheck, type SchemaReport, schema } from "./schema.ts";
export type { PendingRequest, StoppedFrame, StoppedRun, StoppedTask } from "./state-at.ts";
export { type CellCoverage, mergedCoverage } from "./test/coverage.ts";
export { findTests } from "./test/find-tests.ts";
export {
  type TestFailure,
  type TestOutcome,
  type TestReport,
  type TestRequest,
  testDocument,
} from "./test/test-document.ts";
export {
  DEFAULT_TIER,
  openTiers,
  type PlacedTierReport,
  TIER_NAMES,
  type TierWatch,
} from "./tier-watch.ts";
export {
  type ExportReport,
  type ExportRequest,
  exportTrace,
  TRACE_FORMS,
  type TraceForm,
} from "./trace-export.ts";
export { type GraphReport, type GraphRequest, traceGraph } from "./trace-graph.ts";
export type { TraceLeaves } from "./trace-leaves.ts";
export {
  type ListedTrace,
  listedTraces,
  type TraceStatus,
} from "./trace-list.ts";
export {
  type CheckProofRequest,
  checkProofFile,
  commitTrace,
  type LeavesRequest,
  type ProveReport,
  type ProveRequest,
  proveTrace,
} from "./trace-proof.ts";
export { type RecoverReport, type RecoverRequest, recoverTrace } from "./trace-recover.ts";
export { type ShownTrace, showTrace } from "./trace-show.ts";
export { type ShownState, type StateRequest, showState } from "./trace-state.ts";
export { type ShownStep, type StepRequest, showStep } from "./trace-step.ts";
export { type TraceStop, type Travel, travel } from "./trace-travel.ts";
export { type VerifyReport, type VerifyRequest, verify } from "./verify.ts";
export type { WorkingCopy } from "./working-copy.ts";
