// Cuts wire bytes into the bytes of their parts by type, without building values. The bytes must be
// canonical for the type: whoever calls has decoded them strictly once, so nothing is checked here.

import { required } from "../result/result.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";

/** Offset behind the value that starts at `offset`. */
type Skip = (bytes: Uint8Array, offset: number) => number;

/** A number at the start of wire bytes and where it ends. */
export interface Varint {
  readonly value: number;
  readonly end: number;
}

/** Bytes of the items of a tuple, record or payload with these types, from `offset` to the end. */
export function splitBytes(
  types: readonly TypeDescriptor[],
  bytes: Uint8Array,
  offset = 0,
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = offset;
  for (const type of types) {
    const end = skipValue(type, bytes, at);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** Offset behind the value of this type that starts at `offset`. */
export function skipValue(type: TypeDescriptor, bytes: Uint8Array, offset: number): number {
  return skipOf(type)(bytes, offset);
}

/** The count or discriminant at the start of the bytes, null if there is no minimal varint. */
export function leadingVarint(bytes: Uint8Array): Varint | null {
  let value = 0;
  let scale = 1;
  // Five bytes hold every count and discriminant (4.1).
  for (let i = 0; i < 5; i += 1) {
    const byte = bytes[i];
    if (byte === undefined || (i > 0 && byte === 0)) return null;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: i + 1 };
    scale *= 128;
  }
  return null;
}

const closed = new WeakMap<object, Skip>();

function skipOf(type: TypeDescriptor): Skip {
  if (typeof type === "string") return PRIMITIVES[type];
  let skip = closed.get(type);
  if (skip === undefined) {
    skip = compile(type, new Map());
    closed.set(type, skip);
  }
  return skip;
}

/** Skips of enclosing recursive types by name; filled in when the type is complete. */
type Bound = ReadonlyMap<string, { skip: Skip }>;

function compile(type: TypeDescriptor, bound: Bound): Skip {
  if (typeof type === "string") return PRIMITIVES[type];
  if ("option" in type) return choice([[], [compile(type.option, bound)]]);
  if ("list" in type) return repeated(compile(type.list, bound));
  if ("set" in type) return repeated(compile(type.set, bound));
  if ("array" in type) return times(compile(type.array[0], bound), type.array[1]);
  if ("map" in type) return repeated(inOrder(type.map.map((t) => compile(t, bound))));
  if ("tuple" in type) return inOrder(type.tuple.map((t) => compile(t, bound)));
  if ("record" in type) return inOrder(type.record.fields.map(([, t]) => compile(t, bound)));
  if ("result" in type) return choice(type.result.map((t) => [compile(t, bound)]));
  if ("enum" in type) {
    return choice(type.enum.variants.map(([, payload]) => payloadSkips(payload, bound)));
  }
  if ("ref" in type) {
    const target = required(bound.get(type.ref), "a checked type has no free reference");
    return (bytes, offset) => target.skip(bytes, offset);
  }
  const self = { skip: (_bytes: Uint8Array, offset: number): number => offset };
  self.skip = compile(type.rec.type, new Map([...bound, [type.rec.name, self]]));
  return self.skip;
}

function payloadSkips(payload: PayloadDescriptor, bound: Bound): readonly Skip[] {
  if (payload === null) return [];
  if (typeof payload === "object" && "struct" in payload) {
    return payload.struct.map(([, type]) => compile(type, bound));
  }
  return [compile(payload, bound)];
}

function inOrder(skips: readonly Skip[]): Skip {
  return (bytes, offset) => {
    let at = offset;
    for (const skip of skips) at = skip(bytes, at);
    return at;
  };
}

function times(skip: Skip, count: number): Skip {
  return (bytes, offset) => {
    let at = offset;
    for (let i = 0; i < count; i += 1) at = skip(bytes, at);
    return at;
  };
}

function repeated(skip: Skip): Skip {
  return (bytes, offset) => {
    let at = skipVarint(bytes, offset);
    for (let left = varintAt(bytes, offset); left > 0; left -= 1) at = skip(bytes, at);
    return at;
  };
}

function choice(variants: readonly (readonly Skip[])[]): Skip {
  return (bytes, offset) => {
    let at = skipVarint(bytes, offset);
    for (const skip of variants[varintAt(bytes, offset)] ?? []) at = skip(bytes, at);
    return at;
  };
}

function fixed(size: number): Skip {
  return (_bytes, offset) => offset + size;
}

function skipVarint(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  return at + 1;
}

function varintAt(bytes: Uint8Array, offset: number): number {
  let value = 0;
  let scale = 1;
  for (let at = offset; ; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
}

function skipText(bytes: Uint8Array, offset: number): number {
  return skipVarint(bytes, offset) + varintAt(bytes, offset);
}

function skipJson(bytes: Uint8Array, offset: number): number {
  return JSON_SKIP(bytes, offset);
}

const JSON_SKIP: Skip = choice([
  [],
  [fixed(1)],
  [skipVarint],
  [fixed(8)],
  [skipText],
  [repeated(skipJson)],
  [repeated(inOrder([skipText, skipJson]))],
]);

const PRIMITIVES: { readonly [K in Extract<TypeDescriptor, string>]: Skip } = {
  unit: fixed(0),
  bool: fixed(1),
  string: skipText,
  bytes: skipText,
  char: skipText,
  u8: fixed(1),
  u16: skipVarint,
  u32: skipVarint,
  u64: skipVarint,
  i8: fixed(1),
  i16: skipVarint,
  i32: skipVarint,
  i64: skipVarint,
  f32: fixed(4),
  f64: fixed(8),
  json: skipJson,
};
