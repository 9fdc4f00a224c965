// From the bytes that compile-time code gave to a constant of the program.

import { decodeValue } from "@lumen/core/encoding";
import { assert } from "@lumen/core/result";
import { Float, type TypeDescriptor, type Value } from "@lumen/core/value";
import type { HirConst, HirEmbedded } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";

/** Simple values become simple constants, so that they compare and fold like written ones. */
export function constantOfBytes(type: Type, wire: TypeDescriptor, bytes: Uint8Array): HirEmbedded {
  const decoded = decodeValue(wire, bytes);
  assert(decoded.ok, "an evaluator gives bytes of the type asked for");
  return simple(type, decoded.value) ?? { kind: "value", type, bytes };
}

function simple(type: Type, value: Value): HirConst | null {
  if (type.kind === "null") return { kind: "null" };
  if (type.kind === "bool" && typeof value === "boolean") return { kind: "bool", value };
  if (type.kind === "int" && (typeof value === "number" || typeof value === "bigint"))
    return { kind: "int", value: BigInt(value) };
  if (type.kind === "float" && value instanceof Float) return { kind: "float", value: value.value };
  if (type.kind === "string" && typeof value === "string") return { kind: "string", value };
  if (type.kind === "bytes" && value instanceof Uint8Array) return { kind: "bytes", value };
  return null;
}
