// For tests: runs of a loop of any length, honest or with one lie, made record by record without a
// file. The liar goes on from his lie, so that everything behind it fits.

import { type Machine, startRun, type TileOutcome } from "@lumen/core/cfs";
import { encodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { ok, required } from "@lumen/core/result";
import type { RecordedLeaf } from "../evidence/follow.ts";
import type { ExecuteStep } from "../verify/index.ts";
import { schemaOfRun } from "./evidence-runs.ts";
import { PROGRAM_ID } from "./verify-runs.ts";
import { functionTile, type RecordingOptions, unwrap } from "./worked-runs.ts";

/** Two tiles in a `while` loop: is the counter below its goal, and one more. */
export function countingLoop(rounds: number): RecordingOptions {
  const bool = { input_types: ["u64"], output_type: "bool" };
  const step = { input_types: ["u64"], output_type: "u64" };
  const state = [{ source: { type: "loop_state", input_index: 0 } }];
  const output = { source: { type: "item_output", item_index: 0, output_index: 0 } };
  const cfs = {
    version: "1.1",
    project: "counting",
    encoding: "postcard",
    tiles: [
      { id: "less", type: "iter", inputs: 1, outputs: 1, ...bool },
      { id: "more", type: "iter", inputs: 1, outputs: 1, ...step },
    ],
    sequences: [
      {
        id: "main",
        input_sources: [{ source: { type: "external" } }],
        input_types: ["u64"],
        items: [
          {
            item_type: "loop",
            item_id: "l0",
            mode: "while",
            input_sources: [{ source: { type: "seq_input", input_index: 0 } }],
            head: {
              items: [{ item_type: "tile", item_id: "less", input_sources: state }],
              condition: output,
            },
            body: {
              items: [{ item_type: "tile", item_id: "more", input_sources: state }],
              next: [output],
            },
            max_iterations: 2 * rounds,
            outputs: 1,
          },
        ],
        output,
        outputs: 1,
      },
    ],
  };
  const tiles = [
    functionTile("less", new Uint8Array(32).fill(1), (n) =>
      Uint8Array.of(numberOf(n) < rounds ? 1 : 0),
    ),
    functionTile("more", new Uint8Array(32).fill(2), (n) => u64(numberOf(n) + 1)),
  ];
  return { cfs, tiles, inputs: [u64(0)] };
}

/** The leaves of a run that lies at step `lieAt` (from 0; null for an honest one). */
export function* leavesOfLoop(
  options: RecordingOptions,
  lieAt: number | null,
): Generator<RecordedLeaf, void> {
  const machine = unwrap(startRun(schemaOfRun(options), options.inputs));
  const input = encodeWith(wire.list(wire.bytes), options.inputs);
  const genesis = machine.genesisRecord(PROGRAM_ID, options.inputs.map(valueDigest));
  yield { record: genesis, input, output: null };
  for (;;) {
    const leaf = nextLeaf(machine, options, lieAt);
    if (leaf === null) break;
    yield leaf;
  }
  const final = required(machine.finalRecord(), "the run is over");
  yield { record: final, input: null, output: null };
}

function nextLeaf(
  machine: Machine,
  { tiles }: RecordingOptions,
  lieAt: number | null,
): RecordedLeaf | null {
  const next = unwrap(machine.next());
  if (next.kind !== "tile") return null;
  const input = required(next.inputBytes, "a runner knows every input");
  const tile = required(
    tiles.find(({ id }) => id === next.tile.id),
    "the tile is known",
  );
  const lies = machine.steps === lieAt;
  const output = tile.id === "less" ? lessOf(tiles, input) : u64(numberOf(input) + 1);
  const outcome: TileOutcome = { kind: "Ok", output: lies ? lieOf(tile.id, output) : output };
  const record = unwrap(machine.applyOutcome(outcome, tile.code));
  return { record, input, output: outcome.output };
}

function lessOf(tiles: RecordingOptions["tiles"], input: Uint8Array): Uint8Array {
  const ran = required(tiles[0], "there are tiles").execute(input);
  if (ran instanceof Promise || !ran.ok || ran.value.kind !== "finished")
    throw new Error("these tiles answer at once");
  return ran.value.output;
}

/** Something else: the loop ends, or the counter has jumped back by one. */
function lieOf(tile: string, output: Uint8Array): Uint8Array {
  return tile === "less" ? Uint8Array.of(1 - (output[0] ?? 0)) : u64(numberOf(output) - 1);
}

/** Runs the tiles of the loop. */
export function executeLoop({ tiles }: RecordingOptions, count: () => void): ExecuteStep {
  return ({ tileId, input }) => {
    count();
    const output = tileId === "less" ? lessOf(tiles, input) : u64(numberOf(input) + 1);
    const how = { mode: "estimate", cycles: null, receipt: null, verified: null } as const;
    return ok({ outcome: { kind: "Ok", output }, ...how });
  };
}

function u64(value: number): Uint8Array {
  return encodeWith(wire.safeU64, value);
}

function numberOf(bytes: Uint8Array): number {
  let value = 0;
  for (const [i, byte] of bytes.entries()) value += (byte % 128) * 128 ** i;
  return value;
}
