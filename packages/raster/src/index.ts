// Public entry point of @lumen/raster: named re-exports only.

export { type Audit, AuditTracer, type LocalStep } from "./audit.ts";
export {
  type Backend,
  type CompiledTile,
  ESTIMATE,
  type ExecutionMode,
  type LoadedTile,
  loadTile,
  metadataOf,
  type ResourceEstimate,
  type TileErrorCode,
  type TileFailure,
  type TileMetadata,
  type TileProof,
  type TileResult,
} from "./backend.ts";
export {
  type CellAnswer,
  type CellEnding,
  CellRecorder,
  type CellRun,
  cellGenesis,
  operationOf,
} from "./cell-recorder.ts";
export { declaredEstimate } from "./estimate.ts";
export { type RecordedLeaf, RunFollower } from "./evidence/follow.ts";
export { type DisputedTrace, FraudProver, type ProvenFraud } from "./evidence/fraud-prover.ts";
export { type PartyTrace, treeParty } from "./evidence/tree-party.ts";
export {
  checkRange,
  DEFAULT_WINDOW_SIZE,
  type StepRange,
  WindowBuilder,
  windowAt,
} from "./evidence/window-builder.ts";
export {
  deterministicRunId,
  type OpenRequest,
  type RecordedTile,
  type RecorderOptions,
  type RequestAnswer,
  type RequestCall,
  RunRecorder,
  type RunSummary,
  type StateMove,
  type TileCall,
  type TraceClock,
} from "./recorder.ts";
export {
  type ReplayOptions,
  type ReplayTile,
  type ReplayVerdict,
  replaySequence,
} from "./replay.ts";
export {
  runSequence,
  type SequenceOutcome,
  type SequenceRun,
  type SequenceRunOptions,
} from "./runner.ts";
export { machineOutcome } from "./tile-outcome.ts";
export {
  binaryTracer,
  type Commitment,
  CommitmentTracer,
  continuedBinaryTracer,
  continuedLinesTracer,
  type FanOutMember,
  FanOutTracer,
  FingerprintTracer,
  jsonLinesTracer,
  MemoryTracer,
  nullTracer,
  type Recorded,
  type Tracer,
} from "./tracers.ts";
export { type Awaitable, whenDone, whenOk } from "./verify/awaitable.ts";
