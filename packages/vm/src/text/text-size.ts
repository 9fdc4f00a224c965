// Guard before a string is built: engines throw on strings that are too long.

import { CONTAINER_ITEMS_MAX } from "../limits.ts";
import { memoryTrap } from "../trap.ts";

/** Faults as out of memory when a string of that many UTF-16 units must not be built. */
export function checkText(units: number): void {
  if (units > CONTAINER_ITEMS_MAX) throw memoryTrap();
}

/** Up to that many texts are joined by `+`, which copies none of them: one may be long. */
const SUMMED_MAX = 32;

/** The texts joined. */
export function joinTexts(texts: readonly string[], separator: string): string {
  let units = separator.length * texts.length;
  for (const text of texts) units += text.length;
  checkText(units);
  if (separator !== "" || texts.length > SUMMED_MAX) return texts.join(separator);
  return texts.reduce((sum, text) => sum + text, "");
}
