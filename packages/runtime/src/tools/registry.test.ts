// Which provider answers a tool (language 17.4).

import { ok } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { makeRegistry, NO_TOOLS, type ProviderKinds, type ToolSettings } from "./registry.ts";
import { toolNamed } from "./testing/tool-entry.ts";
import type { ToolProvider } from "./tool-provider.ts";

/** Kinds `chat` and servers; `made` and `closed` are told. */
function kinds(): ProviderKinds & { readonly made: string[]; readonly closed: string[] } {
  const made: string[] = [];
  const closed: string[] = [];
  const provider = (name: string): ToolProvider => {
    made.push(name);
    return {
      name,
      call: async () => ({ ok: true, value: name }),
      close: async () => {
        closed.push(name);
      },
    };
  };
  return {
    made,
    closed,
    byKind: { chat: ({ name, config }) => ok(provider(`${name}:${config.base_url ?? "-"}`)) },
    server: ({ name }) => ok(provider(`mcp:${name}`)),
  };
}

const SETTINGS: ToolSettings = {
  tools: new Map([
    ["llm.chat", "chat"],
    ["llm.plan", "second"],
  ]),
  configs: new Map([
    ["chat", { base_url: "u" }],
    ["second", { kind: "chat" }],
  ]),
  servers: new Map([
    ["github", { name: "github", uri: "npx g", tools: null, env: [], apiKeyEnv: null }],
  ]),
};

function find(id: string, provider: string | null = null, settings = SETTINGS): string | null {
  const tool = toolNamed(id, {}, { provider });
  const registry = makeRegistry([tool], settings, kinds());
  if (!registry.ok) return `${registry.error.code} ${registry.error.message}`;
  return registry.value.find(tool)?.name ?? null;
}

describe("the provider of a tool", () => {
  it.each([
    ["llm.chat", null, "chat:u"],
    ["llm.plan", null, "second:-"],
    ["llm.chat", "second", "second:-"],
    ["web.get", "chat", "chat:u"],
    ["github.create_issue", null, "mcp:github"],
    ["github.create_issue", "mcp:github", "mcp:github"],
    ["github.create_issue", "chat", "chat:u"],
    ["web.get", null, null],
    ["github", null, null],
  ])("%s from %s is %s", (id, provider, expected) => {
    expect(find(id, provider)).toBe(expected);
  });

  it("is none without a configuration", () => {
    expect(find("llm.chat", null, NO_TOOLS)).toBeNull();
  });

  it("has to be of a known kind", () => {
    expect(find("a.b", "other")).toBe(
      "E_PROJECT [providers]: there is no provider of kind 'other'; known: chat",
    );
    const configs = new Map([["x", { kind: 5 }]]);
    expect(find("a.b", "x", { ...SETTINGS, configs })).toContain("of kind '5'; known: chat");
    expect(find("a.b", "constructor")).toContain("of kind 'constructor'");
  });

  it("is made once for all of its tools, and only where it is needed", async () => {
    const made = kinds();
    const tools = [toolNamed("llm.chat"), toolNamed("web.get", {}, { provider: "chat" })];
    const registry = makeRegistry(tools, SETTINGS, made);
    expect(made.made).toEqual(["chat:u"]);
    if (registry.ok) await registry.value.close();
    expect(made.closed).toEqual(["chat:u"]);
  });

  it("may be a server only where the host starts servers", () => {
    const tool = toolNamed("github.search");
    expect(makeRegistry([tool], SETTINGS, { byKind: {}, server: null })).toMatchObject({
      ok: false,
      error: { code: "E_PROJECT" },
    });
  });
});
