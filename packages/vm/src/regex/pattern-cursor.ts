// Reading a pattern scalar by scalar, and how reading stops at the first problem.

/** Raised at the first problem of a pattern; only `parse.ts` catches it. */
export class PatternError extends Error {}

/** A place in a pattern. */
export class PatternCursor {
  readonly scalars: readonly string[];
  at = 0;

  constructor(pattern: string) {
    this.scalars = Array.from(pattern);
  }

  /** The scalar `ahead` places on, "" at the end. */
  peek(ahead = 0): string {
    return this.scalars[this.at + ahead] ?? "";
  }

  atEnd(): boolean {
    return this.at >= this.scalars.length;
  }

  next(): string {
    const scalar = this.peek();
    this.at += 1;
    return scalar;
  }

  /** Whether the text comes next; it is then read. */
  take(text: string): boolean {
    if (!this.lookingAt(text)) return false;
    this.at += Array.from(text).length;
    return true;
  }

  lookingAt(text: string): boolean {
    return Array.from(text).every((scalar, i) => this.peek(i) === scalar);
  }

  /** The text up to the next occurrence of `end`, which is read too; null where there is none. */
  until(end: string): string | null {
    const start = this.at;
    for (let at = start; at < this.scalars.length; at += 1) {
      if (this.scalars[at] !== end) continue;
      this.at = at + 1;
      return this.scalars.slice(start, at).join("");
    }
    return null;
  }

  /** The text from a place to here. */
  since(start: number): string {
    return this.scalars.slice(start, this.at).join("");
  }

  /** Gives up: `reason`, and the part of the pattern from `start` to here. */
  fail(reason: string, start: number): never {
    const part = this.since(start);
    throw new PatternError(part === "" ? reason : `${reason}: ${part}`);
  }
}
