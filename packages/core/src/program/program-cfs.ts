// The control flow schema of a program (spec/formats.md 9): its tiles as the schema knows them, and
// its sequences.

import type { CfsDocument, SequenceDocument, TileDocument } from "../cfs/index.ts";
import { toHex } from "../hash/index.ts";
import type { TileEntry } from "./program.ts";

/** What a schema is made of. `tiles` and `sequences` ascend by id. */
export interface SchemaParts {
  readonly project: string;
  readonly tiles: readonly TileEntry[];
  readonly sequences: readonly SequenceDocument[];
}

/** The schema of a program; its entry is the sequence `main`, if there is one (11.1). */
export function programCfs({ project, tiles, sequences }: SchemaParts): CfsDocument {
  return {
    project,
    encoding: "postcard",
    tiles: tiles.map(tileDocument),
    sequences,
    ...(sequences.some((s) => s.id === "main") ? { entry: "main" } : {}),
  };
}

function tileDocument(tile: TileEntry): TileDocument {
  return {
    id: tile.id,
    type: tile.kind,
    inputs: tile.params.length,
    outputs: outputCount(tile),
    input_types: tile.params.map((p) => p.type),
    output_type: tile.output,
    ...(tile.error === null ? {} : { error_type: tile.error }),
    input_names: tile.params.map((p) => p.name),
    ...(tile.maxIterations === null ? {} : { max_iterations: tile.maxIterations }),
    ...(tile.description === null ? {} : { description: tile.description }),
    code: toHex(tile.code),
  };
}

/** Number of outputs (6): 0 for unit, n for a tuple of n items, else 1. */
function outputCount({ output }: TileEntry): number {
  if (output === "unit") return 0;
  return typeof output === "object" && "tuple" in output ? output.tuple.length : 1;
}
