// Type descriptors to codecs, once per descriptor object.

import { assertNever, required } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import {
  arrayCodec,
  type ItemType,
  listCodec,
  mapCodec,
  optionCodec,
  setCodec,
  tupleCodec,
} from "./container-codecs.ts";
import { enumCodec, recordCodec, resultCodec } from "./named-codecs.ts";
import { renderType } from "./render-type.ts";
import { primitiveCodec, type TypeCodec } from "./type-codec.ts";
import { bytesMin, hasNull, payloadTypes } from "./type-facts.ts";

const cache = new WeakMap<object, TypeCodec>();

/**
 * The codec of a checked descriptor without free references. Cached by the identity of the
 * descriptor, which must not change afterwards.
 */
export function compileType(type: TypeDescriptor): TypeCodec {
  if (typeof type === "string") return primitiveCodec(type);
  const known = cache.get(type);
  if (known !== undefined) return known;
  const codec = compile(type, NO_SCOPE);
  cache.set(type, codec);
  return codec;
}

/** What references may name: the enclosing `rec`s. */
interface Scope {
  readonly codecs: ReadonlyMap<string, LateCodec>;
  readonly bytesMin: ReadonlyMap<string, number>;
  readonly withNull: ReadonlySet<string>;
}

const NO_SCOPE: Scope = { codecs: new Map(), bytesMin: new Map(), withNull: new Set() };

/** Stands for the codec of a recursive type while that is being made. */
interface LateCodec {
  codec: TypeCodec | null;
}

function compile(type: TypeDescriptor, scope: Scope): TypeCodec {
  if (typeof type === "string") return primitiveCodec(type);
  if ("option" in type) {
    const wraps = hasNull(type.option, (name) => scope.withNull.has(name));
    return optionCodec(compile(type.option, scope), { wraps });
  }
  if ("list" in type) return listCodec(item(type.list, scope));
  if ("set" in type) return setCodec(item(type.set, scope));
  if ("array" in type) return arrayCodec(item(type.array[0], scope), type.array[1]);
  if ("map" in type) return mapCodec(item(type.map[0], scope), item(type.map[1], scope));
  if ("tuple" in type) {
    const parts = type.tuple.map((part) => compile(part, scope));
    return tupleCodec(parts, renderType(type));
  }
  if ("record" in type) {
    const codecs = type.record.fields.map(([, part]) => compile(part, scope));
    return recordCodec(type.record, codecs);
  }
  if ("enum" in type) {
    const codecs = type.enum.variants.map(([, payload]) =>
      payloadTypes(payload).map((part) => compile(part, scope)),
    );
    return enumCodec(type.enum, codecs);
  }
  if ("result" in type) {
    const [ok, err] = type.result;
    return resultCodec(compile(ok, scope), compile(err, scope), renderType(type));
  }
  if ("rec" in type) return compileRec(type, scope);
  if ("ref" in type) return reference(type.ref, scope);
  return assertNever(type);
}

function item(type: TypeDescriptor, scope: Scope): ItemType {
  return {
    codec: compile(type, scope),
    bytesMin: bytesMin(type, scope.bytesMin),
    name: renderType(type),
  };
}

function compileRec(
  type: Extract<TypeDescriptor, { readonly rec: unknown }>,
  scope: Scope,
): TypeCodec {
  const { name } = type.rec;
  const late: LateCodec = { codec: null };
  const withNull = new Set(scope.withNull);
  if (hasNull(type, (other) => scope.withNull.has(other))) withNull.add(name);
  else withNull.delete(name);
  const inner: Scope = {
    codecs: new Map(scope.codecs).set(name, late),
    bytesMin: new Map(scope.bytesMin).set(name, bytesMin(type, scope.bytesMin)),
    withNull,
  };
  late.codec = compile(type.rec.type, inner);
  return late.codec;
}

function reference(name: string, scope: Scope): TypeCodec {
  const late = required(scope.codecs.get(name), "a reference names an enclosing rec");
  const codec = () => required(late.codec, "a codec is used after it was made");
  return {
    encode: (writer, value) => codec().encode(writer, value),
    decode: (reader) => codec().decode(reader),
    compare: (a, b) => codec().compare(a, b),
    // Whether the orders agree is not known yet; saying no costs a sort at worst.
    hasLanguageOrder: false,
  };
}
