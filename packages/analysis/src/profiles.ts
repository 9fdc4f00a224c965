// What is collected of each tile, sequence, cell and operation while a trace goes by. Memory per
// tile is bounded: a histogram and a capped set of input digests.

import type { TileRecord } from "@lumen/core/commit";
import type { CostModel } from "@lumen/core/cost";
import { addCapped, average, paddingWaste, proofCycles, segmentPlan } from "@lumen/core/cost";
import { toHex } from "@lumen/core/hash";
import { Histogram } from "./histogram.ts";
import type {
  DurationFigures,
  RequestMetrics,
  SpanMetrics,
  TileMetrics,
  TileProofMetrics,
} from "./report.ts";

/** So many different inputs of a tile are remembered; repeats of later ones are not noticed. */
export const DISTINCT_INPUTS_MAX = 4096;

/** How an execution of a tile ended. `cycles` and `recordedProofCycles` null: not known. */
export interface TileEnding {
  readonly failed: boolean;
  readonly durationNs: number;
  readonly userNs: number;
  readonly cycles: number | null;
  readonly recordedProofCycles: number | null;
}

/** Sums over executions with a cycle count. */
interface ProofSums {
  executions: number;
  cycles: number;
  cyclesMax: number;
  proofCycles: number;
  paddedCycles: number;
  segments: number;
  largestSegment: number;
}

/** Everything about one tile. */
export class TileProfile {
  readonly #durations = new Histogram();
  readonly #proof: ProofSums = {
    executions: 0,
    cycles: 0,
    cyclesMax: 0,
    proofCycles: 0,
    paddedCycles: 0,
    segments: 0,
    largestSegment: 0,
  };
  readonly #inputs = new Set<string>();
  #inputBytes: number | null = null;
  #outputBytes: number | null = null;
  #userNs = 0;
  #invocations = 0;
  #failures = 0;
  #iterations = 0;
  #iterationsMax = 0;
  #repeatedInputs = 0;

  /** Executions. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Executions whose input digest had been met before: a lower bound past the cap. */
  get repeatedInputs(): number {
    return this.#repeatedInputs;
  }

  /** Most iterations of one recursive call. */
  get iterationsMax(): number {
    return this.#iterationsMax;
  }

  /** Sums over the executions with a cycle count. */
  get proof(): Readonly<ProofSums> {
    return this.#proof;
  }

  /** Nanoseconds in all ended executions. */
  get totalNs(): number {
    return this.#durations.sum;
  }

  /** An execution starts. */
  start(): void {
    this.#invocations += 1;
  }

  /** Its record; bytes are null where the trace holds digests only. */
  step(record: TileRecord, input: Uint8Array | null, output: Uint8Array | null): void {
    if (record.iteration !== null) {
      this.#iterations += 1;
      this.#iterationsMax = Math.max(this.#iterationsMax, record.iteration + 1);
    }
    if (input !== null) this.#inputBytes = addCapped(this.#inputBytes ?? 0, input.length);
    if (output !== null) this.#outputBytes = addCapped(this.#outputBytes ?? 0, output.length);
    const digest = toHex(record.inputDigest);
    if (this.#inputs.has(digest)) this.#repeatedInputs += 1;
    else if (this.#inputs.size < DISTINCT_INPUTS_MAX) this.#inputs.add(digest);
  }

  /** The execution ends. */
  end(ending: TileEnding, model: CostModel): void {
    this.#durations.add(ending.durationNs);
    this.#userNs = addCapped(this.#userNs, ending.userNs);
    if (ending.failed) this.#failures += 1;
    if (ending.cycles === null) return;
    const plan = segmentPlan(ending.cycles, model.segmentLog2);
    const sums = this.#proof;
    sums.executions += 1;
    sums.cycles = addCapped(sums.cycles, ending.cycles);
    sums.cyclesMax = Math.max(sums.cyclesMax, ending.cycles);
    const proved = ending.recordedProofCycles ?? proofCycles(ending.cycles);
    sums.proofCycles = addCapped(sums.proofCycles, proved);
    sums.paddedCycles = addCapped(sums.paddedCycles, plan.paddedCycles);
    sums.segments = addCapped(sums.segments, plan.segments);
    sums.largestSegment = Math.max(sums.largestSegment, plan.largestSegment);
  }

  /** The metrics so far. */
  metrics(estimatedCycles: number | null): TileMetrics {
    const ended = this.#durations.count;
    const overheadTotalNs = Math.max(0, this.#durations.sum - this.#userNs);
    const { executions, cycles, proofCycles: proved } = this.#proof;
    return {
      invocations: this.#invocations,
      failures: this.#failures,
      duration: durationFigures(this.#durations),
      userTotalNs: this.#userNs,
      userAvgNs: average(this.#userNs, ended),
      overheadTotalNs,
      overheadAvgNs: average(overheadTotalNs, ended),
      inputBytes: this.#inputBytes,
      outputBytes: this.#outputBytes,
      iterations: this.#iterations,
      cyclesTotal: executions === 0 ? null : cycles,
      cyclesAvg: average(cycles, executions),
      proofCyclesTotal: executions === 0 ? null : proved,
      estimatedCycles,
    };
  }

  /** Proof cost so far. */
  proofMetrics(): TileProofMetrics {
    const { cycles, proofCycles: proved, paddedCycles, segments } = this.#proof;
    const waste = paddingWaste(cycles, paddedCycles);
    return { cycles, proofCycles: proved, paddedCycles, segments, paddingWaste: waste };
  }
}

/** Everything about one sequence or cell. */
export class SpanProfile {
  #invocations = 0;
  #ended = 0;
  #totalNs = 0;
  #selfNs = 0;
  #childNs = 0;

  /** An invocation starts. */
  start(): void {
    this.#invocations += 1;
  }

  /** It ends; `childNs` is the time of the spans directly inside. */
  end(durationNs: number, childNs: number): void {
    this.#ended += 1;
    this.#totalNs = addCapped(this.#totalNs, durationNs);
    // Children that run at the same time can take longer together than the span around them.
    this.#selfNs = addCapped(this.#selfNs, Math.max(0, durationNs - childNs));
    this.#childNs = addCapped(this.#childNs, childNs);
  }

  /** The metrics so far. */
  metrics(): SpanMetrics {
    return {
      invocations: this.#invocations,
      totalNs: this.#totalNs,
      avgNs: average(this.#totalNs, this.#ended),
      selfTotalNs: this.#selfNs,
      selfAvgNs: average(this.#selfNs, this.#ended),
      childTotalNs: this.#childNs,
    };
  }
}

/** The answer of a request; effects have one attempt and no cache. */
export interface Answer {
  readonly ok: boolean;
  readonly durationNs: number;
  readonly attempts: number;
  readonly cached: boolean;
}

/** Everything about the requests of one operation. */
export class RequestProfile {
  readonly #durations = new Histogram();
  #count = 0;
  #failures = 0;
  #cached = 0;
  #retries = 0;

  /** A request leaves the machine. */
  start(): void {
    this.#count += 1;
  }

  /** Its answer enters. */
  end(answer: Answer): void {
    this.#durations.add(answer.durationNs);
    if (!answer.ok) this.#failures += 1;
    if (answer.cached) this.#cached += 1;
    this.#retries = addCapped(this.#retries, Math.max(0, answer.attempts - 1));
  }

  /** The metrics so far. */
  metrics(): RequestMetrics {
    return {
      count: this.#count,
      failures: this.#failures,
      unanswered: this.#count - this.#durations.count,
      cached: this.#cached,
      retries: this.#retries,
      duration: durationFigures(this.#durations),
    };
  }
}

function durationFigures(durations: Histogram): DurationFigures {
  return {
    totalNs: durations.sum,
    avgNs: average(durations.sum, durations.count),
    minNs: durations.min,
    p50Ns: durations.percentile(50),
    p95Ns: durations.percentile(95),
    maxNs: durations.max,
  };
}
