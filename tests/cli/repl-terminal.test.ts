// `lumen repl` in a terminal of its own, as `script` makes one: editing, completion, Ctrl-C and
// Ctrl-D, the history. Skipped where there is no `script`.

import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT, temporaryFolder } from "./testing/lumen.ts";

const BUNDLE = join(ROOT, "dist/lumen.js");

/** The `script` of util-linux takes a command; others do not. */
function hasTerminals(): boolean {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux");
  } catch {
    return false;
  }
}

/** A session in a terminal. */
class TypedSession {
  readonly #child: ChildProcessWithoutNullStreams;
  #shown = "";
  #read = 0;
  readonly ended: Promise<number | null>;

  constructor(home: string) {
    const env = { ...process.env, HOME: home, TERM: "xterm", LUMEN_HISTORY: "" };
    const command = `'${process.execPath}' '${BUNDLE}' repl`;
    this.#child = spawn("script", ["-qec", command, "/dev/null"], { env, cwd: home });
    this.#child.stdout.setEncoding("utf8");
    this.#child.stdout.on("data", (text: string) => {
      this.#shown += text;
    });
    this.ended = new Promise((resolve) => this.#child.on("close", (status) => resolve(status)));
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until this is shown, behind what was waited for before. */
  async sees(text: string): Promise<void> {
    await expect
      .poll(() => this.#shown.indexOf(text, this.#read), { timeout: 20_000 })
      .toBeGreaterThanOrEqual(0);
    this.#read = this.#shown.indexOf(text, this.#read) + text.length;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

const PROMPT = "> ";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = "\u007f";
const UP = "\u001b[A";

describe.skipIf(!hasTerminals() || !existsSync(BUNDLE))("a session in a terminal", () => {
  const open: TypedSession[] = [];
  const start = (home: string): TypedSession => {
    const session = new TypedSession(home);
    open.push(session);
    return session;
  };

  afterEach(() => {
    for (const session of open.splice(0)) session.kill();
  });

  it("edits lines, completes words, stops what runs, and ends with Ctrl-D", async () => {
    const home = temporaryFolder();
    const session = start(home);
    await session.sees(PROMPT);
    session.type("let steps = 4\rsteps\r");
    await session.sees("\r\n4\r\n");
    session.type("step\t");
    // The completed word is not shown as a whole.
    await pause(500);
    session.type(` + 3${BACKSPACE}21\r`);
    await session.sees("\r\n25\r\n");
    session.type("while true\r");
    await session.sees("| ");
    session.type("  steps += 1\rend\r");
    await pause(1000);
    session.type(CTRL_C);
    await session.sees("interrupted");
    session.type(`half of a line${CTRL_C}`);
    await pause(300);
    session.type("steps\r");
    await session.sees("\r\n4\r\n");
    session.type(CTRL_D);
    expect(await session.ended).toBe(0);
    const again = start(home);
    await again.sees(PROMPT);
    again.type(`${UP}${UP}${CTRL_C}`);
    await again.sees("end");
    again.type(CTRL_D);
    expect(await again.ended).toBe(0);
    expect(readFileSync(join(home, ".lumen/history"), "utf8")).toBe(
      "let steps = 4\nsteps\nsteps + 21\nwhile true\n  steps += 1\nend\nsteps\n",
    );
  }, 60_000);
});
