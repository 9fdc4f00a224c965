// Replacing the parts of types, generic parameters above all. What has nothing to replace stays the
// same object: most types of a program are such, and every call asks.

import { mapSame, set1, set2 } from "../copy-on-change.ts";
import type { ShapeField, Type } from "../hir/type.ts";
import { optionOf, unionOf } from "./simple-types.ts";

/** The type with parameters replaced by what `of` gives for their names; null leaves one alone. */
export function mapParams(type: Type, of: (name: string) => Type | null): Type {
  const replace = (t: Type): Type =>
    t.kind === "param" ? (of(t.name) ?? t) : mapParts(t, replace);
  return replace(type);
}

/** The type with each direct part replaced. */
export function mapParts(type: Type, replace: (part: Type) => Type): Type {
  switch (type.kind) {
    case "list":
    case "set":
      return set1(type, "item", replace(type.item));
    case "option": {
      const item = replace(type.item);
      return item === type.item ? type : optionOf(item);
    }
    case "map":
      return set2(type, "key", replace(type.key), "value", replace(type.value));
    case "tuple":
      return set1(type, "items", mapSame(type.items, replace));
    case "result":
      return set2(type, "ok", replace(type.ok), "error", replace(type.error));
    case "record":
    case "enum":
    case "opaque":
    case "endpoint":
      return type.args.length === 0 ? type : set1(type, "args", mapSame(type.args, replace));
    case "shape":
      return set1(
        type,
        "fields",
        mapSame(type.fields, (f: ShapeField) => set1(f, "type", replace(f.type))),
      );
    case "fn":
      return set2(type, "params", mapSame(type.params, replace), "result", replace(type.result));
    case "union": {
      const members = mapSame(type.members, replace);
      return members === type.members ? type : unionOf(members);
    }
    default:
      return type;
  }
}
