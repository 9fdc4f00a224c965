// docs/tiles.md: the two projects that it shows are what they say, command by command.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FencedBlock, fencedBlocks } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { lumen, ROOT, temporaryFolder } from "../cli/testing/lumen.ts";

const BLOCKS = fencedBlocks(readFileSync(join(ROOT, "docs/tiles.md"), "utf8"));

/** The block of a language below a heading. */
function block(heading: string, info: string): string {
  const found = BLOCKS.filter((b) => b.heading === heading && b.info === info);
  expect(found).toHaveLength(1);
  return found[0]?.text ?? "";
}

function written(files: { readonly [path: string]: string }): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A pattern for what is shown: a line `…` stands for any lines, `…` in a line for any text. */
function pattern(lines: readonly string[]): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const parts = lines.map((line) =>
    line === "…" ? "[^]*" : line.split("…").map(literal).join(".*").replace(/ {2,}/g, " +"),
  );
  return new RegExp(`^${parts.join("\n")}$`);
}

/** Runs the commands of a terminal, and compares what stands below each. */
async function follow(folder: string, terminal: FencedBlock["text"]): Promise<void> {
  const turns = terminal.trimEnd().split("$ lumen ").slice(1);
  expect(turns.map((turn) => turn.split(/\s/)[0])).toEqual([
    ...["check", "build", "run", "verify", "analyze"],
  ]);
  for (const turn of turns) {
    const [command = "", ...lines] = turn.trimEnd().split("\n");
    const ran = await lumen(folder, ...command.split(" "));
    expect(ran.status, command).toBe(0);
    expect(ran.stdout.trimEnd(), command).toMatch(pattern(lines));
  }
}

describe("docs/tiles.md", () => {
  it("in TypeScript", async () => {
    const heading = "In TypeScript";
    const manifest = block(heading, "toml");
    const folder = written({ "lumen.toml": manifest, "src/tiles.ts": block(heading, "ts") });
    await follow(folder, block(heading, "console"));
  });

  it("shows the settings for editors that a new project has", async () => {
    const folder = temporaryFolder();
    await lumen(folder, "init", "shop", "--template", "typescript");
    const written = readFileSync(join(folder, "shop/tsconfig.json"), "utf8");
    expect(block("Editors", "json")).toBe(written);
  });

  it("in Lumen", async () => {
    const heading = "In Lumen";
    const text = `# Greeting\n\n\`\`\`lumen\n${block(heading, "lumen")}\`\`\`\n`;
    const folder = written({ "lumen.toml": block(heading, "toml"), "main.lm.md": text });
    await follow(folder, block(heading, "console"));
  });
});
