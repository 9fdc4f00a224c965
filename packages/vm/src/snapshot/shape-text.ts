// Shapes of values that came from outside: the text that a snapshot has of them.

import type { EnumShape, RecordShape, VariantShape } from "@lumen/core/value";

/** Reads the JSON text of a shape; null for anything else. */
export function readShape(text: string): RecordShape | EnumShape | null {
  const found = parse(text);
  if (typeof found !== "object" || found === null || !("name" in found)) return null;
  const { name } = found;
  if (typeof name !== "string") return null;
  if ("fields" in found) return isTexts(found.fields) ? { name, fields: found.fields } : null;
  if (!("variants" in found) || !Array.isArray(found.variants)) return null;
  const variants = found.variants.map(readVariant);
  return variants.every((variant) => variant !== null) ? { name, variants } : null;
}

function readVariant(found: unknown): VariantShape | null {
  if (typeof found !== "object" || found === null) return null;
  const { name, arity, labels }: { name?: unknown; arity?: unknown; labels?: unknown } = found;
  if (typeof name !== "string" || !Array.isArray(labels)) return null;
  if (arity !== labels.length || !labels.every(isLabel)) return null;
  return { name, arity, labels };
}

function isLabel(label: unknown): label is string | null {
  return label === null || typeof label === "string";
}

function isTexts(found: unknown): found is readonly string[] {
  return Array.isArray(found) && found.every((item) => typeof item === "string");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
