// Streams put together: the bounds of what their pieces make, and forms that servers differ in.

import { expect, it } from "vitest";
import { ChunkCollector } from "./chunks.ts";
import { CHAT_TEXT_MAX, CHAT_TOOL_CALLS_MAX } from "./limits.ts";

const delta = (value: object): string => JSON.stringify({ choices: [{ delta: value }] });

it("bounds the text, whatever it is part of", () => {
  const half = "x".repeat(CHAT_TEXT_MAX / 2);
  const collector = new ChunkCollector();
  expect(collector.add(delta({ content: half }))).toBeNull();
  const call = (text: string): object => ({
    tool_calls: [{ index: 0, function: { arguments: text } }],
  });
  expect(collector.add(delta(call(half)))).toBeNull();
  expect(collector.add(delta({ refusal: "x" }))).toMatchObject({
    kind: "ExecutionFailed",
    message: `the answer has more than ${CHAT_TEXT_MAX} characters`,
  });
});

it("bounds the calls of tools, which need not be numbered", () => {
  const calls = (count: number): string =>
    delta({ tool_calls: Array.from({ length: count }, () => ({ function: { name: "f" } })) });
  const collector = new ChunkCollector();
  expect(collector.add(calls(CHAT_TOOL_CALLS_MAX))).toBeNull();
  const made = collector.finish();
  expect(made.ok).toBe(false);
  expect(collector.add("[DONE]")).toBeNull();
  const done = collector.finish();
  expect(done.ok && done.value.toolCalls).toHaveLength(CHAT_TOOL_CALLS_MAX);
  expect(new ChunkCollector().add(calls(CHAT_TOOL_CALLS_MAX + 1))).toMatchObject({
    kind: "ExecutionFailed",
    message: `the answer has more than ${CHAT_TOOL_CALLS_MAX} calls`,
  });
});

it.each([
  "{}",
  '{"choices": 1}',
  '{"choices": [1]}',
  '{"choices": [{"delta": {"tool_calls": 1}}]}',
  "[]",
  "1",
])("takes nothing from %s", (data) => {
  const collector = new ChunkCollector();
  expect(collector.add(data)).toBeNull();
  collector.add("[DONE]");
  expect(collector.finish()).toMatchObject({ ok: true, value: { content: null, toolCalls: [] } });
});
