// The lines that somebody typed in earlier sessions: a file with a line each, newest last.

import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { readText, writeFileWhole } from "../files.ts";
import { lockTrace } from "../trace-lock.ts";

/** Lines that are kept. */
export const HISTORY_LINES_MAX = 1000;

/** Longest line that is kept; a longer one was pasted. */
export const HISTORY_LINE_CHARACTERS_MAX = 4000;

/** Lines of earlier sessions. */
export interface History {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** E_IO where the line cannot be written; the session can go on without it. */
  readonly add: (line: string) => Result<null, Failure>;
}

/**
 * Reads the file, which need not be there, and cuts it to its newest lines. Sessions at the same
 * time add lines as they come: each is one write at the end. Cutting takes a lock; a session that
 * does not get it leaves that to a later one.
 */
export function openHistory(path: string): Result<History, Failure> {
  const text = existsSync(path) ? readText(path, "load") : ok("");
  if (!text.ok) return text;
  const all = text.value.split("\n").filter((line) => line !== "");
  const lines = all.slice(-HISTORY_LINES_MAX);
  if (lines.length < all.length) {
    const lock = lockTrace(path);
    if (lock.ok) {
      const cut = writeFileWhole(path, `${lines.join("\n")}\n`, "load");
      lock.value.release();
      if (!cut.ok) return cut;
    }
  }
  return ok({ lines, add: (line) => addLine(path, line) });
}

function addLine(path: string, line: string): Result<null, Failure> {
  if (line.trim() === "" || line.length > HISTORY_LINE_CHARACTERS_MAX) return ok(null);
  try {
    mkdirSync(dirname(path), { recursive: true });
    // What somebody typed may be a secret: nobody else reads it.
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
    return ok(null);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot write the history '${path}': ${error.message}`;
    return err(failure("E_IO", "load", message, { subject: path }));
  }
}
