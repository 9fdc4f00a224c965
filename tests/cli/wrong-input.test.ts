// Wrong input is one error with the path and the expected type; nothing runs, nothing is recorded.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  document,
  jsonLines,
  ledger,
  lumen,
  lumenWith,
  project,
  traceNames,
} from "./testing/lumen.ts";

const PROGRAM = document(`
record Line
  name: String
  amount: Int where amount > 0
  note: String = "none"
end

record Order
  lines: list[Line]
  rush: Bool = false
end

@tile(iter)
cell total(order: Order, factor: Int) -> Int
  let sum = 0
  for line in order.lines
    sum += line.amount
  end
  return sum * factor
end

@sequence
cell main(order: Order, factor: Int) -> Int
  return total(order, factor)
end

cell alone(order: Order, factor: Int) -> Int = total(order, factor)
`);

let folder = "";

beforeAll(() => {
  folder = project({
    "main.lm.md": PROGRAM,
    "lumen.toml": '[package]\nname = "order"\nversion = "0.1.0"\n',
  });
});

const order = (line: string): string => `{"order":{"lines":[${line}]},"factor":3}`;
const empty = (rest: string): string => `{"order":{"lines":[]}${rest}}`;

const WRONG: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
  [
    "a text where a number belongs",
    ["--input", order('{"name":"a","amount":"two"}')],
    "E_INPUT_TYPE",
    ["$.order.lines[0].amount", "expected i64", '"two"'],
  ],
  [
    "a number where a text belongs",
    ["--input", order('{"name":7,"amount":1}')],
    "E_INPUT_TYPE",
    ["$.order.lines[0].name", "expected string", "7"],
  ],
  [
    "a missing field",
    ["--input", order('{"amount":2}')],
    "E_INPUT_TYPE",
    ["$.order.lines[0].name", "expected string, found nothing"],
  ],
  [
    "an unknown field",
    ["--input", order('{"name":"a","amount":2,"extra":1}')],
    "E_INPUT_TYPE",
    ["$.order.lines[0].extra", "expected a field of Line"],
  ],
  [
    "an integer beyond 64 bits",
    ["--input", empty(',"factor":9223372036854775808')],
    "E_INPUT_TYPE",
    ["$.factor", "expected i64", "9223372036854775808"],
  ],
  [
    "a fraction for an integer",
    ["--input", empty(',"factor":1.5')],
    "E_INPUT_TYPE",
    ["$.factor", "expected i64", "1.5"],
  ],
  ["broken JSON", ["--input", '{"order":'], "E_INPUT_JSON", ["line 1, column 10"]],
  [
    "a duplicate key",
    ["--input", empty(',"factor":1,"factor":2')],
    "E_INPUT_JSON",
    ['"factor" occurs twice', "line 1, column 34"],
  ],
  ["no input", [], "E_INPUT_TYPE", ["order, factor", "found nothing"]],
  ["too few arguments", ["--input", "[1]"], "E_INPUT_TYPE", ["an array of 2", "found array of 1"]],
  [
    "a missing argument",
    ["--input", empty("")],
    "E_INPUT_TYPE",
    ["$.factor", "expected i64, found nothing"],
  ],
  ["an unknown argument", ["--input", empty(',"factor":1,"third":2')], "E_INPUT_TYPE", ["$.third"]],
  [
    "a broken constraint",
    ["--input", order('{"name":"a","amount":0}')],
    "E_INPUT_TYPE",
    ["$.order.lines[0].amount", "expected amount > 0 by the `where` of Line, found 0"],
  ],
  [
    "a file that is not there",
    ["--input", "@nothing.json"],
    "E_IO",
    ["nothing.json", "no such file"],
  ],
  ["a folder instead of a file", ["--input", "@."], "E_IO", ["cannot read the input"]],
  ["bad hexadecimal", ["--input-bytes", "zz"], "E_DECODE", ["not hexadecimal"]],
  [
    "bytes that end too early",
    ["--input-bytes", "01"],
    "E_DECODE",
    ["Failed to deserialize input"],
  ],
  [
    "bytes behind the value",
    ["--input-bytes", "00000600"],
    "E_DECODE",
    ["Failed to deserialize input"],
  ],
];

describe.each([
  ["a sequence", []],
  ["a cell", ["--cell", "alone"]],
] as const)("entering %s", (_, entry) => {
  it.each(WRONG)("%s is refused", async (_name, input, code, parts) => {
    const ran = await lumen(folder, "run", ...entry, ...input);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe("");
    expect(ran.stderr.match(/error\[/g)).toHaveLength(1);
    expect(ran.stderr.startsWith(`error[${code}]: `)).toBe(true);
    for (const part of parts) expect(ran.stderr).toContain(part);
    expect(traceNames(folder)).toEqual([]);
  });

  it.each(WRONG)("%s is one line of JSON", async (_name, input, code) => {
    const ran = await lumen(folder, "run", "--format", "json", ...entry, ...input);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toBe("");
    expect(jsonLines(ran.stdout)).toMatchObject([{ type: "error", code, domain: "host" }]);
  });

  it("right input is taken, with the defaults of the records", async () => {
    const words = ["run", ...entry, "--no-trace"];
    const good = order('{"name":"a","amount":2}');
    expect(await lumen(folder, ...words, "--input", good)).toMatchObject({ stdout: "6\n" });
    expect(await lumen(folder, ...words, "--input", `[{"lines":[]},3]`)).toMatchObject({
      stdout: "0\n",
    });
    const piped = await lumenWith({ stdin: () => good }, folder, ...words, "--input", "-");
    expect(piped).toMatchObject({ status: 0, stdout: "6\n" });
  });
});

describe("the ledger", () => {
  it("names the line of the statement that is wrong", async () => {
    const copy = ledger();
    const path = join(copy, "input.json");
    const input = JSON.parse(readFileSync(path, "utf8"));
    input.statement[41].amount = 12.5;
    writeFileSync(path, JSON.stringify(input));
    const ran = await lumen(copy, "run", "--input", "@input.json");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("$.statement[41].amount: expected string, found number 12.5");
    input.statement[41].amount = "12.5";
    writeFileSync(path, JSON.stringify(input));
    const failed = await lumen(copy, "run", "--input", "@input.json");
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("error[E_TILE_FAILED]");
    expect(failed.stderr).toContain(
      "statement line S0042: not an amount with two decimals: '12.5'",
    );
    const verified = await lumen(copy, "verify", traceNames(copy)[0]?.replace(".rtrace", "") ?? "");
    expect(verified.status).toBe(0);
  });
});
