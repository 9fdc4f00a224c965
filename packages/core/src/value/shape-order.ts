// Alphabetical order of the fields of a record shape, computed once per shape.

import type { RecordShape } from "./record.ts";
import { compareStrings } from "./string-order.ts";

const cache = new WeakMap<RecordShape, readonly number[]>();

/** Positions of the fields in alphabetical order of their names (language 15.3, 15.5). */
export function alphabetical(shape: RecordShape): readonly number[] {
  const known = cache.get(shape);
  if (known !== undefined) return known;
  const positions = shape.fields.map((_, i) => i);
  positions.sort((a, b) => compareStrings(shape.fields[a] ?? "", shape.fields[b] ?? ""));
  cache.set(shape, positions);
  return positions;
}
