// Reading TOML text: blanks, comments, quoted strings.

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** A place in a TOML text. Line ends are `\n`. */
export class TomlCursor {
  private readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text.replaceAll("\r\n", "\n");
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Whether the text comes next; it is then read. */
  take(wanted: string): boolean {
    if (!this.text.startsWith(wanted, this.at)) return false;
    this.at += wanted.length;
    return true;
  }

  /** What a sticky expression matches here; null when it does not. */
  matching(sticky: RegExp): string | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  /** The text before the first of these characters. */
  until(ends: string): string {
    const start = this.at;
    while (this.at < this.text.length && !ends.includes(this.peek())) this.at += 1;
    return this.text.slice(start, this.at);
  }

  skipBlanks(): void {
    this.matching(/[ \t]*/y);
  }

  /** Moves behind blanks, line ends and comments; false at the end of the text. */
  skipToContent(): boolean {
    this.matching(/(?:[ \t\n]|#[^\n]*)*/y);
    return this.at < this.text.length;
  }

  /** Moves to the next line. */
  skipLine(): void {
    this.until("\n");
    this.at += 1;
  }

  /** A string in quotes of any of the four kinds; null where none begins. */
  quoted(): string | null {
    for (const quotes of ['"""', "'''", '"', "'"]) {
      if (!this.take(quotes)) continue;
      const body = this.bodyUntil(quotes);
      const text = quotes.length === 3 ? body.replace(/^\n/, "") : body;
      return quotes.startsWith('"') ? unescaped(text) : text;
    }
    return null;
  }

  /** Up to the closing quotes, which are read too; an open string ends with line or text. */
  private bodyUntil(quotes: string): string {
    const start = this.at;
    const multiline = quotes.length === 3;
    while (this.at < this.text.length) {
      if (!multiline && this.peek() === "\n") break;
      if (this.text.startsWith(quotes, this.at)) {
        // Quotes may stand directly before the closing ones of a multi-line string.
        while (multiline && this.text.startsWith(quotes, this.at + 1)) this.at += 1;
        this.at += quotes.length;
        return this.text.slice(start, this.at - quotes.length);
      }
      this.at += this.peek() === "\\" && quotes.startsWith('"') ? 2 : 1;
    }
    return this.text.slice(start, this.at);
  }
}

/** Escapes replaced; a backslash at a line's end takes the white space behind it away. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|[ \t]*\n\s*|(.))/gs,
    (whole: string, short?: string, long?: string, letter?: string) => {
      const hex = short ?? long;
      if (hex !== undefined) return scalarText(Number.parseInt(hex, 16), whole);
      return letter === undefined ? "" : (ESCAPES.get(letter) ?? whole);
    },
  );
}

function scalarText(point: number, otherwise: string): string {
  const isScalar = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  return isScalar ? String.fromCodePoint(point) : otherwise;
}
