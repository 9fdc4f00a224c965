// What a run of a tile is expected to take (spec/formats.md 21.1).

import type { ResourceEstimate, TileMetadata } from "./backend.ts";

/** What the author of a tile says, or that nobody knows. */
export function declaredEstimate({ estimatedCycles, maxMemory }: TileMetadata): ResourceEstimate {
  const isDeclared = estimatedCycles !== null || maxMemory !== null;
  const source = isDeclared ? "declared" : "none";
  return { cycles: estimatedCycles, memoryBytes: maxMemory, source, lowerBound: false };
}
