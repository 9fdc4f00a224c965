// The tiles of generated programs, as JavaScript functions on wire bytes.

import type { TileDocument } from "@lumen/core/cfs";
import { codeDigest, methodId } from "@lumen/core/commit";
import { decodeWith, encodeWith, type WireCodec, wire } from "@lumen/core/encoding";
import { concatBytes, utf8Encode } from "@lumen/core/hash";
import { ok } from "@lumen/core/result";
import type { LoadedTile, TileResult } from "@lumen/raster";

type Kind = "i64" | "bool" | "list" | "climbed";

interface TileSpec {
  readonly inputs: readonly ("i64" | "list")[];
  readonly output: Kind;
  /** Wire bytes of the output; null: the tile fails with the bytes of its input as error. */
  readonly run: (input: Uint8Array) => Uint8Array | null;
}

const pair = wire.record<{ readonly a: number | bigint; readonly b: number | bigint }>({
  a: wire.i64,
  b: wire.i64,
});
const list = wire.list(wire.i64);

function read<T>(codec: WireCodec<T>, bytes: Uint8Array): T {
  const decoded = decodeWith(codec, bytes);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

const int = (bytes: Uint8Array): number => Number(read(wire.i64, bytes));
const ofInt = (value: number): Uint8Array => encodeWith(wire.i64, value);
const ofBool = (value: boolean): Uint8Array => Uint8Array.of(value ? 1 : 0);

/** Small numbers stay small, whatever is composed of them. */
const small = (value: number): number => ((value % 97) + 97) % 97;

const SPECS: { readonly [id: string]: TileSpec } = {
  climb: {
    inputs: ["i64"],
    output: "climbed",
    run: (n) => concatBytes(ofBool(int(n) % 4 === 3), ofInt(int(n) + 1)),
  },
  even: { inputs: ["i64"], output: "bool", run: (n) => ofBool(int(n) % 2 === 0) },
  few: { inputs: ["i64"], output: "i64", run: (n) => ofInt(small(int(n)) % 4) },
  inc: { inputs: ["i64"], output: "i64", run: (n) => ofInt(small(int(n) * 3 + 1)) },
  less: { inputs: ["i64"], output: "i64", run: (n) => ofInt(int(n) - 1) },
  positive: { inputs: ["i64"], output: "bool", run: (n) => ofBool(int(n) > 0) },
  risky: {
    inputs: ["i64"],
    output: "i64",
    run: (n) => (small(int(n)) % 11 === 10 ? null : ofInt(small(int(n) + 5))),
  },
  sub: {
    inputs: ["i64", "i64"],
    output: "i64",
    run: (both) => {
      const { a, b } = read(pair, both);
      return ofInt(small(Number(a) - Number(b)));
    },
  },
  total: {
    inputs: ["list"],
    output: "i64",
    run: (all) => ofInt(small(read(list, all).reduce<number>((sum, n) => sum + Number(n), 0))),
  },
};

const TYPES = {
  i64: "i64",
  bool: "bool",
  list: { list: "i64" },
  climbed: { tuple: ["bool", "i64"] },
} as const;

/** The tiles of a schema, ascending by id. */
export const TILE_DOCUMENTS: readonly TileDocument[] = Object.entries(SPECS).map(([id, spec]) => ({
  id,
  type: spec.output === "climbed" ? "recur" : "iter",
  inputs: spec.inputs.length,
  outputs: spec.output === "climbed" ? 2 : 1,
  input_types: spec.inputs.map((kind) => TYPES[kind]),
  output_type: TYPES[spec.output],
  ...(id === "risky" ? { error_type: "i64" as const } : {}),
}));

/** Ids of the tiles that take one number and give one. */
export const NUMBER_TILES = ["few", "inc", "less", "risky"] as const;

/** A tile ready to run; `lie` may replace an output, which the run then goes on with. */
export function tileOf(
  id: string,
  lie: (tileId: string, output: Uint8Array) => Uint8Array = (_id, output) => output,
): LoadedTile | undefined {
  const spec = Object.hasOwn(SPECS, id) ? SPECS[id] : undefined;
  if (spec === undefined) return undefined;
  return {
    id,
    code: codeDigest(utf8Encode(`guest:${id}`)),
    backend: "native",
    methodId: methodId("native", utf8Encode(`guest:${id}`)),
    execute: (input) => {
      const output = spec.run(input);
      return ok(output === null ? failed(input) : finished(lie(id, output)));
    },
  };
}

function finished(output: Uint8Array): TileResult {
  return { kind: "finished", output, cycles: null, proof: null };
}

function failed(error: Uint8Array): TileResult {
  const failure = { code: "E_TILE_FAILED", error, message: "risky", stack: [] } as const;
  return { kind: "failed", failure, cycles: null };
}

/** Another output of the same type. */
export function otherOutput(id: string, output: Uint8Array): Uint8Array {
  const kind = SPECS[id]?.output ?? "i64";
  if (kind === "bool") return Uint8Array.of(1 - (output[0] ?? 0));
  if (kind === "climbed")
    return concatBytes(output.subarray(0, 1), ofInt(int(output.subarray(1)) + 4));
  return ofInt(small(int(output) + 1));
}
