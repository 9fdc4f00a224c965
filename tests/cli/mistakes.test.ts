// Mistakes in a document: all of them are reported, each with code, place, source line and help.

import { describe, expect, it } from "vitest";
import { document, jsonLines, lumen, project } from "./testing/lumen.ts";

const THREE = document(`
cell one() -> Int
  return "text"
end

cell two() -> Int
  return missing_name
end

cell three(b: Bool) -> Int
  match b
    true -> 1
  end
end
`);

const CODES = ["E0200", "E0201", "E0208"];

function folderOf(text: string): string {
  return project({ "bad.lm.md": text });
}

describe("lumen check", () => {
  it("reports three different mistakes at once", async () => {
    const ran = await lumen(folderOf(THREE), "check", "bad.lm.md");
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe("");
    expect([...ran.stderr.matchAll(/error\[(\w+)\]/g)].map((m) => m[1])).toEqual(CODES);
    expect(ran.stderr).toMatch(/\n3 errors\nrun `lumen explain \w+` to know more\n$/);
    expect(ran.stderr.match(/= help: \S/g)).toHaveLength(3);
    const block = [
      "error[E0201]: undefined variable 'missing_name'",
      " --> bad.lm.md:9:10",
      "  |",
      "9 |   return missing_name",
      "  |          ^^^^^^^^^^^^",
    ];
    expect(ran.stderr).toContain(block.join("\n"));
  });

  it("names a way out that compiles", async () => {
    const helps = async (body: string): Promise<unknown> => {
      const text = document(`cell main() -> result[Int, String]\n  ${body}\nend\n`);
      const ran = await lumen(folderOf(text), "check", "bad.lm.md", "--format", "json");
      return jsonLines(ran.stdout);
    };
    expect(await helps('return wrap("a", 3)')).toMatchObject([
      { help: "The standard library has one: `import std.text: wrap`." },
      {},
    ]);
    expect(await helps('return parse_int("3") + 1')).toMatchObject([
      { help: "Take the value of the result with `?`, `match` or `unwrap_or`." },
      {},
    ]);
    expect(await helps('return "bad"')).toMatchObject([
      { help: "Give it as the error: `err(…)`." },
      {},
    ]);
  });

  it("gives the same as JSON lines, with positions", async () => {
    const ran = await lumen(folderOf(THREE), "check", "bad.lm.md", "--format", "json");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toBe("");
    expect(jsonLines(ran.stdout)).toMatchObject([
      {
        type: "diagnostic",
        code: "E0200",
        expected: "Int",
        found: "String",
        start: { line: 5, column: 10 },
      },
      {
        type: "diagnostic",
        code: "E0201",
        start: { line: 9, column: 10 },
        end: { line: 9, column: 22 },
      },
      { type: "diagnostic", code: "E0208", severity: "error", start: { line: 13 } },
      { type: "check", clean: false, project: "bad", errors: 3, warnings: 0 },
    ]);
  });

  it("counts lines and columns in a document with CRLF and wide characters", async () => {
    const text = document('cell f() -> Int\n  let s = "äöü😀"\n  return nothing_here\nend');
    const ran = await lumen(folderOf(text.replace(/\n/g, "\r\n")), "check", "bad.lm.md");
    expect(ran.stderr).toContain("--> bad.lm.md:6:10");
    expect(ran.stderr).not.toContain("\r");
  });

  it.each([
    "run",
    "build",
    "list",
    "cfs",
  ])("%s reports the same and goes no further", async (name) => {
    const ran = await lumen(folderOf(THREE), name, "bad.lm.md");
    expect(ran.status).toBe(1);
    for (const code of CODES) expect(ran.stderr).toContain(`error[${code}]`);
    expect(ran.stdout).toBe("");
  });

  it("finds syntax errors in several places", async () => {
    const text = document("cell f() -> Int\n  return 1 +\nend\n\ncell g( -> Int\n  return 2\nend");
    const ran = await lumen(folderOf(text), "check", "bad.lm.md");
    expect(ran.status).toBe(1);
    expect((ran.stderr.match(/error\[E00/g) ?? []).length).toBeGreaterThanOrEqual(2);
  });

  it("says that a tile is not pure, and why", async () => {
    const text = document("@tile(iter)\ncell t(n: Int) -> Int\n  print(n)\n  return n\nend");
    const ran = await lumen(folderOf(text), "check", "bad.lm.md");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("error[E0805]");
    expect(ran.stderr).toContain("emit");
  });

  it("shows lines of the source without what would steer the terminal", async () => {
    const text =
      'cell f() -> Int = "\u{1b}]0;title\u{7} \u{202e}x" + 1\ncell g() -> Int = nothing \u{9b}2J\n';
    const { status, stderr } = await lumen(project({ "bad.lm": text }), "check", "bad.lm");
    expect(status).toBe(1);
    expect(stderr).toContain("\u{fffd}");
    expect(stderr).not.toMatch(/[\u{1b}\u{7}\u{9b}\u{202e}]/u);
  });
});
