// Values to canonical bytes and back, driven by a type descriptor (formats 4), and the bytes of a
// tile's parameters (formats 6).

import type { Failure } from "../diagnostic/failure.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { Tuple, type Value } from "../value/value.ts";
import { compileType } from "./compile-type.ts";
import { DecodeError, decodeFailure } from "./decode-error.ts";
import { ValueReader } from "./value-reader.ts";
import { EncodeError, ValueWriter } from "./value-writer.ts";
import type { DecodeMode } from "./wire-reader.ts";

/** Largest encoding of one value (formats 4.2 rule 6). */
export const VALUE_BYTES_MAX: number = 256 * 2 ** 20;

/** How to read a value. `bytesMax` lowers the limit of 256 MiB; `subject` names the source. */
export interface DecodeOptions {
  readonly mode?: DecodeMode;
  readonly subject?: string;
  readonly bytesMax?: number;
}

/**
 * The canonical bytes of a value of the type. `E_ENCODE` with `path` for a value of another type,
 * two keys that are one on the wire, and nesting or size beyond the limits. Floats for `f32` are
 * rounded to nearest. The descriptor must have passed `checkTypeDescriptor` or come from the
 * compiler, and must not change: its codec is kept.
 */
export function encodeValue(type: TypeDescriptor, value: Value): Result<Uint8Array, Failure> {
  const writer = new ValueWriter();
  try {
    compileType(type).encode(writer, value);
    if (writer.size > VALUE_BYTES_MAX) writer.fail("the value has more than 256 MiB");
    return ok(writer.finish());
  } catch (error) {
    if (error instanceof EncodeError) return err(error.failure);
    throw error;
  }
}

/**
 * The value that bytes stand for. Strict (the default) accepts canonical bytes only, lenient also
 * what the reference decoder accepts: long varints, any NaN, containers in any order, of equal keys
 * the last, bytes after the value. `E_DECODE` with `offset` and `details.reason`.
 */
export function decodeValue(
  type: TypeDescriptor,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Result<Value, Failure> {
  const decoded = decodeValuePrefix(type, bytes, options);
  return decoded.ok ? ok(decoded.value.value) : decoded;
}

/** Like {@link decodeValue}; `leftoverBytes` follow the value, which only lenient mode allows. */
export function decodeValuePrefix(
  type: TypeDescriptor,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Result<{ readonly value: Value; readonly leftoverBytes: number }, Failure> {
  const reader = new ValueReader(bytes, options);
  try {
    const bytesMax = Math.min(options.bytesMax ?? VALUE_BYTES_MAX, VALUE_BYTES_MAX);
    if (bytes.length > bytesMax) reader.fail("too-large", 0);
    const value = compileType(type).decode(reader);
    reader.end();
    return ok({ value, leftoverBytes: reader.remaining });
  } catch (error) {
    if (error instanceof DecodeError) return err(decodeFailure(error, options.subject));
    throw error;
  }
}

/** The type of a tile's input bytes: unit, the only parameter itself, or a tuple (formats 6). */
export function abiInputType(types: readonly TypeDescriptor[]): TypeDescriptor {
  const [first, ...more] = types;
  if (first === undefined) return "unit";
  return more.length === 0 ? first : { tuple: types };
}

/** The input bytes of a tile with these parameter types (formats 6). */
export function abiInputBytes(
  types: readonly TypeDescriptor[],
  values: readonly Value[],
): Result<Uint8Array, Failure> {
  assert(types.length === values.length, "there is one value per parameter");
  const value = types.length === 1 ? (values[0] ?? null) : new Tuple([...values]);
  return encodeValue(abiInputType(types), types.length === 0 ? null : value);
}
