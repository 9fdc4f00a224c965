// Replacing the parts of types, generic parameters above all. What has nothing to replace stays the
// same object: most types of a program are such, and every call asks. What a replacement needs is
// handed down: a function made for each type would cost more than the walk.

import type { ShapeField, Type } from "../hir/type.ts";
import { optionOf, unionOf } from "./simple-types.ts";

/** What parameters stand for, by name; those without a binding become `unbound`, null: stay. */
export interface Filling {
  readonly bindings: ReadonlyMap<string, Type>;
  readonly unbound: Type | null;
  /** Parameters that are not among these names stay; null: all are filled. */
  readonly names: readonly string[] | null;
}

/** The type with its parameters filled in. */
export function fillParams(type: Type, filling: Filling): Type {
  if (type.kind !== "param") return mapParts(type, fillParams, filling);
  const { bindings, unbound, names } = filling;
  if (names !== null && !names.includes(type.name)) return type;
  return bindings.get(type.name) ?? unbound ?? type;
}

/** Replaces a part of a type; `by` is handed down. */
type Replace<By> = (part: Type, by: By) => Type;

/** The type with each direct part replaced. */
export function mapParts<By>(type: Type, replace: Replace<By>, by: By): Type {
  switch (type.kind) {
    case "list":
    case "set": {
      const item = replace(type.item, by);
      return item === type.item ? type : { kind: type.kind, item };
    }
    case "option": {
      const item = replace(type.item, by);
      return item === type.item ? type : optionOf(item);
    }
    case "map": {
      const key = replace(type.key, by);
      const value = replace(type.value, by);
      return key === type.key && value === type.value ? type : { kind: "map", key, value };
    }
    case "tuple": {
      const items = mapTypes(type.items, replace, by);
      return items === type.items ? type : { kind: "tuple", items };
    }
    case "result": {
      const ok = replace(type.ok, by);
      const error = replace(type.error, by);
      return ok === type.ok && error === type.error ? type : { kind: "result", ok, error };
    }
    case "record":
    case "enum":
    case "opaque":
    case "endpoint": {
      const args = mapTypes(type.args, replace, by);
      return args === type.args ? type : { ...type, args };
    }
    case "fn":
      return mapFunction(type, replace, by);
    case "shape":
      return mapShape(type, replace, by);
    case "union": {
      const members = mapTypes(type.members, replace, by);
      return members === type.members ? type : unionOf(members);
    }
    default:
      return type;
  }
}

function mapFunction<By>(type: Type & { kind: "fn" }, replace: Replace<By>, by: By): Type {
  const params = mapTypes(type.params, replace, by);
  const result = replace(type.result, by);
  if (params === type.params && result === type.result) return type;
  return { kind: "fn", params, result, row: type.row };
}

function mapShape<By>(type: Type & { kind: "shape" }, replace: Replace<By>, by: By): Type {
  const types = type.fields.map((f) => f.type);
  const mapped = mapTypes(types, replace, by);
  if (mapped === types) return type;
  const fields = type.fields.map(
    (f, i): ShapeField => ({ name: f.name, type: mapped[i] ?? f.type }),
  );
  return { kind: "shape", fields };
}

/** The mapped list; itself where every type is mapped to itself. */
function mapTypes<By>(types: readonly Type[], replace: Replace<By>, by: By): readonly Type[] {
  let changed: Type[] | null = null;
  for (let i = 0; i < types.length; i++) {
    const before = types[i];
    if (before === undefined) continue;
    const after = replace(before, by);
    if (changed === null && after === before) continue;
    changed ??= types.slice(0, i);
    changed.push(after);
  }
  return changed ?? types;
}
