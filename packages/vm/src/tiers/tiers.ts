// The tiers by the names that people choose them by. What runs where changes no result.

import type { CompileSetting } from "../interpreter/core.ts";

/** A choice of tiers. */
export interface TierChoice {
  readonly name: string;
  readonly help: string;
  /** Null compiles nothing. */
  readonly setting: CompileSetting | null;
  /** Whether an engine beside WebAssembly is to be put into the setting. */
  readonly isNative?: true;
}

/** When code is compiled unless told otherwise: short programs are over by then. */
export const HOT: CompileSetting = { hotCalls: 500, hotTurns: 1000, numeric: "chosen" };

/** All choices, the default first. */
export const TIER_CHOICES: readonly TierChoice[] = [
  { name: "auto", help: "what is hot is compiled", setting: HOT },
  { name: "t0", help: "everything is interpreted", setting: null },
  {
    name: "t1",
    help: "what can be compiled is, at its first call",
    setting: { hotCalls: 0, hotTurns: 1, numeric: "never" },
  },
  {
    name: "t2",
    help: "the same, numeric code to WebAssembly wherever it can be",
    setting: { hotCalls: 0, hotTurns: 1, numeric: "always" },
  },
  {
    name: "t3",
    help: "the same, numeric code by LLVM where libLLVM is installed",
    setting: { hotCalls: 0, hotTurns: 1, numeric: "always" },
    isNative: true,
  },
];
