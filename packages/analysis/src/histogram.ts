// Durations of one tile or operation in bounded memory: exact count, sum, minimum and maximum, and
// percentiles that are exact up to EXACT_SAMPLES_MAX values and within 1/128 above.

import { addCapped } from "@lumen/core/cost";
import { assert } from "@lumen/core/result";

/** Up to this many samples are kept as they are; one more moves all of them into buckets. */
export const EXACT_SAMPLES_MAX = 1024;

/** Buckets per power of two: a percentile is at most 1/128 (0.8 %) above the true sample. */
const SUB_BUCKETS = 128;

/**
 * Log-linear histogram of non-negative safe integers. Values below 256 have buckets of their own;
 * above, every power of two has 128 buckets. Memory: at most 1024 samples, then at most 6016
 * buckets, of which only those met exist.
 */
export class Histogram {
  #count = 0;
  #sum = 0;
  #min = Number.MAX_SAFE_INTEGER;
  #max = 0;
  #samples: number[] | null = [];
  readonly #buckets = new Map<number, number>();

  /** Adds one value. */
  add(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, "a sample is a non-negative safe integer");
    this.#count += 1;
    this.#sum = addCapped(this.#sum, value);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    if (this.#samples === null) {
      this.#fill(value);
    } else if (this.#samples.length < EXACT_SAMPLES_MAX) {
      this.#samples.push(value);
    } else {
      for (const sample of this.#samples) this.#fill(sample);
      this.#fill(value);
      this.#samples = null;
    }
  }

  /** Number of values. */
  get count(): number {
    return this.#count;
  }

  /** Sum of all values, saturating. */
  get sum(): number {
    return this.#sum;
  }

  /** Smallest value, null without any. */
  get min(): number | null {
    return this.#count === 0 ? null : this.#min;
  }

  /** Largest value, null without any. */
  get max(): number | null {
    return this.#count === 0 ? null : this.#max;
  }

  /** Whether percentiles are samples themselves. */
  get isExact(): boolean {
    return this.#samples !== null;
  }

  /**
   * Nearest-rank percentile: the smallest sample that at least `percent` of 100 of all samples do
   * not exceed. From buckets: the upper end of that sample's bucket, never above the maximum.
   */
  percentile(percent: number): number | null {
    assert(percent > 0 && percent <= 100, "a percentile lies in (0, 100]");
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil((this.#count * percent) / 100));
    if (this.#samples !== null) {
      return [...this.#samples].sort((a, b) => a - b)[rank - 1] ?? null;
    }
    let seen = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= rank) return Math.min(bucketEnd(bucket), this.#max);
    }
    return this.#max;
  }

  #fill(value: number): void {
    const bucket = bucketOf(value);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }
}

// Bucket n < 256 holds the value n. Above, with e the exponent that brings a value into 128..255,
// bucket (e + 1) * 128 + (floor(value / 2^e) - 128) holds 2^e values.
function bucketOf(value: number): number {
  const exponent = exponentOf(value);
  return exponent * SUB_BUCKETS + Math.floor(value / 2 ** exponent);
}

function bucketEnd(bucket: number): number {
  const exponent = Math.max(0, Math.floor(bucket / SUB_BUCKETS) - 1);
  return (bucket - exponent * SUB_BUCKETS + 1) * 2 ** exponent - 1;
}

function exponentOf(value: number): number {
  let exponent = 0;
  for (let rest = value; rest >= 2 * SUB_BUCKETS; rest = Math.floor(rest / 2)) exponent += 1;
  return exponent;
}
