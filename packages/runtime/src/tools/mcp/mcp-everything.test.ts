// The provider and the reference server of the protocol (language 11.9).

import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { displayNested, mapFromEntries, type Value } from "@lumen/core/value";
import { afterAll, describe, expect, it } from "vitest";
import { type McpConfig, mcpProvider, type ToolCall } from "../../index.ts";

const SERVER = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);

const CONFIG: McpConfig = {
  name: "all",
  uri: `'${process.execPath}' '${SERVER}' stdio`,
  tools: null,
  env: ["EXTRA"],
  apiKeyEnv: "ALL_TOKEN",
  environment: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    EXTRA: "extra",
    ALL_TOKEN: "the-token-of-all",
    OTHER: "other",
  },
  workingDirectory: tmpdir(),
  hostVersion: "0.0.0",
};

const provider = mcpProvider(CONFIG);
afterAll(() => provider.close());

async function call(
  tool: string,
  input: { readonly [name: string]: Value } = {},
  more: Partial<ToolCall> = {},
): Promise<string> {
  const entries = Object.entries(input).map(([key, value]) => ({ key, value }));
  const answer = await provider.call({
    id: `all.${tool}`,
    version: null,
    input: mapFromEntries(entries),
    signal: new AbortController().signal,
    ...more,
  });
  return answer.ok ? displayNested(answer.value) : `${answer.kind}: ${answer.message}`;
}

describe("mcpProvider with server-everything", () => {
  it("calls tools that answer with text, with blocks and with structured content", async () => {
    expect(await call("echo", { message: "hällo" })).toBe('"Echo: hällo"');
    expect(await call("get-sum", { a: 2, b: 3 })).toBe('"The sum of 2 and 3 is 5."');
    expect(await call("get-tiny-image")).toMatch(/^\[\{"text": .*"type": "text"\}, \{"data": "/);
    const weather = await call("get-structured-content", { location: "Chicago" });
    expect(weather).toMatch(/^\{"conditions": ".*", "humidity": \d+, "temperature": \d+\}$/);
  });

  it("says which tools and arguments there are not", async () => {
    expect(await call("nothing")).toBe("NotFound: the server has no tool 'nothing'");
    expect(await call("get-sum", { a: "x" })).toMatch(
      /^(InvalidArgs|ExecutionFailed): .*Invalid arguments for tool get-sum/,
    );
    expect(await call("simulate-research-query", { topic: "x" })).toBe(
      "ExecutionFailed: 'simulate-research-query' runs only as a task, which is not supported",
    );
    expect(await call("echo", {}, { input: "text" })).toBe(
      "InvalidArgs: the input of a tool is a map of its arguments",
    );
  });

  it("gives the server the variables of its configuration and no others", async () => {
    const answer = await provider.call({
      id: "all.get-env",
      version: null,
      input: mapFromEntries([]),
      signal: new AbortController().signal,
    });
    const text = answer.ok ? String(answer.value) : "{}";
    const names = Object.keys(JSON.parse(text)).sort();
    expect(names).toEqual(["ALL_TOKEN", "EXTRA", "HOME", "PATH"]);
  });

  it("keeps to a pinned version", async () => {
    const answer = await call("echo", { message: "m" }, { version: "0.9" });
    expect(answer).toMatch(/^NotFound: the server has version \S+, the program pins 0\.9$/);
    const version = /version (\S+),/.exec(answer)?.[1] ?? "";
    const major = version.split(".")[0] ?? "";
    expect(await call("echo", { message: "m" }, { version })).toBe('"Echo: m"');
    expect(await call("echo", { message: "m" }, { version: major })).toBe('"Echo: m"');
  });

  it("gives a call up that is aborted, and goes on with others", async () => {
    const deadline = new AbortController();
    const input = { duration: 60, steps: 1 };
    const long = call("trigger-long-running-operation", input, { signal: deadline.signal });
    expect(await call("echo", { message: "between" })).toBe('"Echo: between"');
    deadline.abort();
    expect(await long).toBe("Timeout: no answer before the deadline");
    expect(await call("echo", { message: "after" })).toBe('"Echo: after"');
  });
});
