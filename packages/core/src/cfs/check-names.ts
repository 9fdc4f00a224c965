// Stages 3 to 8 of spec/formats.md 9.3: ids, kinds, recur signatures, callees. Each check returns
// the first place in document order that breaks its rule, or null.

import type { FailureCode } from "../diagnostic/codes.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { renderType } from "../encoding/index.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { ID_BYTES_MAX } from "./limits.ts";
import type { CfsItem, CfsTile } from "./model.ts";
import type { CfsShape } from "./read-shape.ts";
import { sameType } from "./same-type.ts";
import { walkSequence } from "./scope.ts";

const ID = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** One rule of 9.3 over the whole document. */
export type SchemaCheck = (cfs: CfsShape) => Failure | null;

/** A refusal of a document: `path` is the JSON pointer of the place. */
export function refusal(code: FailureCode, path: string, message: string): Failure {
  return failure(code, "load", `${path}: ${message}`, { path, format: "cfs" });
}

/** Stage 3: ids are well formed (1.2). */
export function checkIds(cfs: CfsShape): Failure | null {
  for (const tile of cfs.tiles) {
    if (!isId(tile.id)) return badId(`${tile.path}/id`, tile.id);
  }
  for (const sequence of cfs.sequences) {
    if (!isId(sequence.id)) return badId(`${sequence.path}/id`, sequence.id);
    for (const item of itemsOf(sequence)) {
      if (!isId(item.id)) return badId(`${item.path}/item_id`, item.id);
    }
  }
  return null;
}

/** Stage 4: one id names one thing. */
export function checkUnique(cfs: CfsShape): Failure | null {
  const seen = new Map<string, string>();
  for (const thing of [...cfs.tiles, ...cfs.sequences]) {
    const first = seen.get(thing.id);
    const path = `${thing.path}/id`;
    if (first !== undefined) {
      return refusal("E_DUPLICATE_ID", path, `the id "${thing.id}" is already used at ${first}`);
    }
    seen.set(thing.id, path);
  }
  return null;
}

/** Stage 5: kinds are known, and only recur tiles are called recursively (7). */
export function checkKinds(cfs: CfsShape): Failure | null {
  for (const { type, path } of cfs.tiles) {
    if (type === "iter" || type === "recur") continue;
    const message = `expected "iter" or "recur", found ${JSON.stringify(type)}`;
    return refusal("E_TILE_KIND_UNKNOWN", `${path}/type`, message);
  }
  for (const item of cfs.sequences.flatMap(itemsOf)) {
    if (!item.recursive) continue;
    const tile = item.kind === "tile" ? cfs.tileById.get(item.id) : undefined;
    // An unknown callee is the business of stage 7.
    if (tile?.type === "recur" || (item.kind === "tile" && tile === undefined)) continue;
    const message = `"${item.id}" is no recur tile and cannot be called recursively`;
    return refusal("E_TILE_KIND_UNKNOWN", `${item.path}/recursive`, message);
  }
  return null;
}

/** Stage 6: the recur contract (7.2). */
export function checkRecur(cfs: CfsShape): Failure | null {
  for (const tile of cfs.tiles) {
    const failed = tile.type === "recur" ? checkRecurTile(tile) : null;
    if (failed !== null) return failed;
  }
  return null;
}

function checkRecurTile(tile: CfsTile): Failure | null {
  const { path, inputs, outputs, inputTypes, outputType } = tile;
  if (inputs < 1) {
    return refusal("E_RECUR_SIGNATURE", `${path}/inputs`, "a recur tile has at least one input");
  }
  if (outputs !== inputs + 1) {
    const message = `expected ${inputs + 1} outputs (done and one per input), found ${outputs}`;
    return refusal("E_RECUR_SIGNATURE", `${path}/outputs`, message);
  }
  if (outputType === null) return null;
  const items = typeof outputType === "object" && "tuple" in outputType ? outputType.tuple : [];
  const fits =
    items.length === outputs &&
    items[0] === "bool" &&
    (inputTypes === null || inputTypes.every((type, i) => sameType(type, items[i + 1] ?? "unit")));
  if (fits) return null;
  const expected: TypeDescriptor = { tuple: ["bool", ...(inputTypes ?? items.slice(1))] };
  const message = `expected ${renderType(expected)}, found ${renderType(outputType)}`;
  return refusal("E_RECUR_SIGNATURE", `${path}/output_type`, message);
}

/** Stage 7: every callee exists. */
export function checkCallees(cfs: CfsShape): Failure | null {
  for (const item of cfs.sequences.flatMap(itemsOf)) {
    if (item.kind !== "tile" && item.kind !== "sequence") continue;
    if (cfs.tileById.has(item.id) || cfs.sequenceById.has(item.id)) continue;
    const message = `no tile or sequence is called "${item.id}"`;
    return refusal("E_UNKNOWN_CALLEE", `${item.path}/item_id`, message);
  }
  return null;
}

/** Stage 8: a call says truly whether it calls a tile or a sequence. */
export function checkItemTypes(cfs: CfsShape): Failure | null {
  for (const item of cfs.sequences.flatMap(itemsOf)) {
    if (item.kind !== "tile" && item.kind !== "sequence") continue;
    const actual = cfs.tileById.has(item.id) ? "tile" : "sequence";
    if (actual === item.kind) continue;
    const message = `"${item.id}" is a ${actual}, not a ${item.kind}`;
    return refusal("E_ITEM_TYPE_MISMATCH", `${item.path}/item_type`, message);
  }
  return null;
}

function itemsOf(sequence: Parameters<typeof walkSequence>[0]): CfsItem[] {
  const items: CfsItem[] = [];
  for (const visit of walkSequence(sequence)) if (visit.kind === "item") items.push(visit.item);
  return items;
}

function isId(text: string): boolean {
  // One byte per character: the pattern allows ASCII only.
  return text.length <= ID_BYTES_MAX && ID.test(text);
}

function badId(path: string, id: string): Failure {
  const message = `${JSON.stringify(id)} is no id: letters, digits and _, at most 128 bytes`;
  return refusal("E_BAD_ID", path, message);
}
