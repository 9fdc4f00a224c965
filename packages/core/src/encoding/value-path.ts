// Where a part stands in a value, as messages show it: `$.items[3].age` (formats 2.4, 5).

import { displayNested } from "../value/display.ts";
import type { Value } from "../value/value.ts";

/** The path of the whole value. */
export const ROOT_PATH: string = "$";

/** Path step to a field, variant or object key: `.name`, or `["odd name"]`. */
export function fieldStep(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Path step to the value under a key of a map. */
export function keyStep(key: Value): string {
  return typeof key === "string" ? fieldStep(key) : `[${displayNested(key)}]`;
}
