// Text of traces and program files for a terminal: whoever wrote them may not steer it.

/** What would steer the terminal (C0, DEL, C1), end a line, or turn its direction of writing. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text with every character that steers a terminal shown as `\xNN`, or `\uNNNN`. */
export function visible(text: string): string {
  return text.replace(STEERING, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16);
    return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`;
  });
}

/**
 * A line of source as it stands below a diagnostic, a character for each character so that the mark
 * stays in its place: U+FFFD for what would steer the terminal.
 */
export function visibleLine(line: string): string {
  return line.replace(/\t/g, " ").replace(STEERING, "\u{fffd}");
}
