// Public entry point of @lumen/vm: named re-exports only.

export type { CompileSetting } from "./interpreter/core.ts";
export { CALL_DEPTH_MAX, CONTAINER_ITEMS_MAX, MEMORY_BYTES_DEFAULT } from "./limits.ts";
export { codeOf, machinePrice } from "./link/compile-cell.ts";
export { linkProgram } from "./link/link-program.ts";
export {
  calledCells,
  compiledCount,
  forgetCalls,
  type InstructionPrices,
  type LinkedProgram,
} from "./link/program.ts";
export type { FrameView, TaskView, VariableView, WaitView } from "./machine/inspect.ts";
export {
  createMachine,
  type Machine,
  type MachineOptions,
  type MachineState,
  type RestoreOptions,
  type RunOptions,
  restoreMachine,
} from "./machine/machine.ts";
export type {
  Answer,
  DoorRequest,
  Request,
  TaskEvent,
  TileRequest,
  ToolRequest,
} from "./machine/requests.ts";
export { type PureLimits, type PureOutcome, runPure } from "./machine/run-pure.ts";
export { SNAPSHOT_VERSIONS } from "./snapshot/snapshot.ts";
export { numericModules } from "./tiers/ahead.ts";
export { tryCompile } from "./tiers/compile.ts";
export { explainTiers, type TierReport } from "./tiers/explain.ts";
export type { NumericPlan } from "./tiers/fast.ts";
export { TIER_CHOICES, type TierChoice } from "./tiers/tiers.ts";
