// The pages that show terminals: what stands below a command or an input is what comes out. A line
// `…` stands for any lines, `…` inside a line for any text.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutOfBits } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import { FingerprintTracer } from "@lumen/raster";
import { type FencedBlock, fencedBlocks } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { bytesOf, lumen, lumenWith, project, ROOT, temporaryFolder } from "../cli/testing/lumen.ts";
import { forge, open, recommit } from "../evidence/testing/forge.ts";

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
    ["analysis.md", "totals"],
  ])("docs/%s shows what they print, one after the other", async (name, manifestName) => {
    await runPage(name, manifestName);
  });
});

/** Bob's trace is Alice's with another output at a leaf, and a commitment that fits. */
function lie(trace: Uint8Array, leaf: number): Uint8Array {
  const output = Uint8Array.of(0x7e);
  let at = -1;
  const forged = forge(trace, (event) => {
    if (event.kind !== "TileStep") return event;
    at += 1;
    if (at !== leaf || event.record.kind !== "Tile") return event;
    const outcome = { kind: "Ok", outputDigest: valueDigest(output) } as const;
    return { ...event, output, record: { ...event.record, outcome } };
  });
  return recommit(forged);
}

function fingerprintOf(trace: Uint8Array): Uint8Array {
  const layout = layoutOfBits(16);
  if (!layout.ok) throw new Error(layout.error.message);
  const tracer = new FingerprintTracer(layout.value);
  for (const event of open(trace).events) tracer.recordEvent(event);
  return tracer.fingerprint()?.file ?? new Uint8Array();
}

/** Exit statuses of the commands that do not end with 0. */
const STATUSES: { readonly [command: string]: number } = {
  "run --input 100000 --audit bob.fpr": 3,
  "dispute prove alice.rtrace --leaf 3": 1,
};

describe("docs/disputes.md", () => {
  it("shows what the commands print, one after the other", async () => {
    const text = page("disputes.md");
    const program = blocksOf(text, "lumen")[0]?.text ?? "";
    const folder = project({ "lumen.toml": '[package]\nname = "interest"\nversion = "1.0.0"\n' });
    writeFileSync(join(folder, "main.lm"), program);
    for (const block of blocksOf(text, "console"))
      for (const { asked, answer } of turnsOf(block, "$ lumen ", null)) {
        if (asked.includes("bob") && !existsSync(join(folder, "bob.fpr"))) prepareBob(folder);
        const ran = await lumen(folder, ...asked.split(" "));
        expect(ran.status, asked).toBe(STATUSES[asked] ?? 0);
        const said = STATUSES[asked] === undefined ? ran.stdout : ran.stderr;
        expect(said.trimEnd(), asked).toMatch(shown(answer.trimEnd()));
      }
  });
});

/** Both traces in the folder, as if they had been handed over, and Bob's fingerprint. */
function prepareBob(folder: string): void {
  const traces = join(folder, "target/raster/traces");
  const [first = ""] = readdirSync(traces).filter((name) => name.endsWith(".rtrace"));
  const alice = bytesOf(join(traces, first));
  const bob = lie(alice, 3);
  writeFileSync(join(folder, "alice.rtrace"), alice);
  writeFileSync(join(folder, "bob.rtrace"), bob);
  writeFileSync(join(folder, "bob.fpr"), fingerprintOf(bob));
}
