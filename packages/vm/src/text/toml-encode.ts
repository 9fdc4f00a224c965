// Maps as TOML text (language 16.7): scalars first, then one section per nested map.

import { toBase64 } from "@lumen/core/encoding";
import {
  deeper,
  displayValue,
  Float,
  isInt,
  isList,
  listItems,
  MapValue,
  mapEntries,
  RecordValue,
  recordField,
  SetValue,
  Some,
  setItems,
  Tuple,
  type Value,
} from "@lumen/core/value";

/** The entries of a map or the fields of a record, keys as text; null for other kinds. */
function tableOf(value: Value): readonly (readonly [string, Value])[] | null {
  if (value instanceof MapValue) {
    return mapEntries(value).map((e) => [displayValue(e.key), e.value] as const);
  }
  if (!(value instanceof RecordValue)) return null;
  return value.shape.fields.map((name, i) => [name, recordField(value, i)] as const);
}

/** The text of a map. */
export function tomlText(map: MapValue): string {
  return section(tableOf(map) ?? [], []);
}

function section(table: readonly (readonly [string, Value])[], path: readonly string[]): string {
  const scalars = table.filter(([, value]) => tableOf(value) === null);
  const lines = scalars.map(([key, value]) => `${keyText(key)} = ${valueText(value, 0)}\n`);
  const nested = table.flatMap(([key, value]) => {
    const inner = tableOf(value);
    if (inner === null) return [];
    const name = [...path, keyText(key)];
    deeper(path.length);
    return [`\n[${name.join(".")}]\n${section(inner, name)}`];
  });
  return [...lines, ...nested].join("");
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key);
}

function valueText(value: Value, depth: number): string {
  if (value === null) return '""';
  if (typeof value === "boolean" || isInt(value)) return String(value);
  if (value instanceof Float) return displayValue(value).toLowerCase();
  if (value instanceof Uint8Array) return stringText(toBase64(value));
  if (value instanceof Some) return valueText(value.value, depth);
  const inside = deeper(depth);
  const items = itemsOf(value);
  if (items !== null) return `[${items.map((item) => valueText(item, inside)).join(", ")}]`;
  const inner = tableOf(value);
  if (inner === null) return stringText(displayValue(value));
  const pairs = inner.map(([key, part]) => `${keyText(key)} = ${valueText(part, inside)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return listItems(value);
  if (value instanceof Tuple) return value.items;
  return value instanceof SetValue ? setItems(value) : null;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** A basic string of TOML. */
function stringText(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return SHORT_ESCAPES.get(character) ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}
