// Answers of tools against the declared type (language 11.4): what is made of them, what is drift,
// what is refused.

import { parseJson, valueFromJson, valueToJsonText } from "@lumen/core/encoding";
import { required } from "@lumen/core/result";
import { Float, mapFromEntries, Tuple, type TypeDescriptor, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { type DoorAnswer, driftLayer, makeHost } from "../index.ts";
import { toolNamed } from "./testing/tool-entry.ts";

const NODE: TypeDescriptor = {
  rec: {
    name: "Node",
    type: {
      record: {
        name: "Node",
        fields: [
          ["n", "i64"],
          ["next", { option: { ref: "Node" } }],
        ],
      },
    },
  },
};

const SHAPE: TypeDescriptor = {
  enum: {
    name: "Shape",
    variants: [
      ["Dot", null],
      ["Box", { struct: [["w", "f64"]] }],
    ],
  },
};

async function check(result: TypeDescriptor | null, value: Value): Promise<DoorAnswer> {
  const tool = toolNamed("web.get", {}, { result });
  const provider = async (): Promise<DoorAnswer> => ({ ok: true, value, attempts: 2 });
  const layer = driftLayer({
    defaults: (record, field) => (record === "Node" && field === "n" ? 7 : undefined),
    check: () => null,
  });
  const host = makeHost([layer, { name: "end", handle: provider }], {}, [tool]);
  return host({ effect: "tool", operation: tool.ref, args: [mapFromEntries([])] });
}

function json(text: string): Value {
  const node = parseJson(text);
  const value = node.ok ? valueFromJson("json", node.value) : node;
  return value.ok ? value.value : text;
}

describe("an answer that fits", () => {
  it.each([
    ["i64", "5", "5", []],
    ["f64", "5", "5", []],
    [{ list: "string" }, '["a"]', '["a"]', []],
    [{ option: "i64" }, "null", "null", []],
    [{ map: ["string", "i64"] }, '{"any": 1}', '{"any":1}', []],
    [SHAPE, '"Dot"', '"Dot"', []],
    [SHAPE, '{"Box": {"w": 1, "h": 2}}', '{"Box":{"w":1}}', ["$.Box.h"]],
    [NODE, '{"n": 1, "next": null}', '{"n":1,"next":null}', []],
    [NODE, "{}", '{"n":7,"next":null}', []],
    [
      { list: NODE },
      '[{"n": 1, "a b": 0, "next": {"x": 1}}]',
      '[{"n":1,"next":{"n":7,"next":null}}]',
      ['$[0]["a b"]', "$[0].next.x"],
    ],
  ] as const)("%j of %s", async (type, text, expected, drifts) => {
    const answer = await check(type, json(text));
    const value = required(answer.ok ? { it: answer.value } : null, "the answer fits").it;
    const shown = valueToJsonText(type, value);
    expect(shown).toEqual({ ok: true, value: expected });
    expect(answer.drifts?.map((drift) => drift.at)).toEqual(drifts);
    expect(answer.attempts).toBe(2);
  });

  it("is whatever JSON holds where no type is declared", async () => {
    const value = json('{"a": [1, 2.5, null]}');
    expect(await check(null, value)).toEqual({ ok: true, value, attempts: 2 });
  });
});

describe("an answer that does not fit", () => {
  it.each([
    ["i64", "5.0", "$: expected i64, found number 5.0"],
    [{ list: "string" }, '["a", 1]', "$[1]: expected string, found number 1"],
    [{ map: ["string", "i64"] }, '{"k": "v"}', '$.k: expected i64, found string "v"'],
    [NODE, '{"next": {"next": 5}}', "$.next.next: expected Node, found number 5"],
    [SHAPE, '"Circle"', '$: expected Shape: "Dot" or {"Box": …}, found string "Circle"'],
    [SHAPE, '{"Box": {}}', "$.Box.w: expected f64, found nothing"],
  ] as const)("%j of %s", async (type, text, why) => {
    const answer = await check(type, json(text));
    expect(answer).toMatchObject({ ok: false, code: "OutputValidationFailed", attempts: 2 });
    expect(answer.ok ? "" : answer.message).toContain(why);
  });

  it.each([
    ["NaN", new Float(Number.NaN)],
    ["bytes", new Uint8Array(1)],
    ["a tuple", new Tuple([1])],
  ])("to JSON: %s", async (_, value) => {
    const answer = await check(null, value);
    expect(answer).toMatchObject({ ok: false, code: "OutputValidationFailed" });
  });
});
