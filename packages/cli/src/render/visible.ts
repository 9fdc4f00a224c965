// Text of traces and program files for a terminal: whoever wrote them may not steer it.

/** The text with every control character (C0, DEL, C1) shown as `\xNN`. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
