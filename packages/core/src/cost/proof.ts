// Cycles as a prover sees them: padded to powers of two and cut into segments
// (spec/formats.md 21.3).

import { assert } from "../result/result.ts";
import type { CostModel } from "./cost-models.ts";
import { addCapped, multiplyCapped, share } from "./totals.ts";

/** Range of the exponent of a segment size. */
export const SEGMENT_LOG2_MIN = 13;
export const SEGMENT_LOG2_MAX = 24;

/** The least power of two that a proof of one execution counts as. */
const PROOF_CYCLES_MIN = 65_536;

/** How one execution is proved. `segments` of at most `2^L` cycles, each padded. */
export interface SegmentPlan {
  readonly cycles: number;
  readonly segments: number;
  readonly paddedCycles: number;
  /** Padded cycles of the largest segment: what decides the prover's memory. */
  readonly largestSegment: number;
}

/** What proving costs by the model's parameters. */
export interface ProverCost {
  readonly memoryBytes: number;
  readonly timeNs: number;
}

/** The single summary number of 21.3: 65 536, or the least power of two that is not below. */
export function proofCycles(cycles: number): number {
  return Math.max(PROOF_CYCLES_MIN, powerOfTwoCeiling(cycles));
}

/** The segment plan of one execution; `segmentLog2` is L, 13 to 24. No cycles make one segment. */
export function segmentPlan(cycles: number, segmentLog2: number): SegmentPlan {
  assert(Number.isSafeInteger(cycles) && cycles >= 0, "cycles are a non-negative safe integer");
  assert(
    segmentLog2 >= SEGMENT_LOG2_MIN && segmentLog2 <= SEGMENT_LOG2_MAX,
    "the segment size is within its range",
  );
  const size = 2 ** segmentLog2;
  const segments = Math.max(1, Math.ceil(cycles / size));
  const rest = cycles - (segments - 1) * size;
  const last = Math.max(2 ** SEGMENT_LOG2_MIN, powerOfTwoCeiling(rest));
  const paddedCycles = addCapped(multiplyCapped(segments - 1, size), last);
  return { cycles, segments, paddedCycles, largestSegment: segments > 1 ? size : last };
}

/** `1 - c / padded`: the part of the proved cycles that does no work (22). */
export function paddingWaste(cycles: number, paddedCycles: number): number {
  return paddedCycles === 0 ? 0 : Math.max(0, 1 - share(cycles, paddedCycles));
}

/** Memory for the largest segment and time for all padded cycles, by a model's calibration. */
export function proverCost(
  plan: Pick<SegmentPlan, "paddedCycles" | "largestSegment">,
  model: CostModel,
): ProverCost {
  return {
    memoryBytes: multiplyCapped(plan.largestSegment, model.prover.bytesPerPaddedCycle),
    timeNs: multiplyCapped(plan.paddedCycles, model.prover.nsPerPaddedCycle),
  };
}

// Multiplying by two is exact in a double far beyond the safe integers, bit operations are not.
function powerOfTwoCeiling(cycles: number): number {
  let power = 1;
  while (power < cycles) power *= 2;
  return Math.min(power, Number.MAX_SAFE_INTEGER);
}
