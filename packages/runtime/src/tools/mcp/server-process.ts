// The process of a server: its start, its lines, its end. What it sends and what it leaves unread
// is bounded; whatever happens, it ends.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { err, ok, type Result } from "@lumen/core/result";
import { systemError } from "../../providers/provider.ts";
import type { ToolErrorKind } from "../tool-provider.ts";
import type { CommandLine } from "./command-line.ts";
import { MCP_END_MS, MCP_MESSAGE_MAX, MCP_UNREAD_MAX } from "./limits.ts";
import { LineBuffer } from "./line-buffer.ts";

/** Why a server is no more: what calls that wait for it answer. */
export interface ServerEnd {
  readonly kind: ToolErrorKind;
  readonly why: string;
}

/** What to start. */
export interface ServerStart {
  readonly command: CommandLine;
  /** The whole environment. */
  readonly environment: { readonly [name: string]: string };
  readonly workingDirectory: string;
  /** Gets each line of standard output. */
  readonly onLine: (line: string) => void;
  /** Called once, behind the last line. */
  readonly onEnd: (end: ServerEnd) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Characters of standard error that are kept, to tell why a server ended. */
const STDERR_KEPT = 4096;
/** A server that has ended may have left output to others who hold it open. */
const DRAIN_MS = 200;

/** A server that runs. */
export class ServerProcess {
  private readonly child: Child;
  private readonly onEnd: (end: ServerEnd) => void;
  private readonly lines: LineBuffer;
  private end: ServerEnd | null = null;
  private stderr = "";
  private isStopped = false;
  private hasExited = false;
  private hasReported = false;
  private drain: NodeJS.Timeout | undefined;
  private readonly exited: Promise<void>;

  private constructor(child: Child, start: ServerStart) {
    this.child = child;
    this.onEnd = start.onEnd;
    this.lines = new LineBuffer(MCP_MESSAGE_MAX, (line) => {
      // What stands behind the line for which a server is ended does not count.
      if (!this.isStopped) start.onLine(line);
    });
    this.exited = new Promise((resolve) => {
      child.once("exit", (status, signal) => {
        this.sawExit(signal ?? `status ${status}`);
        resolve();
      });
    });
    child.once("close", () => this.report());
    child.stdout.on("data", (chunk: Buffer) => this.receive(chunk));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    // What cannot be written to a server that has ended is told by its end.
    child.stdin.on("error", () => undefined);
  }

  /** The error names what the system refused. */
  static async start(start: ServerStart): Promise<Result<ServerProcess, string>> {
    const { program, args } = start.command;
    try {
      const child = spawn(program, args, {
        cwd: start.workingDirectory,
        env: start.environment,
        stdio: ["pipe", "pipe", "pipe"],
        windowsHide: true,
        // A group of its own: launchers like npx start the server as their child.
        detached: process.platform !== "win32",
      });
      const started = new ServerProcess(child, start);
      const error = await new Promise<Error | null>((resolve) => {
        child.once("spawn", () => resolve(null));
        child.on("error", resolve);
      });
      if (error !== null) return err(`cannot start '${program}': ${systemError(error)}`);
      endWithUs(started);
      return ok(started);
    } catch (error) {
      // spawn throws for arguments that the system cannot take.
      if (!(error instanceof Error)) throw error;
      return err(`cannot start '${program}': ${systemError(error)}`);
    }
  }

  /** Sends a line; a server that leaves too much unread is ended. */
  write(line: string): void {
    if (this.isStopped || this.hasExited) return;
    this.child.stdin.write(`${line}\n`);
    if (this.child.stdin.writableLength > MCP_UNREAD_MAX) {
      this.stop({ kind: "ExecutionFailed", why: "the server does not read what it is sent" });
    }
  }

  /** Ends the server at once; the first reason counts. */
  stop(end: ServerEnd): void {
    this.end ??= end;
    this.isStopped = true;
    this.kill("SIGKILL");
  }

  /** Asks the server to end, first by the end of its input, then with signals; waits for it. */
  async close(): Promise<void> {
    this.end ??= { kind: "ProviderUnavailable", why: "the server was closed" };
    this.child.stdin.end();
    if (await this.exitsWithin(MCP_END_MS)) return;
    this.kill("SIGTERM");
    if (await this.exitsWithin(MCP_END_MS)) return;
    this.kill("SIGKILL");
    await this.exited;
  }

  /** Ends the process and what it started, by its id. */
  kill(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      this.child.kill(signal);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Nobody of the group is left; macOS says EPERM where only the ended process itself is.
      if (!(error instanceof Error) || !["ESRCH", "EPERM"].includes(systemError(error)))
        throw error;
    }
  }

  private async exitsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const inTime = await Promise.race([this.exited.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }

  private receive(chunk: Buffer): void {
    if (this.isStopped || this.lines.push(chunk)) return;
    const why = `the server sent a message of more than ${MCP_MESSAGE_MAX} bytes`;
    this.stop({ kind: "ExecutionFailed", why });
  }

  private sawExit(how: string): void {
    this.hasExited = true;
    endsWithoutUs(this);
    // A launcher may end before what it launched.
    this.kill("SIGKILL");
    const lastWords = this.stderr.trim().split("\n").at(-1) ?? "";
    const why = `the server ended with ${how}${lastWords === "" ? "" : `: ${lastWords}`}`;
    this.end ??= { kind: "ProviderUnavailable", why };
    this.drain = setTimeout(() => this.report(), DRAIN_MS);
  }

  private report(): void {
    if (this.hasReported) return;
    this.hasReported = true;
    clearTimeout(this.drain);
    this.child.stdout.destroy();
    this.child.stderr.destroy();
    this.onEnd(this.end ?? { kind: "ProviderUnavailable", why: "the server did not start" });
  }
}

/** Servers that must not outlive this process, also where it ends without closing them. */
const running = new Set<ServerProcess>();

function endWithUs(server: ServerProcess): void {
  if (running.size === 0) process.on("exit", killRunning);
  running.add(server);
}

function endsWithoutUs(server: ServerProcess): void {
  if (running.delete(server) && running.size === 0) process.off("exit", killRunning);
}

function killRunning(): void {
  for (const server of running) server.kill("SIGKILL");
}
