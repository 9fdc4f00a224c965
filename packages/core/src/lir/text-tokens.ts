// Tokens of the textual form of LIR: a cursor over the words of a text, line by line.

/** Thrown and caught inside the assembler only: the text is not in the form. */
export class AssembleError extends Error {
  override readonly name = "AssembleError";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

interface Token {
  readonly text: string;
  readonly line: number;
}

/** Strings, arrows, parts of paths, words (dots inside only), punctuation. */
const WORD =
  /"(?:[^"\\\n]|\\.)*"|->|\.\[|\.[#%k]\d+|-?[\p{L}\p{N}_$]+(?:\.[\p{L}\p{N}_$]+)*|[{}()[\],:@.]/uy;

/** A place in a text. Line ends are tokens, `\n`; comments and blank lines are not. */
export class Cursor {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.split("\n").flatMap((line, i) => tokensOf(line, i + 1));
  }

  /** The next token without taking it; empty at the end. */
  peek(): string {
    return this.tokens[this.at]?.text ?? "";
  }

  /** Takes the next token. */
  next(): string {
    const text = this.peek();
    if (text === "") this.fail("the text ends early");
    this.at += 1;
    return text;
  }

  /** Takes the next token, which must be this one. */
  expect(text: string): void {
    const found = this.next();
    if (found !== text) this.fail(`expected ${shown(text)}, found ${shown(found)}`, -1);
  }

  /** Takes the next token if it is this one. */
  accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at += 1;
    return true;
  }

  /** A number without a sign, below 2^32, with a prefix such as `r`. */
  number(prefix = ""): number {
    const found = this.next();
    const digits = found.startsWith(prefix) ? found.slice(prefix.length) : "";
    const value = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
    if (value < 2 ** 32) return value;
    return this.fail(`expected ${prefix}N, found ${shown(found)}`, -1);
  }

  /** A word, or a JSON string. */
  name(): string {
    const found = this.next();
    if (found.startsWith('"')) return this.unquote(found);
    if (/^[\p{L}\p{N}_$-]/u.test(found)) return found;
    return this.fail(`expected a name, found ${shown(found)}`, -1);
  }

  /** A JSON string. */
  string(): string {
    return this.unquote(this.next());
  }

  /** Items separated by commas up to the closing bracket, whose opening one was taken. */
  list<T>(close: string, item: () => T): readonly T[] {
    const items: T[] = [];
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(",");
      items.push(item());
    }
    return items;
  }

  /** Items up to the end of the line. */
  rest<T>(item: () => T): readonly T[] {
    const items: T[] = [];
    while (this.peek() !== "\n" && this.peek() !== "") items.push(item());
    return items;
  }

  /** Stops at the next token, or `back` tokens from it. */
  fail(message: string, back = 0): never {
    const last = this.tokens.length - 1;
    const line = this.tokens[Math.min(this.at + back, last)]?.line ?? 1;
    throw new AssembleError(message, line);
  }

  private unquote(token: string): string {
    if (!token.startsWith('"')) return this.fail(`expected a string, found ${shown(token)}`, -1);
    try {
      return String(JSON.parse(token));
    } catch (error) {
      if (error instanceof SyntaxError) return this.fail(`bad string ${token}`, -1);
      throw error;
    }
  }
}

function shown(text: string): string {
  return text === "\n" ? "the end of the line" : `'${text}'`;
}

function tokensOf(text: string, line: number): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length && text[at] !== ";") {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    WORD.lastIndex = at;
    const found = WORD.exec(text)?.[0];
    if (found === undefined) throw new AssembleError(`unknown character '${text[at]}'`, line);
    tokens.push({ text: found, line });
    at += found.length;
  }
  return tokens.length === 0 ? [] : [...tokens, { text: "\n", line }];
}
