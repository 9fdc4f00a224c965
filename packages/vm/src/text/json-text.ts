// `to_json` and `json_pretty`: any value as JSON text (language 15.7).

import { toBase64 } from "@lumen/core/encoding";
import {
  compareStrings,
  deeper,
  displayValue,
  Float,
  isInt,
  isList,
  MapValue,
  mapEntries,
  RecordValue,
  SetValue,
  Some,
  setItems,
  Tuple,
  type Value,
  VariantValue,
} from "@lumen/core/value";

/** The JSON text; `indent` blanks per level, or compact for null. Keys ascend by scalar value. */
export function jsonText(value: Value, indent: number | null): string {
  return render(value, indent, 0);
}

function render(value: Value, indent: number | null, level: number): string {
  if (value === null || typeof value === "boolean" || isInt(value)) return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Uint8Array) return JSON.stringify(toBase64(value));
  if (value instanceof Some) return render(value.value, indent, level);
  const inside = deeper(level);
  const items = itemsOf(value);
  if (items !== null) {
    const parts = items.map((item) => render(item, indent, inside));
    return bracket("[", "]", parts, indent, level);
  }
  const fields = fieldsOf(value);
  if (fields === null) return "null";
  const colon = indent === null ? ":" : ": ";
  const parts = [...fields]
    .sort(([a], [b]) => compareStrings(a, b))
    .map(([key, part]) => `${JSON.stringify(key)}${colon}${render(part, indent, inside)}`);
  return bracket("{", "}", parts, indent, level);
}

/** The items of an array; null for other kinds. */
function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return value;
  if (value instanceof Tuple) return value.items;
  return value instanceof SetValue ? setItems(value) : null;
}

/** The members of an object; of equal keys the last. Null for functions and references. */
function fieldsOf(value: Value): ReadonlyMap<string, Value> | null {
  if (value instanceof MapValue) {
    return new Map(mapEntries(value).map((e): [string, Value] => [displayValue(e.key), e.value]));
  }
  if (value instanceof RecordValue) {
    const fields = value.shape.fields.map((name, i): [string, Value] => [
      name,
      value.fields[i] ?? null,
    ]);
    return new Map([...fields, ["__type", value.shape.name]]);
  }
  if (!(value instanceof VariantValue)) return null;
  const { payload } = value;
  return new Map<string, Value>([
    ["__payload", payload.length > 1 ? new Tuple([...payload]) : (payload[0] ?? null)],
    ["__tag", value.shape.variants[value.tag]?.name ?? ""],
  ]);
}

/** Non-finite is null; an integral Float keeps `.0`, unless an exponent shows what it is. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function bracket(
  open: string,
  close: string,
  parts: readonly string[],
  indent: number | null,
  level: number,
): string {
  if (indent === null || parts.length === 0) return `${open}${parts.join(",")}${close}`;
  const inner = `\n${" ".repeat(indent * (level + 1))}`;
  const outer = `\n${" ".repeat(indent * level)}`;
  return `${open}${inner}${parts.join(`,${inner}`)}${outer}${close}`;
}
