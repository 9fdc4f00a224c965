// What the answer of a tool becomes where the context asks for a distribution (language 19.4),
// with providers of the test: `echo` gives its input back, `plain` a String, `number` an Int.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Value } from "@lumen/core/value";
import { type FakeTool, fakeTools, runTarget } from "@lumen/testkit";
import { afterAll, describe, expect, it } from "vitest";

const HEADER = `@feature "prob_types"
use tool echo as Echo
use tool plain as Plain
use tool number as Number
grant Echo max_tokens 1
grant Plain max_tokens 1
grant Number max_tokens 1
`;

const MANIFEST = `[package]
name = "calls"
version = "0.1.0"
[providers]
"echo" = "fake"
"plain" = "fake"
"number" = "fake"
`;

const giving =
  (answer: (input: Value) => Value): FakeTool =>
  ({ input }) => ({ ok: true, value: answer(input) });

const TOOLS = {
  echo: giving((input) => input),
  plain: giving(() => "text"),
  number: giving(() => 7),
};

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What the program prints, or why it failed. */
async function resultOf(body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-results-"));
  folders.push(folder);
  writeFileSync(join(folder, "lumen.toml"), MANIFEST);
  writeFileSync(join(folder, "main.lm"), `${HEADER}${body}`);
  const ran = await runTarget({
    target: join(folder, "main.lm"),
    input: null,
    traceDir: join(folder, "traces"),
    deterministic: true,
    traceIo: "Inline",
    providers: fakeTools(TOOLS).kinds,
  });
  return ran.failure === null ? ran.output : ran.failure.message;
}

describe("an answer typed Prob[T]", () => {
  it.each([
    [
      "is scored by its confidence",
      "let p: Prob[Int] = Echo(value: 4, confidence: 0.75)\n  (p.value + 1, p.confidence)",
      "(5, 0.75)",
    ],
    [
      "is scored where a cell takes it, and where the result of a cell is it",
      "let p = asked()\n  (sure(Echo(value: true, confidence: 0.5)), p.value, p.confidence)",
      '(false, "a", 1.0)',
    ],
    [
      "is scored by `expect schema`",
      "let p = Echo(value: [1, 2], confidence: 1) expect schema Prob[list[Int]]\n  (p.value, p.confidence)",
      "([1, 2], 1.0)",
    ],
    [
      "is certain when it has no confidence",
      "let p: Prob[String] = Plain()\n  let n: Prob[Int] = Number()\n  (p.value, p.confidence, n.value + 1, n.confidence)",
      '("text", 1.0, 8, 1.0)',
    ],
    [
      "is a value like others when it holds something else, too",
      "let p: Prob[map[String, Json]] = Echo(value: 4, confidence: 0.5, more: 1)\n  (p.value, p.confidence)",
      '({"confidence": 0.5, "more": 1, "value": 4}, 1.0)',
    ],
    [
      "is checked: the confidence",
      "let p: Prob[Int] = Echo(value: 4, confidence: 1.5)\n  (p.value, p.confidence)",
      "probability",
    ],
    [
      "is checked: the value",
      "let p: Prob[Int] = Plain()\n  (p.value, p.confidence)",
      "expected Int, got String",
    ],
    ["stays as it is without that type", "let p = Echo(value: 4, confidence: 1)\n  p.value", "4"],
  ])("%s", async (_, body, expected) => {
    const cells = `
cell sure(p: Prob[Bool]) -> Bool = p.confidence > 0.9

cell asked() -> Prob[String] = Echo(value: "a", confidence: 1.0)
`;
    expect(await resultOf(`${cells}\ncell main() -> Any\n  ${body}\nend\n`)).toContain(expected);
  });
});
