// Extraction: modes, fences in every container, exact offsets, directives of the prose.

import { describe, expect, it } from "vitest";
import { dumpAst, extract, lex, parseModule } from "./index.ts";

function file(text: string, path = "a.lm.md") {
  return extract(path, text).value;
}

describe("mode", () => {
  it.each([
    ["a.lm.md", "", "markdown"],
    ["a.lumen.md", "prose", "markdown"],
    ["a.lm.md", "let x = 1", "code"],
    ["a.lm.md", "letter of a friend", "markdown"],
    ["a.lm.md", "```python\nimport x\n```\n", "markdown"],
    ["a.lm.md", "@strict false", "code"],
    ["a.lm", "```lumen\nx\n```", "code"],
    ["a.lumen", "x", "code"],
    ["", "x", "code"],
    ["", "```lm\nx\n```", "markdown"],
    ["a.md", "```lumen\nx\n```", "markdown"],
    ["a.lm.md", "```lumen skip\nx\n```\nlet it be", "markdown"],
  ])("%s %j is %s", (path, text, mode) => {
    expect(file(text, path).mode).toBe(mode);
  });
});

describe("fences", () => {
  const codeOf = (text: string): readonly string[] => {
    const { code, blocks } = file(text);
    expect(code.length).toBe(text.replaceAll("\r\n", "\n").length);
    return blocks.map(({ span }) => code.slice(span.start, span.end));
  };

  it.each([
    ["backticks", "a\n```lumen\nx\n```\nb", ["x\n"]],
    ["tildes", "~~~ lm\nx\n~~~", ["x\n"]],
    ["any case", "```LuMeN\nx\n```", ["x\n"]],
    ["longer fence", "````lumen\n```\nx\n````", ["```\nx\n"]],
    ["in a list", "- a\n\n  ```lumen\n  x\n    y\n  ```", ["  x\n    y\n"]],
    ["in a quote", "> ```lumen\n> x\n>\n> y\n> ```", ["  x\n \n  y\n"]],
    ["unclosed", "```lumen\nx\n", ["x\n"]],
    ["empty", "```lumen\n```\n", [""]],
    ["two blocks", "```lm\nx\n```\n\n```lm\ny\n```", ["x\n", "y\n"]],
    ["other languages are prose", "```ts\nx\n```\n```\ny\n```", []],
    ["further words", "```lumen skip\nx\n```", []],
  ])("%s", (_name, text, expected) => {
    expect(codeOf(text)).toEqual(expected);
  });

  it("keeps offsets with CRLF and prose of other scripts", () => {
    const text = "é 😀 prose\r\n\r\n```lumen\r\nlet x = 1\r\n```\r\n";
    const parsed = parseModule("a.lm.md", text);
    const { source } = parsed.file;
    expect(source.text).not.toContain("\r");
    expect(parsed.file.code.length).toBe(source.text.length);
    const [statement] = parsed.module.statements;
    expect(statement?.span.start).toBe(source.text.indexOf("let"));
    expect(source.text.slice(statement?.span.start, statement?.span.end)).toBe("let x = 1");
  });

  it("takes the container's columns off", () => {
    const tokens = lex(file("> - ```lumen\n>   if x\n>     y\n>   end\n>   ```")).value;
    expect(tokens.filter((t) => t.line === 1).map((t) => [t.text, t.column])).toEqual([
      ["if", 0],
      ["y", 2],
      ["end", 0],
      ["", 0],
      ["", 0],
    ]);
  });

  it("records examples with their words", () => {
    const [example] = file("```lumen fails=E0200 skip\nx\n```").examples;
    expect(example?.words).toEqual(["fails=E0200", "skip"]);
    expect(example?.span).toEqual({ start: 26, end: 28 });
  });

  it("lets no declaration span two blocks", () => {
    const { diagnostics } = parseModule("a.lm.md", "```lm\ncell f()\n```\n\n```lm\nend\n```");
    expect(diagnostics.map((d) => d.code)).toEqual(["E0013"]);
  });
});

describe("directives", () => {
  it("reads prose lines that start with a sign", () => {
    const text = '@strict false\n  @feature "a b"  \nmail@x @y\n@1\n```ts\n@no\n```\n@doc_mode\n';
    const found = file(`${text}\n\`\`\`lm\nx\n\`\`\``).directives;
    expect(found.map((d) => [d.name, d.value])).toEqual([
      ["strict", "false"],
      ["feature", "a b"],
      ["doc_mode", null],
    ]);
    expect(found[1]?.span).toEqual({ start: 16, end: 30 });
  });

  it("puts those of prose and code into one list in order", () => {
    const text = "@a 1\n```lm\n@edition 2026 # c\nx\n```\n@b";
    const { module } = parseModule("a.lm.md", text);
    expect(dumpAst(module)).toBe('(directive a "1")\n(directive edition "2026")\n(directive b)\nx');
  });
});

it("treats a byte order mark as a blank", () => {
  expect(parseModule("a.lm", "\uFEFFlet x = 1").diagnostics).toEqual([]);
  expect(parseModule("a.lm.md", "\uFEFF```lm\nlet x = 1\n```").module.statements).toHaveLength(1);
});
