// Fixtures: Markdown files that hold a source and what is expected of it (style.md 2.9).
//
//   # Title: the property          ## Source       ```lumen (code mode) or ````markdown
//   One paragraph: why, which      ## Module a.b   a module that the source imports
//   clause.                        ## Input        JSON of the entry's parameters
//                                  ## Near miss    a second source that must compile
//                                  ## Diagnostics, ## Output, …: what is checked

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { type FencedBlock, fencedBlocks } from "./fenced-blocks.ts";

/** Headings whose blocks are compared with what comes out. */
export const FIXTURE_HEADINGS = [
  "Diagnostics",
  "Ast",
  "Lir",
  "Cfs",
  "Output",
  "Fault",
  "Trace",
  "Verdict",
] as const;

/** One of {@link FIXTURE_HEADINGS}. */
export type FixtureHeading = (typeof FIXTURE_HEADINGS)[number];

/** A source text and the mode that it is read in: `lm` is code mode, `lm.md` Markdown. */
export interface FixtureSource {
  readonly text: string;
  readonly extension: "lm" | "lm.md";
}

/** What is expected under a heading; lines end in newlines. */
export interface Expectation {
  readonly heading: FixtureHeading;
  readonly text: string;
}

/** A fixture as it stands in its file. */
export interface Fixture {
  readonly path: string;
  readonly title: string;
  readonly source: FixtureSource;
  /** Import path → source. */
  readonly modules: ReadonlyMap<string, FixtureSource>;
  readonly nearMisses: readonly FixtureSource[];
  readonly input: string | null;
  readonly expectations: readonly Expectation[];
}

/** Reads a fixture; `E_MALFORMED` with the reason for a file that is none. */
export function readFixture(path: string, text: string): Result<Fixture, Failure> {
  const title = /^# (.+)\n/.exec(text)?.[1];
  if (title === undefined) return err(malformed(path, "the first line is no title"));
  const why = text.slice(text.indexOf("\n"), indexOr(text, "\n## ", text.length)).trim();
  if (why === "") return err(malformed(path, "no paragraph says why the fixture exists"));
  const blocks = fencedBlocks(text);
  const unknown = blocks.find((block) => !isKnown(block.heading));
  if (unknown !== undefined) return err(malformed(path, `heading '${unknown.heading}' is unknown`));
  const [source, second] = blocks.filter((b) => b.heading === "Source");
  if (source === undefined || second !== undefined)
    return err(malformed(path, "a fixture has one source"));
  const expectations = FIXTURE_HEADINGS.flatMap((heading): readonly Expectation[] => {
    const block = blocks.find((b) => b.heading === heading);
    return block === undefined ? [] : [{ heading, text: block.text }];
  });
  if (expectations.length === 0) return err(malformed(path, "nothing is expected"));
  return ok({
    path,
    title,
    source: sourceOf(source),
    modules: new Map(
      blocks
        .filter((b) => b.heading.startsWith("Module "))
        .map((b): [string, FixtureSource] => [b.heading.slice("Module ".length), sourceOf(b)]),
    ),
    nearMisses: blocks.filter((b) => b.heading === "Near miss").map(sourceOf),
    input: blocks.find((b) => b.heading === "Input")?.text ?? null,
    expectations,
  });
}

/** The file with the blocks of some headings replaced; blocks that are missing are appended. */
export function withExpectations(text: string, actual: readonly Expectation[]): string {
  const lines = text.split("\n");
  const blocks = fencedBlocks(text);
  const known = actual.flatMap((a) => {
    const block = blocks.find((b) => b.heading === a.heading);
    return block === undefined ? [] : [{ block, text: a.text }];
  });
  for (const { block, text: wanted } of [...known].sort((a, b) => b.block.line - a.block.line)) {
    const body = wanted === "" ? [] : wanted.replace(/\n$/, "").split("\n");
    lines.splice(block.line, block.endLine - block.line - 1, ...body);
  }
  const missing = actual.filter((a) => !blocks.some((b) => b.heading === a.heading));
  const added = missing.map((a) => `\n## ${a.heading}\n\n\`\`\`text\n${a.text}\`\`\`\n`);
  return lines.join("\n") + added.join("");
}

function isKnown(heading: string): boolean {
  const inputs = ["Source", "Near miss", "Input"];
  const headings: readonly string[] = [...inputs, ...FIXTURE_HEADINGS];
  return headings.includes(heading) || /^Module [a-z_.]+$/.test(heading);
}

function sourceOf(block: FencedBlock): FixtureSource {
  return { text: block.text, extension: block.info === "markdown" ? "lm.md" : "lm" };
}

function indexOr(text: string, what: string, otherwise: number): number {
  const at = text.indexOf(what);
  return at < 0 ? otherwise : at;
}

function malformed(path: string, reason: string): Failure {
  return failure("E_MALFORMED", "load", `${path} is not a fixture: ${reason}`, { subject: path });
}
