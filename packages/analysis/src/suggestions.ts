// What could be changed to make a program cheaper (spec/formats.md 22): one function per rule, and
// a table of the rules. A rule looks at finished numbers only.

import type { CostModel } from "@lumen/core/cost";
import { addCapped, multiplyCapped, segmentPlan, share } from "@lumen/core/cost";
import { formatCount, formatDuration, formatShare } from "./format.ts";
import type { Suggestion, SuggestionKind } from "./report.ts";

/** What the rules know of a tile. */
export interface TileFacts {
  readonly tileId: string;
  readonly invocations: number;
  /** Means over ended executions and over those with a cycle count; null without any. */
  readonly avgNs: number | null;
  readonly avgCycles: number | null;
  /** Largest cycle count of one execution, and sums over all with one. */
  readonly maxCycles: number;
  readonly cycles: number;
  readonly paddedCycles: number;
  readonly paddingWaste: number;
  readonly repeatedInputs: number;
  /** Most iterations of one call, and how many were allowed; null: not a recur tile, or unknown. */
  readonly iterationsMax: number;
  readonly iterationBound: number | null;
}

/** Executions of `to` that took exactly what the execution of `from` just before had given. */
export interface Handover {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** What the rules know of a run. Tiles ascend by id, handovers by `from`, then `to`. */
export interface RunFacts {
  readonly tiles: readonly TileFacts[];
  readonly handovers: readonly Handover[];
  readonly model: CostModel;
}

/** A rule: all that it has to say about a run. */
export type SuggestionRule = (run: RunFacts) => readonly Suggestion[];

const SPLIT_SHARE = 0.5;
const BATCH_INVOCATIONS = 100;
const BATCH_WASTE = 0.75;
const CACHE_SHARE = 0.3;
const BOUND_SHARE = 0.5;

/** The rules in the order in which their suggestions stand. */
export const SUGGESTION_RULES: { readonly [K in SuggestionKind]: SuggestionRule } = {
  merge: suggestMerge,
  split: suggestSplit,
  batch: suggestBatch,
  cache: suggestCache,
  bound: suggestBound,
};

/** All suggestions: by rule in the order of the table, then by tile id. */
export function suggest(run: RunFacts): readonly Suggestion[] {
  return Object.values(SUGGESTION_RULES).flatMap((rule) => rule(run));
}

/** Tiles A, B where B always takes just the output of A, and padding is saved by running as one. */
function suggestMerge({ tiles, handovers, model }: RunFacts): readonly Suggestion[] {
  const byId = new Map(tiles.map((tile) => [tile.tileId, tile]));
  const padded = (cycles: number): number => segmentPlan(cycles, model.segmentLog2).paddedCycles;
  return handovers.flatMap(({ from, to, count }) => {
    const [a, b] = [byId.get(from), byId.get(to)];
    if (a === undefined || b === undefined || from === to) return [];
    if (a.invocations !== count || b.invocations !== count) return [];
    if (a.iterationsMax > 0 || b.iterationsMax > 0) return [];
    if (a.avgCycles === null || b.avgCycles === null) return [];
    const apart = addCapped(padded(a.avgCycles), padded(b.avgCycles));
    const together = padded(addCapped(a.avgCycles, b.avgCycles));
    if (apart <= together) return [];
    const reason =
      `"${to}" only takes what "${from}" gives and runs as often (${formatCount(count)}); ` +
      `as one tile they pad to ${formatCount(together)} cycles instead of ${formatCount(apart)}`;
    const savingCycles = multiplyCapped(apart - together, count);
    return [suggestion("merge", [from, to], reason, { savingCycles })];
  });
}

/** A tile with an execution beyond one segment that makes up most of the proof cost. */
function suggestSplit({ tiles, model }: RunFacts): readonly Suggestion[] {
  const total = tiles.reduce((sum, tile) => sum + tile.paddedCycles, 0);
  const segment = 2 ** model.segmentLog2;
  return tiles.flatMap((tile) => {
    const plan = segmentPlan(tile.maxCycles, model.segmentLog2);
    const part = share(tile.paddedCycles, total);
    if (plan.paddedCycles <= segment || part <= SPLIT_SHARE) return [];
    const reason =
      `one execution pads to ${formatCount(plan.paddedCycles)} cycles in ${plan.segments} ` +
      `segments, and the tile is ${formatShare(part)} of the proof cost; ` +
      "smaller tiles can be proved side by side";
    return [suggestion("split", [tile.tileId], reason, {})];
  });
}

/** A tile that runs often and mostly proves padding. */
function suggestBatch({ tiles, model }: RunFacts): readonly Suggestion[] {
  return tiles.flatMap((tile) => {
    if (tile.invocations <= BATCH_INVOCATIONS || tile.paddingWaste <= BATCH_WASTE) return [];
    const batched = segmentPlan(tile.cycles, model.segmentLog2).paddedCycles;
    const reason =
      `${formatCount(tile.invocations)} executions waste ${formatShare(tile.paddingWaste)} of ` +
      "their proof on padding; let one execution take several inputs";
    const savingCycles = Math.max(0, tile.paddedCycles - batched);
    return [suggestion("batch", [tile.tileId], reason, { savingCycles })];
  });
}

/** A tile that is often asked the same. */
function suggestCache({ tiles }: RunFacts): readonly Suggestion[] {
  return tiles.flatMap((tile) => {
    const part = share(tile.repeatedInputs, tile.invocations);
    if (part <= CACHE_SHARE) return [];
    const repeats = formatCount(tile.repeatedInputs);
    const all = formatCount(tile.invocations);
    const each = tile.avgNs === null ? "" : `, ${formatDuration(tile.avgNs)} each`;
    const reason =
      `${repeats} of ${all} executions (${formatShare(part)}) had an input seen before${each}; ` +
      "keep the results";
    const saved = (mean: number | null): number | null =>
      mean === null ? null : multiplyCapped(mean, tile.repeatedInputs);
    const saving = { savingCycles: saved(tile.avgCycles), savingNs: saved(tile.avgNs) };
    return [suggestion("cache", [tile.tileId], reason, saving)];
  });
}

/** A recur tile that came near its bound. */
function suggestBound({ tiles }: RunFacts): readonly Suggestion[] {
  return tiles.flatMap((tile) => {
    const { iterationBound: bound, iterationsMax: used } = tile;
    if (bound === null || share(used, bound) <= BOUND_SHARE) return [];
    const reason =
      `a call used ${formatCount(used)} of ${formatCount(bound)} iterations ` +
      `(${formatShare(share(used, bound))}); raise max_iterations before an input needs more`;
    return [suggestion("bound", [tile.tileId], reason, {})];
  });
}

function suggestion(
  kind: SuggestionKind,
  subjects: readonly string[],
  reason: string,
  saving: { readonly savingCycles?: number | null; readonly savingNs?: number | null },
): Suggestion {
  const { savingCycles = null, savingNs = null } = saving;
  return { kind, subjects, reason, savingCycles, savingNs };
}
