// Cost models of provers as data tables (spec/formats.md 21.2, 21.3), and how one is selected.
// Another model is another table: pass it in, nothing here changes.

import { type Failure, failure } from "../diagnostic/failure.ts";
import type { OpcodeName } from "../lir/opcodes.ts";
import { err, ok, type Result } from "../result/result.ts";
import { LIR_WORK, type LirOperation } from "./lir-operations.ts";
import { SEGMENT_LOG2_MAX, SEGMENT_LOG2_MIN } from "./proof.ts";

/** Cycles of each class of 21.2. */
export interface CycleTable {
  readonly simple: number;
  readonly logicShiftRightDivide: number;
  readonly residentAccess: number;
  readonly unalignedAccess: number;
  readonly softwareFloat: number;
  readonly firstPageOfSegment: number;
  readonly page: number;
  readonly pageBytes: number;
  readonly sha256Base: number;
  readonly sha256PerBlock: number;
  readonly modularMultiply: number;
  readonly hostInputBase: number;
  readonly hostInputWordsPerCycle: number;
  readonly halt: number;
}

/** Prices of the operations that LIR guests are mapped to, in cycles. */
export interface LirPrices {
  readonly operations: { readonly [O in LirOperation]: number };
  readonly allocation: number;
  readonly allocationBytesPerCycle: number;
}

/** A cost model. `name` is what `--model` selects and what every report states. */
export interface CostModel {
  readonly name: string;
  readonly cycles: CycleTable;
  readonly lir: LirPrices;
  /** L: a segment has at most `2^L` cycles; 13 to 24. */
  readonly segmentLog2: number;
  /** Calibration of the prover; replace it by measurements of your own machine. */
  readonly prover: { readonly bytesPerPaddedCycle: number; readonly nsPerPaddedCycle: number };
}

/** The model of 21.2. `step` is one simple instruction; i64 operations as stated there. */
export const RV32IM_1: CostModel = {
  name: "rv32im-1",
  cycles: {
    simple: 1,
    logicShiftRightDivide: 2,
    residentAccess: 1,
    unalignedAccess: 12,
    softwareFloat: 100,
    firstPageOfSegment: 5130,
    page: 1130,
    pageBytes: 1024,
    sha256Base: 6,
    sha256PerBlock: 68,
    modularMultiply: 10,
    hostInputBase: 1,
    hostInputWordsPerCycle: 4,
    halt: 1,
  },
  lir: {
    operations: {
      step: 1,
      i64_add: 4,
      i64_compare: 3,
      i64_logic: 4,
      i64_shift: 8,
      i64_mul: 10,
      i64_div: 60,
      load64: 2,
      store64: 2,
      float: 100,
      call: 10,
    },
    allocation: 20,
    allocationBytesPerCycle: 16,
  },
  segmentLog2: 20,
  prover: { bytesPerPaddedCycle: 7150, nsPerPaddedCycle: 23_900 },
};

/** The models that are always there. */
export const COST_MODELS: readonly CostModel[] = [RV32IM_1];

/**
 * The model of a name among the built-in ones and `more`, of which a later one wins. An unknown
 * name is `E_USAGE` and lists the known ones; a segment size out of range is `E_MALFORMED`.
 */
export function selectCostModel(
  name: string,
  more: readonly CostModel[] = [],
): Result<CostModel, Failure> {
  const models = [...COST_MODELS, ...more];
  const model = models.findLast((candidate) => candidate.name === name);
  if (model === undefined) {
    const known = [...new Set(models.map((candidate) => candidate.name))].join(", ");
    const message = `no cost model is called "${name}": there are ${known}`;
    return err(failure("E_USAGE", "analyze", message, { subject: name }));
  }
  const { segmentLog2 } = model;
  const inRange = segmentLog2 >= SEGMENT_LOG2_MIN && segmentLog2 <= SEGMENT_LOG2_MAX;
  if (Number.isInteger(segmentLog2) && inRange) return ok(model);
  const range = `${SEGMENT_LOG2_MIN} to ${SEGMENT_LOG2_MAX}`;
  const message = `the segment size of "${name}" is 2^${segmentLog2}: the exponent is ${range}`;
  return err(failure("E_MALFORMED", "analyze", message, { subject: name }));
}

/**
 * Cycles of one LIR instruction whose operand list (R) has `items` registers; without a list 0.
 * The work of a builtin is not in it: add the `cost` of its row.
 */
export function lirInstructionCycles(model: CostModel, opcode: OpcodeName, items = 0): number {
  const { operations, bytes, bytesPerItem } = LIR_WORK[opcode];
  const prices = model.lir.operations;
  let cycles = operations.reduce((sum, operation) => sum + prices[operation], 0);
  cycles += items * (prices.load64 + prices.store64);
  const allocated = bytes + items * bytesPerItem;
  if (bytes === 0) return cycles;
  return cycles + model.lir.allocation + Math.ceil(allocated / model.lir.allocationBytesPerCycle);
}
