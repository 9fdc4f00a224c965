// Lines of standard input: edited by Node's readline where a person types, else as they come.

import { createInterface, type Interface } from "node:readline";
import type { LineEditor, LineEditorOptions } from "./command.ts";

/** Opens the editor over the process's streams; only one at a time. */
export function openLineEditor(options: LineEditorOptions): LineEditor {
  const isTyped = process.stdin.isTTY === true;
  const readline = createInterface({
    input: process.stdin,
    terminal: isTyped,
    // Readline keeps the newest first.
    history: [...options.history].reverse(),
    completer: (line: string) => {
      const { word, words } = options.complete(line);
      return [[...words], word];
    },
    ...(isTyped ? { output: process.stdout } : {}),
  });
  const lines = new Lines(readline);
  readline.on("SIGINT", () => {
    process.stdout.write("\n");
    options.interrupted();
    lines.giveUp();
  });
  return {
    next: (prompt) => {
      // What was typed ahead stands there already.
      if (isTyped && !lines.isAhead) {
        readline.setPrompt(prompt);
        readline.prompt();
      }
      return lines.next();
    },
    close: () => readline.close(),
  };
}

/** Lines that came before somebody asked, and who asks before they come. */
class Lines {
  readonly #come: string[] = [];
  readonly #readline: Interface;
  #asked: ((line: string | null) => void) | null = null;
  #ended = false;

  constructor(readline: Interface) {
    this.#readline = readline;
    readline.on("line", (line) => this.#give(line));
    readline.on("close", () => {
      this.#ended = true;
      this.#give(null);
    });
  }

  /** A line is there that nobody has asked for. */
  get isAhead(): boolean {
    return this.#come.length > 0;
  }

  next(): Promise<string | null> {
    const line = this.#come.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  /** Who asks gets an empty line instead of what has been typed. */
  giveUp(): void {
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#give("");
  }

  #give(line: string | null): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked !== null) asked(line);
    else if (line !== null && line !== "") this.#come.push(line);
  }
}
