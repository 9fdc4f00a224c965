// Deterministic clock and random numbers are pinned: a change would break the replay of old
// deterministic runs.

import { describe, expect, it } from "vitest";
import { clockProviders, deterministicSources, realSources } from "../index.ts";

/** splitmix64 from seed 0, as published with the reference implementation. */
const SPLITMIX64_OF_ZERO = [
  0xe220a8397b1dcdafn,
  0x6e789e6aa1b965f4n,
  0x06c45d188009454fn,
  0xf88bb8a8724c81ecn,
];

describe("deterministicSources", () => {
  it("has a clock that counts questions", () => {
    const { nowMs } = deterministicSources(0n);
    expect([nowMs(), nowMs(), nowMs()]).toEqual([0, 1, 2]);
  });

  it("draws the published sequence of splitmix64", () => {
    const { random53 } = deterministicSources(0n);
    for (const word of SPLITMIX64_OF_ZERO) expect(random53()).toBe(Number(word >> 11n));
    const { randomInt } = deterministicSources(0n);
    const all = (1n << 63n) - 1n;
    for (const word of SPLITMIX64_OF_ZERO) {
      expect(randomInt(-all - 1n, all)).toBe(word - (1n << 63n));
    }
  });

  it("draws the same from the same seed, and else from another", () => {
    const draw = (seed: bigint): readonly number[] => {
      const { random53 } = deterministicSources(seed);
      return [random53(), random53()];
    };
    expect(draw(7n)).toEqual(draw(7n));
    expect(draw(7n)).not.toEqual(draw(8n));
  });
});

describe.each([
  ["deterministic", deterministicSources(1n)],
  ["real", realSources()],
] as const)("%s random numbers", (_, sources) => {
  it.each([
    [1n, 6n],
    [-3n, 3n],
    [5n, 5n],
    [-(2n ** 63n), 2n ** 63n - 1n],
    [0n, 2n ** 60n],
  ])("are within %s … %s", (low, high) => {
    for (let i = 0; i < 200; i++) {
      const drawn = sources.randomInt(low, high);
      expect(drawn >= low && drawn <= high).toBe(true);
    }
  });

  it("reach both ends of a small range", () => {
    const drawn = new Set(Array.from({ length: 500 }, () => sources.randomInt(1n, 3n)));
    expect([...drawn].sort()).toEqual([1n, 2n, 3n]);
  });

  it("are whole numbers below 2^53", () => {
    for (let i = 0; i < 200; i++) {
      const drawn = sources.random53();
      expect(Number.isSafeInteger(drawn) && drawn >= 0).toBe(true);
    }
  });
});

describe("clockProviders", () => {
  it("refuse an empty range instead of guessing", async () => {
    const { "random.random_int": randomInt } = clockProviders(deterministicSources(0n));
    expect(await randomInt?.([6, 1])).toEqual({
      ok: false,
      code: "E_TRAP_OTHER",
      message: "runtime error: random_int: min 6 is above max 1",
    });
  });

  it("sleep in logical time, which hrtime and timestamps share", async () => {
    const providers = clockProviders(deterministicSources(0n));
    expect(await providers["time.timestamp_ms"]?.([])).toEqual({ ok: true, value: 0 });
    expect(await providers["time.sleep"]?.([1000])).toEqual({ ok: true, value: null });
    expect(await providers["time.sleep"]?.([-5])).toEqual({ ok: true, value: null });
    expect(await providers["time.hrtime"]?.([])).toEqual({ ok: true, value: 1_001_000_000 });
  });

  it("really wait with the real clock", async () => {
    const sources = realSources();
    const before = sources.steadyNs();
    await clockProviders(sources)["time.sleep"]?.([20]);
    expect(Number(sources.steadyNs() - before)).toBeGreaterThan(15_000_000);
  });

  it("make UUIDs of RFC 9562, the same from the same seed", async () => {
    const draw = async (name: string): Promise<unknown> => {
      const found = await clockProviders(deterministicSources(3n))[name]?.([]);
      return found?.ok === true ? found.value : null;
    };
    const four = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(await draw("random.uuid")).toMatch(four);
    expect(await draw("random.uuid")).toBe(await draw("random.uuid"));
    expect(await draw("random.uuid_v7")).toMatch(/^00000000-0000-7[0-9a-f]{3}-[89ab]/);
    const real = await clockProviders(realSources())["random.uuid_v7"]?.([]);
    const shown = real?.ok === true ? String(real.value) : "";
    const time = Number.parseInt(shown.replaceAll("-", "").slice(0, 12), 16);
    expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
  });
});
