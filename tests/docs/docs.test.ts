// The programs of docs/ run as the text says: `<!-- file NAME -->` before a fence adds it to a
// file, `<!-- output NAME [input JSON] -->` before a text fence states what running it prints.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "@lumen/toolchain";
import { afterAll, describe, expect, it } from "vitest";

const MARKED = /<!-- (file|output) (\S+)(?: input (.*?))? -->\n\n?```(\w+)\n([\s\S]*?)```/g;

interface Stated {
  readonly name: string;
  readonly input: string | undefined;
  readonly text: string;
}

interface Program {
  readonly files: ReadonlyMap<string, string>;
  readonly outputs: readonly Stated[];
}

/** The files that a document builds up and the outputs that it states. */
function readDocument(path: string): Program {
  const files = new Map<string, string>();
  const outputs: Stated[] = [];
  for (const match of readFileSync(path, "utf8").matchAll(MARKED)) {
    const [, what, name = "", input, language, body = ""] = match;
    if (what === "output") outputs.push({ name, input, text: body });
    else {
      const part = language === "lumen" ? `\`\`\`lumen\n${body}\`\`\`\n\n` : body;
      files.set(name, (files.get(name) ?? "") + part);
    }
  }
  return { files, outputs };
}

/** What the program prints, its result included. */
async function outputOf(folder: string, stated: Stated): Promise<string> {
  const printed: string[] = [];
  const result = await runProgram({
    target: join(folder, stated.name),
    sequence: undefined,
    cell: undefined,
    input: {
      json: stated.input?.replace("@", `@${folder}/`),
      bytesHex: undefined,
      stdin: () => "",
    },
    trace: undefined,
    traceDir: undefined,
    traceFormat: "binary",
    traceIo: "Inline",
    durable: false,
    deterministic: false,
    args: [],
    console: {
      stdout: (text) => void printed.push(text),
      stderr: (text) => void printed.push(text),
      readLine: () => "",
      readRest: () => "",
    },
  });
  if (!result.ok) return `refused: ${result.error.failure.message}`;
  const { outcome } = result.value;
  if (outcome.kind === "failed") return `${printed.join("")}failed: ${outcome.failure.message}`;
  if (outcome.kind === "exited") return `${printed.join("")}exit status ${outcome.status}`;
  const { display, isErr } = outcome.output;
  const last = display === null ? "" : `${isErr ? "error: " : ""}${display}\n`;
  return printed.join("") + last;
}

const temporary = mkdtempSync(join(tmpdir(), "lumen-docs-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const documents = readdirSync("docs").filter((name) => name.endsWith(".md"));

describe.each(documents)("docs/%s", (name) => {
  const { files, outputs } = readDocument(join("docs", name));
  const folder = join(temporary, name);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  it("states the output of every program that it shows", () => {
    const programs = [...files.keys()].filter((path) => path.endsWith(".lm.md"));
    const shown = new Set(outputs.map((o) => o.name));
    expect(programs.filter((path) => !shown.has(path))).toEqual([]);
  });

  it.each(outputs)("prints what it says for $name", async (stated) => {
    expect(await outputOf(folder, stated)).toBe(stated.text);
  });
});

describe("the tutorial", () => {
  it("holds programs", () => {
    expect(readDocument("docs/tutorial.md").outputs.length).toBeGreaterThanOrEqual(8);
  });
});
