// Time and random numbers: the real ones, and those of deterministic mode (language 18).

import { randomBytes, randomInt } from "node:crypto";
import { Float, intFromBigint, isInt, type Value } from "@lumen/core/value";
import { answer, type ProviderTable } from "./provider.ts";

/** Milliseconds since the Unix epoch, and random 53-bit numbers. */
export interface Sources {
  readonly nowMs: () => number;
  /** A whole number of 0 … 2^53-1. */
  readonly random53: () => number;
  /** Uniform in [low, high]. */
  readonly randomInt: (low: bigint, high: bigint) => bigint;
}

/** The machine's clock and random source. */
export function realSources(): Sources {
  return {
    nowMs: () => Date.now(),
    random53: () => randomBits53(new Uint8Array(randomBytes(8))),
    randomInt: (low, high) => {
      const span = high - low + 1n;
      if (span <= 281474976710655n) return low + BigInt(randomInt(Number(span)));
      return low + uniformBelow(span, () => randomBytes(8).readBigUInt64LE());
    },
  };
}

function randomBits53(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return Number(view.getBigUint64(0, true) >> 11n);
}

/** Rejection sampling of 64-bit words, so that no residue is favoured. */
function uniformBelow(span: bigint, word: () => bigint): bigint {
  const limit = (1n << 64n) - ((1n << 64n) % span);
  for (;;) {
    const candidate = word();
    if (candidate < limit) return candidate % span;
  }
}

/**
 * A logical clock that advances by one millisecond per question, and splitmix64 from a seed
 * (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
 */
export function deterministicSources(seed: bigint): Sources {
  let now = 0;
  let state = BigInt.asUintN(64, seed);
  const word = (): bigint => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  return {
    nowMs: () => now++,
    random53: () => Number(word() >> 11n),
    randomInt: (low, high) => low + uniformBelow(high - low + 1n, word),
  };
}

/** `timestamp`, `timestamp_ms`, `random`, `random_int`. */
export function clockProviders(sources: Sources): ProviderTable {
  return {
    "time.timestamp": () => answer(new Float(sources.nowMs() / 1000)),
    "time.timestamp_ms": () => answer(sources.nowMs()),
    "random.random": () => answer(new Float(sources.random53() / 2 ** 53)),
    "random.random_int": (args) => {
      const [low, high] = [asInt(args[0]), asInt(args[1])];
      if (low > high)
        return {
          ok: false,
          code: "E_TRAP_OTHER",
          message: `runtime error: random_int: min ${low} is above max ${high}`,
        };
      return answer(intFromBigint(sources.randomInt(low, high)));
    },
  };
}

function asInt(value: Value | undefined): bigint {
  return value !== undefined && isInt(value) ? BigInt(value) : 0n;
}
