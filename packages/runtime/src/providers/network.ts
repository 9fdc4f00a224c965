// TCP and UDP (language 16.8). A handle is a number of this table; failures are answers.

import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Value } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";
import {
  answer,
  answerMap,
  intArgument,
  type ProviderTable,
  systemError,
  textArgument,
} from "./provider.ts";
import { DatagramQueue, StreamQueue } from "./receive-queues.ts";

/** Most bytes of one receive. */
export const RECEIVE_BYTES_MAX: number = 1_048_576;

type Handle =
  | { readonly kind: "tcp"; readonly socket: Socket; readonly received: StreamQueue }
  | { readonly kind: "udp"; readonly socket: UdpSocket; readonly received: DatagramQueue };

/** Providers with what they hold open; `close` ends all of it. */
export interface Network {
  readonly providers: ProviderTable;
  readonly close: () => void;
  /** Whether a socket is open. */
  readonly isOpen: () => boolean;
}

interface Open {
  readonly handles: Map<number, Handle>;
  readonly servers: Set<Server>;
  next: number;
}

/** `tcp_*` and `udp_*`. `firstHandle`: lower numbers are those of sockets that are gone. */
export function makeNetwork(firstHandle = 1): Network {
  const open: Open = { handles: new Map(), servers: new Set(), next: firstHandle };
  const providers: ProviderTable = {
    "net.tcp_connect": (args) => tcpConnect(open, textArgument(args, 0)),
    "net.tcp_listen": (args) => tcpListen(open, textArgument(args, 0)),
    "net.tcp_send": (args) => tcpSend(open, args),
    "net.tcp_recv": (args) => receive(open, "tcp", args),
    "net.tcp_close": (args) => {
      closeHandle(open, Number(intArgument(args, 0)));
      return answer(null);
    },
    "net.udp_bind": (args) => udpBind(open, textArgument(args, 0)),
    "net.udp_send": (args) => udpSend(open, args),
    "net.udp_recv": (args) => receive(open, "udp", args),
  };
  const close = (): void => {
    for (const id of [...open.handles.keys()]) closeHandle(open, id);
    for (const server of open.servers) server.close();
  };
  const isOpen = (): boolean => open.handles.size + open.servers.size > 0;
  return { providers, close, isOpen };
}

function closeHandle(open: Open, id: number): void {
  const handle = open.handles.get(id);
  open.handles.delete(id);
  if (handle?.kind === "tcp") handle.socket.destroy();
  else handle?.socket.close();
}

const refused = (error: string): DoorAnswer => answerMap({ ok: false, error });

interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, with brackets around an IPv6 host. */
function parseAddress(text: string): Address | null {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  const host = parts?.[1] ?? parts?.[2];
  return host === undefined || port > 65_535 ? null : { host, port };
}

function badAddress(text: string): DoorAnswer {
  return refused(`no address of the form host:port: ${text}`);
}

function addressText(host: string | undefined, port: number | undefined): string {
  return host?.includes(":") === true ? `[${host}]:${port}` : `${host}:${port}`;
}

function addHandle(open: Open, handle: Handle): number {
  const id = open.next;
  open.next += 1;
  open.handles.set(id, handle);
  return id;
}

function addStream(open: Open, socket: Socket): number {
  return addHandle(open, { kind: "tcp", socket, received: new StreamQueue(socket) });
}

async function tcpConnect(open: Open, text: string): Promise<DoorAnswer> {
  const address = parseAddress(text);
  if (address === null) return badAddress(text);
  return new Promise((finish) => {
    const socket = connect(address);
    socket.once("error", (error) => finish(refused(systemError(error))));
    socket.once("connect", () => finish(answerMap({ ok: true, handle: addStream(open, socket) })));
  });
}

/** Accepts one connection, then listens no more. */
async function tcpListen(open: Open, text: string): Promise<DoorAnswer> {
  const address = parseAddress(text);
  if (address === null) return badAddress(text);
  return new Promise((finish) => {
    const server = createServer((socket) => {
      server.close();
      open.servers.delete(server);
      const peer = addressText(socket.remoteAddress, socket.remotePort);
      finish(answerMap({ ok: true, handle: addStream(open, socket), peer }));
    });
    open.servers.add(server);
    server.maxConnections = 1;
    server.once("error", (error) => finish(refused(systemError(error))));
    server.listen(address);
  });
}

function handleOf<K extends Handle["kind"]>(
  open: Open,
  kind: K,
  args: readonly Value[],
): Extract<Handle, { kind: K }> | DoorAnswer {
  const id = intArgument(args, 0);
  const handle = open.handles.get(Number(id));
  const isOfKind = (h: Handle | undefined): h is Extract<Handle, { kind: K }> => h?.kind === kind;
  return isOfKind(handle) ? handle : refused(`no open ${kind} handle ${id}`);
}

async function tcpSend(open: Open, args: readonly Value[]): Promise<DoorAnswer> {
  const handle = handleOf(open, "tcp", args);
  if (!("kind" in handle)) return handle;
  const bytes = Buffer.from(textArgument(args, 1), "utf8");
  return new Promise((finish) => {
    handle.socket.write(bytes, (error) => {
      const failed = error instanceof Error;
      finish(failed ? refused(systemError(error)) : answer(bytes.length));
    });
  });
}

async function receive(
  open: Open,
  kind: Handle["kind"],
  args: readonly Value[],
): Promise<DoorAnswer> {
  const handle = handleOf(open, kind, args);
  if (!("kind" in handle)) return handle;
  const wanted = Number(intArgument(args, 1));
  const max = Math.min(Math.max(wanted, 1), RECEIVE_BYTES_MAX);
  const got = await handle.received.take(max);
  if (!got.ok) return refused(got.error);
  const { data, from } = got;
  const common = { ok: true, data: data.toString("utf8"), bytes_read: data.length };
  return answerMap(from === null ? common : { ...common, from: addressText(from.host, from.port) });
}

async function udpBind(open: Open, text: string): Promise<DoorAnswer> {
  const address = parseAddress(text);
  if (address === null) return badAddress(text);
  return new Promise((finish) => {
    const socket = createSocket(address.host.includes(":") ? "udp6" : "udp4");
    const received = new DatagramQueue(socket);
    socket.once("error", (error) => finish(refused(systemError(error))));
    socket.bind({ port: address.port, address: address.host }, () => {
      const handle = addHandle(open, { kind: "udp", socket, received });
      finish(answerMap({ ok: true, handle }));
    });
  });
}

async function udpSend(open: Open, args: readonly Value[]): Promise<DoorAnswer> {
  const handle = handleOf(open, "udp", args);
  if (!("kind" in handle)) return handle;
  const text = textArgument(args, 1);
  const address = parseAddress(text);
  if (address === null) return badAddress(text);
  const bytes = Buffer.from(textArgument(args, 2), "utf8");
  return new Promise((finish) => {
    handle.socket.send(bytes, address.port, address.host, (error) => {
      finish(error === null ? answer(bytes.length) : refused(systemError(error)));
    });
  });
}
