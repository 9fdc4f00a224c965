// Replaying whole runs: identical ones, and the first divergence with both sides.

import { failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err, ok } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import type { LoadedTile } from "./backend.ts";
import { type ReplayTile, replaySequence } from "./replay.ts";
import { openTrace } from "./testing/forge.ts";
import {
  CONTROL_CFS,
  CONTROL_TILES,
  COUNT_CFS,
  COUNT_TILES,
  cfsOf,
  failedWith,
  functionTile,
  HELLO_CFS,
  HELLO_TILES,
  hex,
  type RecordingOptions,
  recordRun,
  unwrap,
} from "./testing/worked-runs.ts";
import { machineOutcome } from "./tile-outcome.ts";

const HELLO: RecordingOptions = {
  cfs: HELLO_CFS,
  tiles: HELLO_TILES,
  inputs: [hex("06526173746572")],
};

function replayTiles(tiles: readonly LoadedTile[]): (id: string) => ReplayTile | undefined {
  return (id) => {
    const tile = tiles.find((candidate) => candidate.id === id);
    if (tile === undefined) return undefined;
    return {
      code: tile.code,
      execute: async (input) => {
        const result = await tile.execute(input);
        return result.ok ? ok(machineOutcome(result.value)) : result;
      },
    };
  };
}

async function eventsOf(run: RecordingOptions): Promise<readonly TraceEvent[]> {
  return openTrace((await recordRun(run)).trace).events;
}

describe("replaySequence", () => {
  const failing = functionTile("greet", HELLO_TILES[0]?.code ?? hex(""), () =>
    failedWith("E_TILE_FAILED", hex("0178")),
  );
  const runs: readonly (RecordingOptions & { readonly name: string; readonly steps: number })[] = [
    { ...HELLO, name: "hello", steps: 2 },
    { name: "count", cfs: COUNT_CFS, tiles: COUNT_TILES, inputs: [hex("0003")], steps: 4 },
    { name: "control", cfs: CONTROL_CFS, tiles: CONTROL_TILES, inputs: [hex("04")], steps: 9 },
    { name: "limit", cfs: CONTROL_CFS, tiles: CONTROL_TILES, inputs: [hex("16")], steps: 21 },
    { ...HELLO, name: "failed", tiles: [failing, ...HELLO_TILES.slice(1)], steps: 1 },
  ];

  it.each(runs)("$name: the same run again", async (run) => {
    const events = await eventsOf(run);
    const tiles = replayTiles(run.tiles);
    const verdict = await replaySequence({ events, cfs: cfsOf(run.cfs), tiles });
    expect(unwrap(verdict)).toEqual({ kind: "identical", steps: run.steps });
  });

  it("finds the first record that another program makes", async () => {
    const events = await eventsOf(HELLO);
    const loud = functionTile("exclaim", HELLO_TILES[1]?.code ?? hex(""), () => hex("0121"));
    const tiles = replayTiles([...HELLO_TILES.slice(0, 1), loud]);
    const verdict = unwrap(await replaySequence({ events, cfs: cfsOf(HELLO_CFS), tiles }));
    expect(verdict).toMatchObject({ kind: "diverged", leafIndex: 2, tileId: "exclaim", path: "1" });
    if (verdict.kind !== "diverged") return;
    const outputs = [verdict.recorded, verdict.replayed].map((record) =>
      record?.kind === "Tile" && record.outcome.kind === "Ok"
        ? toHex(record.outcome.outputDigest).slice(0, 8)
        : null,
    );
    expect(outputs[0]).toBe("b8e38847");
    expect(outputs[1]).not.toBe(outputs[0]);
  });

  it("finds other code, though it does the same", async () => {
    const events = await eventsOf(HELLO);
    const tiles = replayTiles(
      HELLO_TILES.map((tile) => ({ ...tile, code: new Uint8Array(32).fill(3) })),
    );
    const verdict = await replaySequence({ events, cfs: cfsOf(HELLO_CFS), tiles });
    expect(unwrap(verdict)).toMatchObject({ kind: "diverged", leafIndex: 1, tileId: "greet" });
  });

  it("finds where a trace ends too early, or goes on", async () => {
    const events = await eventsOf(HELLO);
    const options = { cfs: cfsOf(HELLO_CFS), tiles: replayTiles(HELLO_TILES) };
    const cut = await replaySequence({ ...options, events: events.slice(0, 5) });
    expect(unwrap(cut)).toMatchObject({
      kind: "diverged",
      leafIndex: 2,
      recorded: null,
      replayed: { kind: "Tile", tileId: "exclaim" },
    });
    const longer = await replaySequence({ ...options, events: [...events, ...events.slice(2, 5)] });
    expect(unwrap(longer)).toMatchObject({
      kind: "diverged",
      leafIndex: 4,
      recorded: { kind: "Tile", tileId: "greet" },
      replayed: null,
    });
  });

  it.each([
    "E_TRAP_FUEL",
    "E_TRAP_MEMORY",
    "E_TRAP_STACK",
  ] as const)("cannot tell of %s within limits that the run did not have", async (code) => {
    const events = await eventsOf(HELLO);
    const limited = functionTile("greet", HELLO_TILES[0]?.code ?? hex(""), () =>
      failedWith(code, hex("")),
    );
    const free = replayTiles([limited, ...HELLO_TILES.slice(1)]);
    const tiles = (id: string): ReplayTile | undefined => {
      const tile = free(id);
      return tile === undefined ? tile : { ...tile, isConfined: true };
    };
    const cfs = cfsOf(HELLO_CFS);
    const confined = await replaySequence({ events, cfs, tiles });
    expect(confined).toMatchObject({ ok: false, error: { code: "E_VERIFY_HOST" } });
    const same = await replaySequence({ events, cfs, tiles: free });
    expect(unwrap(same)).toMatchObject({ kind: "diverged", leafIndex: 1 });
  });

  it("says when it could not replay", async () => {
    const options = { cfs: cfsOf(HELLO_CFS), tiles: replayTiles(HELLO_TILES) };
    const digests = await eventsOf({ ...HELLO, io: "Digest" });
    expect(await replaySequence({ ...options, events: digests })).toMatchObject({
      ok: false,
      error: { code: "E_MISSING_VALUE" },
    });
    const inputOf = (): Uint8Array => hex("06526173746572");
    expect(unwrap(await replaySequence({ ...options, events: digests, inputOf })).kind).toBe(
      "identical",
    );
    const events = await eventsOf(HELLO);
    expect(await replaySequence({ ...options, events, tiles: () => undefined })).toMatchObject({
      ok: false,
      error: { code: "E_TILE_NOT_FOUND" },
    });
    expect(await replaySequence({ ...options, events: [] })).toMatchObject({
      ok: false,
      error: { code: "E_MALFORMED" },
    });
    const broken = (): ReplayTile => ({
      code: new Uint8Array(32),
      execute: () => err(failure("E_VERIFY_HOST", "execute", "no worker")),
    });
    expect(await replaySequence({ ...options, events, tiles: broken })).toMatchObject({
      ok: false,
      error: { code: "E_VERIFY_HOST" },
    });
  });
});
