// The table `[providers]` (language 17.4): what is read of it, and what is wrong with it.

import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { toolSettings } from "./manifest-providers.ts";

describe("[providers]", () => {
  it("names providers by tool, configures them, and lists servers", () => {
    const read = toolSettings(
      parse(`[providers]
"llm.chat" = "quick"
plain = "quick"
[providers.config.quick]
kind = "openai-compatible"
base_url = "http://localhost"
[providers.mcp.docs]
uri = "npx docs"
tools = ["docs.search"]
env = ["A"]
api_key_env = "KEY"
[providers.mcp.bare]
uri = "bare"
`),
    );
    expect(read).toEqual({
      ok: true,
      value: {
        tools: new Map([
          ["llm.chat", "quick"],
          ["plain", "quick"],
        ]),
        configs: new Map([["quick", { kind: "openai-compatible", base_url: "http://localhost" }]]),
        servers: new Map([
          [
            "docs",
            { name: "docs", uri: "npx docs", tools: ["docs.search"], env: ["A"], apiKeyEnv: "KEY" },
          ],
          ["bare", { name: "bare", uri: "bare", tools: null, env: [], apiKeyEnv: null }],
        ]),
      },
    });
  });

  it("may be absent", () => {
    const empty = { tools: new Map(), configs: new Map(), servers: new Map() };
    expect(toolSettings({})).toEqual({ ok: true, value: empty });
  });

  it.each([
    ["providers = 1", "[providers] is not a table"],
    ['[providers]\n"a.b" = 1', "[providers] a.b: expected the name of a provider, found 1"],
    ['[providers]\na.b = "p"', '[providers] a: expected the name of a provider, found {"b":"p"}'],
    ['[providers]\na = ""', '[providers] a: expected the name of a provider, found ""'],
    ["[providers]\nconfig = 1", "[providers.config] is not a table"],
    ["[providers.config]\np = 1", "[providers.config.p] is not a table"],
    ["[providers]\nmcp = 1", "[providers.mcp] is not a table"],
    ["[providers.mcp.s]", "[providers.mcp.s] uri: expected the command that starts the server"],
    [
      '[providers.mcp.s]\nuri = "x"\ntools = "s.a"',
      '[providers.mcp.s] tools: expected a list of ids such as "s.search"',
    ],
    [
      '[providers.mcp.s]\nuri = "x"\ntools = ["t.a"]',
      "[providers.mcp.s] tools: 't.a' does not begin with s.",
    ],
    [
      '[providers.mcp.s]\nuri = "x"\nenv = [1]',
      "[providers.mcp.s] env: expected a list of names of variables",
    ],
  ])("%j is refused", (text, error) => {
    expect(toolSettings(parse(text))).toEqual({ ok: false, error });
  });
});
