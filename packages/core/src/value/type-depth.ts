// How deep a type descriptor nests (formats 3.1): types nested deeper than the bound are refused.

import { assertNever } from "../result/result.ts";
import type { PayloadDescriptor, TypeDescriptor } from "./type-descriptor.ts";

/** Descriptors nested deeper are refused; values of theirs have no encoding (formats 4.2, 6). */
export const TYPE_DEPTH_MAX: number = 128;

/** Levels below the type itself: 0 for `i64`, 1 for a list of them. O(parts). */
export function typeDepth(type: TypeDescriptor): number {
  const below = (parts: readonly TypeDescriptor[]): number =>
    parts.reduce((deepest, part) => Math.max(deepest, 1 + typeDepth(part)), 0);
  if (typeof type === "string" || "ref" in type) return 0;
  if ("option" in type) return below([type.option]);
  if ("list" in type) return below([type.list]);
  if ("set" in type) return below([type.set]);
  if ("array" in type) return below([type.array[0]]);
  if ("map" in type) return below(type.map);
  if ("result" in type) return below(type.result);
  if ("tuple" in type) return below(type.tuple);
  if ("rec" in type) return below([type.rec.type]);
  if ("record" in type) return below(type.record.fields.map(([, field]) => field));
  if ("enum" in type) return below(type.enum.variants.flatMap(([, payload]) => payloadOf(payload)));
  return assertNever(type);
}

function payloadOf(payload: PayloadDescriptor): readonly TypeDescriptor[] {
  if (payload === null) return [];
  if (typeof payload === "object" && "struct" in payload)
    return payload.struct.map(([, field]) => field);
  return [payload];
}
