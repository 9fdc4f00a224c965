// A strict reader of JSON texts (RFC 8259) that keeps the text of numbers and reports repeated keys
// (formats 1.1, 5). What it builds is up to the caller: typed nodes or plain data.

import { assert } from "../result/result.ts";

/** Containers nested deeper than this are refused, so that recursion is bounded. */
export const JSON_DEPTH_MAX: number = 512;

/** Makes the results of a parse. `keys[i]` belongs to `values[i]`; keys are distinct. */
export interface JsonBuilder<T> {
  readonly literal: (value: null | boolean) => T;
  /** `text` as written, for example `-1.50e3`. */
  readonly number: (text: string) => T;
  /** May hold lone surrogates, which escapes can write. */
  readonly string: (value: string) => T;
  /** Returns the key of an object, or refuses it. */
  readonly key: (text: string) => string;
  readonly array: (items: T[]) => T;
  readonly object: (keys: readonly string[], values: readonly T[]) => T;
}

/** Raised by {@link parseWith} when the text is refused. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  /** UTF-16 offset of the fault in the text. */
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Parses a whole text; raises {@link JsonSyntaxError}. */
export function parseWith<T>(text: string, builder: JsonBuilder<T>): T {
  return new JsonParser(text, builder).document();
}

// The number of RFC 8259, and the runs of a string that need no decoding.
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN_RUN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
/** Objects with more keys look for repeats in a set instead of in the list. */
const LINEAR_KEYS_MAX = 8;

class JsonParser<T> {
  private readonly text: string;
  private readonly builder: JsonBuilder<T>;
  private at = 0;
  private depth = 0;

  constructor(text: string, builder: JsonBuilder<T>) {
    this.text = text;
    this.builder = builder;
  }

  document(): T {
    this.blank();
    const value = this.value();
    this.blank();
    if (this.at < this.text.length) this.fail(`unexpected ${this.found()} after the value`);
    return value;
  }

  private value(): T {
    switch (this.text[this.at]) {
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.array());
      case '"':
        return this.built(this.at, this.string(), this.builder.string);
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.built(this.at, this.number(), this.builder.number);
    }
  }

  /** Builds from the text of the item at `start`, where a refusal of the builder is located. */
  private built<A>(start: number, text: string, build: (text: string) => A): A {
    try {
      return build(text);
    } catch (error) {
      if (error instanceof JsonRefusal) throw new JsonSyntaxError(error.message, start);
      throw error;
    }
  }

  private nested(read: () => T): T {
    this.depth += 1;
    if (this.depth > JSON_DEPTH_MAX) this.fail(`nested deeper than ${JSON_DEPTH_MAX}`);
    this.at += 1;
    this.blank();
    const value = read();
    this.depth -= 1;
    return value;
  }

  private array(): T {
    const items: T[] = [];
    if (this.accept("]")) return this.builder.array(items);
    for (;;) {
      items.push(this.value());
      this.blank();
      if (this.accept("]")) return this.builder.array(items);
      this.expect(",", '"," or "]"');
      this.blank();
    }
  }

  private object(): T {
    const keys: string[] = [];
    const values: T[] = [];
    let seen: Set<string> | null = null;
    if (this.accept("}")) return this.builder.object(keys, values);
    for (;;) {
      const start = this.at;
      if (this.text[start] !== '"') this.fail(`expected a key in quotes, found ${this.found()}`);
      const key = this.built(start, this.string(), this.builder.key);
      if (seen === null ? keys.includes(key) : seen.has(key)) {
        this.at = start;
        this.fail(`the key ${JSON.stringify(key)} occurs twice`);
      }
      keys.push(key);
      seen?.add(key);
      if (seen === null && keys.length > LINEAR_KEYS_MAX) seen = new Set(keys);
      this.blank();
      this.expect(":", '":"');
      this.blank();
      values.push(this.value());
      this.blank();
      if (this.accept("}")) return this.builder.object(keys, values);
      this.expect(",", '"," or "}"');
      this.blank();
    }
  }

  private string(): string {
    this.at += 1;
    let value = "";
    for (;;) {
      PLAIN_RUN.lastIndex = this.at;
      PLAIN_RUN.test(this.text);
      value += this.text.slice(this.at, PLAIN_RUN.lastIndex);
      this.at = PLAIN_RUN.lastIndex;
      if (this.accept('"')) return value;
      if (this.at >= this.text.length) this.fail("the text ends inside a string");
      if (!this.accept("\\")) this.fail("a control character in a string is not escaped");
      value += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at] ?? "";
    const simple = ESCAPES.get(letter);
    if (simple !== undefined) {
      this.at += 1;
      return simple;
    }
    const digits = this.text.slice(this.at + 1, this.at + 5);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at -= 1;
      this.fail("unknown escape in a string");
    }
    this.at += 5;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): string {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) this.fail(`expected a value, found ${this.found()}`);
    this.at += match[0].length;
    const next = this.text[this.at] ?? "";
    if (/[0-9a-zA-Z.+-]/.test(next)) this.fail("malformed number");
    return match[0];
  }

  private word(word: string, value: null | boolean): T {
    if (!this.text.startsWith(word, this.at)) this.fail(`expected a value, found ${this.found()}`);
    this.at += word.length;
    return this.builder.literal(value);
  }

  private blank(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  private accept(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string, wanted: string): void {
    if (!this.accept(character)) this.fail(`expected ${wanted}, found ${this.found()}`);
  }

  private found(): string {
    const point = this.text.codePointAt(this.at);
    return point === undefined ? "the end" : JSON.stringify(String.fromCodePoint(point));
  }

  private fail(message: string): never {
    throw new JsonSyntaxError(message, this.at);
  }
}

/** Raised by a builder that refuses a string or a number; the parser adds where it stands. */
export class JsonRefusal extends Error {
  override readonly name = "JsonRefusal";
}

/** Line and column of an offset, from 1; the column counts UTF-16 units. */
export function lineAndColumn(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  assert(offset <= text.length, "an error stands within the text");
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
