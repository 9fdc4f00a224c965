// What answers the programs of secret flows, and knows the secret: files, a server of pages and
// models, an MCP server, other variables. Each tells the secret in the way that a flow wants.

import { writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Random } from "../random.ts";

/** The variable that the manifest of a flow names as a secret. */
export const SECRET_NAME = "LUMEN_FUZZ_SECRET";

/** Another variable, which a program may read. */
export const COPY_NAME = "LUMEN_FUZZ_COPY";

/** Ways in which a value is written by those who know it. */
export const ENCODINGS = {
  plain: (value) => value,
  json: (value) => JSON.stringify({ key: value }),
  jsonInJson: (value) => JSON.stringify({ text: JSON.stringify([value]) }),
  unicode: (value) =>
    [...value].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  percent: (value) => encodeURIComponent(value),
  everyPercent: (value) =>
    [...Buffer.from(value)].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""),
  form: (value) => new URLSearchParams({ key: value }).toString(),
  percentInJson: (value) => JSON.stringify({ url: `/?k=${encodeURIComponent(value)}` }),
  html: (value) => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  base64: (value) => Buffer.from(value).toString("base64"),
  base64url: (value) => Buffer.from(value).toString("base64url"),
  basicAuth: (value) => Buffer.from(`user:${value}`).toString("base64"),
  base64Inside: (value) => Buffer.from(`{"k":"${value}"} tail`).toString("base64"),
  base64Lines: (value) =>
    Buffer.from(`${"head ".repeat(9)}${value}`)
      .toString("base64")
      .replace(/.{76}/g, "$&\r\n"),
  hex: (value) => Buffer.from(value).toString("hex"),
  upperHex: (value) => Buffer.from(value).toString("hex").toUpperCase(),
  pairs: (value) =>
    Buffer.from(value)
      .toString("hex")
      .replace(/..(?=.)/g, "$&:"),
  dump: (value) =>
    Buffer.from(value)
      .toString("hex")
      .replace(/..(?=.)/g, "$& "),
  twice: (value) => `${value}${value}`,
  quoted: (value) => `key '${value}', again "${value}"`,
} as const satisfies { readonly [name: string]: (value: string) => string };

/** The name of a way of writing. */
export type Encoding = keyof typeof ENCODINGS;

/** A secret value: keys as services give them, and texts that need every kind of escape. */
export function secretValue(random: Random): string {
  const alphabet = random.pick([
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "0123456789abcdef",
    "ABCxyz019+/=",
    "pq\"\\'<>&%/ +z",
    "äß€漢😀ab",
    "k%41\\n\\u0041&amp;",
  ]);
  const scalars = [...alphabet];
  const length = 12 + random.below(40);
  const body = Array.from({ length }, () => scalars[random.below(scalars.length)] ?? "x");
  // Blanks at the ends are no part of a header, and the letters make it unlike anything else.
  return `S${body.join("")}K${random.below(1_000_000)}`;
}

/** The world of a campaign. */
export interface World {
  readonly base: string;
  /** What the next requests to the server are answered with; `fails`: with status 500. */
  tell: (text: string, fails: boolean) => void;
  readonly close: () => void;
}

/** Starts the server of pages (GET) and models (POST, in one piece or as a stream). */
export async function openWorld(): Promise<World> {
  let told = { text: "", fails: false };
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response, request.method ?? "", told));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    base: addressOf(server),
    tell: (text, fails) => {
      told = { text, fails };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}

function answer(
  response: ServerResponse,
  method: string,
  { text, fails }: { readonly text: string; readonly fails: boolean },
): void {
  const status = fails ? 422 : 200;
  if (method !== "POST") {
    response.writeHead(status).end(text);
    return;
  }
  response.writeHead(status, { "content-type": "application/json" });
  const choice = { message: { content: text }, finish_reason: "stop" };
  response.end(JSON.stringify(fails ? { error: { message: text } } : { choices: [choice] }));
}

/** Writes the script of an MCP server whose tool `say` answers with its variable, encoded. */
export function writeMcpServer(folder: string, told: string, fails: boolean): string {
  const path = join(folder, "server.mjs");
  const result = { content: [{ type: "text", text: told }], isError: fails };
  writeFileSync(
    path,
    `import { createInterface } from "node:readline";
const line = (message) => JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n";
const send = (message) => process.stdout.write(line(message));
const on = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "s", version: "1.0.0" },
  }),
  "tools/list": () => ({ tools: [{ name: "say", inputSchema: { type: "object" } }] }),
  "tools/call": () => {
    if (${fails}) { console.error(${JSON.stringify(told)}); process.exit(3); }
    return ${JSON.stringify(result)};
  },
};
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = on[method]?.(params);
  if (result !== undefined && id !== undefined) send({ id, result });
});
`,
  );
  return path;
}
