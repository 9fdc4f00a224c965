// JSON input for the types without parts (formats 5).

import { fromHex } from "../hash/hex.ts";
import { isWellFormed } from "../hash/utf8.ts";
import { assertNever } from "../result/result.ts";
import { emptyMap, mapSet } from "../value/map.ts";
import { scalarCount } from "../value/scalars.ts";
import type { PrimitiveType } from "../value/type-descriptor.ts";
import { Float, makeList, type Value } from "../value/value.ts";
import { fromBase64 } from "./base64.ts";
import { type Place, refuse } from "./input-refusal.ts";
import type { JsonNode } from "./json-node.ts";
import {
  f32FromNumberText,
  f64FromNumberText,
  intFromDecimalText,
  intFromNumberText,
} from "./number-text.ts";
import { INT_RANGES, type IntType } from "./type-codec.ts";
import { fieldStep } from "./value-path.ts";

/** The value of a type without parts; raises `InputRefusal`. */
export function scalarFromJson(type: PrimitiveType, node: JsonNode, place: Place): Value {
  switch (type) {
    case "unit":
      return node.kind === "null" ? null : refuse(place, type, node);
    case "bool":
      return node.kind === "bool" ? node.value : refuse(place, type, node);
    case "string":
      return textFromJson(node, place, type);
    case "char": {
      const text = textFromJson(node, place, type);
      return scalarCount(text) === 1 ? text : refuse(place, type, node);
    }
    case "bytes":
      return bytesFromJson(node, place);
    case "f32":
    case "f64":
      return floatFromJson(type, node, place);
    case "json":
      return anyFromJson(node, place);
    default:
      return intFromJson(type, node, place);
  }
}

function textFromJson(node: JsonNode, place: Place, expected: string): string {
  const fits = node.kind === "string" && isWellFormed(node.value);
  return fits ? node.value : refuse(place, expected, node);
}

function intFromJson(type: IntType, node: JsonNode, place: Place): Value {
  const range = INT_RANGES[type];
  if (node.kind === "number") {
    return intFromNumberText(node.text, range) ?? refuse(place, type, node);
  }
  if (node.kind === "string") {
    return intFromDecimalText(node.value, range) ?? refuse(place, type, node);
  }
  return refuse(place, type, node);
}

const NAMED_FLOATS: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function floatFromJson(type: "f32" | "f64", node: JsonNode, place: Place): Float {
  let value: number | null | undefined;
  if (node.kind === "string") value = NAMED_FLOATS.get(node.value);
  if (node.kind === "number") {
    value = type === "f32" ? f32FromNumberText(node.text) : f64FromNumberText(node.text);
  }
  return new Float(value ?? refuse(place, type, node));
}

function bytesFromJson(node: JsonNode, place: Place): Uint8Array {
  if (node.kind === "array") {
    const bytes = node.items.map((item, i) => intFromJson("u8", item, { parent: place, step: i }));
    return Uint8Array.from(bytes, Number);
  }
  const bytes = bytesFromText(node);
  return bytes ?? refuse(place, 'bytes, for example {"$hex": "00ff"}', node);
}

function bytesFromText(node: JsonNode): Uint8Array | null {
  if (node.kind === "string") {
    if (node.value.startsWith("0x")) return fromHex(node.value.slice(2));
    return node.value.startsWith("base64:") ? fromBase64(node.value.slice(7)) : null;
  }
  const [entry, ...more] = node.kind === "object" ? node.entries : [];
  if (entry === undefined || more.length > 0 || entry[1].kind !== "string") return null;
  if (entry[0] === "$hex") return fromHex(entry[1].value);
  return entry[0] === "$base64" ? fromBase64(entry[1].value) : null;
}

/** The type `json`: an integer literal within i64 is an Int, any other number a Float (3.3). */
function anyFromJson(node: JsonNode, place: Place): Value {
  switch (node.kind) {
    case "null":
      return null;
    case "bool":
      return node.value;
    case "string":
      return textFromJson(node, place, "json");
    case "number": {
      const int = intFromNumberText(node.text, INT_RANGES.i64);
      return int ?? new Float(f64FromNumberText(node.text) ?? refuse(place, "json", node));
    }
    case "array":
      return makeList(node.items.map((item, i) => anyFromJson(item, { parent: place, step: i })));
    case "object": {
      const map = emptyMap();
      for (const [name, item] of node.entries) {
        const inner = { parent: place, step: fieldStep(name) };
        const key = textFromJson({ kind: "string", value: name }, inner, "json");
        mapSet(map, key, anyFromJson(item, inner));
      }
      return map;
    }
    default:
      return assertNever(node);
  }
}
