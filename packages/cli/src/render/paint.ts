// Colours for a terminal; plain text elsewhere. The one place that knows escape codes.

import type { Terminal } from "../command.ts";

/** Codes that begin and end a style (ECMA-48, SGR). */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

/** Text in a style, or as it is where colour is off. */
export type Paint = Readonly<Record<keyof typeof STYLES, (text: string) => string>>;

/** The colours of a terminal. */
export function paintFor({ color }: Pick<Terminal, "color">): Paint {
  const style =
    (name: keyof typeof STYLES) =>
    (text: string): string => {
      const [begin, end] = STYLES[name];
      // A style inside of this one may end with the same code: what follows is in this one again.
      const again = text.replaceAll(`\u001b[${end}m`, `\u001b[${end}m\u001b[${begin}m`);
      return color && text !== "" ? `\u001b[${begin}m${again}\u001b[${end}m` : text;
    };
  return {
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    blue: style("blue"),
    cyan: style("cyan"),
  };
}
