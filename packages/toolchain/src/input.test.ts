// Input by the program's own rules: defaults that depend on other fields, constraints at any depth.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@lumen/core/hash";
import { displayValue } from "@lumen/core/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProject, requireProgram } from "./compile-project.ts";
import { type InputParam, type InputSource, readInput } from "./input.ts";
import type { InputRules } from "./input-rules.ts";
import { programRules } from "./program-rules.ts";

const SOURCE = `
record Item
  name: String where length(name) > 0
  cents: Int where cents >= 0
  label: String = "{name} for {cents}"
end

record Basket
  items: list[Item]
  gift: Item?
  by_name: map[String, Item] = {}
  limit: Int = length(items) * 2 where limit < 10
end

@sequence
cell main(basket: Basket, times: Int) -> Basket
  return basket
end
`;

let folder = "";
let params: readonly InputParam[] = [];
let rules: InputRules;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lumen-input-"));
  writeFileSync(join(folder, "main.lm"), SOURCE);
  const compiled = await compileProject(folder);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const runnable = requireProgram(compiled.value);
  const messages = compiled.value.diagnostics.map((d) => d.message).join("; ");
  if (!runnable.ok) throw new Error(messages);
  const { program } = runnable.value;
  params = program.sequences[0]?.params ?? [];
  const made = programRules(program);
  if (!made.ok) throw new Error(made.error.message);
  rules = made.value;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(source: Partial<InputSource>, of = params): ReturnType<typeof readInput> {
  return readInput(of, { json: undefined, bytesHex: undefined, stdin: () => "", ...source }, rules);
}

const ITEM = '{"name":"tea","cents":3}';

describe("readInput", () => {
  it("fills defaults from the fields before them", () => {
    const input = read({ json: `{"basket":{"items":[${ITEM}],"gift":null},"times":2}` });
    if (!input.ok) throw new Error(input.error.message);
    expect(displayValue(input.value.values[0] ?? null)).toContain('label: "tea for 3"');
    expect(displayValue(input.value.values[0] ?? null)).toContain("limit: 2");
    expect(input.value.values[1]).toBe(2);
  });

  it("reads its own wire bytes back to the same slots", () => {
    const one = read({ json: `[{"items":[${ITEM}],"gift":${ITEM}},7]` });
    if (!one.ok) throw new Error(one.error.message);
    const bytesHex = one.value.slots.map(toHex).join("");
    expect(read({ bytesHex })).toEqual(one);
  });

  it("takes a file and standard input alike", () => {
    const text = `[{"items":[],"gift":null},1]`;
    writeFileSync(join(folder, "input.json"), text);
    const direct = read({ json: text });
    expect(direct.ok).toBe(true);
    expect(read({ json: `@${join(folder, "input.json")}` })).toEqual(direct);
    expect(read({ json: "-", stdin: () => text })).toEqual(direct);
  });

  it.each([
    [
      "in a list",
      `[{"items":[${ITEM},{"name":"x","cents":-1}],"gift":null},1]`,
      "$.basket.items[1].cents",
    ],
    ["behind an option", `[{"items":[],"gift":{"name":"","cents":1}},1]`, "$.basket.gift.name"],
    [
      "in a map",
      `[{"items":[],"gift":null,"by_name":{"k":{"name":"","cents":1}}},1]`,
      "$.basket.by_name[k].name",
    ],
    ["of a given value", `[{"items":[],"gift":null,"limit":10},1]`, "$.basket.limit"],
    [
      "of a default",
      `[{"items":[${Array(5).fill(ITEM).join(",")}],"gift":null},1]`,
      "$.basket.limit",
    ],
  ])("finds a broken constraint %s", (_, json, path) => {
    const input = read({ json });
    if (input.ok) throw new Error("it was accepted");
    expect(input.error).toMatchObject({
      code: "E_INPUT_TYPE",
      phase: "decode",
      domain: "host",
      path,
    });
  });

  it.each([
    ["i64", '{"n":1}', true],
    ["i64", "[1]", true],
    ["i64", '{"m":1}', false],
    ["i64", "[1,2]", false],
    [{ list: "i64" }, '["a"]', false],
    [{ list: "i64" }, '{"n":[1]}', true],
    [{ record: { name: "R", fields: [["n", { list: "i64" }]] } }, '{"n":["a"]}', false],
    [{ map: ["string", "i64"] }, '{"n":"a"}', false],
    [{ record: { name: "R", fields: [["a", "i64"]] } }, '{"n":{"a":1}}', true],
  ] as const)("says for %j of %s whether it is inside: %s", (type, json, isInside) => {
    const input = read({ json }, [{ name: "n", type }]);
    if (input.ok) throw new Error("it was accepted");
    const hint = "'n' is the only parameter: the input is its value, nothing around it.";
    expect(input.error.hint).toBe(isInside ? hint : undefined);
  });

  it("checks constraints of wire bytes too", () => {
    const good = read({ json: `[{"items":[${ITEM}],"gift":null},1]` });
    if (!good.ok) throw new Error(good.error.message);
    const hex = good.value.slots.map(toHex).join("");
    // "tea" and the zigzag of 3: 06; the zigzag of -1 is 01.
    const bytesHex = hex.replace("0374656106", "0374656101");
    expect(bytesHex).not.toBe(hex);
    expect(read({ bytesHex })).toMatchObject({ ok: false, error: { code: "E_INPUT_TYPE" } });
  });
});
