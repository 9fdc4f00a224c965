// What is read off schemas: the two worked ones of the spec.
import { readFileSync } from "node:fs";
import { type Cfs, readCfs } from "@lumen/core/cfs";
import { DEFAULT_BOUND } from "@lumen/core/commit";
import { describe, expect, it } from "vitest";
import { adjacentTiles, iterationBounds } from "./schema-facts.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

function cfsOf(document: unknown): Cfs {
  const read = readCfs(document);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const tile = (id: string): object => ({ id, type: "iter", inputs: 1, outputs: 1 });
const external = { source: { type: "external" } };
const input = { source: { type: "seq_input", input_index: 0 } };
const output = { source: { type: "item_output", item_index: 0, output_index: 0 } };
const call = (id: string, ...args: readonly object[]): object => ({
  item_type: "tile",
  item_id: id,
  input_sources: args,
});

function flow(tiles: readonly object[], items: readonly object[]): Cfs {
  const main = { id: "main", input_sources: [external], items };
  const head = { version: "1.0", project: "t", encoding: "postcard" };
  return cfsOf({ ...head, tiles, sequences: [main] });
}

describe("iteration bounds", () => {
  it("default where neither call nor tile states one", () => {
    const cfs = cfsOf(worked.recur.cfs);
    const stated = cfs.tileById.get("count_to")?.maxIterations ?? null;
    const expected = stated ?? DEFAULT_BOUND;
    expect(iterationBounds(cfs)).toEqual(new Map([["count_to", expected]]));
  });

  it("are those of the call before those of the tile, the largest of several", () => {
    const recur = { id: "r", type: "recur", inputs: 1, outputs: 2, max_iterations: 5 };
    const loop = { ...call("r", input), recursive: true };
    expect(iterationBounds(flow([recur], [loop]))).toEqual(new Map([["r", 5]]));
    const own = { ...loop, max_iterations: 3 };
    expect(iterationBounds(flow([recur], [own]))).toEqual(new Map([["r", 3]]));
    expect(iterationBounds(flow([recur], [own, loop]))).toEqual(new Map([["r", 5]]));
  });

  it("are those of the tile where only cells call it", () => {
    const recur = { id: "r", type: "recur", inputs: 1, outputs: 2, max_iterations: 7 };
    expect(iterationBounds(flow([recur], []))).toEqual(new Map([["r", 7]]));
  });
});

describe("adjacent tiles", () => {
  it("hand their whole output on as the only argument", () => {
    const chain = flow([tile("a"), tile("b")], [call("a", input), call("b", output)]);
    expect(adjacentTiles(chain)).toEqual(new Map([["a", new Set(["b"])]]));
  });

  it("are not those with another argument, or with a part of the output", () => {
    const two = { id: "b", type: "iter", inputs: 2, outputs: 1 };
    const mixed = flow([tile("a"), two], [call("a", input), call("b", output, input)]);
    expect(adjacentTiles(mixed).size).toBe(0);
    const pair = { id: "a", type: "iter", inputs: 1, outputs: 2 };
    const part = flow([pair, tile("b")], [call("a", input), call("b", output)]);
    expect(adjacentTiles(part).size).toBe(0);
  });

  it("are found inside branches and loops", () => {
    // In the worked program no block hands a tile's output to another tile as its only argument,
    // but for the condition; walking it must not fail.
    expect(adjacentTiles(cfsOf(worked.control.cfs)).size).toBe(0);
  });
});
