// Values as people read them beside a program: in one line, strings in quotes, never too long.

import { displayNested, type Value, ValueDepthError } from "@lumen/core/value";

/** Characters of a value that are shown. */
export const SHOWN_CHARACTERS_MAX = 400;

/** The display form of a value inside of others, its end left out where it is long. */
export function shownValue(value: Value): string {
  const text = displayed(value);
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}

function displayed(value: Value): string {
  try {
    return displayNested(value);
  } catch (error) {
    if (!(error instanceof ValueDepthError)) throw error;
    return "(nested too deeply to show)";
  }
}
