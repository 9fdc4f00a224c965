// Values as text for people: the display form and the debug form (language 15.5).

import { assert } from "../result/result.ts";
import { mapEntries, setItems } from "./compare.ts";
import { deeper } from "./depth.ts";
import { displayFloat } from "./float-text.ts";
import { RecordValue } from "./record.ts";
import { alphabetical } from "./shape-order.ts";
import { listItems, recordField } from "./slots.ts";
import { TextWriter } from "./text-writer.ts";
import { Closure, Float, MapValue, Opaque, SetValue, Some, Tuple, type Value } from "./value.ts";
import { VariantValue, variantParts } from "./variant.ts";

/** The form of `print` and interpolation: a string is its text. */
export function displayValue(value: Value): string {
  return typeof value === "string" ? value : render(value, quotePlain);
}

/** The form inside containers: a string is in quotes, without escaping. */
export function displayNested(value: Value): string {
  return render(value, quotePlain);
}

/** The nested form with strings escaped as in source, so that they read back (language 2.4). */
export function debugValue(value: Value): string {
  return render(value, quoteEscaped);
}

type Quote = (text: string) => string;

function quotePlain(text: string): string {
  return `"${text}"`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
  ["\0", "\\0"],
  ["\\", "\\\\"],
  ['"', '\\"'],
  // Otherwise a brace before a letter would begin an interpolation.
  ["{", "\\{"],
]);

function quoteEscaped(text: string): string {
  const escaped = text.replace(/[\u0000-\u001f\u007f"\\{]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return ESCAPES.get(character) ?? `\\x${code}`;
  });
  return `"${escaped}"`;
}

/** A text that is being written. */
interface Rendering {
  readonly writer: TextWriter;
  readonly quote: Quote;
}

function render(value: Value, quote: Quote): string {
  const scalar = scalarText(value, quote);
  if (scalar !== null) return scalar;
  const writer = new TextWriter();
  write({ writer, quote }, value, 0);
  return writer.text();
}

/** The text of a value without parts; null for others. */
function scalarText(value: Value, quote: Quote): string | null {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return String(value);
  return value instanceof Float ? displayFloat(value.value) : null;
}

function write(x: Rendering, value: Value, depth: number): void {
  const scalar = scalarText(value, x.quote);
  if (scalar !== null) {
    x.writer.write(scalar);
    return;
  }
  const inner = deeper(depth);
  if (Array.isArray(value)) writeAll(x, ["[", "]"], listItems(value), inner);
  else if (value instanceof RecordValue) writeRecord(x, value, inner);
  else if (value instanceof VariantValue) writeVariant(x, value, inner);
  else if (value instanceof Tuple) writeAll(x, ["(", ")"], value.items, inner);
  else if (value instanceof SetValue) writeAll(x, ["set[", "]"], setItems(value), inner);
  else if (value instanceof MapValue) writeMap(x, value, inner);
  else if (value instanceof Some) writeAll(x, ["some(", ")"], [value.value], inner);
  else x.writer.write(nameOf(value));
}

/** What is shown of things by their name alone. */
function nameOf(value: Value): string {
  if (value instanceof Uint8Array) return `<bytes:${value.length}>`;
  if (value instanceof Closure) return value.name === null ? "<lambda>" : `<fn ${value.name}>`;
  assert(value instanceof Opaque, "other values have parts or are scalars");
  return value.display;
}

function writeAll(
  x: Rendering,
  [open, close]: readonly [string, string],
  values: readonly Value[],
  depth: number,
): void {
  x.writer.write(open);
  for (const [i, value] of values.entries()) {
    if (i > 0) x.writer.write(", ");
    write(x, value, depth);
  }
  x.writer.write(close);
}

function writeRecord(x: Rendering, record: RecordValue, depth: number): void {
  x.writer.write(`${record.shape.name}(`);
  for (const [i, at] of alphabetical(record.shape).entries()) {
    x.writer.write(`${i > 0 ? ", " : ""}${record.shape.fields[at] ?? ""}: `);
    write(x, recordField(record, at), depth);
  }
  x.writer.write(")");
}

function writeVariant(x: Rendering, variant: VariantValue, depth: number): void {
  const { shape, tag } = variant.variant;
  const name = shape.variants[tag]?.name ?? "";
  const parts = variantParts(variant);
  if (parts.length === 0) x.writer.write(name);
  else writeAll(x, [`${name}(`, ")"], parts, depth);
}

function writeMap(x: Rendering, map: MapValue, depth: number): void {
  x.writer.write("{");
  for (const [i, { key, value }] of mapEntries(map).entries()) {
    if (i > 0) x.writer.write(", ");
    write(x, key, depth);
    x.writer.write(": ");
    write(x, value, depth);
  }
  x.writer.write("}");
}
