// For tests: recorded runs as leaves with their tree, and evidence about them.

import { compileSchema, type Schema } from "@lumen/core/cfs";
import {
  leafOf,
  MerkleTree,
  readFraudProof,
  readWindow,
  type WindowDocument,
  writeFraudProof,
  writeWindow,
} from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result, required } from "@lumen/core/result";
import type { LoadedTile } from "../backend.ts";
import type { RecordedLeaf } from "../evidence/follow.ts";
import { FraudProver, type ProvenFraud } from "../evidence/fraud-prover.ts";
import { type PartyTrace, treeParty } from "../evidence/tree-party.ts";
import { type StepRange, WindowBuilder } from "../evidence/window-builder.ts";
import { machineOutcome } from "../tile-outcome.ts";
import type { DisputeParty, ExecuteStep, FraudMaterial } from "../verify/index.ts";
import { type OpenedTrace, openTrace } from "./forge.ts";
import { RUNS } from "./sequence-forgeries.ts";
import { PROGRAM_ID } from "./verify-runs.ts";
import { cfsOf, type RecordingOptions, recordRun, unwrap } from "./worked-runs.ts";

const I64_TILE = { input_types: ["i64"], output_type: "i64" };
const TEST_TILE = { input_types: ["i64"], output_type: "bool" };
const SIGNATURES: { readonly [tile: string]: object } = {
  add: { input_types: ["i64", "i64"], output_type: "i64" },
  dec: I64_TILE,
  is_zero: TEST_TILE,
  nonzero: TEST_TILE,
  plus10: I64_TILE,
};

/**
 * The worked program of 23.7 with types: a collected list can be checked only where its type is
 * known.
 */
export const TYPED_CONTROL: RecordingOptions = { ...RUNS.control, cfs: typedCfs(RUNS.control.cfs) };

function typedCfs(document: unknown): unknown {
  const cfs = structuredClone(document) as { tiles: { id: string }[] };
  for (const tile of cfs.tiles) Object.assign(tile, SIGNATURES[tile.id]);
  return cfs;
}

/** A run as evidence sees it. */
export interface EvidenceRun {
  readonly leaves: readonly RecordedLeaf[];
  readonly tree: MerkleTree;
  readonly schemaHash: Uint8Array;
}

/** The leaves of a trace. */
export function leavesOf({ events }: OpenedTrace): EvidenceRun {
  const leaves = events.flatMap((event) => (event.kind === "TileStep" ? [event] : []));
  return runOf(leaves);
}

/** A run of these leaves, whatever they say. */
export function runOf(leaves: readonly RecordedLeaf[]): EvidenceRun {
  const tree = new MerkleTree();
  for (const { record } of leaves) tree.push(leafOf(record));
  const first = required(leaves[0], "a run has leaves").record;
  if (first.kind !== "Genesis") throw new Error("a run begins with Genesis");
  return { leaves, tree, schemaHash: first.schemaHash };
}

/** Records a run whose code is bound. */
export async function recordedRun(options: RecordingOptions): Promise<EvidenceRun> {
  const { trace } = await recordRun({ ...options, programId: PROGRAM_ID });
  return leavesOf(openTrace(trace));
}

/** The schema of a run. */
export function schemaOfRun({ cfs }: RecordingOptions): Schema {
  const read = cfsOf(cfs);
  return unwrap(compileSchema(read));
}

/** What these tiles give; `count` is told of each execution. */
export function executing(tiles: readonly LoadedTile[], count?: () => void): ExecuteStep {
  return async ({ tileId, input }) => {
    count?.();
    const tile = required(
      tiles.find((candidate) => candidate.id === tileId),
      "the tile is known",
    );
    const ran = await tile.execute(input);
    if (!ran.ok) return ran;
    const cycles = ran.value.cycles;
    const how = { mode: "estimate", receipt: null, verified: null } as const;
    return ok({ outcome: machineOutcome(ran.value), cycles, ...how });
  };
}

/** What evidence about a run of this program is checked with. */
export function materialOf(
  { cfs, tiles }: RecordingOptions,
  more: Partial<FraudMaterial> = {},
): FraudMaterial {
  return {
    schema: cfs,
    codes: new Map(tiles.map((tile) => [tile.id, tile.code])),
    execute: executing(tiles),
    programId: PROGRAM_ID,
    cells: new Set(),
    commitment: null,
    declared: null,
    ...more,
  };
}

/** Cuts a window, through its text and back. */
export function windowOf(
  run: EvidenceRun,
  options: RecordingOptions,
  range: StepRange,
): Result<WindowDocument, Failure> {
  const { codes } = materialOf(options);
  const builder = new WindowBuilder(schemaOfRun(options), { tree: run.tree, range, codes });
  for (const leaf of run.leaves) {
    const taken = builder.take(leaf);
    if (!taken.ok) return taken;
  }
  const window = builder.finish();
  return window.ok ? readWindow(writeWindow(window.value), "window") : window;
}

/** Proves a leaf wrong, through its text and back. */
export async function fraudOf(
  run: EvidenceRun,
  args: { readonly schema: Schema | null; readonly leaf: number; readonly material: FraudMaterial },
): Promise<Result<ProvenFraud & { readonly text: string }, Failure>> {
  const { tree, schemaHash } = run;
  const trace = { tree, schemaHash, size: tree.size, root: tree.root() };
  const { schema, leaf, material } = args;
  const prover = new FraudProver(schema, { trace, leaf, material });
  for (const each of run.leaves) {
    const taken = prover.take(each);
    if (!taken.ok) return taken;
  }
  const proven = await prover.finish();
  if (!proven.ok) return proven;
  const text = writeFraudProof(proven.value.proof);
  unwrap(readFraudProof(text, "proof"));
  return ok({ ...proven.value, text });
}

/** The run as a party of a dispute. */
export function partyOf({ leaves, tree, schemaHash }: EvidenceRun): DisputeParty {
  const record: PartyTrace["record"] = (leaf) =>
    ok(required(leaves[leaf], "the party knows its leaves").record);
  return treeParty({ tree, schemaHash, record });
}
