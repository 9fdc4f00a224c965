// Rules of the opcodes of records, variants and results (lir.md 8, clause 4).

import type { TypeIndex } from "./types.ts";
import {
  flows,
  isKind,
  numberAt,
  type Site,
  shapeOf,
  typeAt,
  typesAt,
  typeText,
} from "./validate-site.ts";

/** `record_new w R`: one operand per field, in order. */
export function checkRecordNew(site: Site): string | null {
  const type = shapeOf(site, typeAt(site, 0));
  if (type.kind !== "record") return isKind(site, 0, "record");
  const parts = type.fields.map((field) => field.type);
  return checkParts(site, typesAt(site, 1), parts, `record ${type.name}`);
}

/** `field_get w r i` */
export function checkFieldGet(site: Site): string | null {
  const type = shapeOf(site, typeAt(site, 1));
  if (type.kind !== "record") return isKind(site, 1, "record");
  const field = type.fields[numberAt(site, 2)];
  if (field === undefined) return `record ${type.name} has no field ${numberAt(site, 2)}`;
  return flows(site, field.type, typeAt(site, 0), `field '${field.name}'`);
}

/** `variant_new w i R` */
export function checkVariantNew(site: Site): string | null {
  const payload = payloadsOf(site, typeAt(site, 0))?.[numberAt(site, 1)];
  const name = typeText(site, typeAt(site, 0));
  if (payload === undefined) return `${name} has no variant ${numberAt(site, 1)}`;
  return checkParts(site, typesAt(site, 2), payload, `variant ${numberAt(site, 1)} of ${name}`);
}

/** `variant_tag w r` */
export function checkVariantTag(site: Site): string | null {
  if (payloadsOf(site, typeAt(site, 1)) === null)
    return `${typeText(site, typeAt(site, 1))} has no variants`;
  return isKind(site, 0, "int");
}

/**
 * `payload_get w r i`: which variant it is, only the run knows, so some variant must have a
 * component of that number that fits.
 */
export function checkPayloadGet(site: Site): string | null {
  const variants = payloadsOf(site, typeAt(site, 1)) ?? [];
  const name = typeText(site, typeAt(site, 1));
  const component = numberAt(site, 2);
  const types = variants.flatMap((payload) => payload[component] ?? []);
  if (types.length === 0) return `no variant of ${name} has a payload component ${component}`;
  const problems = types.map((type) => flows(site, type, typeAt(site, 0), "the component"));
  return problems.includes(null) ? null : (problems[0] ?? null);
}

/** Payload types per tag; a result is an enum of ok and err. Null for other types. */
function payloadsOf(site: Site, index: TypeIndex): readonly (readonly TypeIndex[])[] | null {
  const type = shapeOf(site, index);
  if (type.kind === "result") return [[type.ok], [type.error]];
  if (type.kind !== "enum") return null;
  return type.variants.map((variant) => variant.payload.map((component) => component.type));
}

function checkParts(
  site: Site,
  given: readonly TypeIndex[],
  wanted: readonly TypeIndex[],
  what: string,
): string | null {
  if (given.length !== wanted.length)
    return `${given.length} operands for ${what}, which has ${wanted.length} parts`;
  for (const [i, type] of given.entries()) {
    const text = flows(site, type, wanted[i] ?? -1, `part ${i + 1} of ${what}`);
    if (text !== null) return text;
  }
  return null;
}
