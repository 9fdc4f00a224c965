// Tools of an MCP server (language 11.9): started at the first call, again after it has died, and
// ended at the end of the run.

import type { Result } from "@lumen/core/result";
import { textScrubber } from "../../secrets.ts";
import { refusal, type ToolRefusal, unlessAborted } from "../answers.ts";
import type { ToolAnswer, ToolCall, ToolProvider } from "../tool-provider.ts";
import { parseCommandLine } from "./command-line.ts";
import { type Environment, namedValues, serverEnvironment } from "./environment.ts";
import { MCP_CALL_MS, MCP_START_MS } from "./limits.ts";
import type { Session } from "./session.ts";

/** A server, as `[providers.mcp.NAME]` of lumen.toml describes it. */
export interface McpConfig {
  /** First part of the ids of its tools. */
  readonly name: string;
  /** The command line that starts it. */
  readonly uri: string;
  /** Ids of the tools that may be called, `name.tool`; null for all. */
  readonly tools: readonly string[] | null;
  /** Variables that the server gets besides those that every server gets. */
  readonly env: readonly string[];
  /** A variable that the server cannot do without; null for none. */
  readonly apiKeyEnv: string | null;
  /** The environment from which they are taken. */
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** Version of this program, which the server is told. */
  readonly hostVersion: string;
  /** Bound of start and handshake; 60 s when absent. */
  readonly startMs?: number;
  /** Bound of one call; 5 min when absent. */
  readonly callMs?: number;
}

/** Answers calls of `name.tool`. A configuration with a mistake answers each call with it. */
export function mcpProvider(config: McpConfig): ToolProvider {
  const server = new Server(config);
  const scrub = textScrubber(namedValues(config.environment, namesOf(config)));
  return {
    name: `mcp:${config.name}`,
    call: async (call) => {
      const answer = await server.call(call);
      return answer.ok ? answer : { ...answer, message: scrub(answer.message) };
    },
    close: () => server.close(),
  };
}

function namesOf({ env, apiKeyEnv }: McpConfig): readonly string[] {
  return apiKeyEnv === null ? env : [...env, apiKeyEnv];
}

type Opened = Result<Session, ToolRefusal>;

/** The one session with a server that there is at a time. */
class Server {
  private readonly config: McpConfig;
  private session: Promise<Opened> | null = null;
  private readonly closing = new AbortController();

  constructor(config: McpConfig) {
    this.config = config;
  }

  async call(call: ToolCall): Promise<ToolAnswer> {
    const { name, tools } = this.config;
    if (this.closing.signal.aborted) return this.closed();
    if (!call.id.startsWith(`${name}.`)) {
      return refusal("NotRegistered", `'${call.id}' is no tool of server '${name}'`);
    }
    if (tools !== null && !tools.includes(call.id)) {
      const why = `'${call.id}' is not in \`tools\` of [providers.mcp.${name}]`;
      return refusal("NotRegistered", why);
    }
    const opened = await unlessAborted(this.open(), call.signal);
    if (opened === null) return refusal("Timeout", "the server did not start before the deadline");
    if (!opened.ok) return opened.error;
    return opened.value.call({ ...call, tool: call.id.slice(name.length + 1) });
  }

  async close(): Promise<void> {
    this.closing.abort();
    const opened = await this.session;
    if (opened?.ok === true) await opened.value.close();
  }

  /** The session, opened if there is none; calls at the same time share it. */
  private async open(): Promise<Opened> {
    const before = this.session;
    const current = await before;
    if (current?.ok === true && current.value.isOpen) return current;
    if (this.closing.signal.aborted) return failed(this.closed());
    // Of several calls that saw the same end, the first starts the server again.
    const next = this.session === before ? null : this.session;
    this.session = next ?? this.start();
    return this.session;
  }

  private closed(): ToolRefusal {
    return refusal("ProviderUnavailable", `server '${this.config.name}' is closed`);
  }

  private async start(): Promise<Opened> {
    const { config } = this;
    const command = parseCommandLine(config.uri);
    if (!command.ok) return failed(refusal("NotRegistered", command.error));
    const key = config.apiKeyEnv;
    if (key !== null && config.environment[key] === undefined) {
      return failed(refusal("AuthError", `the variable ${key} is not set`));
    }
    // Programs without servers do not load the SDK.
    const { Session: loaded } = await import("./session.ts");
    return loaded.open({
      program: {
        command: command.value,
        environment: serverEnvironment(config.environment, namesOf(config)),
        workingDirectory: config.workingDirectory,
      },
      hostVersion: config.hostVersion,
      startMs: config.startMs ?? MCP_START_MS,
      callMs: config.callMs ?? MCP_CALL_MS,
      signal: this.closing.signal,
    });
  }
}

function failed(error: ToolRefusal): Opened {
  return { ok: false, error };
}
