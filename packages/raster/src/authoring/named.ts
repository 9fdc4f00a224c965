// Types with names: struct, enum, recursive, json (spec/formats.md 3.1, 3.3).

import type { PayloadDescriptor } from "@lumen/core/value";
import {
  type Input,
  type Output,
  readNarrow,
  undecodable,
  unencodable,
  writeByte,
  writeCount,
} from "./bytes.ts";
import { inOrder, list, map, writePart } from "./containers.ts";
import { misuse } from "./misuse.ts";
import { bool, f64, i64, string } from "./scalars.ts";
import type { Infer, Type } from "./type.ts";

/** Types by name. Their order is that of the bytes. */
export interface Fields {
  readonly [name: string]: Type<unknown>;
}

/** The values of types by name. */
export type Members<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Levels that a value of a recursive type may have (formats 4.2). */
const DEPTH_MAX = 128;

/** Names and types of fields; a name that is none would not keep its place. */
function membersOf(fields: Fields): readonly (readonly [string, Type<unknown>])[] {
  const members = Object.entries(fields);
  const bad = members.find(([name]) => !NAME.test(name));
  if (bad !== undefined) misuse("E0806", `'${bad[0]}' is not a name of a field`);
  return members;
}

/* @__NO_SIDE_EFFECTS__ */
function fieldCodec<F extends Fields>(
  fields: F,
): Pick<Type<Members<F>>, "bytesMin" | "order" | "read" | "write"> {
  const members = membersOf(fields);
  const types = members.map(([, type]) => type);
  return {
    bytesMin: types.reduce((sum, type) => sum + type.bytesMin, 0),
    order: inOrder(types, (value: { readonly [name: string]: unknown }, i) => {
      return value[members[i]?.[0] ?? ""];
    }),
    // One value under each name, which `Members` says in types.
    read: (input) =>
      Object.fromEntries(members.map(([name, type]) => [name, type.read(input)])) as Members<F>,
    write: (output, value) => {
      if (typeof value !== "object" || value === null) unencodable(output, "an object", value);
      for (const [name, type] of members) writePart(output, name, type, value[name]);
    },
  };
}

/** A record with a name: a plain object. Fields beyond the declared ones are not written. */
/* @__NO_SIDE_EFFECTS__ */
export function struct<F extends Fields>(name: string, fields: F): Type<Members<F>> {
  return {
    descriptor: {
      record: { name, fields: membersOf(fields).map(([f, type]) => [f, type.descriptor]) },
    },
    nullable: false,
    ...fieldCodec(fields),
  };
}

/** Payloads of variants by name: null for none, a type, or fields. */
export interface Variants {
  readonly [name: string]: null | Type<unknown> | Fields;
}

/** A value of an enum: `kind` names the variant, `value` is its payload. */
export type Variant<V extends Variants> = {
  readonly [K in keyof V]: V[K] extends null
    ? { readonly kind: K }
    : V[K] extends Type<infer T>
      ? { readonly kind: K; readonly value: T }
      : V[K] extends Fields
        ? { readonly kind: K; readonly value: Members<V[K]> }
        : never;
}[keyof V];

type AnyVariant = { readonly kind: string; readonly value?: unknown };

interface Payload {
  readonly name: string;
  readonly descriptor: PayloadDescriptor;
  readonly type: Pick<Type<unknown>, "bytesMin" | "order" | "read" | "write"> | null;
}

function isType(payload: Type<unknown> | Fields): payload is Type<unknown> {
  return typeof payload.read === "function";
}

function payloadOf(name: string, payload: Variants[string]): Payload {
  if (payload === null) return { name, descriptor: null, type: null };
  if (isType(payload)) return { name, descriptor: payload.descriptor, type: payload };
  const members = membersOf(payload);
  const descriptor = { struct: members.map(([f, type]) => [f, type.descriptor] as const) };
  return { name, descriptor, type: fieldCodec(payload) };
}

/** One of several variants; the order of the object is that of the discriminants. */
/* @__NO_SIDE_EFFECTS__ */
export function enumeration<const V extends Variants>(name: string, variants: V): Type<Variant<V>> {
  const payloads = Object.entries(variants).map(([v, payload]) => payloadOf(v, payload));
  const bad = payloads.find((p) => !NAME.test(p.name));
  if (bad !== undefined) misuse("E0806", `'${bad.name}' is not a name of a variant`);
  if (payloads.length === 0) misuse("E0806", `the enum '${name}' has no variant`);
  const type: Type<AnyVariant> = {
    descriptor: { enum: { name, variants: payloads.map((p) => [p.name, p.descriptor]) } },
    bytesMin: 1 + Math.min(...payloads.map((p) => p.type?.bytesMin ?? 0)),
    order: variantOrder(payloads),
    nullable: false,
    read: (input) => {
      const start = input.at;
      const payload = payloads[readNarrow(input, 5, 15)] ?? undecodable("bad-variant", start);
      const kind = payload.name;
      return payload.type === null ? { kind } : { kind, value: payload.type.read(input) };
    },
    write: (output, value) => {
      const isObject = typeof value === "object" && value !== null;
      const tag = payloads.findIndex((p) => isObject && p.name === value.kind);
      const payload = payloads[tag];
      if (payload === undefined) return unencodable(output, `a variant of ${name}`, value);
      writeCount(output, tag);
      if (payload.type === null) return;
      output.path.push(payload.name);
      payload.type.write(output, value.value);
      output.path.pop();
    },
  };
  // `Variant` says in types what the payloads are.
  return type as Type<unknown> as Type<Variant<V>>;
}

function variantOrder(payloads: readonly Payload[]): Type<AnyVariant>["order"] {
  if (payloads.some((p) => p.type !== null && p.type.order === null)) return null;
  const tagOf = (value: AnyVariant): number => payloads.findIndex((p) => p.name === value.kind);
  return (a, b) => {
    const tag = tagOf(a);
    return tag - tagOf(b) || (payloads[tag]?.type?.order?.(a.value, b.value) ?? 0);
  };
}

/**
 * A type that holds values of itself, as in
 * `t.recursive<Tree>("Tree", (tree) => t.struct("Tree", { children: t.list(tree) }))`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function recursive<T>(name: string, make: (self: Type<T>) => Type<T>): Type<T> {
  let depth = 0;
  // Whatever it passes through on its way back to itself has a count or a tag.
  let bytesMin = 1;
  const deeper = <R>(refuse: () => never, action: () => R): R => {
    if (depth >= DEPTH_MAX) refuse();
    depth += 1;
    try {
      return action();
    } finally {
      depth -= 1;
    }
  };
  const self: Type<T> = {
    descriptor: { ref: name },
    get bytesMin() {
      return bytesMin;
    },
    order: (a, b) => body.order?.(a, b) ?? 0,
    nullable: false,
    read: (input) =>
      deeper(
        () => undecodable("too-deep", input.at),
        () => body.read(input),
      ),
    write: (output, value) =>
      deeper(
        () => unencodable(output, `at most ${DEPTH_MAX} levels`, value),
        () => body.write(output, value),
      ),
  };
  const body = make(self);
  bytesMin = body.bytesMin;
  return { ...body, descriptor: { rec: { name, type: body.descriptor } } };
}

/** Any JSON-like value: a bigint is an Int (i64), a number a Float. */
export type Json =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Codecs of the variants of `Json`, by discriminant (formats 3.3). */
const JSON_TYPES: readonly ((self: Type<Json>) => Type<unknown>)[] = [
  () => bool,
  () => i64,
  () => f64,
  () => string,
  (self) => list(self),
  (self) => map(string, self),
];

function jsonTag(output: Output, value: Json): number {
  if (value === null) return 0;
  const tag = ["boolean", "bigint", "number", "string"].indexOf(typeof value);
  if (tag >= 0) return tag + 1;
  if (Array.isArray(value)) return 5;
  const isPlain = typeof value === "object" && !(value instanceof Map || value instanceof Set);
  return isPlain ? 6 : unencodable(output, "json", value);
}

/* @__NO_SIDE_EFFECTS__ */
function jsonBody(self: Type<Json>): Type<Json> {
  const types = JSON_TYPES.map((make) => make(self));
  const typeAt = (tag: number): Type<unknown> | undefined => types[tag - 1];
  return {
    descriptor: "json",
    bytesMin: 1,
    order: null,
    nullable: true,
    read: (input: Input) => {
      const start = input.at;
      const tag = readNarrow(input, 5, 15);
      if (tag === 0) return null;
      const type = typeAt(tag) ?? undecodable("bad-variant", start);
      const value = type.read(input);
      // The types of the table give what `Json` lists, but for objects, which they know as maps.
      return value instanceof Map ? Object.fromEntries(value) : (value as Json);
    },
    write: (output, value) => {
      const tag = jsonTag(output, value);
      writeByte(output, tag);
      const given = tag === 6 ? new Map(Object.entries(value ?? {})) : value;
      if (tag > 0) typeAt(tag)?.write(output, given);
    },
  };
}

/** Any JSON-like value. */
export const json: Type<Json> = /* @__PURE__ */ jsonType();

/* @__NO_SIDE_EFFECTS__ */
function jsonType(): Type<Json> {
  return { ...recursive("Json", jsonBody), descriptor: "json" };
}
