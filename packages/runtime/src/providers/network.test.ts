// TCP and UDP on the loopback interface: both ends are programs' own requests.

import { createServer } from "node:net";
import { displayNested, isInt, MapValue, mapGet, type Value } from "@lumen/core/value";
import { afterAll, describe, expect, it } from "vitest";
import { makeNetwork } from "../index.ts";

const network = makeNetwork();
afterAll(() => network.close());

async function ask(name: string, ...args: readonly Value[]): Promise<Value> {
  const found = await network.providers[`net.${name}`]?.(args);
  if (found?.ok !== true) throw new Error(`${name} has an answer`);
  return found.value;
}

async function shown(name: string, ...args: readonly Value[]): Promise<string> {
  return displayNested(await ask(name, ...args));
}

function handleOf(value: Value): number {
  const handle = value instanceof MapValue ? (mapGet(value, "handle") ?? null) : null;
  if (!isInt(handle)) throw new Error(`no handle in ${displayNested(value)}`);
  return Number(handle);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("tcp", () => {
  it("connects two programs, in both directions, until one closes", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const accepted = ask("tcp_listen", address);
    const client = handleOf(await ask("tcp_connect", address));
    const peer = await accepted;
    const server = handleOf(peer);
    expect(displayNested(peer)).toMatch(/"ok": true, "peer": "127\.0\.0\.1:\d+"/);
    expect(await ask("tcp_send", client, "grüß")).toBe(6);
    expect(await shown("tcp_recv", server, 2)).toBe('{"bytes_read": 2, "data": "gr", "ok": true}');
    expect(await shown("tcp_recv", server, 4096)).toContain('"data": "üß"');
    const waiting = shown("tcp_recv", client, 0);
    await ask("tcp_send", server, "ab");
    expect(await waiting).toContain('"bytes_read": 1, "data": "a"');
    await ask("tcp_close", client);
    expect(await shown("tcp_recv", server, 9)).toBe('{"bytes_read": 0, "data": "", "ok": true}');
    expect(await shown("tcp_recv", client, 9)).toContain(`no open tcp handle ${client}`);
  });

  it("answers failures", async () => {
    expect(await shown("tcp_connect", "nowhere")).toBe(
      '{"error": "no address of the form host:port: nowhere", "ok": false}',
    );
    expect(await shown("tcp_connect", `127.0.0.1:${await freePort()}`)).toBe(
      '{"error": "ECONNREFUSED", "ok": false}',
    );
    expect(await shown("tcp_listen", "127.0.0.1:99999")).toContain('"ok": false');
    expect(await shown("tcp_send", 999, "x")).toBe(
      '{"error": "no open tcp handle 999", "ok": false}',
    );
    expect(await ask("tcp_close", 999)).toBeNull();
  });
});

describe("udp", () => {
  it("carries datagrams, each in one piece", async () => {
    const [a, b] = [await freePort(), await freePort()];
    const first = handleOf(await ask("udp_bind", `127.0.0.1:${a}`));
    const second = handleOf(await ask("udp_bind", `127.0.0.1:${b}`));
    expect(await ask("udp_send", first, `127.0.0.1:${b}`, "hello")).toBe(5);
    expect(await shown("udp_recv", second, 4)).toBe(
      `{"bytes_read": 4, "data": "hell", "from": "127.0.0.1:${a}", "ok": true}`,
    );
    expect(await shown("udp_send", first, "x", "y")).toContain("no address");
    expect(await shown("udp_bind", `127.0.0.1:${a}`)).toBe('{"error": "EADDRINUSE", "ok": false}');
    const waiting = shown("udp_recv", first, 1);
    await ask("tcp_close", first);
    expect(await waiting).toBe('{"error": "the socket is closed", "ok": false}');
    expect(await shown("tcp_recv", second, 1)).toContain(`no open tcp handle ${second}`);
  });
});
