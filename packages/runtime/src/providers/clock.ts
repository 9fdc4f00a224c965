// Time and random numbers: the real ones, and those of deterministic mode (language 18).

import { randomBytes, randomInt } from "node:crypto";
import { Float, intFromBigint } from "@lumen/core/value";
import { answer, intArgument, type ProviderTable } from "./provider.ts";

const NS_PER_MS = 1_000_000n;
const WORD_MAX = 2n ** 64n - 1n;
const TIMER_MS_MAX = 2 ** 31 - 1;
/** No wait is longer than 100 million days. */
const SLEEP_MS_MAX = 8_640_000_000_000_000n;

/** Milliseconds since the Unix epoch, a steady clock, waiting, and random numbers. */
export interface Sources {
  readonly nowMs: () => number;
  /** Nanoseconds since some fixed point, never going back. */
  readonly steadyNs: () => bigint;
  readonly sleepMs: (ms: number) => Promise<void>;
  /** A whole number of 0 … 2^53-1. */
  readonly random53: () => number;
  /** Uniform in [low, high]. */
  readonly randomInt: (low: bigint, high: bigint) => bigint;
}

/** The machine's clock and random source. */
export function realSources(): Sources {
  return {
    nowMs: () => Date.now(),
    steadyNs: () => process.hrtime.bigint(),
    sleepMs: sleepReally,
    random53: () => randomBits53(new Uint8Array(randomBytes(8))),
    randomInt: (low, high) => {
      const span = high - low + 1n;
      if (span <= 281474976710655n) return low + BigInt(randomInt(Number(span)));
      return low + uniformBelow(span, () => randomBytes(8).readBigUInt64LE());
    },
  };
}

/** Timers hold 31 bits: longer waits are several. */
async function sleepReally(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= TIMER_MS_MAX) {
    await new Promise((wake) => setTimeout(wake, Math.min(left, TIMER_MS_MAX)));
  }
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
    steadyNs: () => BigInt(now++) * NS_PER_MS,
    sleepMs: async (ms) => {
      now += ms;
    },
    random53: () => Number(word() >> 11n),
    randomInt: (low, high) => low + uniformBelow(high - low + 1n, word),
  };
}

/** `timestamp`, `timestamp_ms`, `hrtime`, `sleep`, `random`, `random_int`, `uuid`, `uuid_v7`. */
export function clockProviders(sources: Sources): ProviderTable {
  return {
    "time.timestamp": () => answer(new Float(sources.nowMs() / 1000)),
    "time.timestamp_ms": () => answer(sources.nowMs()),
    "time.hrtime": () => answer(intFromBigint(sources.steadyNs())),
    "time.sleep": async (args) => {
      const ms = intArgument(args, 0);
      if (ms > 0n) await sources.sleepMs(Number(ms < SLEEP_MS_MAX ? ms : SLEEP_MS_MAX));
      return answer(null);
    },
    "random.uuid": () => answer(uuidText(randomWord(sources), randomWord(sources), 4n)),
    "random.uuid_v7": () => {
      const time = BigInt(sources.nowMs()) << 16n;
      return answer(uuidText(time | (randomWord(sources) >> 48n), randomWord(sources), 7n));
    },
    "random.random": () => answer(new Float(sources.random53() / 2 ** 53)),
    "random.random_int": (args) => {
      const [low, high] = [intArgument(args, 0), intArgument(args, 1)];
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

function randomWord(sources: Sources): bigint {
  return sources.randomInt(0n, WORD_MAX);
}

/** Two words as a UUID of RFC 9562, version and variant bits put in. */
function uuidText(high: bigint, low: bigint, version: bigint): string {
  const top = (high & ~0xf000n) | (version << 12n);
  const bottom = (low & 0x3fffffffffffffffn) | 0x8000000000000000n;
  const hex = (word: bigint): string => word.toString(16).padStart(16, "0");
  const digits = hex(top) + hex(bottom);
  return [0, 8, 12, 16, 20].map((at, i, all) => digits.slice(at, all[i + 1] ?? 32)).join("-");
}
