// Sameness and subtyping of LIR types (lir.md 2): nominal for records and enums, by structure for
// the rest. Sameness is computed once for a table, by splitting classes until none splits further.

import { required } from "../result/result.ts";
import { mapParts } from "./map-parts.ts";
import { ANY_EFFECT, type LirType, type TypeIndex } from "./types.ts";

/** The relations between the types of one table, or of several tables put one after another. */
export interface TypeRelations {
  readonly types: readonly LirType[];
  readonly isSame: (a: TypeIndex, b: TypeIndex) => boolean;
  /** A value of `a` is a value of `b`. Types contain themselves through records and enums only. */
  readonly isSubtype: (a: TypeIndex, b: TypeIndex) => boolean;
  /** The values of a type without parts are values of `b`. */
  readonly holds: (a: ScalarKind, b: TypeIndex) => boolean;
}

/** Types without parts. */
export type ScalarKind = "any" | "null" | "bool" | "int" | "float" | "string" | "bytes" | "json";

/** The relations of a table. Indices must be in range. */
export function relationsOf(types: readonly LirType[]): TypeRelations {
  const classes = typeClasses(types);
  const at = (index: TypeIndex): LirType => required(types[index], "the type exists");
  const known = new Map<number, boolean>();
  const isSame = (a: TypeIndex, b: TypeIndex): boolean => classes[a] === classes[b];
  const isSubtype = (a: TypeIndex, b: TypeIndex): boolean => {
    if (isSame(a, b)) return true;
    const key = a * types.length + b;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const result = relate(relations, at(a), a, b);
    known.set(key, result);
    return result;
  };
  const relations: TypeRelations = {
    types,
    isSame,
    isSubtype,
    holds: (a, b) => relate(relations, { kind: a }, null, b),
  };
  return relations;
}

/** `aIndex` is null for a type without parts, which the table need not hold. */
function relate(
  x: TypeRelations,
  a: LirType,
  aIndex: TypeIndex | null,
  bIndex: TypeIndex,
): boolean {
  const b = required(x.types[bIndex], "the type exists");
  const fits = (to: TypeIndex): boolean =>
    aIndex === null ? relate(x, a, null, to) : x.isSubtype(aIndex, to);
  if (b.kind === "any") return true;
  if (a.kind === "option") return x.holds("null", bIndex) && x.isSubtype(a.item, bIndex);
  if (a.kind === "union") return a.members.every((m) => x.isSubtype(m, bIndex));
  switch (b.kind) {
    case "option":
      return a.kind === "null" || fits(b.item);
    case "union":
      return b.members.some(fits);
    case "json":
      return relateToJson(x, a, bIndex);
    default:
      return relateParts(x, a, b);
  }
}

const JSON_SCALARS: readonly string[] = ["json", "null", "bool", "int", "float", "string"];

function relateToJson(x: TypeRelations, a: LirType, json: TypeIndex): boolean {
  if (a.kind === "list") return x.isSubtype(a.item, json);
  if (a.kind === "map") return x.types[a.key]?.kind === "string" && x.isSubtype(a.value, json);
  return JSON_SCALARS.includes(a.kind);
}

function relateParts(x: TypeRelations, a: LirType, b: LirType): boolean {
  const all = (from: readonly TypeIndex[], to: readonly TypeIndex[]): boolean =>
    from.length === to.length && from.every((part, i) => x.isSubtype(part, to[i] ?? -1));
  switch (b.kind) {
    case "list":
    case "set":
      return a.kind === b.kind && x.isSubtype(a.item, b.item);
    case "map":
      return a.kind === "map" && all([a.key, a.value], [b.key, b.value]);
    case "tuple":
      return a.kind === "tuple" && all(a.items, b.items);
    case "result":
      return a.kind === "result" && all([a.ok, a.error], [b.ok, b.error]);
    case "opaque":
      return a.kind === "opaque" && a.name === b.name && all(a.args, b.args);
    case "fn":
      return a.kind === "fn" && relateFunctions(x, a, b);
    case "record":
    case "enum":
      return false;
    default:
      return a.kind === b.kind;
  }
}

type FnType = LirType & { kind: "fn" };

function relateFunctions(x: TypeRelations, a: FnType, b: FnType): boolean {
  if (a.params.length !== b.params.length) return false;
  const params = b.params.every((param, i) => x.isSubtype(param, a.params[i] ?? -1));
  const row = b.row.includes(ANY_EFFECT) || a.row.every((e) => b.row.includes(e));
  return params && row && x.isSubtype(a.result, b.result);
}

/** The parts of a type, in order. */
export function partsOf(type: LirType): readonly TypeIndex[] {
  const parts: TypeIndex[] = [];
  mapParts(type, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}

/**
 * A class number per type; equal numbers mean the same type, recursively. Splits classes by the
 * classes of the parts; the largest piece keeps its number (Hopcroft), so O(parts · log types).
 */
export function typeClasses(types: readonly LirType[]): readonly number[] {
  const parts = types.map(partsOf);
  const users = types.map((): number[] => []);
  parts.forEach((list, user) => {
    for (const part of list) users[part]?.push(user);
  });
  const classes: number[] = [];
  const members: number[][] = [];
  const first = new Map<string, number>();
  types.forEach((type, i) => {
    const key = JSON.stringify(mapParts(type, () => 0));
    const known = first.get(key) ?? members.length;
    first.set(key, known);
    if (known === members.length) members.push([]);
    members[known]?.push(i);
    classes.push(known);
  });
  let dirty = new Set(types.keys());
  while (dirty.size > 0 && members.length < types.length) {
    const signatures = new Map(
      [...dirty].map((i): [number, string] => [i, (parts[i] ?? []).map((p) => classes[p]).join()]),
    );
    const moved = splitClasses({ classes, members }, signatures);
    dirty = new Set(moved.flatMap((i) => users[i] ?? []));
  }
  return classes;
}

/** Splits every class that has members with different signatures; returns who got a new number. */
function splitClasses(
  partition: { readonly classes: number[]; readonly members: number[][] },
  signatures: ReadonlyMap<number, string>,
): readonly number[] {
  const { classes, members } = partition;
  const touched = new Map<number, Map<string, number[]>>();
  for (const [i, signature] of signatures) {
    const own = classes[i] ?? -1;
    const groups = touched.get(own) ?? new Map<string, number[]>();
    touched.set(own, groups);
    const group = groups.get(signature) ?? [];
    groups.set(signature, group);
    group.push(i);
  }
  const moved: number[] = [];
  for (const [own, groups] of touched) {
    const untouched = (members[own] ?? []).filter((i) => !signatures.has(i));
    const pieces = [untouched, ...groups.values()].filter((piece) => piece.length > 0);
    if (pieces.length === 1) continue;
    const largest = pieces.reduce((a, b) => (b.length > a.length ? b : a));
    members[own] = largest;
    for (const piece of pieces) {
      if (piece === largest) continue;
      for (const i of piece) classes[i] = members.length;
      members.push(piece);
      moved.push(...piece);
    }
  }
  return moved;
}
