// The provider of models against a server on this machine that speaks the protocol (language
// 11.10): answers in one piece and as streams, and every way to fail.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { displayNested, makeList, mapFromEntries, type Value } from "@lumen/core/value";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ChatConfig, chatProvider, type ToolAnswer, type ToolCall } from "../../index.ts";
import { CHAT_BODY_MAX, CHAT_EVENT_MAX, CHAT_STREAM_MAX } from "./limits.ts";

const KEY = "sk-the-key-of-the-test";

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}
type Handler = (response: ServerResponse, seen: Seen) => void;

let server: Server;
let base = "";
let handler: Handler = (response) => response.end();
const seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      seen.push({ request, body });
      handler(response, { request, body });
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (typeof address === "object" && address !== null) base = `http://127.0.0.1:${address.port}/v1`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  seen.length = 0;
});

const CONFIG = {
  name: "openai-compatible",
  apiKeyEnv: "CHAT_KEY",
  environment: { CHAT_KEY: KEY },
  model: "test-model",
  isStreamed: false,
  nowMs: () => 0,
};

type Input = { readonly [name: string]: Value };

function call(
  input: Input = { prompt: "hi" },
  config: Partial<ChatConfig> = {},
  more: Partial<ToolCall> = {},
): Promise<ToolAnswer> {
  const entries = Object.entries(input).map(([key, value]) => ({ key, value }));
  const { signal } = new AbortController();
  const provider = chatProvider({ ...CONFIG, baseUrl: base, ...config });
  const asked = { id: "llm.chat", version: null, input: mapFromEntries(entries), signal };
  return provider.call({ ...asked, ...more });
}

async function ask(...args: Parameters<typeof call>): Promise<string> {
  const answer = await call(...args);
  return answer.ok ? displayNested(answer.value) : `${answer.kind}: ${answer.message}`;
}

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const TOOL_CALL = { id: "c1", type: "function", function: { name: "add", arguments: '{"a":1}' } };

/** An answer in one piece. */
function answers(message: object, finish = "stop"): void {
  const choices = [{ index: 0, message, finish_reason: finish }];
  const body = JSON.stringify({ id: "1", model: "real-model", choices, usage: USAGE });
  handler = (response) => response.setHeader("content-type", "application/json").end(body);
}

/** A body as it stands. */
function sends(body: string, type = "application/json"): void {
  handler = (response) => response.setHeader("content-type", type).end(body);
}

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ model: "real-model", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const streams = (...parts: readonly string[]): void => sends(parts.join(""), "text/event-stream");

describe("a call", () => {
  it("posts model and messages with the key, and gives the text", async () => {
    answers({ role: "assistant", content: "hällo" });
    expect(await ask({ prompt: "hi", temperature: 0 })).toBe('"hällo"');
    const [{ request, body } = { request: null, body: "" }] = seen;
    expect([request?.method, request?.url]).toEqual(["POST", "/v1/chat/completions"]);
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(body)).toEqual({
      model: "test-model",
      messages: [{ role: "user", content: "hi" }],
      temperature: 0,
    });
  });

  it("keeps path and query of the address, and sends no key where none is named", async () => {
    answers({ content: "x" });
    expect(await ask({ prompt: "p" }, { baseUrl: `${base}/x//?v=1#f`, apiKeyEnv: null })).toBe(
      '"x"',
    );
    expect(seen[0]?.request.url).toBe("/v1/x/chat/completions?v=1");
    expect(seen[0]?.request.headers.authorization).toBeUndefined();
  });

  it("gives all of the answer where details are asked for, or tools offered", async () => {
    answers({ content: "x" });
    expect(await ask({ prompt: "p", details: true })).toBe(
      '{"content": "x", "finish_reason": "stop", "model": "real-model", "tool_calls": [], ' +
        '"usage": {"completion_tokens": 2, "prompt_tokens": 3, "total_tokens": 5}}',
    );
    answers({ content: null, tool_calls: [TOOL_CALL] }, "tool_calls");
    const tools = makeList([]);
    expect(await ask({ prompt: "p", tools })).toContain(
      '"tool_calls": [{"function": {"arguments": "{"a":1}", "name": "add"}, "id": "c1", ' +
        '"type": "function"}]',
    );
  });

  it("gives the value of content that was asked for as JSON", async () => {
    const schema = mapFromEntries([]);
    answers({ content: '{"n": 9007199254740993, "x": 1.0}' });
    expect(await ask({ prompt: "p", schema })).toBe('{"n": 9007199254740993, "x": 1.0}');
    expect(await ask({ prompt: "p", schema, details: true })).toMatch(/^\{"content": \{"n": 9/);
    answers({ content: '{"n": ' }, "length");
    expect(await ask({ prompt: "p", schema })).toMatch(
      /^OutputValidationFailed: the answer was cut at its `max_tokens`: the content is not JSON: /,
    );
    answers({ content: "Sure! {}" });
    expect(await ask({ prompt: "p", schema })).toMatch(
      /^OutputValidationFailed: the content is not JSON: /,
    );
  });

  it("reads content in parts", async () => {
    answers({
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    });
    expect(await ask()).toBe('"ab"');
  });
});

describe("a stream", () => {
  it("gives what an answer in one piece gives", async () => {
    const end = `data: ${JSON.stringify({ choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`;
    streams(
      ": hello\n\n",
      chunk({ role: "assistant", content: "" }),
      chunk({ content: "hä" }),
      chunk({ content: "llo" }),
      chunk({}, "stop"),
      end,
    );
    const streamed = await ask({ prompt: "p", stream: true, details: true });
    expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ stream: true });
    answers({ content: "hällo" });
    expect(streamed).toBe(await ask({ prompt: "p", details: true }));
  });

  it.each([1, 2, 3, 10])("may come in pieces of %d bytes, with CRLF", async (size) => {
    const text = [chunk({ content: "ü€" }), chunk({ content: "😀" }, "stop"), "data: [DONE]\n\n"];
    const bytes = Buffer.from(text.join("").replaceAll("\n", "\r\n"), "utf8");
    handler = (response) => {
      response.setHeader("content-type", "Text/Event-Stream; charset=utf-8");
      const next = (at: number): void => {
        if (at >= bytes.length) response.end();
        else response.write(bytes.subarray(at, at + size), () => setImmediate(next, at + size));
      };
      next(0);
    };
    expect(await ask({ prompt: "p" }, { isStreamed: true })).toBe('"ü€😀"');
  });

  it("puts calls of tools together", async () => {
    const piece = (index: number, rest: object): object => ({ tool_calls: [{ index, ...rest }] });
    streams(
      chunk(piece(1, { id: "c2", function: { name: "sub", arguments: "{}" } })),
      chunk(piece(0, { id: "c1", type: "function", function: { name: "add", arguments: "" } })),
      chunk(piece(0, { function: { arguments: '{"a"' } })),
      chunk(piece(0, { function: { arguments: ":1}" } })),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    );
    expect(await ask({ prompt: "p", details: true })).toContain(
      '"tool_calls": [{"function": {"arguments": "{"a":1}", "name": "add"}, "id": "c1", ' +
        '"type": "function"}, {"function": {"arguments": "{}", "name": "sub"}, "id": "c2"',
    );
  });

  it("is over at its end mark, whatever follows, and complete without one", async () => {
    streams(chunk({ content: "a" }), "data: [DONE]\n\n", "data: {broken\n\n");
    expect(await ask()).toBe('"a"');
    streams(chunk({ content: "a" }, "stop"));
    expect(await ask()).toBe('"a"');
    handler = (response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(`${chunk({ content: "a" })}data: [DONE]\n\n`);
    };
    expect(await ask()).toBe('"a"');
  });

  it("counts the first choice only", async () => {
    const other = { choices: [{ index: 1, delta: { content: "no" }, finish_reason: "stop" }] };
    streams(`data: ${JSON.stringify(other)}\n\n`, chunk({ content: "a" }, "stop"));
    expect(await ask()).toBe('"a"');
  });

  it("that breaks is no answer", async () => {
    streams(chunk({ content: "a" }));
    const broken = "ProviderUnavailable: the stream ended before the answer did";
    expect(await ask()).toBe(broken);
    streams(chunk({ content: "a" }), 'data: {"choices": [{"delta": {"content": "b"');
    expect(await ask()).toBe(broken);
    streams(chunk({ content: "a" }), "data: {broken\n\n");
    expect(await ask()).toMatch(/^OutputValidationFailed: an event of the stream: /);
    handler = (response) => {
      response.setHeader("content-type", "text/event-stream");
      response.write(chunk({ content: "a" }), () => response.destroy());
    };
    expect(await ask()).toMatch(/^ProviderUnavailable: no answer: /);
  });

  it("may end with an error in the middle", async () => {
    const failing = (error: unknown): void =>
      streams(chunk({ content: "a" }), `data: ${JSON.stringify({ error })}\n\n`);
    failing({ message: "too many", code: 429 });
    expect(await ask()).toBe("RateLimit: too many");
    failing({ message: "overloaded", type: "server_error", code: "503" });
    expect(await ask()).toBe("ProviderUnavailable: overloaded");
    failing("gone");
    expect(await ask()).toBe("ExecutionFailed: gone");
    failing({});
    expect(await ask()).toBe("ExecutionFailed: the server reports an error");
  });

  it("is bounded", async () => {
    const event = (data: number): string => `data:${"x".repeat(data - 5)}\n\n`;
    const tooLong =
      `ExecutionFailed: the stream has more than ${CHAT_STREAM_MAX} bytes, ` +
      `or an event more than ${CHAT_EVENT_MAX}`;
    streams(event(CHAT_EVENT_MAX + 1));
    expect(await ask()).toBe(tooLong);
    const comment = Buffer.from(`:${"x".repeat(CHAT_EVENT_MAX - 3)}\n\n`);
    handler = (response) => {
      response.setHeader("content-type", "text/event-stream");
      const more = (): void => {
        while (!response.destroyed && response.write(comment));
        response.once("drain", more);
      };
      more();
    };
    expect(await ask()).toBe(tooLong);
  });
});

describe("a failure", () => {
  it("has the kind of its status, and the wait that the server asks for", async () => {
    handler = (response) =>
      response.writeHead(429, { "retry-after": "Thu, 01 Jan 1970 00:00:09 GMT" }).end("slow down");
    expect(await call()).toEqual({
      ok: false,
      kind: "RateLimit",
      message: "HTTP 429: slow down",
      retryAfterMs: 9000,
    });
    handler = (response) => response.writeHead(404).end('{"error": {"message": "no test-model"}}');
    expect(await ask()).toBe("ModelNotFound: HTTP 404: no test-model");
  });

  it("never shows the key, wherever the server repeats it", async () => {
    handler = (response) =>
      response.writeHead(401).end(`{"error": {"message": "Incorrect API key: ${KEY}\\n"}}`);
    expect(await ask()).toBe("AuthError: HTTP 401: Incorrect API key: [secret CHAT_KEY]");
    streams(`data: {"error": "${KEY}"}\n\n`);
    expect(await ask()).toBe("ExecutionFailed: [secret CHAT_KEY]");
  });

  it("is a redirect, which is not followed", async () => {
    handler = (response, { request }) =>
      response.writeHead(307, { location: `http://localhost:1${request.url}` }).end();
    expect(await ask()).toBe(
      "ExecutionFailed: HTTP 307: redirects are not followed; `base_url` has to name the server",
    );
    expect(seen).toHaveLength(1);
  });

  it("is an answer that is none", async () => {
    sends("<html>");
    expect(await ask()).toMatch(/^OutputValidationFailed: .*not JSON/);
    sends('{"choices": []}');
    expect(await ask()).toBe("OutputValidationFailed: the answer has no `choices[0].message`");
    answers({ content: null });
    expect(await ask()).toBe(
      "OutputValidationFailed: the answer has neither content nor tool calls",
    );
    sends('{"error": {"message": "no credit", "code": 402}}');
    expect(await ask()).toBe("ExecutionFailed: no credit");
  });

  it("is a model that does not answer", async () => {
    answers({ content: null, refusal: "I cannot" });
    expect(await ask()).toBe("ExecutionFailed: the model refuses: I cannot");
    streams(chunk({ refusal: "I can" }), chunk({ refusal: "not" }, "stop"));
    expect(await ask()).toBe("ExecutionFailed: the model refuses: I cannot");
    answers({ content: "" }, "content_filter");
    expect(await ask()).toBe("ExecutionFailed: the answer was held back by a content filter");
  });

  it("is an answer without end", async () => {
    const head = '{"choices":[{"message":{"content":"';
    const tail = '"}}]}';
    const body = (bytes: number): string =>
      head + "x".repeat(bytes - head.length - tail.length) + tail;
    sends(body(CHAT_BODY_MAX));
    expect((await call()).ok).toBe(true);
    sends(body(CHAT_BODY_MAX + 1));
    expect(await ask()).toBe(`ExecutionFailed: the answer has more than ${CHAT_BODY_MAX} bytes`);
    handler = (response) => response.writeHead(500).end("x".repeat(CHAT_BODY_MAX));
    expect(await ask()).toMatch(/^ProviderUnavailable: HTTP 500: x{900,16000}…$/);
  });

  it("is silence: until the deadline, the bound of the call, or the end of the run", async () => {
    handler = () => undefined;
    const signal = AbortSignal.timeout(100);
    const late = "Timeout: no answer before the deadline";
    expect(await ask({ prompt: "p" }, {}, { signal })).toBe(late);
    expect(await ask({ prompt: "p" }, {}, { signal: AbortSignal.abort() })).toBe(late);
    expect(await ask({ prompt: "p" }, { callMs: 100 })).toBe(late);
    handler = (response) => {
      response.setHeader("content-type", "text/event-stream").write(chunk({ content: "a" }));
    };
    expect(await ask({ prompt: "p" }, { callMs: 200 })).toBe(late);
    const provider = chatProvider({ ...CONFIG, baseUrl: base });
    const input = mapFromEntries([{ key: "prompt", value: "p" }]);
    const waiting = provider.call({
      id: "llm.chat",
      version: null,
      input,
      signal: new AbortController().signal,
    });
    await provider.close();
    const message = "the run is over";
    expect(await waiting).toEqual({ ok: false, kind: "ProviderUnavailable", message });
  });

  it("is a server that is not there", async () => {
    const free = createServer();
    await new Promise<void>((ready) => free.listen(0, "127.0.0.1", ready));
    const address = free.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((closed) => free.close(closed));
    expect(await ask({ prompt: "p" }, { baseUrl: `http://127.0.0.1:${port}` })).toBe(
      "ProviderUnavailable: no answer: ECONNREFUSED",
    );
  });
});

describe("a mistake in the configuration", () => {
  it.each([
    [{ baseUrl: "no url" }, "NotRegistered: `base_url` is no address: 'no url'"],
    [
      { baseUrl: "ftp://x.org" },
      "NotRegistered: `base_url` begins with https:// or http://, not 'ftp:'",
    ],
    [
      { baseUrl: "https://u:p@x.org" },
      "NotRegistered: `base_url` holds a user or a password: keys stand in `api_key_env`",
    ],
    [{ environment: {} }, "AuthError: the variable CHAT_KEY is not set"],
    [{ environment: { CHAT_KEY: " " } }, "AuthError: the variable CHAT_KEY is not set"],
    [{ environment: { CHAT_KEY: "two\nlines" } }, "AuthError: the variable CHAT_KEY holds no key"],
    [{ model: null }, "InvalidArgs: no `model`, neither in the call nor in lumen.toml"],
  ])("is told without asking: %#", async (config, expected) => {
    expect(await ask({ prompt: "p" }, config)).toBe(expected);
    expect(seen).toEqual([]);
  });

  it("is another tool", async () => {
    expect(await ask({}, {}, { id: "llm.embed" })).toBe(
      "NotRegistered: 'openai-compatible' answers 'llm.chat', not 'llm.embed'",
    );
  });
});
