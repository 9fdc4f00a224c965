// Replacing generic parameters in types. What has none stays the same object: most types of a
// program are such, and every call asks.

import { mapSame, set1, set2 } from "../copy-on-change.ts";
import type { ShapeField, Type } from "../hir/type.ts";
import { optionOf, unionOf } from "./simple-types.ts";

/** The type with parameters replaced by what `of` gives for their names; null leaves one alone. */
export function mapParams(type: Type, of: (name: string) => Type | null): Type {
  switch (type.kind) {
    case "param":
      return of(type.name) ?? type;
    case "list":
    case "set":
      return set1(type, "item", mapParams(type.item, of));
    case "option": {
      const item = mapParams(type.item, of);
      return item === type.item ? type : optionOf(item);
    }
    case "map":
      return set2(type, "key", mapParams(type.key, of), "value", mapParams(type.value, of));
    case "tuple":
      return set1(type, "items", mapAll(type.items, of));
    case "result":
      return set2(type, "ok", mapParams(type.ok, of), "error", mapParams(type.error, of));
    case "record":
    case "enum":
    case "opaque":
    case "endpoint":
      return type.args.length === 0 ? type : set1(type, "args", mapAll(type.args, of));
    case "shape":
      return set1(
        type,
        "fields",
        mapSame(type.fields, (f: ShapeField) => set1(f, "type", mapParams(f.type, of))),
      );
    case "fn":
      return set2(type, "params", mapAll(type.params, of), "result", mapParams(type.result, of));
    case "union": {
      const members = mapAll(type.members, of);
      return members === type.members ? type : unionOf(members);
    }
    default:
      return type;
  }
}

function mapAll(types: readonly Type[], of: (name: string) => Type | null): readonly Type[] {
  return mapSame(types, (t) => mapParams(t, of));
}
