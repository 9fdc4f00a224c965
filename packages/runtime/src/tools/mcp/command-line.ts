// The command line of a server, taken apart without a shell.

import { err, ok, type Result } from "@lumen/core/result";

/** A program, and its arguments. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Words are separated by blanks. `'…'` is taken as it stands; in `"…"` a backslash takes the
 * meaning from `"` and `\`. All else, also `$`, `*`, `|` and a backslash outside of quotes, stands
 * for itself: nothing is expanded. The error says what is wrong.
 */
export function parseCommandLine(text: string): Result<CommandLine, string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim())) {
    return err(`'${text.trim()}' is an address; expected the command that starts the server`);
  }
  if (text.includes("\0")) return err("a command has no NUL character");
  const words: string[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const word = readWord(text, at);
    if (!word.ok) return word;
    words.push(word.value.text);
    at = skipBlanks(text, word.value.end);
  }
  const [program, ...args] = words;
  if (program === undefined || program === "") return err("the command is empty");
  return ok({ program, args });
}

const BLANK = /\s/;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text.charAt(at))) at++;
  return at;
}

interface Part {
  readonly text: string;
  /** Offset behind the part. */
  readonly end: number;
}

function readWord(text: string, from: number): Result<Part, string> {
  let word = "";
  let at = from;
  while (at < text.length && !BLANK.test(text.charAt(at))) {
    const char = text.charAt(at);
    if (char !== "'" && char !== '"') {
      word += char;
      at++;
      continue;
    }
    const quoted = readQuoted(text, at);
    if (quoted === null) return err(`the quote ${char} at character ${at + 1} is not closed`);
    word += quoted.text;
    at = quoted.end;
  }
  return ok({ text: word, end: at });
}

/** Null where the quote is not closed. */
function readQuoted(text: string, from: number): Part | null {
  const quote = text.charAt(from);
  let inside = "";
  for (let at = from + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === quote) return { text: inside, end: at + 1 };
    const next = text.charAt(at + 1);
    const isEscape = quote === '"' && char === "\\" && (next === '"' || next === "\\");
    inside += isEscape ? next : char;
    if (isEscape) at++;
  }
  return null;
}
