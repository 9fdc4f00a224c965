// Colours for a terminal; plain text elsewhere. The one place that knows escape codes.

import pico from "picocolors";
import type { Terminal } from "../command.ts";

/** Colour functions that do nothing where colour is off. */
export type Paint = ReturnType<typeof pico.createColors>;

/** The colours of a terminal. */
export function paintFor(terminal: Terminal): Paint {
  return pico.createColors(terminal.color);
}
