// The types inside a type, for questions that concern all kinds alike.

import type { Type } from "../hir/type.ts";

const NO_PARTS: readonly Type[] = [];

/** True when a generic parameter is a part of the type, however deep. */
export function mentionsParam(type: Type): boolean {
  switch (type.kind) {
    case "param":
      return true;
    case "list":
    case "set":
    case "option":
      return mentionsParam(type.item);
    case "record":
    case "enum":
      return type.args.length > 0 && type.args.some(mentionsParam);
    default:
      return partsOfType(type).some(mentionsParam);
  }
}

/** The direct parts of a type; none for those that have no parts. */
export function partsOfType(type: Type): readonly Type[] {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return [type.item];
    case "map":
      return [type.key, type.value];
    case "tuple":
      return type.items;
    case "result":
      return [type.ok, type.error];
    case "record":
    case "enum":
    case "opaque":
      return type.args;
    case "fn":
      return [...type.params, type.result];
    case "shape":
      return type.fields.map((f) => f.type);
    case "union":
      return type.members;
    case "endpoint":
      return type.args;
    default:
      return NO_PARTS;
  }
}
