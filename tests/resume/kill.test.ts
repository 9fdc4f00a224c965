// kill -9 for real, at 20 moments of a run that asks a model 200 times: each time another process
// goes on with it. The server sees no request again whose answer was recorded (formats 14.4).

import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readWholeTrace } from "@lumen/core/trace";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bytesOf, onlyTrace, project, ROOT, traceNames } from "../cli/testing/lumen.ts";

const BUNDLE = join(ROOT, "dist/lumen.js");
const CALLS = 200;
const KILLS = 20;

const PROGRAM = `use tool llm.chat as Chat
grant Chat

cell main() -> Int / {external, emit}
  let total = 0
  for i in range(0, ${CALLS})
    let text: String = Chat(prompt: "question {i}", model: "m")
    total = total + length(text)
    print(i, text)
  end
  return total
end
`;

interface Asked {
  readonly prompt: string;
  readonly key: string | undefined;
}

let server: Server;
const log: Asked[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", async () => {
      const prompt = /question \d+/.exec(body)?.[0] ?? "";
      const key = request.headers["idempotency-key"];
      log.push({ prompt, key: typeof key === "string" ? key : undefined });
      await pause(2);
      const content = "x".repeat(Number(prompt.slice(9)) % 13);
      const choices = [{ message: { role: "assistant", content }, finish_reason: "stop" }];
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ choices }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function newProject(): string {
  const { port } = server.address() as AddressInfo;
  const manifest = `[package]
name = "kill"
version = "0.1.0"
[providers]
"llm.chat" = "openai-compatible"
[providers.config.openai-compatible]
base_url = "http://127.0.0.1:${port}/v1"
`;
  return project({ "main.lm": PROGRAM, "lumen.toml": manifest });
}

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(folder: string, words: readonly string[]): [ChildProcess, Promise<Ended>] {
  const child = spawn(process.execPath, [BUNDLE, "run", "--no-cache", ...words], { cwd: folder });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((done, failed) => {
    child.on("error", failed);
    child.on("close", (status, signal) => done({ status, signal, stdout, stderr }));
  });
  return [child, ended];
}

/** Starts the command, and kills it when the server was asked `more` times more. */
async function killed(folder: string, words: readonly string[], more: number): Promise<Ended> {
  const before = log.length;
  const [child, ended] = start(folder, words);
  while (log.length < before + more && child.exitCode === null) await pause(1);
  if (more % 3 !== 0) await pause(more % 3);
  child.kill("SIGKILL");
  return ended;
}

/** Prompts by number of those whose answers are in the trace. */
function answered(path: string): ReadonlySet<string> {
  const read = readWholeTrace(bytesOf(path), { subject: path });
  if (!read.ok) throw new Error(read.error.message);
  const prompts = new Map<number, string>();
  const found = new Set<string>();
  for (const { event } of read.value.events) {
    if (event.kind === "ToolCall" && event.args.kind === "Inline") {
      const text = Buffer.from(event.args.bytes).toString("latin1");
      prompts.set(event.span, /question \d+/.exec(text)?.[0] ?? "");
    }
    if (event.kind === "ToolResult") found.add(prompts.get(event.span) ?? "");
  }
  return found;
}

const commitmentOf = (stdout: string): unknown => {
  const last: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  if (typeof last !== "object" || last === null || !("evidence" in last)) throw new Error(stdout);
  const { evidence } = last;
  return typeof evidence === "object" && evidence !== null && "commitment" in evidence
    ? evidence.commitment
    : null;
};

it("goes on after each of 20 kills", { timeout: 120_000 }, async () => {
  const whole = await start(newProject(), ["--format", "json"])[1];
  expect(whole.status).toBe(0);
  log.length = 0;

  const folder = newProject();
  let printed = "";
  const known = new Set<string>();
  for (let i = 0; i < KILLS; i += 1) {
    const words = traceNames(folder).length === 0 ? [] : ["--resume", onlyTrace(folder)];
    const asked = log.length;
    const ended = await killed(folder, words, 1 + ((i * 5) % 11));
    expect(ended.signal).toBe("SIGKILL");
    printed += ended.stdout;
    expect(log.slice(asked).filter(({ prompt }) => known.has(prompt))).toEqual([]);
    for (const prompt of answered(onlyTrace(folder))) known.add(prompt);
  }
  const asked = log.length;
  const last = await start(folder, ["--format", "json", "--resume", onlyTrace(folder)])[1];
  expect(last.stderr).toBe("");
  expect(log.slice(asked).filter(({ prompt }) => known.has(prompt))).toEqual([]);
  expect(commitmentOf(last.stdout)).toBe(commitmentOf(whole.stdout));

  // A request is asked twice only where a kill came before its answer was recorded.
  expect(new Set(log.map(({ prompt }) => prompt)).size).toBe(CALLS);
  expect(log.length - CALLS).toBeLessThanOrEqual(KILLS);
  const keys = new Map(log.map(({ prompt, key }) => [prompt, key]));
  expect(log.every(({ prompt, key }) => key !== undefined && keys.get(prompt) === key)).toBe(true);
  expect(new Set(keys.values()).size).toBe(CALLS);

  // What was printed is not printed again, but for a line whose record was lost.
  const lines = (printed + last.stdout).split("\n").filter((line) => /^\d+ x*$/.test(line));
  expect(new Set(lines).size).toBe(CALLS);
  expect(lines.length - CALLS).toBeLessThanOrEqual(KILLS);
});
