// The parts of a type, where its entry refers to other entries of the table.

import type { LirType, TypeIndex } from "./types.ts";

/** The same type with its parts replaced, depth first and left to right. */
export function mapParts(type: LirType, map: (part: TypeIndex) => TypeIndex): LirType {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return { kind: type.kind, item: map(type.item) };
    case "map": {
      const key = map(type.key);
      return { kind: "map", key, value: map(type.value) };
    }
    case "tuple":
      return { kind: "tuple", items: type.items.map(map) };
    case "result": {
      const okType = map(type.ok);
      return { kind: "result", ok: okType, error: map(type.error) };
    }
    case "record":
      return { ...type, fields: type.fields.map((f) => ({ name: f.name, type: map(f.type) })) };
    case "enum":
      return {
        ...type,
        variants: type.variants.map((v) => ({
          name: v.name,
          payload: v.payload.map((p) => ({ label: p.label, type: map(p.type) })),
        })),
      };
    case "fn": {
      const params = type.params.map(map);
      return { kind: "fn", params, result: map(type.result), row: type.row };
    }
    case "union":
      return { kind: "union", members: type.members.map(map) };
    case "opaque":
      return { ...type, args: type.args.map(map) };
    default:
      return type;
  }
}
