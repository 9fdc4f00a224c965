// The tiers of a run: which are chosen, and what ran where in the end.

import {
  type CompileSetting,
  explainTiers,
  type LinkedProgram,
  TIER_CHOICES,
  type TierReport,
} from "@lumen/vm";
import { type ObjectSetting, readingStore } from "./native/object-store.ts";

/** What `--tier` and `LUMEN_TIER` may name. */
export const TIER_NAMES: readonly string[] = TIER_CHOICES.map(({ name }) => name);

/** The tier where none is named. */
export const DEFAULT_TIER = "auto";

/** How a cell or tile ran. `part` names the tile whose code it is part of; null for cells. */
export interface PlacedTierReport extends TierReport {
  readonly part: string | null;
}

/**
 * The tiers of a name of {@link TIER_NAMES}; any other is taken for the default. LLVM, which takes
 * a moment to load, is loaded only where the name asks for it; `objects`: where a build left code.
 */
export async function openTiers(
  name: string,
  objects: ObjectSetting | null = null,
): Promise<TierWatch> {
  const [auto] = TIER_CHOICES;
  const choice = TIER_CHOICES.find((one) => one.name === name) ?? auto;
  const setting = choice?.setting ?? null;
  if (setting === null || choice?.isNative !== true) return new TierWatch(setting);
  const { openLlvmEngine } = await import("@lumen/runtime/llvm");
  const engine = openLlvmEngine(objects === null ? null : readingStore(objects));
  return engine.ok
    ? new TierWatch({ ...setting, native: engine.value })
    : new TierWatch(setting, `tier T3 is not used: ${engine.error}`);
}

/** The tiers of a run; it knows the programs that the run linked. */
export class TierWatch {
  readonly compile: CompileSetting | null;
  /** Why a tier that was asked for is not used, in a line. */
  readonly note: string | null;
  readonly #linked: { readonly part: string | null; readonly program: LinkedProgram }[] = [];

  constructor(compile: CompileSetting | null, note: string | null = null) {
    this.compile = compile;
    this.note = note;
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
