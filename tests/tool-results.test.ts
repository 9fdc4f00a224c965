// What the answer of a tool becomes where the context asks for a distribution (language 19.4),
// with providers of the test: `echo` gives its input back, `plain` a String, `number` an Int.

import { displayNested, type Value } from "@lumen/core/value";
import { makeHost, runCell } from "@lumen/runtime";
import { compileText } from "@lumen/testkit";
import { linkProgram } from "@lumen/vm";
import { describe, expect, it } from "vitest";

const HEADER = `@feature "prob_types"
use tool echo as Echo
use tool plain as Plain
use tool number as Number
grant Echo max_tokens 1
grant Plain max_tokens 1
grant Number max_tokens 1
`;

const provider = (answer: (input: Value) => Value) => async (args: readonly Value[]) => {
  return { ok: true, value: answer(args[0] ?? null) } as const;
};

const PROVIDERS = {
  "tool.echo": provider((input) => input),
  "tool.plain": provider(() => "text"),
  "tool.number": provider(() => 7n),
};

async function resultOf(body: string): Promise<string> {
  const text = `${HEADER}${body}`;
  const { program, diagnostics } = compileText({ text, extension: "lm" });
  const errors = diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  if (program === null) throw new Error(errors.join("\n"));
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const host = makeHost([], PROVIDERS);
  const entry = { module: "main", name: "main" };
  const outcome = await runCell({ program: linked.value, entry, args: [], host, runTile: null });
  if (outcome.kind === "finished") return displayNested(outcome.value);
  return outcome.kind === "faulted" ? outcome.fault.message : outcome.kind;
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
