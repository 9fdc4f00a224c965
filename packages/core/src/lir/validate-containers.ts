// Rules of the opcodes of lists, tuples, sets, maps, iterators and places (lir.md 8, clause 4).

import type { LirType, TypeIndex } from "./types.ts";
import {
  firstOf,
  flows,
  isKind,
  listAt,
  numberAt,
  registerType,
  type Site,
  shapeOf,
  typeAt,
  typesAt,
  typeText,
  yields,
} from "./validate-site.ts";

type Kind<K extends LirType["kind"]> = Extract<LirType, { kind: K }>;

/** Runs a rule on the type of an operand when it is of this kind, and complains otherwise. */
function withKind<K extends LirType["kind"]>(
  site: Site,
  operand: number,
  kind: K,
  rule: (type: Kind<K>) => string | null,
): string | null {
  const type = shapeOf(site, typeAt(site, operand));
  return hasKind(type, kind) ? rule(type) : isKind(site, operand, kind);
}

function hasKind<K extends LirType["kind"]>(type: LirType, kind: K): type is Kind<K> {
  return type.kind === kind;
}

function eachFlows(
  site: Site,
  parts: readonly TypeIndex[],
  to: (position: number) => TypeIndex,
): string | null {
  for (const [i, part] of parts.entries()) {
    const text = flows(site, part, to(i), `part ${i + 1}`);
    if (text !== null) return text;
  }
  return null;
}

/** `list_new w R` */
export function checkListNew(site: Site): string | null {
  return withKind(site, 0, "list", ({ item }) => eachFlows(site, typesAt(site, 1), () => item));
}

/** `set_new w R` */
export function checkSetNew(site: Site): string | null {
  return withKind(site, 0, "set", ({ item }) => eachFlows(site, typesAt(site, 1), () => item));
}

/** `map_new w R`: keys and values alternate. */
export function checkMapNew(site: Site): string | null {
  const parts = typesAt(site, 1);
  if (parts.length % 2 !== 0) return "a key has no value";
  return withKind(site, 0, "map", ({ key, value }) =>
    eachFlows(site, parts, (i) => (i % 2 === 0 ? key : value)),
  );
}

/** `tuple_new w R` */
export function checkTupleNew(site: Site): string | null {
  const parts = typesAt(site, 1);
  return withKind(site, 0, "tuple", ({ items }) =>
    items.length === parts.length
      ? eachFlows(site, parts, (i) => items[i] ?? -1)
      : `${parts.length} parts for a tuple of ${items.length}`,
  );
}

/** `tuple_get w r i` */
export function checkTupleGet(site: Site): string | null {
  return withKind(site, 1, "tuple", ({ items }) => {
    const item = items[numberAt(site, 2)];
    if (item === undefined) return `the tuple has no component ${numberAt(site, 2)}`;
    return flows(site, item, typeAt(site, 0), "the component");
  });
}

/** `list_get w r r` */
export function checkListGet(site: Site): string | null {
  return withKind(site, 1, "list", ({ item }) =>
    firstOf(
      () => isKind(site, 2, "int"),
      () => flows(site, item, typeAt(site, 0), "the item"),
    ),
  );
}

/** `list_append w r r`: the list keeps its type or widens, the item fits the result. */
export function checkListAppend(site: Site): string | null {
  return withKind(site, 0, "list", ({ item }) =>
    firstOf(
      () => isKind(site, 1, "list"),
      () => flows(site, typeAt(site, 1), typeAt(site, 0), "the list"),
      () => flows(site, typeAt(site, 2), item, "the item"),
    ),
  );
}

/** `list_concat w r r` */
export function checkListConcat(site: Site): string | null {
  return firstOf(
    () => isKind(site, 0, "list"),
    () => isKind(site, 1, "list"),
    () => isKind(site, 2, "list"),
    () => flows(site, typeAt(site, 1), typeAt(site, 0), "the left list"),
    () => flows(site, typeAt(site, 2), typeAt(site, 0), "the right list"),
  );
}

/** `list_range w r r r i` */
export function checkListRange(site: Site): string | null {
  return withKind(site, 0, "list", ({ item }) =>
    firstOf(...[1, 2, 3].map((operand) => () => isKind(site, operand, "int")), () =>
      site.context.relations.holds("int", item)
        ? null
        : `a range gives Ints, the list holds ${typeText(site, item)}`,
    ),
  );
}

const SLICED: readonly string[] = ["list", "string", "bytes", "any", "json", "union", "option"];

/** `slice w r r r`: the part has the type of the whole. */
export function checkSlice(site: Site): string | null {
  const whole = typeAt(site, 1);
  if (!SLICED.includes(shapeOf(site, whole).kind)) return `slice of a ${typeText(site, whole)}`;
  return firstOf(
    () => isKind(site, 2, "int"),
    () => isKind(site, 3, "int"),
    () => flows(site, whole, typeAt(site, 0), "the slice"),
  );
}

/** `map_get w r r`: the value of the key, or null. */
export function checkMapGet(site: Site): string | null {
  return withKind(site, 1, "map", ({ key, value }) =>
    firstOf(
      () => flows(site, typeAt(site, 2), key, "the key"),
      () => flows(site, value, typeAt(site, 0), "the value"),
      () => yields(site, "null"),
    ),
  );
}

const ITERATED: readonly string[] = "list set tuple string map any json union option".split(" ");
const ITERATED_OPAQUE: readonly string[] = ["Generator", "Receiver"];

/** `iter_new w r`: the register may be `any`, or an `Iterator` of what the iterable gives. */
export function checkIterNew(site: Site): string | null {
  const source = typeAt(site, 1);
  const type = shapeOf(site, source);
  const inMachine = type.kind === "opaque" && ITERATED_OPAQUE.includes(type.name);
  if (!ITERATED.includes(type.kind) && !inMachine)
    return `no iteration over ${typeText(site, source)}`;
  return checkIterator(site, () => {
    if (type.kind === "list" || type.kind === "set") return [type.item];
    if (inMachine) return type.args;
    return type.kind === "map" ? [type.key] : type.kind === "tuple" ? type.items : null;
  });
}

/** `iter_entries w r`: the items are tuples of key and value. */
export function checkIterEntries(site: Site): string | null {
  const source = typeAt(site, 1);
  const { kind } = shapeOf(site, source);
  if (!["map", "any", "json"].includes(kind)) return `no entries of a ${typeText(site, source)}`;
  return checkIterator(site, () => null);
}

/** The written register is `any`, or an `Iterator` whose items take these types. */
function checkIterator(site: Site, items: () => readonly TypeIndex[] | null): string | null {
  const target = typeAt(site, 0);
  const type = shapeOf(site, target);
  if (type.kind === "any") return null;
  const item = type.kind === "opaque" && type.name === "Iterator" ? type.args[0] : undefined;
  if (item === undefined) return `an iterator does not fit ${typeText(site, target)}`;
  const given = items();
  if (given !== null) return eachFlows(site, given, () => item);
  return shapeOf(site, item).kind === "any" ? null : "the items of the iterator have type any";
}

/** `iter_next w r j` */
export function checkIterNext(site: Site): string | null {
  const source = typeAt(site, 1);
  const type = shapeOf(site, source);
  if (type.kind === "any") return yields(site, "any");
  const iterated = type.kind === "opaque" && ["Iterator", "Generator"].includes(type.name);
  const item = iterated ? type.args[0] : undefined;
  if (item === undefined) return `${typeText(site, source)} is not an iterator`;
  return flows(site, item, typeAt(site, 0), "the item");
}

/** `place_set w r p r`: the type of the whole stays, the new part fits at its place. */
export function checkPlaceSet(site: Site): string | null {
  const path = listAt(site, 2);
  const part = placeType(site, typeAt(site, 1), path);
  if (typeof part === "string") return part;
  return firstOf(
    () => flows(site, typeAt(site, 1), typeAt(site, 0), "the whole"),
    () => (part === null ? null : flows(site, typeAt(site, 3), part, "the new part")),
  );
}

/** Type at the end of a path; null where only the run knows; a text where there is no such part. */
function placeType(
  site: Site,
  whole: TypeIndex,
  path: readonly number[],
): TypeIndex | null | string {
  let at: TypeIndex | null = whole;
  for (let i = 0; i < path.length && at !== null; i += 2) {
    const found = stepType(site, at, path[i] ?? -1, path[i + 1] ?? -1);
    if (typeof found === "string") return found;
    at = found;
  }
  return at;
}

function stepType(
  site: Site,
  at: TypeIndex,
  kind: number,
  operand: number,
): TypeIndex | null | string {
  const type = shapeOf(site, at);
  const missing = `${typeText(site, at)} has no part of path kind ${kind}`;
  if (["any", "json", "union", "option"].includes(type.kind)) return null;
  switch (kind) {
    case 0:
      return indexedType(site, type, registerType(site, operand)) ?? missing;
    case 1:
      return (type.kind === "record" ? type.fields[operand]?.type : undefined) ?? missing;
    case 2:
      return (type.kind === "tuple" ? type.items[operand] : undefined) ?? missing;
    default:
      return namedPart(site, type, operand) ?? missing;
  }
}

function indexedType(site: Site, type: LirType, index: TypeIndex): TypeIndex | null {
  const { relations } = site.context;
  if (type.kind === "list") return shapeOf(site, index).kind === "int" ? type.item : null;
  return type.kind === "map" && relations.isSubtype(index, type.key) ? type.value : null;
}

function namedPart(site: Site, type: LirType, constant: number): TypeIndex | null {
  if (type.kind === "map") return type.value;
  const name = site.context.module.constants[constant];
  if (type.kind !== "record" || name?.kind !== "string") return null;
  return type.fields.find((field) => field.name === name.value)?.type ?? null;
}
