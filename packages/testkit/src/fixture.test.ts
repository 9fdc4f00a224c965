// Fixtures are read as they stand, refused when they say nothing, and judged without mercy.

import { describe, expect, it } from "vitest";
import { fencedBlocks } from "./fenced-blocks.ts";
import { type Fixture, readFixture, withExpectations } from "./fixture.ts";
import { judgeFixture, runFixture } from "./run-fixture.ts";

const TEXT = `# One is printed

Why this is here.

## Source

\`\`\`lumen
print(1)
\`\`\`

## Output

\`\`\`text
1
\`\`\`
`;

function fixtureOf(text: string): Fixture {
  const fixture = readFixture("a.md", text);
  if (!fixture.ok) throw new Error(fixture.error.message);
  return fixture.value;
}

async function problemsOf(text: string): Promise<readonly string[]> {
  const fixture = fixtureOf(text);
  return judgeFixture(fixture, await runFixture(fixture)).map((problem) => problem.heading);
}

describe("reading", () => {
  it("finds source, mode and expectations", () => {
    expect(fixtureOf(TEXT)).toMatchObject({
      title: "One is printed",
      source: { text: "print(1)\n", extension: "lm" },
      expectations: [{ heading: "Output", text: "1\n" }],
    });
  });

  it.each([
    ["no title", TEXT.replace("# One is printed\n", ""), "no title"],
    ["no reason", TEXT.replace("Why this is here.\n", ""), "says why"],
    ["no source", TEXT.replace("## Source", "## Input"), "one source"],
    ["no expectation", TEXT.slice(0, TEXT.indexOf("## Output")), "nothing is expected"],
    ["an unknown heading", TEXT.replace("## Output", "## Outcome"), "heading 'Outcome'"],
  ])("refuses a fixture with %s", (_what, text, reason) => {
    const fixture = readFixture("a.md", text);
    expect(fixture.ok ? "read" : fixture.error.message).toContain(reason);
  });

  it("keeps shorter fences inside longer ones", () => {
    const blocks = fencedBlocks("````markdown\n```lumen\nx\n```\n````\n```text\ny\n```\n");
    expect(blocks.map((b) => [b.info, b.text, b.line, b.endLine])).toEqual([
      ["markdown", "```lumen\nx\n```\n", 1, 5],
      ["text", "y\n", 6, 8],
    ]);
  });
});

describe("writing expectations", () => {
  it("replaces a block and appends one that is missing", () => {
    const updated = withExpectations(TEXT, [
      { heading: "Output", text: "2\n3\n" },
      { heading: "Fault", text: "none\n" },
    ]);
    expect(fixtureOf(updated).expectations).toEqual([
      { heading: "Output", text: "2\n3\n" },
      { heading: "Fault", text: "none\n" },
    ]);
  });
});

describe("judging", () => {
  it("accepts what holds", async () => {
    expect(await problemsOf(TEXT)).toEqual([]);
  });

  it("sees other output, errors and faults that nobody expected", async () => {
    expect(await problemsOf(TEXT.replace("print(1)", "print(2)"))).toEqual(["Output"]);
    expect(await problemsOf(TEXT.replace("print(1)", "print(x)"))).toContain("Diagnostics");
    expect(await problemsOf(TEXT.replace("print(1)", 'print(1)\nhalt("no")'))).toEqual(["Fault"]);
  });

  it("sees near misses that are hit", async () => {
    const near = (source: string): string =>
      `${TEXT}\n## Near miss\n\n\`\`\`lumen\n${source}\n\`\`\`\n`;
    expect(await problemsOf(near("print(2)"))).toEqual([]);
    expect(await problemsOf(near("print(y)"))).toEqual(["Near miss"]);
  });
});
