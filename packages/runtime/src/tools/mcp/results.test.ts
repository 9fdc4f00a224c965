// What results of MCP servers become (language 11.9).

import { parseJson } from "@lumen/core/encoding";
import { required } from "@lumen/core/result";
import { displayNested } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { REFUSAL_TEXT_MAX } from "../answers.ts";
import { decodeCallResult, decodeToolPage, rpcRefusal } from "./results.ts";

function shown(result: string): string {
  const node = parseJson(result);
  const answer = decodeCallResult(required(node.ok ? node.value : null, "the test has JSON"));
  return answer.ok ? displayNested(answer.value) : `${answer.kind}: ${answer.message}`;
}

describe("decodeCallResult", () => {
  it.each([
    ['{"content": [{"type": "text", "text": "12"}]}', '"12"'],
    ['{"content": [{"type": "text", "text": "x"}], "structuredContent": {"n": 1.0}}', '{"n": 1.0}'],
    ['{"structuredContent": {"id": 9007199254740993}}', '{"id": 9007199254740993}'],
    ['{"content": []}', "null"],
    [
      '{"content": [{"type": "text", "text": "a"}, {"type": "image", "data": "AA=="}]}',
      '[{"text": "a", "type": "text"}, {"data": "AA==", "type": "image"}]',
    ],
    ['{"content": [{"type": "image", "text": "a"}]}', '[{"text": "a", "type": "image"}]'],
    ['{"content": [{"type": "text"}]}', '[{"type": "text"}]'],
    ["{}", "OutputValidationFailed: the result of the tool has no content"],
    ['{"content": "a"}', "OutputValidationFailed: the result of the tool has no content"],
  ])("reads %s", (result, expected) => {
    expect(shown(result)).toBe(expected);
  });

  it("tells what a tool says about its failure, on one bounded line", () => {
    const failure = (text: string): string =>
      shown(JSON.stringify({ isError: true, content: [{ type: "text", text }] }));
    expect(failure("no\n such\tcity\u0007")).toBe("ExecutionFailed: no such city");
    expect(failure(" ")).toBe("ExecutionFailed: the tool reports an error");
    expect(shown('{"isError": true}')).toBe("ExecutionFailed: the tool reports an error");
    const head = "ExecutionFailed: ".length;
    expect(failure("x".repeat(REFUSAL_TEXT_MAX))).toHaveLength(head + REFUSAL_TEXT_MAX);
    expect(failure("x".repeat(REFUSAL_TEXT_MAX + 1)).slice(-2)).toBe("x…");
    expect(failure("x".repeat(10_000_000))).toHaveLength(head + REFUSAL_TEXT_MAX + 1);
  });

  it("refuses what no value can hold", () => {
    const deep = (levels: number): string =>
      `{"structuredContent": {"a": ${"[".repeat(levels)}${"]".repeat(levels)}}}`;
    expect(shown(deep(60))).toContain("[[[");
    expect(shown(deep(70))).toMatch(/^OutputValidationFailed: /);
    expect(shown('{"structuredContent": {"a": "\\ud800"}}')).toMatch(/^OutputValidationFailed: /);
  });
});

describe("decodeToolPage", () => {
  const page = (text: string): unknown => {
    const node = parseJson(text);
    return decodeToolPage(required(node.ok ? node.value : null, "the test has JSON"));
  };

  it("keeps names, what needs a task, and the next page", () => {
    const tools =
      '[{"name": "a", "inputSchema": 7}, {"name": "b", "execution": {"taskSupport": "required"}}]';
    const read = [
      { name: "a", needsTask: false },
      { name: "b", needsTask: true },
    ];
    expect(page(`{"tools": ${tools}, "nextCursor": "2"}`)).toEqual({
      ok: true,
      value: { tools: read, cursor: "2" },
    });
  });

  it.each([
    ["{}", "the list of tools is no array"],
    ['{"tools": [{"name": ""}]}', "a tool of the list has no name"],
    ['{"tools": [{}]}', "a tool of the list has no name"],
    ['{"tools": [1]}', "a tool of the list has no name"],
  ])("refuses %s", (text, error) => {
    expect(page(text)).toEqual({ ok: false, error });
  });
});

describe("rpcRefusal", () => {
  it.each([
    [-32_602, "InvalidArgs"],
    [-32_601, "NotFound"],
    [-32_002, "NotFound"],
    [-32_001, "Timeout"],
    [-32_042, "AuthError"],
    [-32_603, "ExecutionFailed"],
    [-32_000, "ExecutionFailed"],
    [7, "ExecutionFailed"],
  ])("gives code %d the kind %s", (code, kind) => {
    expect(rpcRefusal(code, "m")).toEqual({ ok: false, kind, message: "m" });
  });
});
