// What arrived on a socket and was not asked for yet, and who waits for it. Queues are bounded.

import type { Socket as UdpSocket } from "node:dgram";
import type { Socket } from "node:net";
import { systemError } from "./provider.ts";

/** What a receive gives; no bytes of a stream mean its end. */
export type Received =
  | {
      readonly ok: true;
      readonly data: Buffer;
      /** The sender of a datagram. */
      readonly from: { readonly host: string; readonly port: number } | null;
    }
  | { readonly ok: false; readonly error: string };

/** Bytes kept of a stream before its sender is held back. */
const STREAM_KEPT_MAX = 1_048_576;
/** Datagrams kept; later ones are lost, as the network may lose any. */
const DATAGRAMS_KEPT_MAX = 1024;

/** Wakes whoever waits. */
class Waiters {
  private waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((wake) => this.waiting.push(wake));
  }

  wakeAll(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }
}

/** Bytes of a TCP connection. */
export class StreamQueue {
  private readonly socket: Socket;
  private readonly waiters = new Waiters();
  private kept: Buffer = Buffer.alloc(0);
  private end: Received | null = null;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.kept = Buffer.concat([this.kept, chunk]);
      if (this.kept.length >= STREAM_KEPT_MAX) socket.pause();
      this.waiters.wakeAll();
    });
    socket.on("error", (error) => this.finish({ ok: false, error: systemError(error) }));
    socket.on("close", () => this.finish({ ok: true, data: Buffer.alloc(0), from: null }));
    socket.on("end", () => this.finish({ ok: true, data: Buffer.alloc(0), from: null }));
  }

  private finish(end: Received): void {
    this.end ??= end;
    this.waiters.wakeAll();
  }

  /** Waits for bytes, and gives at most `bytesMax` of them. */
  async take(bytesMax: number): Promise<Received> {
    while (this.kept.length === 0) {
      if (this.end !== null) return this.end;
      await this.waiters.wait();
    }
    const data = this.kept.subarray(0, bytesMax);
    this.kept = this.kept.subarray(bytesMax);
    if (this.kept.length < STREAM_KEPT_MAX) this.socket.resume();
    return { ok: true, data, from: null };
  }
}

/** Datagrams of a UDP socket. */
export class DatagramQueue {
  private readonly waiters = new Waiters();
  private readonly kept: (Received & { ok: true })[] = [];
  private end: Received | null = null;

  constructor(socket: UdpSocket) {
    socket.on("message", (data, { address, port }) => {
      if (this.kept.length >= DATAGRAMS_KEPT_MAX) return;
      this.kept.push({ ok: true, data, from: { host: address, port } });
      this.waiters.wakeAll();
    });
    socket.on("error", (error) => this.finish(systemError(error)));
    socket.on("close", () => this.finish("the socket is closed"));
  }

  private finish(error: string): void {
    this.end ??= { ok: false, error };
    this.waiters.wakeAll();
  }

  /** Waits for a datagram, and gives at most `bytesMax` of its bytes; the others are lost. */
  async take(bytesMax: number): Promise<Received> {
    for (;;) {
      const next = this.kept.shift();
      if (next !== undefined) return { ...next, data: next.data.subarray(0, bytesMax) };
      if (this.end !== null) return this.end;
      await this.waiters.wait();
    }
  }
}
