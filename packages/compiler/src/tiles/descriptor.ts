// From checked types to type descriptors (formats 3.2), or why there is none.

import { WIRE_TYPE_PARTS_MAX } from "@lumen/core/lir";
import { err, ok, type Result } from "@lumen/core/result";
import {
  type PayloadDescriptor,
  TYPE_DEPTH_MAX,
  type TypeDescriptor,
  typeDepth,
} from "@lumen/core/value";
import type { Type } from "../hir/type.ts";
import { bindParams, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { isGadt } from "../types/simple-types.ts";

/** Why a type has no wire form, and where inside it: `.items[].price`. */
export interface NotSerializable {
  readonly reason: string;
  readonly path: string;
}

type Described<T> = Result<T, NotSerializable>;

/** Deepest nesting of generic instances, against types that grow without end. */
const DEPTH_MAX = 64;

/**
 * The descriptor of a type; recursive records and enums become `rec`. `around`: how many levels of
 * the encoding stand around it.
 */
export function describeType(type: Type, around = 0): Described<TypeDescriptor> {
  const described = describe(type, "", [], { used: new Set(), parts: 0 });
  const most = TYPE_DEPTH_MAX - around;
  if (!described.ok || typeDepth(described.value) <= most) return described;
  return err({ reason: `its wire form nests deeper than ${most} levels`, path: "" });
}

/** `used`: names referred to from inside what they name; `parts`: how many are written. */
interface Writing {
  readonly used: Set<string>;
  parts: number;
}

/** `open`: names being described, outermost first. */
function describe(
  type: Type,
  path: string,
  open: readonly string[],
  writing: Writing,
): Described<TypeDescriptor> {
  writing.parts += 1;
  if (writing.parts > WIRE_TYPE_PARTS_MAX) {
    const reason = `its wire form, written out, has more than ${WIRE_TYPE_PARTS_MAX} parts`;
    return err({ reason, path: "" });
  }
  const simple = SIMPLE[type.kind];
  if (simple !== undefined) return ok(simple);
  const inner = (t: Type, step: string): Described<TypeDescriptor> =>
    describe(t, path + step, open, writing);
  switch (type.kind) {
    case "list":
      return wrap(inner(type.item, "[]"), (item) => ({ list: item }));
    case "option":
      return wrap(inner(type.item, "?"), (item) => ({ option: item }));
    case "set":
      return isOrdered(type.item)
        ? wrap(inner(type.item, "{}"), (item) => ({ set: item }))
        : unordered(type.item, path);
    case "map": {
      if (!isOrdered(type.key)) return unordered(type.key, path);
      const key = inner(type.key, ".keys");
      const value = inner(type.value, ".values");
      return key.ok ? wrap(value, (v) => ({ map: [key.value, v] })) : key;
    }
    case "tuple":
      if (type.items.length === 0) return ok("unit");
      return wrap(all(type.items.map((t, i) => inner(t, `.${i}`))), (items) => ({ tuple: items }));
    case "result": {
      const okType = inner(type.ok, ".ok");
      const error = inner(type.error, ".err");
      return okType.ok ? wrap(error, (e) => ({ result: [okType.value, e] })) : okType;
    }
    case "record":
    case "enum":
      return describeNamed(type, path, open, writing);
    default:
      return err({ reason: `${renderType(type)} has no wire form`, path });
  }
}

const SIMPLE: Readonly<Record<string, TypeDescriptor>> = {
  null: "unit",
  bool: "bool",
  int: "i64",
  float: "f64",
  string: "string",
  bytes: "bytes",
  json: "json",
};

function wrap<A, B>(result: Described<A>, build: (value: A) => B): Described<B> {
  return result.ok ? ok(build(result.value)) : result;
}

function all<T>(results: readonly Described<T>[]): Described<T[]> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}

function unordered(type: Type, path: string): Described<never> {
  return err({
    reason: `${renderType(type)} has no wire order, so it cannot be a set member or map key`,
    path,
  });
}

/** The type's name with its arguments, the identity of the instance. */
export function instanceName(type: Type & { kind: "record" | "enum" }): string {
  return type.args.length === 0
    ? type.decl.name
    : `${type.decl.name}[${type.args.map(renderType).join(",")}]`;
}

function describeNamed(
  type: Type & { kind: "record" | "enum" },
  path: string,
  open: readonly string[],
  writing: Writing,
): Described<TypeDescriptor> {
  const name = instanceName(type);
  if (open.includes(name)) {
    writing.used.add(name);
    return ok({ ref: name });
  }
  if (open.length > DEPTH_MAX) return err({ reason: `${name} grows without end`, path });
  const inside = [...open, name];
  const body =
    type.kind === "record"
      ? recordBody(type, name, path, inside, writing)
      : enumBody(type, name, path, inside, writing);
  if (!body.ok || !writing.used.has(name)) return body;
  writing.used.delete(name);
  return ok({ rec: { name, type: body.value } });
}

function recordBody(
  type: Type & { kind: "record" },
  name: string,
  path: string,
  open: readonly string[],
  writing: Writing,
): Described<TypeDescriptor> {
  const bindings = bindParams(type.decl.generics, type.args);
  const fields = type.decl.fields.map(
    (f): Described<readonly [string, TypeDescriptor]> =>
      wrap(describe(substitute(f.type, bindings), `${path}.${f.name}`, open, writing), (t) => [
        f.name,
        t,
      ]),
  );
  return wrap(all(fields), (list) => ({ record: { name, fields: list } }));
}

function enumBody(
  type: Type & { kind: "enum" },
  name: string,
  path: string,
  open: readonly string[],
  writing: Writing,
): Described<TypeDescriptor> {
  if (isGadt(type.decl)) {
    return err({ reason: `${renderType(type)} has variants with result types of their own`, path });
  }
  const bindings = bindParams(type.decl.generics, type.args);
  const variants = type.decl.variants.map((v): Described<readonly [string, PayloadDescriptor]> => {
    const parts = all(
      v.payload.map((p) =>
        describe(substitute(p.type, bindings), `${path}.${v.name}`, open, writing),
      ),
    );
    return wrap(parts, (types): readonly [string, PayloadDescriptor] => [v.name, payloadOf(types)]);
  });
  return wrap(all(variants), (list) => ({ enum: { name, variants: list } }));
}

function payloadOf(types: readonly TypeDescriptor[]): PayloadDescriptor {
  const [first, second] = types;
  if (first === undefined) return null;
  return second === undefined ? first : { tuple: types };
}

/** Types with a wire order: no Float, Json, map or set inside (formats 3.1). */
function isOrdered(type: Type, seen: Set<string> = new Set()): boolean {
  switch (type.kind) {
    case "float":
    case "json":
    case "map":
    case "set":
      return false;
    case "list":
    case "option":
      return isOrdered(type.item, seen);
    case "tuple":
      return type.items.every((t) => isOrdered(t, seen));
    case "result":
      return isOrdered(type.ok, seen) && isOrdered(type.error, seen);
    case "record":
    case "enum": {
      const name = instanceName(type);
      if (seen.has(name)) return true;
      seen.add(name);
      const bindings = bindParams(type.decl.generics, type.args);
      const parts =
        type.kind === "record"
          ? type.decl.fields.map((f) => f.type)
          : type.decl.variants.flatMap((v) => v.payload.map((p) => p.type));
      return parts.every((t) => isOrdered(substitute(t, bindings), seen));
    }
    default:
      return true;
  }
}
