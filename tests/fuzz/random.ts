// A small generator of pseudo-random numbers: the same seed gives the same inputs everywhere.

/** A source of choices. */
export interface Random {
  /** A whole number from 0 to `bound` - 1. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
}

/** The choices of one input of a campaign (mulberry32). */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}
