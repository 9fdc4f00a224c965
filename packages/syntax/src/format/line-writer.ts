// The lines of formatted code. Each begins with what the container of a fenced block demands.

import type { Comment } from "./trivia.ts";

/** Collects lines; columns count from behind the prefix. */
export class LineWriter {
  readonly #prefix: string;
  readonly #lines: string[] = [];
  #current = "";
  #isOpen = false;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Column behind what is written on the current line. */
  get column(): number {
    return Math.max(0, this.#current.length - this.#prefix.length);
  }

  /** The current line without the prefix. */
  get line(): string {
    return this.#current.slice(this.#prefix.length);
  }

  /** Starts a line with an indentation; with `isApart` behind a blank line, but for the first. */
  startLine(indent: number, isApart: boolean): void {
    if (this.#isOpen) this.#endLine();
    if (isApart && this.#lines.length > 0) this.#lines.push(this.#prefix.trimEnd());
    this.#current = this.#prefix + " ".repeat(indent);
    this.#isOpen = true;
  }

  /** Writes text without line ends. */
  write(text: string): void {
    this.#current += text;
  }

  /** Writes text whose further lines are complete as they are. */
  writeLines(text: string): void {
    const [first = "", ...rest] = text.split("\n");
    this.#current += first;
    for (const line of rest) {
      // Inside a string a blank at the end of a line is content.
      this.#lines.push(this.#current);
      this.#current = line;
    }
  }

  /** Writes a comment of its own line. */
  writeComment(comment: Comment, indent: number): void {
    this.startLine(indent, comment.isApart);
    this.writeLines(shiftBlock(comment, indent));
  }

  /** All lines with their ends; empty when nothing was written. */
  finish(): string {
    if (this.#isOpen) this.#endLine();
    this.#isOpen = false;
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #endLine(): void {
    this.#lines.push(this.#current.trimEnd());
  }
}

/** A markdown block moves as a whole, unless a line of it stands further left than its marks. */
function shiftBlock(comment: Comment, indent: number): string {
  const [first = "", ...rest] = comment.text.split("\n");
  const leading = rest.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  if (rest.length === 0 || leading.some((blanks) => blanks < comment.indent)) return comment.text;
  const moved = rest.map((line) => {
    return line.trim() === "" ? line : " ".repeat(indent) + line.slice(comment.indent);
  });
  return [first, ...moved].join("\n");
}
