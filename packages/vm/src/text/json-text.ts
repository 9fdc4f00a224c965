// `to_json` and `json_pretty`: any value as JSON text (language 15.7).

import { toBase64 } from "@lumen/core/encoding";
import {
  compareStrings,
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
  TextWriter,
  Tuple,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";

/** The JSON text; `indent` blanks per level, or compact for null. Keys ascend by scalar value. */
export function jsonText(value: Value, indent: number | null): string {
  const writer = new TextWriter();
  write({ writer, indent }, value, 0);
  return writer.text();
}

/** A text that is being written. */
interface Layout {
  readonly writer: TextWriter;
  readonly indent: number | null;
}

function write(x: Layout, value: Value, level: number): void {
  const scalar = scalarText(value);
  if (scalar !== null) {
    x.writer.write(scalar);
    return;
  }
  if (value instanceof Some) {
    write(x, value.value, level);
    return;
  }
  const inside = deeper(level);
  const items = itemsOf(value);
  if (items !== null) {
    bracket(x, "[]", level, items, (item) => write(x, item, inside));
    return;
  }
  const fields = fieldsOf(value);
  if (fields === null) {
    x.writer.write("null");
    return;
  }
  const colon = x.indent === null ? ":" : ": ";
  const sorted = [...fields].sort(([a], [b]) => compareStrings(a, b));
  bracket(x, "{}", level, sorted, ([key, part]) => {
    x.writer.write(`${JSON.stringify(key)}${colon}`);
    write(x, part, inside);
  });
}

/** The text of a value without parts; null for others. */
function scalarText(value: Value): string | null {
  if (value === null || typeof value === "boolean" || isInt(value)) return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Float) return floatText(value.value);
  return value instanceof Uint8Array ? JSON.stringify(toBase64(value)) : null;
}

/** The items of an array; null for other kinds. */
function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return listItems(value);
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
      recordField(value, i),
    ]);
    return new Map([...fields, ["__type", value.shape.name]]);
  }
  if (!(value instanceof VariantValue)) return null;
  const payload = variantParts(value);
  return new Map<string, Value>([
    ["__payload", payload.length > 1 ? new Tuple([...payload]) : (payload[0] ?? null)],
    ["__tag", value.variant.shape.variants[value.variant.tag]?.name ?? ""],
  ]);
}

/** Non-finite is null; an integral Float keeps `.0`, unless an exponent shows what it is. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function bracket<T>(
  { writer, indent }: Layout,
  brackets: "[]" | "{}",
  level: number,
  parts: readonly T[],
  writePart: (part: T) => void,
): void {
  writer.write(brackets.charAt(0));
  const isFlat = indent === null || parts.length === 0;
  const inner = isFlat ? "" : `\n${" ".repeat(indent * (level + 1))}`;
  for (const [i, part] of parts.entries()) {
    writer.write(i === 0 ? inner : `,${inner}`);
    writePart(part);
  }
  if (!isFlat) writer.write(`\n${" ".repeat(indent * level)}`);
  writer.write(brackets.charAt(1));
}
