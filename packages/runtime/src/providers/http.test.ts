// HTTP providers against a server on this machine: what is sent, what comes back, how it fails.

import { createServer, type Server } from "node:http";
import { displayNested, mapFromEntries, type Value } from "@lumen/core/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpProviders } from "../index.ts";
import { HTTP_BODY_MAX } from "./http.ts";

let server: Server;
let base = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const size = /^\/zeros\/(\d+)$/.exec(request.url ?? "")?.[1];
      response.statusCode = request.url === "/missing" ? 404 : 200;
      const type = request.headers["content-type"] ?? "none";
      const extra = request.headers["x-extra"] ?? "none";
      if (size !== undefined) response.end("0".repeat(Number(size)));
      else response.end(`${request.method} ${type} ${extra} ${body}`);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (typeof address === "object" && address !== null) base = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(name: string, ...args: readonly Value[]): Promise<string> {
  const found = await httpProviders()[`http.${name}`]?.(args);
  if (found?.ok !== true) throw new Error(`${name} has an answer`);
  return displayNested(found.value);
}

const answer = (status: number, body: string): string =>
  `{"body": "${body}", "ok": ${status < 300}, "status": ${status}}`;

describe("httpProviders", () => {
  it("send methods, bodies and headers", async () => {
    const headers = mapFromEntries([{ key: "X-Extra", value: "yes" }]);
    expect(await ask("http_get", `${base}/`)).toBe(answer(200, "GET none none "));
    expect(await ask("http_delete", `${base}/`)).toBe(answer(200, "DELETE none none "));
    expect(await ask("http_post", `${base}/`, "{}")).toBe(
      answer(200, "POST application/json none {}"),
    );
    expect(await ask("http_put", `${base}/`, "")).toBe(answer(200, "PUT application/json none "));
    expect(await ask("http_request", "patch", `${base}/`, "p", headers)).toBe(
      answer(200, "PATCH text/plain;charset=UTF-8 yes p"),
    );
  });

  it("answer what the server says, good or bad", async () => {
    expect(await ask("http_get", `${base}/missing`)).toBe(answer(404, "GET none none "));
  });

  it("answer failures of transport with status 0 and a reason", async () => {
    const failure = (error: string): string =>
      `{"body": "", "error": "${error}", "ok": false, "status": 0}`;
    expect(await ask("http_get", "http://127.0.0.1:1/")).toBe(failure("bad port"));
    expect(await ask("http_get", "no url")).toBe(failure("ERR_INVALID_URL"));
    expect(await ask("http_request", "GET", `${base}/`, "body", mapFromEntries([]))).toContain(
      '"status": 0',
    );
    const free = createServer();
    await new Promise<void>((ready) => free.listen(0, "127.0.0.1", ready));
    const address = free.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((closed) => free.close(closed));
    expect(await ask("http_get", `http://127.0.0.1:${port}/`)).toBe(failure("ECONNREFUSED"));
  });

  it("bound the body of an answer", async () => {
    expect(await ask("http_get", `${base}/zeros/${HTTP_BODY_MAX}`)).toContain('"status": 200');
    const tooLong = await ask("http_get", `${base}/zeros/${HTTP_BODY_MAX + 1}`);
    expect(tooLong).toContain(`"error": "the body is longer than ${HTTP_BODY_MAX} bytes"`);
  });
});
