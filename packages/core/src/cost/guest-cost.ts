// What one execution of a LIR guest costs in a zkVM (spec/formats.md 21.2): instructions, input and
// output, paging. Memory is laid out as code, one page of stack, and data in the order in which it
// is made; see "LIR guests" there.

import type { CostModel } from "./cost-models.ts";
import { proofCycles, type SegmentPlan, segmentPlan } from "./proof.ts";
import { addCapped, multiplyCapped } from "./totals.ts";

/** What an execution did. */
export interface GuestWork {
  /** Cycles of all instructions, by the model. */
  readonly instructionCycles: number;
  /** Bytes of the code that ran: of the cells that were called. */
  readonly codeBytes: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly allocatedBytes: number;
}

/** The cycles of an execution and what they are made of. */
export interface GuestCost {
  /** All of them: what a step of a trace records. */
  readonly cycles: number;
  readonly instructionCycles: number;
  /** Host input, the journal with its digest, and the halt. */
  readonly hostCycles: number;
  readonly pagingCycles: number;
  readonly pageIns: number;
  readonly pageOuts: number;
  readonly proofCycles: number;
  readonly plan: SegmentPlan;
}

const WORD_BYTES = 4;
/** Host and guest frame an input as u32 length and bytes (formats 6). */
const FRAMING_BYTES = 4;
const SHA256_BLOCK_BYTES = 64;
const STACK_PAGES = 1;

/** The cost of an execution by a model. */
export function guestCost(work: GuestWork, model: CostModel): GuestCost {
  const { instructionCycles } = work;
  const hostCycles = hostCost(work, model);
  const computed = addCapped(instructionCycles, hostCycles);
  const paging = pagingCost(work, computed, model);
  const cycles = addCapped(computed, paging.pagingCycles);
  const plan = segmentPlan(cycles, model.segmentLog2);
  const proved = proofCycles(cycles);
  return { cycles, instructionCycles, hostCycles, ...paging, proofCycles: proved, plan };
}

/** Reading the framed input, writing the output, the digest of the journal, the halt. */
function hostCost({ inputBytes, outputBytes }: GuestWork, { cycles }: CostModel): number {
  const inputWords = Math.ceil((FRAMING_BYTES + inputBytes) / WORD_BYTES);
  const outputWords = Math.ceil(outputBytes / WORD_BYTES);
  const read = cycles.hostInputBase + Math.ceil(inputWords / cycles.hostInputWordsPerCycle);
  const moved = (inputWords + outputWords) * cycles.residentAccess;
  const blocks = Math.ceil(outputBytes / SHA256_BLOCK_BYTES);
  return read + moved + cycles.sha256Base + blocks * cycles.sha256PerBlock + cycles.halt;
}

/**
 * Each segment pages in the code and the stack, and data where it is made; what it wrote it pages
 * out at its end, the last one apart. Segments are counted without the paging itself.
 */
function pagingCost(
  work: GuestWork,
  computed: number,
  { cycles, segmentLog2 }: CostModel,
): Pick<GuestCost, "pagingCycles" | "pageIns" | "pageOuts"> {
  const { segments } = segmentPlan(computed, segmentLog2);
  const pages = (bytes: number): number => Math.ceil(bytes / cycles.pageBytes);
  const code = pages(work.codeBytes);
  const data = pages(addCapped(work.inputBytes, addCapped(work.outputBytes, work.allocatedBytes)));
  const pageIns = addCapped(multiplyCapped(segments, code + STACK_PAGES), data);
  const pageOuts = (segments - 1) * STACK_PAGES + data - Math.ceil(data / segments);
  const others = addCapped(pageIns - segments, pageOuts);
  const pagingCycles = addCapped(
    multiplyCapped(segments, cycles.firstPageOfSegment),
    multiplyCapped(others, cycles.page),
  );
  return { pagingCycles, pageIns, pageOuts };
}
