// Servers that do what they should not (language 11.9): each is bounded, and each ends.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { displayNested, mapFromEntries, type Value } from "@lumen/core/value";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type McpConfig, mcpProvider, type ToolCall, type ToolProvider } from "../../index.ts";
import { MCP_MESSAGE_MAX, MCP_NOISE_MAX, MCP_PAGES_MAX, MCP_TOOLS_MAX } from "./limits.ts";

/** A server that behaves, as far as the lines behind it do not change what it does. */
const HONEST = `
import { createInterface } from "node:readline";
const write = (text) => process.stdout.write(text);
const send = (message) => write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n");
const text = (text) => ({ content: [{ type: "text", text }] });
const tool = (name) => ({ name, inputSchema: { type: "object" } });
let calls = 0;
const on = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "test", version: "1.2.3" },
  }),
  "tools/list": () => ({ tools: [tool("t")] }),
  "tools/call": () => text("call " + ++calls + " of " + process.pid),
};
createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  const answer = await on[message.method]?.(message.params, message, line);
  if (answer !== undefined && message.id !== undefined) send({ id: message.id, result: answer });
});
`;

const folder = mkdtempSync(join(tmpdir(), "lumen-mcp-"));
let scripts = 0;
const providers: ToolProvider[] = [];

afterEach(async () => {
  for (const provider of providers.splice(0)) await provider.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

type Ask = (
  input?: { readonly [name: string]: Value },
  more?: Partial<ToolCall>,
) => Promise<string>;

/** Calls the tool `s.t` of a server with these lines. */
function server(lines: string, more: Partial<McpConfig> = {}): Ask {
  const script = join(folder, `server ${scripts++}.mjs`);
  writeFileSync(script, HONEST + lines);
  const provider = mcpProvider({
    name: "s",
    uri: `"${process.execPath}" "${script}"`,
    tools: null,
    env: [],
    apiKeyEnv: null,
    environment: { PATH: process.env.PATH },
    workingDirectory: folder,
    hostVersion: "0.0.0",
    ...more,
  });
  providers.push(provider);
  return async (input = {}, rest = {}) => {
    const entries = Object.entries(input).map(([key, value]) => ({ key, value }));
    const { signal } = new AbortController();
    const call = { id: "s.t", version: null, input: mapFromEntries(entries), signal, ...rest };
    const answer = await provider.call(call);
    return answer.ok ? displayNested(answer.value) : `${answer.kind}: ${answer.message}`;
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const pidOf = (answer: string): number => Number(/of (\d+)/.exec(answer)?.[1]);

describe("start", () => {
  it("happens once, at the first call, for calls at the same time", async () => {
    const ask = server("");
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(answers.map(pidOf)).size).toBe(1);
    expect(answers[2]).toMatch(/^"call 3 of/);
  });

  it.each([
    ["/nowhere/server", "ProviderUnavailable: cannot start '/nowhere/server': ENOENT"],
    ["", "NotRegistered: the command is empty"],
    ["a 'b", "NotRegistered: the quote ' at character 3 is not closed"],
  ])("of %j fails", async (uri, expected) => {
    expect(await server("", { uri })()).toBe(expected);
  });

  it("fails in a folder that is not there", async () => {
    const ask = server("", { workingDirectory: join(folder, "missing") });
    expect(await ask()).toMatch(/^ProviderUnavailable: cannot start '.*': ENOENT$/);
  });

  it("needs the variable of its key, and shows no value of variables", async () => {
    const lines =
      'on.initialize = () => { console.error("token " + process.env.KEY); process.exit(3) };';
    expect(await server(lines, { apiKeyEnv: "KEY" })()).toBe(
      "AuthError: the variable KEY is not set",
    );
    const environment = { PATH: process.env.PATH, KEY: "very-secret-value" };
    expect(await server(lines, { apiKeyEnv: "KEY", environment })()).toBe(
      "ProviderUnavailable: the server ended with status 3: token [secret KEY]",
    );
  });

  it("gives up a server that does not answer", async () => {
    const ask = server("on.initialize = () => undefined;", { startMs: 300 });
    expect(await ask()).toBe("ProviderUnavailable: no handshake within 300 ms");
    const listless = server('on["tools/list"] = () => undefined;', { startMs: 1500 });
    expect(await listless()).toBe("ProviderUnavailable: no handshake within 1500 ms");
  });

  it("is given up with the call that waits for it", async () => {
    const ask = server("on.initialize = () => undefined;");
    const signal = AbortSignal.timeout(300);
    expect(await ask({}, { signal })).toBe("Timeout: the server did not start before the deadline");
  });

  it("refuses versions of the protocol that nobody knows", async () => {
    const ask = server(
      `on.initialize = () =>
  ({ protocolVersion: "1", capabilities: {}, serverInfo: { name: "", version: "" } });`,
    );
    expect(await ask()).toMatch(/^OutputValidationFailed: .*protocol version is not supported: 1/);
    expect(await server("on.initialize = () => ({});")()).toMatch(/^OutputValidationFailed: /);
  });
});

describe("the list of tools", () => {
  it("comes in pages", async () => {
    const ask = server(`
on["tools/list"] = ({ cursor }) =>
  cursor === undefined ? { tools: [tool("a")], nextCursor: "2" } : { tools: [tool("t")] };`);
    expect(await ask()).toMatch(/^"call 1/);
  });

  it("is bounded in pages and tools", async () => {
    const most = `more than ${MCP_TOOLS_MAX} tools or ${MCP_PAGES_MAX} pages`;
    const refused = `ExecutionFailed: the server lists ${most}`;
    const pages = (count: number): string => `
let pages = 0;
on["tools/list"] = () =>
  ({ tools: [tool("t")], ...(++pages < ${count} ? { nextCursor: "x" } : {}) });`;
    expect(await server(pages(MCP_PAGES_MAX))()).toMatch(/^"call 1/);
    expect(await server(pages(MCP_PAGES_MAX + 1))()).toBe(refused);
    const tools = (count: number): string => `
const others = Array.from({ length: ${count - 1} }, (_, i) => tool("x" + i));
on["tools/list"] = () => ({ tools: [tool("t"), ...others] });`;
    expect(await server(tools(MCP_TOOLS_MAX))()).toMatch(/^"call 1/);
    expect(await server(tools(MCP_TOOLS_MAX + 1))()).toBe(refused);
  });

  it("may be of a server without tools, or be no list", async () => {
    const none =
      "const first = on.initialize; on.initialize = (p) => ({ ...first(p), capabilities: {} });";
    expect(await server(none)()).toBe("NotFound: the server has no tool 't'");
    expect(await server('on["tools/list"] = () => ({ tools: 1 });')()).toBe(
      "OutputValidationFailed: the list of tools is no array",
    );
  });

  it("is asked for again where the server says that it changed", async () => {
    const ask = server(`
let names = ["t"];
on["tools/list"] = () => ({ tools: names.map(tool) });
on["tools/call"] = () => {
  names = ["u"];
  send({ method: "notifications/tools/list_changed" });
  return text("changed");
};`);
    expect(await ask()).toBe('"changed"');
    expect(await ask({}, { id: "s.u" })).toBe('"changed"');
    expect(await ask()).toBe("NotFound: the server has no tool 't'");
  });

  it("is narrowed by the configuration, without asking the server", async () => {
    const ask = server("", { tools: ["s.u"], uri: "/nowhere" });
    expect(await ask()).toBe("NotRegistered: 's.t' is not in `tools` of [providers.mcp.s]");
    expect(await ask({}, { id: "other.t" })).toBe(
      "NotRegistered: 'other.t' is no tool of server 's'",
    );
    expect(await server("", { tools: ["s.t"] })()).toMatch(/^"call 1/);
  });
});

describe("calls", () => {
  it("keep integers and floats as they are, both ways", async () => {
    const ask = server(`
on["tools/call"] = (params, message, line) => {
  const sent = line.slice(line.indexOf('"arguments":') + 12, line.lastIndexOf("}}") + 1);
  write('{"jsonrpc":"2.0","id":' + message.id + ',"result":{"structuredContent":' + sent + "}}\\n");
};`);
    expect(await ask({ id: 9007199254740993n, __proto__x: 'a\n"', list: null })).toBe(
      '{"__proto__x": "a\n"", "id": 9007199254740993, "list": null}',
    );
  });

  it("answer errors of the protocol by their kind", async () => {
    const ask = server(`
on["tools/call"] = ({ arguments: { code } }, { id }) =>
  send({ id, error: { code, message: "why\\nnot" } });`);
    expect(await ask({ code: -32602 })).toBe("InvalidArgs: MCP error -32602: why not");
    expect(await ask({ code: -32000 })).toBe("ExecutionFailed: MCP error -32000: why not");
  });

  it("refuse results that are not JSON as this language reads it", async () => {
    const ask = server(`
on["tools/call"] = (params, { id }) =>
  write('{"jsonrpc":"2.0","id":' + id + ',"result":{"content":[],"a":1,"a":2}}\\n');`);
    expect(await ask()).toMatch(/^OutputValidationFailed: .*the input is not JSON: /);
  });

  it("are bounded in time", async () => {
    const ask = server('on["tools/call"] = () => undefined;', { callMs: 300 });
    expect(await ask()).toMatch(/^Timeout: /);
    expect(await ask({}, { signal: AbortSignal.abort() })).toMatch(/^Timeout: /);
  });

  it("are bounded in size", async () => {
    const ask = server(`
on["tools/call"] = ({ arguments: { size } }, { id }) => {
  const result = (text) => ({ content: [{ type: "text", text }] });
  const message = (text) => JSON.stringify({ jsonrpc: "2.0", id, result: result(text) });
  write(message("x".repeat(size - message("").length)) + "\\n");
};`);
    expect(await ask({ size: MCP_MESSAGE_MAX })).toMatch(/^"x{1000}/);
    expect(await ask({ size: MCP_MESSAGE_MAX + 1 })).toBe(
      `ExecutionFailed: the server sent a message of more than ${MCP_MESSAGE_MAX} bytes`,
    );
    expect(await ask({ size: 1000, more: "x".repeat(MCP_MESSAGE_MAX) })).toBe(
      `InvalidArgs: the arguments have more than ${MCP_MESSAGE_MAX} bytes`,
    );
    expect(await ask({ size: 1000 })).toMatch(/^"x{500}/);
  });

  it("survive a server that sends without end", async () => {
    const ask = server(`
on["tools/call"] = () => {
  const chunk = "x".repeat(1 << 16);
  const more = () => { while (write(chunk)); process.stdout.once("drain", more); };
  more();
};`);
    expect(await ask()).toMatch(/^ExecutionFailed: the server sent a message of more than/);
  });

  it("let lines that are no messages pass, up to a bound", async () => {
    expect(await server('console.log("hello"); console.log("{}"); console.log("[1]")')()).toMatch(
      /^"call 1/,
    );
    const noise = (bytes: number): string =>
      `on["tools/call"] = () => { write("n".repeat(${bytes - 1}) + "\\n"); return text("done"); };`;
    expect(await server(noise(MCP_NOISE_MAX))()).toBe('"done"');
    expect(await server(noise(MCP_NOISE_MAX + 1))()).toBe(
      `ExecutionFailed: the server wrote more than ${MCP_NOISE_MAX} bytes that are no messages`,
    );
  });

  it("end a server that asks much and reads nothing", async () => {
    const ask = server(`
on["tools/call"] = () => {
  process.stdin.pause();
  const request = { jsonrpc: "2.0", id: "i".repeat(4096), method: "roots/list" };
  const line = JSON.stringify(request) + "\\n";
  const more = () => { while (write(line)); process.stdout.once("drain", more); };
  more();
};`);
    expect(await ask()).toBe("ExecutionFailed: the server does not read what it is sent");
  });

  it("may be answered twice, for nobody, and with requests", async () => {
    const ask = server(`
on["tools/call"] = (params, { id }) => {
  send({ id: 999, result: {} });
  send({ method: "notifications/unknown" });
  send({ id: 1, method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } });
  send({ id, result: text("first") });
  return text("second");
};`);
    expect(await ask()).toBe('"first"');
    expect(await ask()).toBe('"first"');
  });
});

describe("the end", () => {
  it("in the middle of a call is told, and the next call starts a new server", async () => {
    const ask = server(`
on["tools/call"] = ({ arguments: { how } }) => {
  if (how === "exit") { console.error("line\\nlast words"); process.exit(7); }
  if (how === "kill") process.kill(process.pid, "SIGKILL");
  return text("fine");
};`);
    expect(await ask({ how: "exit" })).toBe(
      "ProviderUnavailable: the server ended with status 7: last words",
    );
    expect(await ask()).toBe('"fine"');
    expect(await ask({ how: "kill" })).toBe("ProviderUnavailable: the server ended with SIGKILL");
    expect(await ask()).toBe('"fine"');
  });

  it("keeps an answer that came before it", async () => {
    const ask = server(
      'on["tools/call"] = () => { setImmediate(() => process.exit(0)); return text("bye"); };',
    );
    expect(await ask()).toBe('"bye"');
  });

  it("comes at close, by the end of input, once and for good", async () => {
    const ask = server("");
    const pid = pidOf(await ask());
    expect(isAlive(pid)).toBe(true);
    const [provider] = providers;
    await provider?.close();
    expect(isAlive(pid)).toBe(false);
    expect(await ask()).toBe("ProviderUnavailable: server 's' is closed");
    await provider?.close();
  });

  it("comes at close for servers and their children that ignore what they are told", async () => {
    const stubborn = 'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000);';
    const ask = server(`
import { spawn } from "node:child_process";
${stubborn}
const child = spawn(process.execPath, ["-e", ${JSON.stringify(stubborn)}], { stdio: "inherit" });
on["tools/call"] = () => text("of " + process.pid + " and " + child.pid);`);
    const answer = await ask();
    const pids = [...answer.matchAll(/\d+/g)].map((m) => Number(m[0]));
    expect(pids.map(isAlive)).toEqual([true, true]);
    await providers[0]?.close();
    // The system takes a moment to bury a child whose parent is gone.
    await expect.poll(() => pids.map(isAlive), { timeout: 5000 }).toEqual([false, false]);
  });

  it("comes while the server starts", async () => {
    const ask = server("on.initialize = () => undefined;");
    const waiting = ask();
    await new Promise((later) => setTimeout(later, 300));
    await providers[0]?.close();
    expect(await waiting).toBe("ProviderUnavailable: the run is over");
  });
});
