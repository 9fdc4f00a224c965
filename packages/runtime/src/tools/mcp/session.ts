// A session with a server: handshake, list of tools, calls. This file alone loads the SDK; it is
// imported when the first tool of a server is called.

import type { JsonNode } from "@lumen/core/encoding";
import { assert, err, ok, type Result } from "@lumen/core/result";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  type ClientRequest,
  McpError,
  ResultSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { inputTexts, refusal, type ToolRefusal } from "../answers.ts";
import type { ToolAnswer, ToolCall } from "../tool-provider.ts";
import { MCP_MESSAGE_MAX, MCP_PAGES_MAX, MCP_TOOLS_MAX } from "./limits.ts";
import { EXACT_MEMBER, ExactResult, ExactText } from "./messages.ts";
import { decodeCallResult, decodeToolPage, rpcRefusal, type ServerTool } from "./results.ts";
import { type ServerProgram, ServerTransport } from "./server-transport.ts";

/** How a session is opened. */
export interface SessionStart {
  readonly program: ServerProgram;
  /** Version of this program, which servers are told. */
  readonly hostVersion: string;
  /** From here to the list of tools. */
  readonly startMs: number;
  /** One call. */
  readonly callMs: number;
  /** Aborted where nobody needs the server any more. */
  readonly signal: AbortSignal;
}

/** Field of `_meta` with the idempotency key of a call. */
const IDEMPOTENCY_META = "lumen/idempotency-key";

/** A call of one tool, by its name at the server. */
export type SessionCall = Pick<ToolCall, "version" | "input" | "signal" | "idempotencyKey"> & {
  readonly tool: string;
};

/** A server that answers. */
export class Session {
  private readonly client: Client;
  private readonly transport: ServerTransport;
  private readonly callMs: number;
  private tools: ReadonlyMap<string, ServerTool> = new Map();
  private isListOld = true;

  private constructor(client: Client, transport: ServerTransport, callMs: number) {
    this.client = client;
    this.transport = transport;
    this.callMs = callMs;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.isListOld = true;
    });
  }

  /** Starts the server and asks for its tools; one that fails to answer is ended. */
  static async open(start: SessionStart): Promise<Result<Session, ToolRefusal>> {
    const opened = await ServerTransport.open(start.program);
    if (!opened.ok) return err(refusal("ProviderUnavailable", opened.error));
    const transport = opened.value;
    const client = new Client({ name: "lumen", version: start.hostVersion }, NO_CAPABILITIES);
    const session = new Session(client, transport, start.callMs);
    const late = AbortSignal.timeout(start.startMs);
    const refused = await session.greet(AbortSignal.any([late, start.signal]));
    if (refused === null) return ok(session);
    await transport.close();
    if (start.signal.aborted) return err(refusal("ProviderUnavailable", "the run is over"));
    if (!late.aborted) return err(refused);
    return err(refusal("ProviderUnavailable", `no handshake within ${start.startMs} ms`));
  }

  /** Whether the server still runs. */
  get isOpen(): boolean {
    return this.transport.ended === null;
  }

  /** Ends the server and waits for its end. */
  async close(): Promise<void> {
    await this.transport.close();
  }

  async call(call: SessionCall): Promise<ToolAnswer> {
    const refused = this.refuseVersion(call.version) ?? (await this.refuseTool(call));
    if (refused !== null) return refused;
    const texts = inputTexts(call.input);
    if (!texts.ok) return refusal("InvalidArgs", texts.error);
    const bytes = [...texts.value.values()].reduce((sum, t) => sum + Buffer.byteLength(t), 0);
    if (bytes > MCP_MESSAGE_MAX) {
      return refusal("InvalidArgs", `the arguments have more than ${MCP_MESSAGE_MAX} bytes`);
    }
    const args = [...texts.value].map(([name, text]) => [name, new ExactText(text)] as const);
    const { idempotencyKey = null } = call;
    const params = {
      name: call.tool,
      arguments: Object.fromEntries(args),
      ...(idempotencyKey === null ? {} : { _meta: { [IDEMPOTENCY_META]: idempotencyKey } }),
    };
    const result = await this.ask({ method: "tools/call", params }, call.signal);
    return result.ok ? decodeCallResult(result.value) : result.error;
  }

  private async greet(signal: AbortSignal): Promise<ToolRefusal | null> {
    const greeted = await this.answered(() => this.client.connect(this.transport, { signal }));
    return greeted.ok ? this.list(signal) : greeted.error;
  }

  /** `1.2` pins 1.2 and all 1.2.x of the server. */
  private refuseVersion(pin: string | null): ToolRefusal | null {
    const version = this.client.getServerVersion()?.version ?? "";
    if (pin === null || version === pin || version.startsWith(`${pin}.`)) return null;
    return refusal("NotFound", `the server has version ${version}, the program pins ${pin}`);
  }

  private async refuseTool({ tool, signal }: SessionCall): Promise<ToolRefusal | null> {
    const unlisted = this.isListOld ? await this.list(signal) : null;
    if (unlisted !== null) return unlisted;
    const found = this.tools.get(tool);
    if (found === undefined) return refusal("NotFound", `the server has no tool '${tool}'`);
    if (!found.needsTask) return null;
    return refusal("ExecutionFailed", `'${tool}' runs only as a task, which is not supported`);
  }

  private async list(signal: AbortSignal): Promise<ToolRefusal | null> {
    const tools = new Map<string, ServerTool>();
    // What changes while the list comes in makes it old again.
    this.isListOld = false;
    let cursor: string | null = null;
    const hasTools = this.client.getServerCapabilities()?.tools !== undefined;
    for (let pages = 0; hasTools && (pages === 0 || cursor !== null); pages++) {
      if (pages === MCP_PAGES_MAX || tools.size > MCP_TOOLS_MAX) return this.tooManyTools();
      const params: { cursor?: string } = cursor === null ? {} : { cursor };
      const result = await this.ask({ method: "tools/list", params }, signal);
      const page = result.ok ? decodeToolPage(result.value) : result;
      if (!page.ok) {
        this.isListOld = true;
        const { error } = page;
        return typeof error === "string" ? refusal("OutputValidationFailed", error) : error;
      }
      for (const tool of page.value.tools) tools.set(tool.name, tool);
      cursor = page.value.cursor;
    }
    if (tools.size > MCP_TOOLS_MAX) return this.tooManyTools();
    this.tools = tools;
    return null;
  }

  private tooManyTools(): ToolRefusal {
    this.isListOld = true;
    const most = `more than ${MCP_TOOLS_MAX} tools or ${MCP_PAGES_MAX} pages`;
    return refusal("ExecutionFailed", `the server lists ${most}`);
  }

  /** Asks the server; the exact result, or why there is none. */
  private async ask(
    request: ClientRequest,
    signal: AbortSignal,
  ): Promise<Result<JsonNode, ToolRefusal>> {
    // A signal of the request's own: the SDK would listen to that of the call for good.
    const own = new AbortController();
    const giveUp = (): void => own.abort("given up");
    if (signal.aborted) return err(GIVEN_UP);
    signal.addEventListener("abort", giveUp, { once: true });
    const options = { signal: own.signal, timeout: this.callMs };
    const answered = await this.answered(() => this.client.request(request, ResultSchema, options));
    signal.removeEventListener("abort", giveUp);
    if (!answered.ok) return err(signal.aborted ? GIVEN_UP : answered.error);
    const exact = answered.value[EXACT_MEMBER];
    assert(exact instanceof ExactResult, "the transport keeps each result as it came in");
    return ok(exact.node);
  }

  /** What the SDK raises, as a refusal. */
  private async answered<T>(work: () => Promise<T>): Promise<Result<T, ToolRefusal>> {
    try {
      return ok(await work());
    } catch (error) {
      const { ended } = this.transport;
      if (ended !== null) return err(refusal(ended.kind, ended.why));
      if (error instanceof McpError) return err(rpcRefusal(error.code, error.message));
      // What is raised besides is about answers: a version or a shape that the SDK does not know.
      if (!(error instanceof Error)) throw error;
      return err(refusal("OutputValidationFailed", error.message));
    }
  }
}

/** Servers may ask for models, folders and forms: a program offers none. */
const NO_CAPABILITIES = {
  capabilities: {},
  // Schemas of servers are not compiled: they could be made to take any time, and what a program
  // relies on it states itself, by its types.
  jsonSchemaValidator: {
    getValidator: () => {
      throw new Error("schemas of servers are not compiled");
    },
  },
};

/** The answer where nobody waits any more. */
const GIVEN_UP: ToolRefusal = refusal("Timeout", "no answer before the deadline");
