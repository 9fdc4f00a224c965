// Tools from the program to the provider and back (language 11.4): what is passed on, what is
// refused, what is retried, what a trace tells, and that a replay asks nobody (formats 13.2).

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TraceIo } from "@lumen/core/trace";
import { displayValue, type Value } from "@lumen/core/value";
import type { ToolAnswer } from "@lumen/runtime";
import { type FakeTool, type FakeTools, fakeTools, runTarget, traceLines } from "@lumen/testkit";
import { replay, showTrace } from "@lumen/toolchain";
import { afterAll, describe, expect, it } from "vitest";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface ToolRun {
  readonly output: string;
  readonly fault: string | null;
  /** Lines about tools. */
  readonly trace: string;
  /** How the run ended when it was replayed. */
  readonly replayed: string;
  readonly fake: FakeTools;
}

const MANIFEST = `[package]
name = "calls"
version = "0.1.0"
[providers]
"web.get" = "fake"
"llm.chat" = "fake"
`;

interface RunOptions {
  readonly traceIo?: TraceIo;
  readonly manifest?: string;
  /** Texts of modules beside the program. */
  readonly modules?: { readonly [name: string]: string };
  /** What happens between the run and its replay. */
  readonly meanwhile?: () => void;
}

/** A project whose tools are these, run and replayed; null: the providers are the real ones. */
async function runWith(
  source: string,
  tools: { readonly [id: string]: FakeTool } | null,
  { traceIo = "Inline", manifest = MANIFEST, modules = {}, meanwhile }: RunOptions = {},
): Promise<ToolRun> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-tools-"));
  folders.push(folder);
  writeFileSync(join(folder, "lumen.toml"), manifest);
  for (const [name, text] of Object.entries({ ...modules, main: source })) {
    writeFileSync(join(folder, `${name}.lm`), text);
  }
  const fake = fakeTools(tools ?? {});
  const traceDir = join(folder, "traces");
  const target = join(folder, "main.lm");
  const base = { target, input: null, traceDir, deterministic: true };
  const providers = tools === null ? {} : { providers: fake.kinds };
  const ran = await runTarget({ ...base, traceIo, ...providers });
  const path = ran.report?.evidence?.tracePath;
  const fault = ran.failure === null ? null : `${ran.failure.code} ${ran.failure.message}`;
  if (path === undefined || path === null) {
    return { output: ran.output, fault, trace: "", replayed: "", fake };
  }
  const shown = showTrace(path, folder);
  const events = shown.ok ? shown.value.events.map((placed) => placed.event) : [];
  const lines = traceLines(events).split("\n");
  const asked = fake.calls.length;
  meanwhile?.();
  const again = await replay({ trace: path, projectFolder: folder, program: undefined });
  expect(fake.calls).toHaveLength(asked);
  return {
    output: ran.output,
    fault,
    trace: lines.filter((line) => /^(Tool|SchemaDrift|TileStep Request)/.test(line)).join("\n"),
    replayed: again.ok ? again.value.result.kind : again.error.failure.code,
    fake,
  };
}

function answered(value: Value): ToolAnswer {
  return { ok: true, value };
}

/** Answers with the input as text. */
const echo: FakeTool = (call) => answered(displayValue(call.input));

const CHAT = `use tool llm.chat@1.2 as Chat
grant Chat
  max_tokens 512
  model small
  timeout_ms 5000
`;

describe("a call that its grants allow", () => {
  it("gets the fixed values, is recorded with all that names it, and is replayed", async () => {
    const source = `${CHAT}\ncell main() -> Any = Chat(prompt: "a", max_tokens: 512)\n`;
    const ran = await runWith(source, { "llm.chat": echo });
    expect(ran).toMatchObject({
      output: '{"max_tokens": 512, "model": "small", "prompt": "a"}\n',
      fault: null,
      replayed: "identical",
    });
    expect(ran.fake.calls).toMatchObject([{ id: "llm.chat", version: "1.2" }]);
    expect(ran.trace).toBe("ToolCall llm.chat\nToolResult ok\nTileStep Request tool:llm.chat Ok");
    expect(ran.fake.openCount()).toBe(0);
  });

  it("has the grants of the agent that calls", async () => {
    const source = `use tool llm.chat as Chat
grant Chat max_tokens 10

agent Helper
  grant Chat max_tokens 20
  cell ask(n: Int) -> Any = Chat(max_tokens: n)
end

cell main() -> Any
  print(Helper().ask(20))
  Chat(max_tokens: 20)
end
`;
    const ran = await runWith(source, { "llm.chat": echo });
    expect(ran.output).toBe('{"max_tokens": 20}\n');
    expect(ran.fault).toContain("'max_tokens' is 20: the grant allows at most 10");
    expect(ran.replayed).toBe("identical");
  });
});

describe("a tool under other names", () => {
  it("keeps its grants where it is bound to an effect, and its answers are checked", async () => {
    const source = `use tool web.get as Get
grant Get kind page
effect Fetch
  cell size(url: String) -> Int
end
bind effect Fetch to Get

cell main() -> Int / {fetch} = Fetch.size("u")
`;
    const right = await runWith(source, { "web.get": () => answered(5) });
    expect(right).toMatchObject({ output: "5\n", fault: null, replayed: "identical" });
    const [call] = right.fake.calls;
    expect(displayValue(call?.input ?? null)).toBe('{"kind": "page", "url": "u"}');
    const wrong = await runWith(source, { "web.get": () => answered("x") });
    expect(wrong.fault).toContain('$: expected i64, found string "x"');
  });

  it("keeps the grants of the module that it is imported from, and adds those here", async () => {
    const tools = `pub use tool web.get as Get
grant Get
  max_size 5
  domain "a.org"
`;
    const source = `import tools: Get as Load
grant Load domain "b.org"
cell main() -> Any
  print(Load(url: "http://a.org", max_size: 5))
  print(Load(url: "http://b.org"))
  Load(url: "http://b.org", max_size: 6)
end
`;
    const ran = await runWith(source, { "web.get": () => answered("ok") }, { modules: { tools } });
    expect(ran.output).toBe("ok\nok\n");
    expect(ran.fault).toContain("policy violation for 'Load': 'max_size' is 6");
  });
});

describe("a call that a grant forbids", () => {
  const VIOLATIONS: readonly (readonly [string, string, string])[] = [
    ["max_tokens 5", "max_tokens: 6", "'max_tokens' is 6: the grant allows at most 5"],
    ["model small", 'model: "big"', `'model' is "big", the grant fixes it to "small"`],
    ["timeout_ms 5", "timeout_ms: 6", "'timeout_ms' is 6: the grant allows at most 5"],
    [
      'domain "*.a.org"',
      'url: "http://a.org@b.org/"',
      "'b.org' is not a granted domain: the grant allows *.a.org",
    ],
    ['domain "a.org"', "", "'url' is not given, expected a String: the grant allows a.org"],
    ['path "/srv"', 'path: "/srv/../etc"', "'/srv/../etc' is not in a granted path: "],
  ];

  it.each(VIOLATIONS)("with %s and (%s) is refused", async (grant, args, why) => {
    const source = `use tool web.get as Get\ngrant Get ${grant}\ncell main() -> Any = Get(${args})\n`;
    const ran = await runWith(source, { "web.get": echo });
    expect(ran.fault).toContain(`policy violation for 'Get': ${why}`);
    expect(ran.fault).toMatch(/^E_TRAP_OTHER runtime error: policy violation/);
    expect(ran.replayed).toBe("identical");
    expect(ran.fake.calls).toEqual([]);
  });

  it.each([
    ["refused", "out", "in"],
    ["allowed", "in", "out"],
  ])("is %s in a replay as it was, wherever a link leads by now", async (verdict, then, now) => {
    const folder = mkdtempSync(join(tmpdir(), "lumen-links-"));
    folders.push(folder);
    for (const name of ["in", "out"]) mkdirSync(join(folder, name));
    const link = join(folder, "link");
    const lead = (name: string): void => {
      rmSync(link, { force: true });
      symlinkSync(join(folder, name), link);
    };
    lead(then);
    const source = `use tool web.get as Get
grant Get path "${join(folder, "in")}"
cell main() -> Any = Get(path: "${link}/file")
`;
    const meanwhile = (): void => lead(now);
    const ran = await runWith(source, { "web.get": () => answered("read") }, { meanwhile });
    expect(ran.output).toBe(verdict === "allowed" ? "read\n" : "");
    expect(ran.fault ?? "").toContain(verdict === "allowed" ? "" : "is not in a granted path");
    expect(ran.replayed).toBe("identical");
  });

  it("writes down only what depends on files", async () => {
    const call = (grant: string): string =>
      `use tool web.get as Get\ngrant Get ${grant}\ncell main() -> Any = Get(path: "/x", n: 1)\n`;
    expect((await runWith(call("n 2"), {})).trace).toBe("");
    expect((await runWith(call('path "/srv"'), {})).trace).toContain("Err(E_POLICY)");
  });
});

describe("a result with a declared type", () => {
  const RECORDS = `record Item
  name: String
  price: Float where price > 0.0
  count: Int = 1
end
use tool web.get as Get
grant Get
`;
  const item =
    (json: Value): FakeTool =>
    () =>
      answered(json);
  const jsonMap = async (text: string): Promise<FakeTool> => {
    const { parseJson, valueFromJson } = await import("@lumen/core/encoding");
    const node = parseJson(text);
    const value = node.ok ? valueFromJson("json", node.value) : node;
    if (!value.ok) throw new Error(value.error.message);
    return item(value.value);
  };
  const MAIN = `${RECORDS}
cell main() -> list[Item]
  let items: list[Item] = Get(n: 1)
  items
end
`;

  it("is made of the answer, with defaults, and extra fields are drift", async () => {
    const tool = await jsonMap('[{"name": "a", "price": 2, "tags": []}]');
    const ran = await runWith(MAIN, { "web.get": tool });
    expect(ran).toMatchObject({ fault: null, replayed: "identical" });
    expect(ran.output).toBe('[Item(count: 1, name: "a", price: 2.0)]\n');
    expect(ran.trace).toBe(
      "ToolCall web.get\nSchemaDrift web.get $[0].tags array of 0\nToolResult ok\n" +
        "TileStep Request tool:web.get Ok",
    );
  });

  it.each([
    ['[{"name": "a"}]', "$[0].price: expected f64, found nothing"],
    ['[{"name": 1, "price": 2}]', "$[0].name: expected string, found number 1"],
    ['{"items": []}', '$: expected list[Item], found object with "items"'],
    [
      '[{"name": "a", "price": -1}]',
      "$[0].price: expected price > 0.0 by the `where` of Item, found -1.0",
    ],
    ['[{"name": "a", "price": 1, "count": 1.5}]', "$[0].count: expected i64, found number 1.5"],
  ])("of %s fails", async (json, why) => {
    const ran = await runWith(MAIN, { "web.get": await jsonMap(json) });
    expect(ran.fault).toContain(
      "tool call error: OutputValidationFailed: the answer does not match schema list[Item]: ",
    );
    expect(ran.fault).toContain(why);
    expect(ran.trace).toContain("Err(OutputValidationFailed)");
    expect(ran.replayed).toBe("identical");
  });

  it("may be declared by expect schema", async () => {
    const source = `${RECORDS}cell main() -> Any = (Get() expect schema Item).price\n`;
    const fits = await runWith(source, { "web.get": await jsonMap('{"name":"a","price":2}') });
    expect(fits.output).toBe("2.0\n");
    const fails = await runWith(source, { "web.get": await jsonMap("[]") });
    expect(fails.fault).toContain("the answer does not match schema Item: $: expected Item");
  });
});

describe("a provider that fails", () => {
  it("is asked again where that may help", async () => {
    let count = 0;
    const source = `${CHAT}\ncell main() -> Any = Chat()\n`;
    const busy: FakeTool = () => {
      count += 1;
      return count < 3
        ? { ok: false, kind: "RateLimit", message: "slow down" }
        : answered("at last");
    };
    expect(await runWith(source, { "llm.chat": busy })).toMatchObject({
      output: "at last\n",
      replayed: "identical",
    });
    expect(count).toBe(3);
  });

  it("is asked as often as @retry of the cell says, also from its lambdas", async () => {
    const source = `${CHAT}
@retry(max: 1, base_ms: 10)
cell ask() -> Any
  let again = fn() => Chat()
  again()
end

cell main() -> Any = ask()
`;
    const busy: FakeTool = () => ({ ok: false, kind: "ProviderUnavailable", message: "down" });
    const ran = await runWith(source, { "llm.chat": busy });
    expect(ran.fault).toBe("E_TRAP_OTHER tool call error: ProviderUnavailable: down");
    expect(ran.fake.calls).toHaveLength(2);
    expect(ran.replayed).toBe("identical");
  });

  it("surfaces with its kind, in the trace, too", async () => {
    const source = `${CHAT}\ncell main() -> Any = Chat()\n`;
    const denied: FakeTool = () => ({ ok: false, kind: "AuthError", message: "no key" });
    const ran = await runWith(source, { "llm.chat": denied });
    expect(ran.fault).toBe("E_TRAP_OTHER tool call error: AuthError: no key");
    expect(ran.trace).toContain("Request tool:llm.chat Err(AuthError)");
    expect(ran.fake.calls).toHaveLength(1);
  });
});

describe("a trace of digests", () => {
  it("tells of tools and cannot be replayed", async () => {
    const source = `${CHAT}\ncell main() -> Any = Chat(prompt: "a")\n`;
    const ran = await runWith(source, { "llm.chat": echo }, { traceIo: "Digest" });
    expect(ran.trace).toContain("ToolCall llm.chat\nToolResult ok");
    expect(ran.replayed).toBe("E_MISSING_VALUE");
  });
});

describe("the configuration", () => {
  const SOURCE = "use tool web.get as Get\ngrant Get\ncell main() -> Any = Get()\n";

  it("may name a provider that there is not", async () => {
    const manifest = MANIFEST.replace('"web.get" = "fake"', '"web.get" = "other"');
    const ran = await runWith(SOURCE, { "web.get": echo }, { manifest });
    expect(ran.fault).toBe(
      "E_PROJECT [providers]: there is no provider of kind 'other'; known: fake",
    );
  });

  it("may say nothing about a tool", async () => {
    const manifest = MANIFEST.replace('"web.get" = "fake"\n', "");
    const ran = await runWith(SOURCE, { "web.get": echo }, { manifest });
    expect(ran.fault).toBe("E_TRAP_OTHER tool call error: no provider for 'web.get'");
    expect(ran.replayed).toBe("identical");
  });

  it("may be a server, of which the tools are called by its name", async () => {
    const manifest = `${MANIFEST}[providers.mcp.github]\nuri = "npx github"\n`;
    const source = `use tool mcp "npx github" as *\ngrant github n 1
cell main() -> Any = github.create_issue(title: "x")\n`;
    const ran = await runWith(source, { "github.create_issue": echo }, { manifest });
    expect(ran.output).toBe('{"n": 1, "title": "x"}\n');
  });

  it("may be a real server, which ends with the run", async () => {
    const path = createRequire(import.meta.url).resolve(
      "@modelcontextprotocol/server-everything/dist/index.js",
    );
    const uri = JSON.stringify(`'${process.execPath}' '${path}' stdio`);
    const manifest = `${MANIFEST}[providers.mcp.all]\nuri = ${uri}\ntools = ["all.echo"]\n`;
    const source = `use tool all.echo as Echo
grant Echo timeout_ms 60000
cell main() -> String = Echo(message: "hello")
`;
    const ran = await runWith(source, null, { manifest });
    expect(ran).toMatchObject({ fault: null, output: "Echo: hello\n", replayed: "identical" });
  });
});
