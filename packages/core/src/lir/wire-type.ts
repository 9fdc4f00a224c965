// The wire type of an LIR type (lir.md 2, formats.md 3.2): how values cross a boundary.

import { required } from "../result/result.ts";
import { TYPE_DEPTH_MAX, typeDepth } from "../value/type-depth.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";
import type { LirModule } from "./module.ts";
import type { LirType, TypeIndex } from "./types.ts";

/**
 * Parts of a descriptor, as it is written out: fifteen records that mention each other would make
 * one of 15! parts. A larger type has no wire form.
 */
export const WIRE_TYPE_PARTS_MAX = 65_536;

/** The descriptor of a type of the module, or null where it has no wire form. */
export function wireTypeOf(module: LirModule, index: TypeIndex): TypeDescriptor | null {
  const type = describe(module, index, [], { used: new Set(), parts: 0 });
  return type === null || typeDepth(type) > TYPE_DEPTH_MAX ? null : type;
}

/** `used`: records and enums that refer to themselves; `parts`: how many are written. */
interface Writing {
  readonly used: Set<TypeIndex>;
  parts: number;
}

const SIMPLE: Readonly<Partial<Record<LirType["kind"], TypeDescriptor>>> = {
  null: "unit",
  bool: "bool",
  int: "i64",
  float: "f64",
  string: "string",
  bytes: "bytes",
  json: "json",
};

/** `open`: records and enums being described. */
function describe(
  module: LirModule,
  index: TypeIndex,
  open: readonly TypeIndex[],
  writing: Writing,
): TypeDescriptor | null {
  writing.parts += 1;
  if (writing.parts > WIRE_TYPE_PARTS_MAX) return null;
  const type = required(module.types[index], "the type exists");
  const simple = SIMPLE[type.kind];
  if (simple !== undefined) return simple;
  const inner = (part: TypeIndex): TypeDescriptor | null => describe(module, part, open, writing);
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return single(type.kind, inner(type.item));
    case "map":
      return pair("map", inner(type.key), inner(type.value));
    case "result":
      return pair("result", inner(type.ok), inner(type.error));
    case "tuple": {
      const items = all(type.items.map(inner));
      if (items === null) return null;
      return items.length === 0 ? "unit" : { tuple: items };
    }
    case "record":
    case "enum":
      return named(module, index, type, open, writing);
    default:
      return null;
  }
}

function single(
  kind: "list" | "set" | "option",
  item: TypeDescriptor | null,
): TypeDescriptor | null {
  if (item === null) return null;
  if (kind === "list") return { list: item };
  return kind === "set" ? { set: item } : { option: item };
}

function pair(
  kind: "map" | "result",
  a: TypeDescriptor | null,
  b: TypeDescriptor | null,
): TypeDescriptor | null {
  if (a === null || b === null) return null;
  return kind === "map" ? { map: [a, b] } : { result: [a, b] };
}

function all<T>(parts: readonly (T | null)[]): readonly T[] | null {
  const present = parts.filter((p) => p !== null);
  return present.length === parts.length ? present : null;
}

function named(
  module: LirModule,
  index: TypeIndex,
  type: LirType & { kind: "record" | "enum" },
  open: readonly TypeIndex[],
  writing: Writing,
): TypeDescriptor | null {
  if (open.includes(index)) {
    writing.used.add(index);
    return { ref: type.name };
  }
  const inside = [...open, index];
  const inner = (part: TypeIndex): TypeDescriptor | null => describe(module, part, inside, writing);
  const body = type.kind === "record" ? recordBody(type, inner) : enumBody(type, inner);
  if (body === null || !writing.used.has(index)) return body;
  writing.used.delete(index);
  return { rec: { name: type.name, type: body } };
}

function recordBody(
  type: LirType & { kind: "record" },
  inner: (part: TypeIndex) => TypeDescriptor | null,
): TypeDescriptor | null {
  const fields = all(
    type.fields.map((f): readonly [string, TypeDescriptor] | null => {
      const found = inner(f.type);
      return found === null ? null : [f.name, found];
    }),
  );
  return fields === null ? null : { record: { name: type.name, fields } };
}

function enumBody(
  type: LirType & { kind: "enum" },
  inner: (part: TypeIndex) => TypeDescriptor | null,
): TypeDescriptor | null {
  const variants = all(
    type.variants.map((v): readonly [string, PayloadDescriptor] | null => {
      const parts = all(v.payload.map((p) => inner(p.type)));
      if (parts === null) return null;
      const [first, second] = parts;
      if (first === undefined) return [v.name, null];
      return [v.name, second === undefined ? first : { tuple: parts }];
    }),
  );
  return variants === null ? null : { enum: { name: type.name, variants } };
}
