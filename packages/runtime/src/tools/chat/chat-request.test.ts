// Inputs of `llm.chat` as bodies of the protocol (language 11.10).

import { makeList, mapFromEntries, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { chatRequest } from "./chat-request.ts";
import { CHAT_BODY_MAX } from "./limits.ts";

const map = (parts: { readonly [name: string]: Value }): Value =>
  mapFromEntries(Object.entries(parts).map(([key, value]) => ({ key, value })));
const DEFAULTS = { model: "m", isStreamed: false };
const said = (role: string, content: string): Value => map({ role, content });

function body(parts: { readonly [name: string]: Value }, isStreamed = false): unknown {
  const request = chatRequest(map(parts), { model: "m", isStreamed });
  return request.ok ? JSON.parse(request.value.body) : request.error;
}

describe("messages", () => {
  it("come from a prompt, from roles and from a list", () => {
    const hi = [{ role: "user", content: "hi" }];
    expect(body({ prompt: "hi" })).toEqual({ model: "m", messages: hi });
    expect(body({ arg0: "hi" })).toEqual({ model: "m", messages: hi });
    expect(body({ messages: makeList([said("user", "hi")]) })).toEqual({
      model: "m",
      messages: hi,
    });
    const all = {
      prompt: "5",
      user: "user: 3",
      assistant: "4",
      system: "system: 1",
      messages: makeList([said("tool", "2")]),
    };
    expect(body(all)).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "1" },
        { role: "tool", content: "2" },
        { role: "user", content: "3" },
        { role: "assistant", content: "4" },
        { role: "user", content: "5" },
      ],
    });
  });

  it("keep what they hold besides", () => {
    const message = map({
      role: "tool",
      tool_call_id: "c",
      content: makeList([map({ n: 2n ** 60n })]),
    });
    const request = chatRequest(map({ messages: makeList([message]) }), DEFAULTS);
    expect(request.ok && request.value.body).toContain('"n":1152921504606846976');
  });
});

describe("other members", () => {
  it("pass as they are, but for those of the call itself", () => {
    const tools = makeList([map({ type: "function" })]);
    const more = { temperature: 1, max_tokens: 5, stop: makeList(["x"]), tools, top_k: 3 };
    expect(body({ prompt: "p", model: "other", timeout_ms: 9, details: true, ...more })).toEqual({
      model: "other",
      messages: [{ role: "user", content: "p" }],
      temperature: 1,
      max_tokens: 5,
      stop: ["x"],
      tools: [{ type: "function" }],
      top_k: 3,
    });
  });

  it("say how the answer comes", () => {
    expect(body({ prompt: "p" }, true)).toHaveProperty("stream", true);
    expect(body({ prompt: "p", stream: false }, true)).not.toHaveProperty("stream");
    expect(body({ prompt: "p", stream: true })).not.toHaveProperty("stream_options");
    expect(body({ prompt: "p", stream: true, details: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    const own = map({ include_usage: false });
    const streamed = body({ prompt: "p", stream: true, details: true, stream_options: own });
    expect(streamed).toHaveProperty("stream_options", { include_usage: false });
  });

  it("ask for JSON with a schema", () => {
    expect(body({ prompt: "p", schema: map({ type: "object" }) })).toHaveProperty(
      "response_format",
      {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: { type: "object" } },
      },
    );
    const isJson = (parts: { readonly [name: string]: Value }): unknown => {
      const request = chatRequest(map({ prompt: "p", ...parts }), DEFAULTS);
      return request.ok && request.value.isJson;
    };
    expect(isJson({})).toBe(false);
    expect(isJson({ schema: map({}) })).toBe(true);
    expect(isJson({ response_format: map({ type: "json_object" }) })).toBe(true);
    expect(isJson({ response_format: map({ type: "text" }) })).toBe(false);
  });
});

describe("mistakes", () => {
  it.each([
    [{}, "nothing is said: expected `prompt` or `messages`"],
    [{ messages: makeList([]) }, "nothing is said: expected `prompt` or `messages`"],
    [{ prompt: 1 }, "`prompt` is not a String"],
    [{ prompt: "p", model: true }, "`model` is not a String"],
    [{ prompt: "p", stream: "yes" }, "`stream` is not a Bool"],
    [{ prompt: "p", details: 1 }, "`details` is not a Bool"],
    [{ prompt: "p", schema: "s" }, "`schema` is not a map"],
    [{ prompt: "p", n: 2 }, "`n` is not 1: a call has one answer"],
    [{ prompt: "p", arg0: "q" }, "two prompts: `prompt` and a first argument"],
    [{ messages: "m" }, "`messages` is not a list"],
    [{ messages: makeList(["m"]) }, "a message is not a map with a `role`"],
    [
      { prompt: "p", schema: map({}), response_format: map({}) },
      "`schema` and `response_format` say the same: give one of them",
    ],
  ])("are named: %#", (parts, error) => {
    expect(body(parts)).toBe(error);
  });

  it("are also no model, no map, and too much", () => {
    const none = { model: null, isStreamed: false };
    const wrong = (input: Value): unknown => chatRequest(input, none);
    const error = "no `model`, neither in the call nor in lumen.toml";
    expect(wrong(map({ prompt: "p" }))).toEqual({ ok: false, error });
    expect(wrong("p")).toMatchObject({ ok: false });
    const empty = JSON.stringify(body({ prompt: "" })).length;
    expect(body({ prompt: "x".repeat(CHAT_BODY_MAX - empty) })).toBeTypeOf("object");
    expect(body({ prompt: "x".repeat(CHAT_BODY_MAX - empty + 1) })).toBe(
      `the request has more than ${CHAT_BODY_MAX} bytes`,
    );
  });
});
