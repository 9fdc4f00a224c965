// Matches whose completeness is too hard to see end with a report, not with a search of hours.

import { describe, expect, it } from "vitest";
import { checkProgram } from "../index.ts";

const COLUMNS = 30;

/** Arms that each fix three of thirty Bools: whether they cover everything is a hard question. */
function involvedMatch(last: string): string {
  let seed = 2;
  const random = (bound: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * bound);
  };
  const arms = Array.from({ length: 150 }, (_, arm) => {
    const row = Array.from({ length: COLUMNS }, () => "_");
    for (let i = 0; i < 3; i++) row[random(COLUMNS)] = random(2) === 0 ? "true" : "false";
    return `    (${row.join(", ")}) -> ${arm}`;
  });
  const types = Array.from({ length: COLUMNS }, () => "Bool").join(", ");
  return `cell f(x: tuple[${types}]) -> Int\n  match x\n${arms.join("\n")}\n${last}  end\nend\n`;
}

/** Without the warnings: some of the arms stand behind others that say less. */
function errors(text: string): readonly string[] {
  const root = { name: "main", path: "main.lm", text };
  const { diagnostics } = checkProgram(root, { resolve: () => null });
  return diagnostics.filter((d) => d.severity === "error").map((d) => `${d.code} ${d.message}`);
}

describe("a match that is too involved", () => {
  it("is refused, and says that a last arm for the rest would do", () => {
    expect(errors(involvedMatch(""))).toEqual([
      "E0208 this match is too involved to see whether its arms cover every case",
    ]);
  });

  it("is right with an arm for the rest", () => {
    expect(errors(involvedMatch("    _ -> 0\n"))).toEqual([]);
  });
});
