// The table of language 11.4, row by row: what a grant refuses, and what it adds.

import type { ToolGrant } from "@lumen/core/program";
import { displayValue, Float, makeList, mapFromEntries, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { makeHost, toolPolicyLayer } from "../index.ts";
import { toolNamed } from "./testing/tool-entry.ts";

/** The input that passes, or the refusal without its beginning. */
async function ask(
  grant: Partial<ToolGrant>,
  input: { readonly [name: string]: Value } | null,
): Promise<string> {
  const tool = toolNamed("web.get", grant);
  const host = makeHost(
    [
      toolPolicyLayer(),
      { name: "end", handle: async ({ args: [value] }) => ({ ok: true, value: value ?? null }) },
    ],
    {},
    [tool],
  );
  const entries = Object.entries(input ?? {}).map(([key, value]) => ({ key, value }));
  const args = [input === null ? "no map" : mapFromEntries(entries)];
  const answer = await host({ effect: "tool", operation: tool.ref, args });
  if (answer.ok) return displayValue(answer.value);
  expect(answer).toMatchObject({ code: "E_POLICY" });
  expect(answer.message.startsWith("policy violation for 'get': ")).toBe(true);
  return answer.message.slice("policy violation for 'get': ".length);
}

describe("domains", () => {
  const domains = ["a.org", "*.b.org"];
  it.each([
    [{ url: "https://A.org:1/x" }, '{"url": "https://A.org:1/x"}'],
    [{ url: "https://x.b.org" }, '{"url": "https://x.b.org"}'],
    [{ url: "https://c.org" }, "'c.org' is not a granted domain: the grant allows a.org, *.b.org"],
    [{}, "'url' is not given, expected a String: the grant allows a.org, *.b.org"],
    [{ url: 5 }, "'url' is 5, expected a String: the grant allows a.org, *.b.org"],
    [{ url: "" }, "'url' has no host: the grant allows a.org, *.b.org"],
  ])("%j", async (input, expected) => {
    expect(await ask({ domains }, input)).toBe(expected);
  });

  it("may be none", async () => {
    const url = "https://a.org";
    const none = "'a.org' is not a granted domain: the grant allows none";
    expect(await ask({ domains: [] }, { url })).toBe(none);
    expect(await ask({ domains: ["*"] }, { url })).toBe('{"url": "https://a.org"}');
  });
});

describe("paths", () => {
  it("need an argument that is a text", async () => {
    const allowed = "expected a String: the grant allows data";
    expect(await ask({ paths: ["data"] }, {})).toBe(`'path' is not given, ${allowed}`);
    expect(await ask({ paths: ["data"] }, { path: null })).toBe(`'path' is null, ${allowed}`);
  });
});

describe("bounds", () => {
  const grant = { timeoutMs: 100, maxima: [{ name: "max_tokens", value: 5 }] };
  it.each([
    [{}, "{}"],
    [{ max_tokens: 5, timeout_ms: 100 }, '{"max_tokens": 5, "timeout_ms": 100}'],
    [{ max_tokens: -1 }, '{"max_tokens": -1}'],
    [{ max_tokens: 6 }, "'max_tokens' is 6: the grant allows at most 5"],
    [
      { max_tokens: 2n ** 63n - 1n },
      "'max_tokens' is 9223372036854775807: the grant allows at most 5",
    ],
    [
      { max_tokens: new Float(4) },
      "'max_tokens' is 4.0, expected an Int: the grant allows at most 5",
    ],
    [{ max_tokens: "4" }, `'max_tokens' is "4", expected an Int: the grant allows at most 5`],
    [{ max_tokens: null }, "'max_tokens' is null, expected an Int: the grant allows at most 5"],
    [{ timeout_ms: 101 }, "'timeout_ms' is 101: the grant allows at most 100"],
  ])("%s", async (input, expected) => {
    expect(await ask(grant, input)).toBe(expected);
  });
});

describe("fixed values", () => {
  const stop = makeList(["a", makeList([])]);
  const fixed = [
    { name: "model", value: "small" },
    { name: "stop", value: stop },
  ];

  it("are passed on where nothing is given, and stay where the same is given", async () => {
    const all = '{"model": "small", "n": 1, "stop": ["a", []]}';
    expect(await ask({ fixed }, { n: 1 })).toBe(all);
    expect(await ask({ fixed }, { n: 1, model: "small", stop })).toBe(all);
  });

  it.each([
    [{ model: "big" }, `'model' is "big", the grant fixes it to "small"`],
    [{ model: null }, `'model' is null, the grant fixes it to "small"`],
    [{ stop: makeList(["a"]) }, `'stop' is a List, the grant fixes it to ["a", []]`],
    [{ model: "x".repeat(60) }, `'model' is "${"x".repeat(39)}…, the grant fixes it to "small"`],
  ])("may not be others: %j", async (input, expected) => {
    expect(await ask({ fixed }, input)).toBe(expected);
  });
});

describe("an input that is no map", () => {
  it("is refused", async () => {
    expect(await ask({}, null)).toBe("the input is no map");
  });
});
