// Builds a long text from many short ones. Joining them as they come keeps the pieces of a whole
// value from being in memory at the same time; so does the bound on the text.

import { VALUE_TEXT_UNITS_MAX, ValueSizeError } from "./depth.ts";

/** Pieces that are joined at a time. */
const PIECES = 1024;

/** A text that grows at its end. */
export class TextWriter {
  readonly #chunks: string[] = [];
  #pieces: string[] = [];
  #units = 0;

  /** Adds a text; throws {@link ValueSizeError} beyond {@link VALUE_TEXT_UNITS_MAX}. */
  write(text: string): void {
    this.#units += text.length;
    if (this.#units > VALUE_TEXT_UNITS_MAX) throw new ValueSizeError();
    this.#pieces.push(text);
    if (this.#pieces.length >= PIECES) this.#join();
  }

  /** Everything that was written. */
  text(): string {
    this.#join();
    return this.#chunks.join("");
  }

  #join(): void {
    this.#chunks.push(this.#pieces.join(""));
    this.#pieces = [];
  }
}
