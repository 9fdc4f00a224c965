// What answers calls of tools (language 11): the boundary between the door, which knows grants,
// journal and retries, and providers, which know one world each.

import type { Value } from "@lumen/core/value";

/** Kind of a tool error (language 11.4). */
export type ToolErrorKind =
  | "NotFound"
  | "InvalidArgs"
  | "ExecutionFailed"
  | "RateLimit"
  | "AuthError"
  | "ModelNotFound"
  | "Timeout"
  | "ProviderUnavailable"
  | "OutputValidationFailed"
  | "NotRegistered";

/** Whether another attempt may help. */
export const TOOL_ERRORS: { readonly [K in ToolErrorKind]: { readonly isRetried: boolean } } = {
  NotFound: { isRetried: false },
  InvalidArgs: { isRetried: false },
  ExecutionFailed: { isRetried: false },
  RateLimit: { isRetried: true },
  AuthError: { isRetried: false },
  ModelNotFound: { isRetried: false },
  Timeout: { isRetried: true },
  ProviderUnavailable: { isRetried: true },
  OutputValidationFailed: { isRetried: false },
  NotRegistered: { isRetried: false },
};

/** One attempt to call a tool. */
export interface ToolCall {
  /** `llm.chat`; of an MCP server `server.tool`. */
  readonly id: string;
  /** The pinned version, or null. */
  readonly version: string | null;
  /** A Json map: the arguments by name. */
  readonly input: Value;
  /**
   * Names the call among those of all runs, the same in every attempt and after a crash; null or
   * absent where nothing does.
   */
  readonly idempotencyKey?: string | null;
  /** Aborted when the deadline of the grant is over or the run ends. */
  readonly signal: AbortSignal;
}

/** What a provider answers. Expected failures are answers, not exceptions. */
export type ToolAnswer =
  /** A Json value. */
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly kind: ToolErrorKind;
      /** One line, without secrets. */
      readonly message: string;
      /** What the provider asks to wait before another attempt. */
      readonly retryAfterMs?: number;
    };

/** Answers calls of the tools that it has. */
export interface ToolProvider {
  /** As traces tell it: `openai-compatible`, `mcp:github`. */
  readonly name: string;
  readonly call: (call: ToolCall) => Promise<ToolAnswer>;
  /** Ends processes and connections; called once, at the end of the run. */
  readonly close: () => Promise<void>;
}
