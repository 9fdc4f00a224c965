// Text of traces and program files for a terminal: whoever wrote them may not steer it.

/** The text with every control character (C0, DEL, C1) shown as `\xNN`. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/**
 * A line of source as it stands below a diagnostic, a character for each character so that the mark
 * stays in its place: U+FFFD for what would steer the terminal or turn its direction of writing.
 */
export function visibleLine(line: string): string {
  return line
    .replace(/\t/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\u{fffd}");
}
