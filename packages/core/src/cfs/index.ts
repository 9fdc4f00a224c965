// Entry point `@lumen/core/cfs`: control flow schemas and the one interpreter of them.
export { compileSchema } from "./compile.ts";
export type {
  ArmDocument,
  BindingDocument,
  BranchItemDocument,
  CallItemDocument,
  CfsDocument,
  ItemDocument,
  JsonInteger,
  LiteralDocument,
  LoopItemDocument,
  OutputDocument,
  SequenceDocument,
  SourceDocument,
  TileDocument,
  WhenDocument,
} from "./document.ts";
export type { CollectedList, ListSource, Move } from "./flow.ts";
export type { ExternalInput } from "./inputs.ts";
export {
  Machine,
  type MachineOptions,
  type NextStep,
  type NextTile,
  startRun,
  type TileOutcome,
} from "./machine.ts";
export type {
  Cfs,
  CfsArm,
  CfsBinding,
  CfsBranchItem,
  CfsCallItem,
  CfsItem,
  CfsLoopItem,
  CfsOutput,
  CfsSequence,
  CfsTile,
  CfsVersion,
  TileSignature,
} from "./model.ts";
export { CFS_VERSIONS } from "./model.ts";
export { type ReadCfsOptions, readCfs, schemaHash, selectEntry } from "./read.ts";
export { type ResumeOptions, resumeRun } from "./resume.ts";
export type { Schema } from "./schema.ts";
export type { Assumed, ValueSource } from "./values.ts";
export {
  type GenesisEvidence,
  type MismatchReason,
  outcomeOf,
  type StepEvidence,
  StepVerifier,
  startFromGenesis,
  stepMismatch,
  type VerifierOptions,
} from "./verify-steps.ts";
export { firstControlItem, orderedCfs, writeCfs } from "./write.ts";
