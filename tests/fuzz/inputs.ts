// The inputs of a campaign: one for each index, by generator and mutator in turn.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fencedBlocks } from "@lumen/testkit";
import { generateProgram } from "./grammar.ts";
import { mutate } from "./mutate.ts";
import { type Random, randomOf } from "./random.ts";

/** A text and the name of the file that it stands for, which decides the mode. */
export interface FuzzInput {
  readonly path: string;
  readonly text: string;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Longest text that is mutated: longer documents are cut, to keep a campaign fast. */
const TEXT_LENGTH_MAX = 6000;

/** All Lumen sources of the repository: fixtures, examples, library, blocks of the documents. */
export function corpus(): readonly [FuzzInput, ...FuzzInput[]] {
  const folders = ["tests/fixtures", "examples", "stdlib", "spec", "docs"];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const inputs = files.flatMap((file): readonly FuzzInput[] => {
    const text = readFileSync(join(root, file), "utf8");
    if (file.endsWith(".lm.md")) return cut(text);
    return fencedBlocks(text)
      .filter(({ info }) => /^(lumen|markdown)/.test(info))
      .map(({ info, text: code }) => ({
        path: info === "markdown" ? "a.lm.md" : "a.lm",
        text: code,
      }));
  });
  return [{ path: "a.lm", text: "x = 1\n" }, ...inputs];
}

function cut(text: string): readonly FuzzInput[] {
  const parts: FuzzInput[] = [];
  for (let at = 0; at < text.length; at += TEXT_LENGTH_MAX) {
    parts.push({ path: "a.lm.md", text: text.slice(at, at + TEXT_LENGTH_MAX) });
  }
  return parts;
}

/** The input at an index: even ones are generated, odd ones mutated. */
export function inputAt(
  sources: readonly [FuzzInput, ...FuzzInput[]],
  place: { readonly seed: number; readonly index: number },
): FuzzInput {
  const random = randomOf(place.seed, place.index);
  if (place.index % 2 === 0) return wrap(generateProgram(random), random);
  const { path, text } = random.pick(sources);
  const mutated = mutate(text, random.pick(sources).text, random);
  return path === "a.lm" ? wrap(mutated, random) : { path, text: mutated };
}

/** Some code stands in a fence of a document, of a list or of a quote. */
function wrap(code: string, random: Random): FuzzInput {
  if (code.includes("```") || random.below(8) > 0) return { path: "a.lm", text: code };
  const prefix = random.pick(["", "> ", "  ", ">   "]);
  const lines = `\`\`\`lumen\n${code}\`\`\`\n`.split("\n").map((line) => prefix + line);
  const list = prefix.trim() === "" && prefix !== "" ? "- item\n\n" : "";
  return { path: "a.lm.md", text: `# T\n\n${list}${lines.join("\n")}\n\nEnd.\n` };
}
