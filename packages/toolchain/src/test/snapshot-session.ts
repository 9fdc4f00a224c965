// Snapshots while tests run: what is stored, what was seen, and what a new file would hold.

import type { Snapshots } from "./snapshots.ts";

/** How snapshots fared in one document. */
export interface SnapshotChanges {
  /** Names that were written for the first time, or with another text; only with `update`. */
  readonly written: readonly string[];
  /** Stored names that no test asked for; gone with `update`. */
  readonly obsolete: readonly string[];
  /** The texts to store. */
  readonly next: Snapshots;
}

/** Compares what tests show with what is stored. */
export class SnapshotSession {
  private readonly stored: Snapshots;
  private readonly update: boolean;
  private readonly seen = new Map<string, string>();

  constructor(stored: Snapshots, update: boolean) {
    this.stored = stored;
    this.update = update;
  }

  /** Null where the text is the stored one, or is to be stored; else what differs. */
  compare(name: string, text: string): string | null {
    const before = this.seen.get(name);
    if (before !== undefined && before !== text)
      return `'${name}' has two values in one run: ${difference(before, text)}`;
    this.seen.set(name, text);
    if (this.update) return null;
    const stored = this.stored.get(name);
    if (stored === undefined)
      return `there is no snapshot '${name}' yet; \`lumen test --update\` stores it`;
    return stored === text ? null : `'${name}' differs: ${difference(stored, text)}`;
  }

  /** `isWhole`: every test of the document ran, so what was not asked for is asked for by none. */
  changes(isWhole: boolean): SnapshotChanges {
    const unseen = [...this.stored].filter(([name]) => !this.seen.has(name));
    const kept = isWhole ? [] : unseen;
    return {
      written: [...this.seen]
        .filter(([name, text]) => this.update && this.stored.get(name) !== text)
        .map(([name]) => name),
      obsolete: isWhole ? unseen.map(([name]) => name) : [],
      next: new Map([...kept, ...this.seen]),
    };
  }
}

/** The first line that differs, of both sides. */
function difference(before: string, now: string): string {
  const [a, b] = [before.split("\n"), now.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  const where = a.length + b.length > 2 ? `in line ${line + 1} ` : "";
  return `${where}expected ${shown(a[line])}, found ${shown(b[line])}`;
}

const SHOWN_MAX = 200;

function shown(line: string | undefined): string {
  if (line === undefined) return "the end";
  return line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line;
}
