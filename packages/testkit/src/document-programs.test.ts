// Documents are read as they stand, and what they state wrongly about their programs is found.

import { describe, expect, it } from "vitest";
import { documentPrograms, unreadStatements } from "./document-programs.ts";
import { judgeProgram } from "./judge-document.ts";

const fenced = (code: string, info = "lumen"): string => `\`\`\`${info}\n${code}\n\`\`\`\n`;

async function problemsOf(text: string, path = "docs/a.md"): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const program of documentPrograms(path, text))
    for (const { stated, actual } of await judgeProgram(program))
      problems.push(`${stated.trim()} / ${actual.trim()}`);
  return problems;
}

describe("reading", () => {
  it("takes each block for a program, and what its comments state", () => {
    const text = `${fenced("print(1)  # => 1\nprint(2)   # => 2")}\n${fenced("cell f() = 1")}`;
    expect(documentPrograms("a.md", text)).toMatchObject([
      { name: "a.md:1", outputs: [{ input: null, text: "1\n2\n" }] },
      { name: "a.md:6", outputs: [] },
    ]);
  });

  it("joins the parts of a file, and gives it the outputs that name it", () => {
    const part = (code: string) => `<!-- file p/b.lm.md -->\n${fenced(code)}`;
    const output = `<!-- output p/b.lm.md input {"n": 1} -->\n${fenced("2", "text")}`;
    const data = `<!-- file p/in.json -->\n${fenced("{}", "json")}`;
    const found = documentPrograms("a.md", [part("x"), data, part("y"), output].join("\n"));
    expect(found).toMatchObject([
      { name: "a.md:2 p/b.lm.md", outputs: [{ input: '{"n": 1}', text: "2\n" }] },
    ]);
    expect(found[0]?.files.get("p/b.lm.md")).toBe(`${fenced("x")}\n${fenced("y")}\n`);
    expect(found[0]?.files.get("p/in.json")).toBe("{}\n");
  });

  it("takes a document that is a program for one, without the blocks that are examples", () => {
    const output = `<!-- output -->\n${fenced("1", "text")}`;
    const text = [fenced("print(1)"), fenced("print(", "lumen fails=E0011"), output].join("\n");
    expect(documentPrograms("x/a.lm.md", text)).toMatchObject([
      { target: "a.lm.md", fate: { kind: "runs" }, outputs: [{ text: "1\n" }] },
      { fate: { kind: "fails", code: "E0011" }, outputs: [] },
    ]);
    const failing = `<!-- faults=E_TRAP_HALT -->\n\n${fenced('halt("no")')}`;
    expect(documentPrograms("a.lm.md", failing)).toMatchObject([
      { fate: { kind: "faults", code: "E_TRAP_HALT" } },
    ]);
  });

  it("leaves out what is skipped, and refuses an output of nothing", () => {
    expect(documentPrograms("a.md", fenced("?", "lumen skip"))).toEqual([]);
    const output = `<!-- output b.lm -->\n${fenced("1", "text")}`;
    expect(() => documentPrograms("a.md", output)).toThrow("no program whose output");
  });

  it("finds statements that it would not read", () => {
    const lines = [
      "print(1)   # -> 1",
      "return 2   # 2",
      "print(3)  # => 3",
      "x = 4   # a comment",
    ];
    expect(unreadStatements(fenced(lines.join("\n")))).toEqual(["2: # -> 1", "3: # 2"]);
    expect(unreadStatements(fenced("x = 1  # prints 1"))).toEqual(["2: # prints 1"]);
  });
});

describe("judging", () => {
  it.each([
    ["an output", fenced("cell main() -> Int = 42  # => 42")],
    ["lines and a result", fenced('print("a  b")  # => a  b\n7   # => 7')],
    [
      "an input",
      `${fenced("cell main(n: Int) -> Int = n")}\n<!-- output -->\n${fenced("1", "text")}`.replace(
        "<!-- output",
        "<!-- output input 1",
      ),
    ],
    ["a refusal", fenced("cell main() -> Int = true", "lumen fails=E0200")],
    ["a fault", fenced('cell main() -> Int = halt("x")', "lumen faults=E_TRAP_HALT")],
    ["nothing", fenced("print(1)")],
    ["nothing, with an entry that needs input", fenced('cell main(n: Int) = halt("never")')],
  ])("accepts %s that is right", async (_, text) => {
    expect(await problemsOf(text)).toEqual([]);
  });

  it.each([
    ["an output that differs", fenced("cell main() -> Int = 42  # => 43"), "43 / 42"],
    ["blanks that differ", fenced('print("a  b")  # => a b'), "a b / a  b"],
    ["a line too few", fenced("print(1)  # => 1\nprint(2)"), "1 / 1\n2"],
    ["an output that never comes", fenced("cell main() = null  # => 1"), "1 / "],
    [
      "a refusal that does not come",
      fenced("print(1)", "lumen fails=E0200"),
      "refused with E0200 / none",
    ],
    ["another refusal", fenced("print(a)", "lumen fails=E0200"), "refused with E0200 / E0201"],
    ["a program that is refused", fenced("print(a)"), "it runs to its end / E0201"],
    ["a fault that nobody states", fenced("print(1 // 0)"), "it runs to its end / E_TRAP_DIV_ZERO"],
    [
      "a fault that does not come",
      fenced("print(1)", "lumen faults=E_TRAP_HALT"),
      "E_TRAP_HALT / it runs",
    ],
    [
      "another fault",
      fenced("print(1 // 0)", "lumen faults=E_TRAP_HALT"),
      "E_TRAP_HALT / E_TRAP_DIV_ZERO",
    ],
    [
      "a fault of what cannot run",
      fenced("cell f() = 1", "lumen faults=E_TRAP_HALT"),
      "it has no entry",
    ],
  ])("finds %s", async (_, text, expected) => {
    expect((await problemsOf(text)).join("\n")).toContain(expected);
  });
});
