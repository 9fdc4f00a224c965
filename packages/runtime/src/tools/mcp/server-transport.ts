// The way between the SDK's client and the process of a server: one message per line.

import { err, ok, type Result } from "@lumen/core/result";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { CommandLine } from "./command-line.ts";
import { MCP_NOISE_MAX } from "./limits.ts";
import { decodeMessage, encodeMessage } from "./messages.ts";
import { type ServerEnd, ServerProcess } from "./server-process.ts";

/** What runs as a server. */
export interface ServerProgram {
  readonly command: CommandLine;
  readonly environment: { readonly [name: string]: string };
  readonly workingDirectory: string;
}

/** A transport whose process has been started; the client's `start` has nothing left to do. */
export class ServerTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Why the server is no more; null while it runs. */
  ended: ServerEnd | null = null;
  private process: ServerProcess | null = null;
  private noiseBytes = 0;

  /** The error names what the system refused. */
  static async open(program: ServerProgram): Promise<Result<ServerTransport, string>> {
    const transport = new ServerTransport();
    const started = await ServerProcess.start({
      ...program,
      onLine: (line) => transport.receive(line),
      onEnd: (end) => {
        transport.ended = end;
        transport.onclose?.();
      },
    });
    if (!started.ok) return err(started.error);
    transport.process = started.value;
    return ok(transport);
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    this.process?.write(encodeMessage(message));
  }

  /** Ends the process, and waits for its end. */
  async close(): Promise<void> {
    await this.process?.close();
  }

  private receive(line: string): void {
    const message = decodeMessage(line);
    if (message !== null) {
      this.onmessage?.(message);
      return;
    }
    // Some servers print a greeting; no honest one prints a mebibyte of them.
    this.noiseBytes += line.length + 1;
    if (this.noiseBytes <= MCP_NOISE_MAX) return;
    const why = `the server wrote more than ${MCP_NOISE_MAX} bytes that are no messages`;
    this.process?.stop({ kind: "ExecutionFailed", why });
  }
}
