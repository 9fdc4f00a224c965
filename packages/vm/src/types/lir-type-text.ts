// Types of LIR as people write them, for messages.

import type { LirType, TypeIndex } from "@lumen/core/lir";

const SIMPLE: Readonly<Record<string, string>> = {
  any: "Any",
  null: "Null",
  bool: "Bool",
  int: "Int",
  float: "Float",
  string: "String",
  bytes: "Bytes",
  json: "Json",
};

/** The type in the notation of language 9.1. Records and enums by name, so recursion ends. */
export function lirTypeText(types: readonly LirType[], index: TypeIndex): string {
  const type = types[index];
  if (type === undefined) return "Any";
  const text = (part: TypeIndex): string => lirTypeText(types, part);
  switch (type.kind) {
    case "list":
    case "set":
      return `${type.kind}[${text(type.item)}]`;
    case "map":
      return `map[${text(type.key)}, ${text(type.value)}]`;
    case "tuple":
      return `(${type.items.map(text).join(", ")})`;
    case "option":
      return `${text(type.item)}?`;
    case "result":
      return `result[${text(type.ok)}, ${text(type.error)}]`;
    case "record":
    case "enum":
      return type.name;
    case "fn":
      return `fn(${type.params.map(text).join(", ")}) -> ${text(type.result)}`;
    case "union":
      return type.members.map(text).join(" | ");
    case "opaque":
      return type.args.length === 0 ? type.name : `${type.name}[${type.args.map(text).join(", ")}]`;
    default:
      return SIMPLE[type.kind] ?? type.kind;
  }
}
