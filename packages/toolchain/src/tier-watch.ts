// The tiers of a run: which are chosen, and what ran where in the end.

import { explainTiers, type LinkedProgram, TIER_CHOICES, type TierReport } from "@lumen/vm";

/** What `--tier` and `LUMEN_TIER` may name. */
export const TIER_NAMES: readonly string[] = TIER_CHOICES.map(({ name }) => name);

/** The tier where none is named. */
export const DEFAULT_TIER = "auto";

/** How a cell or tile ran. `part` names the tile whose code it is part of; null for cells. */
export interface PlacedTierReport extends TierReport {
  readonly part: string | null;
}

/** Chooses the tiers of a run, and knows the programs that it linked. */
export class TierWatch {
  readonly compile: (typeof TIER_CHOICES)[number]["setting"];
  readonly #linked: { readonly part: string | null; readonly program: LinkedProgram }[] = [];

  /** The name is one of {@link TIER_NAMES}; any other is taken for the default. */
  constructor(name: string) {
    const [auto] = TIER_CHOICES;
    this.compile = (TIER_CHOICES.find((choice) => choice.name === name) ?? auto)?.setting ?? null;
  }

  /** Remembers a program that the run has linked, of a tile or of its cells. */
  add(program: LinkedProgram, part: string | null): void {
    this.#linked.push({ part, program });
  }

  /** What ran where until now, cells first, then tiles in the order of their first use. */
  reports(): readonly PlacedTierReport[] {
    const linked = [...this.#linked].sort(
      (a, b) => Number(a.part !== null) - Number(b.part !== null),
    );
    return linked.flatMap(({ part, program }) =>
      explainTiers(program, this.compile).map((report) => ({ ...report, part })),
    );
  }
}
