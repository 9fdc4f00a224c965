// Entry point `@lumen/core/cost`.
export {
  COST_MODELS,
  type CostModel,
  type CycleTable,
  type LirPrices,
  lirInstructionCycles,
  RV32IM_1,
  selectCostModel,
} from "./cost-models.ts";
export { type GuestCost, type GuestWork, guestCost } from "./guest-cost.ts";
export { lirCodeBytes, lirCycles } from "./lir-cycles.ts";
export { LIR_WORK, type LirOperation, type LirWork } from "./lir-operations.ts";
export {
  type ProverCost,
  paddingWaste,
  proofCycles,
  proverCost,
  type SegmentPlan,
  segmentPlan,
} from "./proof.ts";
export { addCapped, average, multiplyCapped, share, TOTAL_MAX } from "./totals.ts";
