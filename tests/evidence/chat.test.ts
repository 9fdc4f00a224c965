// A model from the program to its server and back (language 11.10): configuration, roles, typed
// answers, and that neither key nor server is needed, or found, in what a run leaves behind.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTarget } from "@lumen/testkit";
import { replay } from "@lumen/toolchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const KEY = "sk-the-key-of-the-evidence-test";
const bodies: string[] = [];
const folders: string[] = [];
let server: Server;
let base = "";
/** Status and content of the next answers; the last one stays. */
let answers: readonly { readonly status: number; readonly content: string }[] = [];

beforeAll(async () => {
  process.env.LUMEN_TEST_CHAT_KEY = KEY;
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      const [{ status, content } = { status: 500, content: "" }, ...rest] = answers;
      if (rest.length > 0) answers = rest;
      const said = `${content} ${request.headers.authorization === `Bearer ${KEY}`}`;
      const message = { content: content.startsWith("{") ? content : said };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ choices: [{ message, finish_reason: "stop" }] }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (typeof address === "object" && address !== null) base = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  delete process.env.LUMEN_TEST_CHAT_KEY;
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface ChatRun {
  readonly output: string;
  readonly fault: string | null;
  readonly replayed: string;
  /** Requests that the run made. */
  readonly asked: readonly string[];
  /** All that it left on the disk. */
  readonly left: string;
}

async function run(source: string, config?: string): Promise<ChatRun> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-chat-"));
  folders.push(folder);
  const table =
    config ?? `base_url = "${base}/v1"\napi_key_env = "LUMEN_TEST_CHAT_KEY"\nmodel = "m"\n`;
  const manifest = `[package]\nname = "chats"\nversion = "0.1.0"
[providers]\n"llm.chat" = "openai-compatible"
[providers.config.openai-compatible]\n${table}`;
  writeFileSync(join(folder, "lumen.toml"), manifest);
  const target = join(folder, "main.lm");
  writeFileSync(target, `use tool llm.chat as Chat\ngrant Chat max_tokens 9\n${source}`);
  bodies.length = 0;
  const traceDir = join(folder, "traces");
  const ran = await runTarget({ target, input: null, traceDir, deterministic: true });
  const asked = [...bodies];
  const fault = ran.failure === null ? null : `${ran.failure.code} ${ran.failure.message}`;
  const trace = ran.report?.evidence?.tracePath ?? null;
  if (trace === null) return { output: ran.output, fault, replayed: "", asked, left: "" };
  const again = await replay({ trace, projectFolder: folder, program: undefined });
  expect(bodies).toHaveLength(asked.length);
  const replayed = again.ok ? again.value.result.kind : again.error.failure.code;
  const files = readdirSync(traceDir).map((name) => readFileSync(join(traceDir, name), "latin1"));
  return { output: ran.output, fault, replayed, asked, left: files.join("\n") };
}

describe("llm.chat", () => {
  it("asks with the key and the roles of the cell, and leaves no key behind", async () => {
    answers = [{ status: 200, content: `${KEY}!` }];
    const ran = await run(`cell main() -> String
  role system: Be brief.
  to_string(Chat(prompt: "hi", max_tokens: 5))
end
`);
    expect(ran).toMatchObject({
      output: "[secret LUMEN_TEST_CHAT_KEY]! true\n",
      fault: null,
      replayed: "identical",
    });
    expect(ran.asked.map((body) => JSON.parse(body))).toEqual([
      {
        model: "m",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "hi" },
        ],
        max_tokens: 5,
      },
    ]);
    expect(ran.left).toContain("llm.chat");
    expect(ran.left).not.toContain(KEY);
  });

  it("makes a record of JSON that was asked for", async () => {
    answers = [{ status: 200, content: '{"label": "good", "score": 0.5}' }];
    const ran = await run(`record Verdict(label: String, score: Float)
cell main() -> Float
  let verdict = Chat(prompt: "p", schema: {"type": "object"}) expect schema Verdict
  verdict.score
end
`);
    expect(ran).toMatchObject({ output: "0.5\n", fault: null, replayed: "identical" });
  });

  it("is asked again while the server is busy, and not where it refuses", async () => {
    const source = 'cell main() -> Any = Chat(prompt: "p")\n';
    const busy = { status: 503, content: "" };
    answers = [busy, busy, { status: 200, content: "at last" }];
    const ran = await run(source);
    expect(ran).toMatchObject({ output: "at last true\n", fault: null, replayed: "identical" });
    expect(ran.asked).toHaveLength(3);
    answers = [{ status: 401, content: "" }];
    const refused = await run(source);
    expect(refused.fault).toMatch(/^E_TRAP_OTHER tool call error: AuthError: HTTP 401/);
    expect(refused.asked).toHaveLength(1);
    expect(refused.replayed).toBe("identical");
  });

  it("is not asked beyond a grant, or by a configuration with a mistake", async () => {
    const beyond = await run('cell main() -> Any = Chat(prompt: "p", max_tokens: 10)\n');
    expect(beyond.fault).toContain("policy violation for 'Chat'");
    const wrong = await run('cell main() -> Any = Chat(prompt: "p")\n', 'url = "x"\n');
    expect(wrong.fault).toBe(
      "E_PROJECT [providers.config.openai-compatible] url: no such key; " +
        "known: api_key_env, base_url, kind, model, stream",
    );
    expect([...beyond.asked, ...wrong.asked]).toEqual([]);
  });
});
