// Values as text for people: the display form and the debug form (language 15.5).

import { assertNever } from "../result/result.ts";
import { mapEntries, setItems } from "./compare.ts";
import { deeper } from "./depth.ts";
import { displayFloat } from "./float-text.ts";
import { alphabetical } from "./shape-order.ts";
import {
  Closure,
  Float,
  MapValue,
  Opaque,
  RecordValue,
  SetValue,
  Some,
  Tuple,
  type Value,
  VariantValue,
} from "./value.ts";

/** The form of `print` and interpolation: a string is its text. */
export function displayValue(value: Value): string {
  return typeof value === "string" ? value : render(value, quotePlain, 0);
}

/** The form inside containers: a string is in quotes, without escaping. */
export function displayNested(value: Value): string {
  return render(value, quotePlain, 0);
}

/** The nested form with strings escaped as in source, so that they read back (language 2.4). */
export function debugValue(value: Value): string {
  return render(value, quoteEscaped, 0);
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

function render(value: Value, quote: Quote, depth: number): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Float) return displayFloat(value.value);
  const inner = deeper(depth);
  if (Array.isArray(value)) return `[${renderAll(value, quote, inner)}]`;
  if (value instanceof RecordValue) return renderRecord(value, quote, inner);
  if (value instanceof VariantValue) return renderVariant(value, quote, inner);
  if (value instanceof Tuple) return `(${renderAll(value.items, quote, inner)})`;
  if (value instanceof Uint8Array) return `<bytes:${value.length}>`;
  if (value instanceof SetValue) return `set[${renderAll(setItems(value), quote, inner)}]`;
  if (value instanceof MapValue) return renderMap(value, quote, inner);
  if (value instanceof Some) return `some(${render(value.value, quote, inner)})`;
  if (value instanceof Closure) return value.name === null ? "<lambda>" : `<fn ${value.name}>`;
  if (value instanceof Opaque) return value.display;
  return assertNever(value);
}

function renderAll(values: readonly Value[], quote: Quote, depth: number): string {
  return values.map((value) => render(value, quote, depth)).join(", ");
}

function renderRecord(record: RecordValue, quote: Quote, depth: number): string {
  const fields = alphabetical(record.shape).map(
    (at) => `${record.shape.fields[at] ?? ""}: ${render(record.fields[at] ?? null, quote, depth)}`,
  );
  return `${record.shape.name}(${fields.join(", ")})`;
}

function renderVariant(variant: VariantValue, quote: Quote, depth: number): string {
  const name = variant.shape.variants[variant.tag]?.name ?? "";
  return variant.payload.length === 0
    ? name
    : `${name}(${renderAll(variant.payload, quote, depth)})`;
}

function renderMap(map: MapValue, quote: Quote, depth: number): string {
  const entries = mapEntries(map).map(
    ({ key, value }) => `${render(key, quote, depth)}: ${render(value, quote, depth)}`,
  );
  return `{${entries.join(", ")}}`;
}
