// The pages that show terminals: what stands below a command or an input is what comes out. A line
// `…` stands for any lines, `…` inside a line for any text.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FencedBlock, fencedBlocks } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { lumen, lumenWith, project, ROOT, temporaryFolder } from "../cli/testing/lumen.ts";

function page(name: string): string {
  return readFileSync(join(ROOT, "docs", name), "utf8");
}

function blocksOf(text: string, info: string): readonly FencedBlock[] {
  const blocks = fencedBlocks(text).filter((block) => block.info === info);
  expect(blocks.length).toBeGreaterThan(0);
  return blocks;
}

/** A pattern for what is shown; runs of blanks may be longer or shorter. */
function shown(text: string): RegExp {
  const literal = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lines = text.split("\n").map((line) => {
    if (line === "…") return "[^]*?";
    return line.split("…").map(literal).join(".*").replace(/ {2,}/g, " +");
  });
  return new RegExp(`^${lines.join("\n")}$`);
}

interface Turn {
  readonly asked: string;
  readonly answer: string;
}

/** Commands or inputs, each with the lines below it; `more` marks further lines of an input. */
function turnsOf(block: FencedBlock, first: string, more: string | null): readonly Turn[] {
  const turns: { asked: string; answer: string[] }[] = [];
  for (const line of block.text.trimEnd().split("\n")) {
    const last = turns.at(-1);
    if (line.startsWith(first)) turns.push({ asked: line.slice(first.length), answer: [] });
    else if (more !== null && line.startsWith(more) && last !== undefined)
      last.asked += `\n${line.slice(more.length)}`;
    else last?.answer.push(line);
  }
  return turns.map(({ asked, answer }) => ({ asked, answer: answer.join("\n") }));
}

describe("docs/repl.md", () => {
  it.each(blocksOf(page("repl.md"), "repl"))("line $line", async (block) => {
    const turns = turnsOf(block, "> ", "| ");
    let output = "";
    const add = (text: string): void => {
      output += text;
    };
    const stdin = (): string => `${turns.map((turn) => turn.asked).join("\n")}\n`;
    await lumenWith({ stdin, stdout: add, stderr: add }, temporaryFolder(), "repl");
    expect(output.trimEnd()).toBe(
      turns
        .map((turn) => turn.answer)
        .filter((answer) => answer !== "")
        .join("\n"),
    );
  });
});

/** Runs the commands of a page on its first program, one after the other. */
async function runPage(name: string, manifestName: string): Promise<void> {
  const text = page(name);
  const program = blocksOf(text, "lumen")[0]?.text ?? "";
  const manifest = `[package]\nname = "${manifestName}"\nversion = "1.0.0"\n`;
  const folder = project({ "lumen.toml": manifest });
  writeFileSync(join(folder, "main.lm"), program);
  for (const block of blocksOf(text, "console"))
    for (const { asked, answer } of turnsOf(block, "$ lumen ", null)) {
      const ran = await lumen(folder, ...asked.split(" "));
      expect(ran.status, asked).toBe(0);
      expect(ran.stdout.trimEnd(), asked).toMatch(shown(answer.trimEnd()));
    }
}

describe("pages with commands", () => {
  it.each([
    ["time-travel.md", "orders"],
    ["backends.md", "totals"],
  ])("docs/%s shows what they print, one after the other", async (name, manifestName) => {
    await runPage(name, manifestName);
  });
});
