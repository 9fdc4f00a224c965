// Native builtins of language 16.7 on the parts of any value: diff, patch, redact, validate.

import {
  compareValues,
  deeper,
  displayNested,
  equalValues,
  MapValue,
  makeList,
  makeRecord,
  mapEntries,
  mapFromEntries,
  mapGet,
  mapHas,
  mapRemove,
  mapSet,
  RecordValue,
  recordField,
  recordFields,
  share,
  typeName,
  type Value,
} from "@lumen/core/value";
import { keyOf } from "../containers/keys.ts";
import { shallowBytes } from "../memory.ts";
import { runtimeTrap } from "../trap.ts";
import { arg, entriesOf, itemsArg, type Native, type Natives, wrongKind } from "./native.ts";

/** A map with names as keys. */
function mapOf(parts: { readonly [name: string]: Value }): MapValue {
  return mapFromEntries(
    Object.entries(parts).map(([key, value]) => ({ key, value: share(value) })),
  );
}

/** How the parts of a value are named in a diff; null for values without named parts. */
function partName(value: Value): "key" | "field" | null {
  if (value instanceof MapValue) return "key";
  return value instanceof RecordValue ? "field" : null;
}

const diff: Native = (args) => {
  const [from, to] = [arg(args, 0), arg(args, 1)];
  if (equalValues(from, to)) return makeList([]);
  const name = partName(from);
  if (name === null || typeName(from) !== typeName(to)) return makeList([mapOf({ from, to })]);
  return makeList(changesOf(name, from, to));
};

/** One entry per part that differs, in key order. */
function changesOf(name: string, from: Value, to: Value): Value[] {
  const changes: { readonly key: Value; readonly entry: Value }[] = [];
  for (const { key, value } of entriesOf(from) ?? []) {
    const after = partOf(to, key);
    if (after === undefined) changes.push({ key, entry: mapOf({ [name]: key, removed: value }) });
    else if (!equalValues(value, after)) {
      changes.push({ key, entry: mapOf({ [name]: key, from: value, to: after }) });
    }
  }
  for (const { key, value } of entriesOf(to) ?? []) {
    const added = partOf(from, key) === undefined;
    if (added) changes.push({ key, entry: mapOf({ [name]: key, added: value }) });
  }
  return changes.sort((a, b) => compareValues(a.key, b.key)).map(({ entry }) => entry);
}

/** The value under a key or in a field; undefined where there is none. */
function partOf(value: Value, key: Value): Value | undefined {
  if (value instanceof MapValue) return mapGet(value, key);
  if (!(value instanceof RecordValue) || typeof key !== "string") return undefined;
  const at = value.shape.fields.indexOf(key);
  return at < 0 ? undefined : recordField(value, at);
}

const patch: Native = (args, memory) => {
  // The first change copies the whole.
  memory.charge(shallowBytes(arg(args, 0)));
  let value = share(arg(args, 0));
  itemsArg("patch", args, 1).forEach((entry, index) => {
    if (!(entry instanceof MapValue)) throw wrongKind("patch", "Map", entry);
    value = patched(value, entry, index);
  });
  return value;
};

/** The value with one entry of a diff applied. */
function patched(value: Value, entry: MapValue, index: number): Value {
  const removes = mapHas(entry, "removed");
  const target = mapHas(entry, "added") ? "added" : "to";
  if (!removes && !mapHas(entry, target)) {
    throw runtimeTrap(`patch: entry ${index} says neither to, nor added, nor removed`);
  }
  const name = partName(value);
  const whole = !mapHas(entry, "key") && !mapHas(entry, "field");
  if (whole && !removes) return share(mapGet(entry, "to") ?? null);
  if (name === null || !mapHas(entry, name)) {
    throw runtimeTrap(`patch: entry ${index} does not fit a value of kind ${typeName(value)}`);
  }
  const key = mapGet(entry, name) ?? null;
  return withPart(value, key, removes ? undefined : (mapGet(entry, target) ?? null));
}

/** The value with one part replaced, added, or (undefined) removed; a field becomes null. */
function withPart(value: Value, key: Value, part: Value | undefined): Value {
  if (value instanceof MapValue) {
    const hash = keyOf(key);
    return part === undefined
      ? mapRemove(value, key)
      : mapSet(value, share(key), share(part), hash);
  }
  if (!(value instanceof RecordValue) || partOf(value, key) === undefined) {
    throw runtimeTrap(`patch: ${typeName(value)} has no field ${displayNested(key)}`);
  }
  return recordWith(value, (field) => field === key, part ?? null);
}

function recordWith(
  record: RecordValue,
  chosen: (field: string) => boolean,
  part: Value,
): RecordValue {
  const { shape } = record;
  const changed = recordFields(record).map((old, i) =>
    share(chosen(shape.fields[i] ?? "") ? part : old),
  );
  return makeRecord({ name: shape.name, fields: shape.fields }, changed);
}

const redact: Native = (args, memory) => {
  const value = arg(args, 0);
  memory.charge(shallowBytes(value));
  const named = arg(args, 1);
  const names = typeof named === "string" ? [named] : itemsArg("redact", args, 1);
  if (value instanceof RecordValue) return recordWith(value, (f) => names.includes(f), null);
  if (!(value instanceof MapValue)) return share(value);
  let redacted = share(value);
  for (const name of names) {
    if (mapHas(redacted, name)) redacted = mapSet(redacted, name, null, keyOf(name));
  }
  return redacted;
};

const validate: Native = (args) =>
  args.length < 2 ? arg(args, 0) !== null : fits(arg(args, 0), arg(args, 1), 0);

/** Whether a value has the kind of that name, or the fields of a map of schemas. */
function fits(value: Value, schema: Value, depth: number): boolean {
  if (typeof schema === "string") return schema === "Any" || typeName(value) === schema;
  if (!(schema instanceof MapValue)) throw wrongKind("validate", "String or Map", schema);
  const inside = deeper(depth);
  return mapEntries(schema).every((wanted) => {
    const part = partOf(value, wanted.key);
    return part !== undefined && fits(part, wanted.value, inside);
  });
}

/** Natives by name. */
export const CHANGE_NATIVES: Natives<"diff" | "patch" | "redact" | "validate"> = {
  diff,
  patch,
  redact,
  validate,
};
