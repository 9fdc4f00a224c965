// Models behind the OpenAI-compatible protocol (language 11.10): one POST per call, the answer in
// one piece or as a stream. The key is read here and nowhere else.

import { err, ok, type Result } from "@lumen/core/result";
import { textScrubber } from "../../secrets.ts";
import { refusal } from "../answers.ts";
import type { ToolAnswer, ToolCall, ToolProvider } from "../tool-provider.ts";
import { chatRequest } from "./chat-request.ts";
import { completionAnswer } from "./completion.ts";
import { exchange, type HeaderTable } from "./exchange.ts";
import { CHAT_CALL_MS } from "./limits.ts";

/** A model server, as `[providers.config.NAME]` of lumen.toml describes it. */
export interface ChatConfig {
  /** As traces tell it. */
  readonly name: string;
  /** Address to which `/chat/completions` is added. */
  readonly baseUrl: string;
  /** The variable that holds the key; null where the server needs none. */
  readonly apiKeyEnv: string | null;
  /** The environment from which it is taken. */
  readonly environment: { readonly [name: string]: string | undefined };
  /** The model of calls that name none; null where each has to. */
  readonly model: string | null;
  /** Whether answers are streamed where the call does not say; the result is the same. */
  readonly isStreamed: boolean;
  /** Milliseconds since the epoch: some servers state a date until which to wait. */
  readonly nowMs: () => number;
  /** Bound of one call; 5 min when absent. */
  readonly callMs?: number;
}

/** The id of the tool that these providers answer. */
export const CHAT_TOOL = "llm.chat";

/** Answers calls of `llm.chat`. A configuration with a mistake answers each call with it. */
export function chatProvider(config: ChatConfig): ToolProvider {
  const closing = new AbortController();
  const { apiKeyEnv, environment } = config;
  const secrets =
    apiKeyEnv === null ? [] : [{ name: apiKeyEnv, value: environment[apiKeyEnv] ?? null }];
  const scrub = textScrubber(secrets);
  return {
    name: config.name,
    call: async (call) => {
      const answer = await chat(config, call, closing.signal);
      return answer.ok ? answer : { ...answer, message: scrub(answer.message) };
    },
    close: async () => closing.abort(),
  };
}

async function chat(config: ChatConfig, call: ToolCall, closing: AbortSignal): Promise<ToolAnswer> {
  if (call.id !== CHAT_TOOL) {
    return refusal("NotRegistered", `'${config.name}' answers '${CHAT_TOOL}', not '${call.id}'`);
  }
  const { nowMs } = config;
  const url = endpoint(config.baseUrl);
  if (!url.ok) return refusal("NotRegistered", url.error);
  const headers = headersOf(config, call.idempotencyKey ?? null);
  if (!headers.ok) return refusal("AuthError", headers.error);
  const request = chatRequest(call.input, config);
  if (!request.ok) return refusal("InvalidArgs", request.error);
  const late = AbortSignal.timeout(config.callMs ?? CHAT_CALL_MS);
  const signal = AbortSignal.any([call.signal, closing, late]);
  const { body } = request.value;
  const completion = await exchange(
    { url: url.value, headers: headers.value, body, signal },
    nowMs,
  );
  if (completion.ok) return completionAnswer(completion.value, request.value);
  const { error } = completion;
  if (closing.aborted) return refusal("ProviderUnavailable", "the run is over");
  return signal.aborted ? refusal("Timeout", "no answer before the deadline") : error;
}

/** The error says what is wrong with the address. */
function endpoint(baseUrl: string): Result<URL, string> {
  if (!URL.canParse(baseUrl)) return err(`\`base_url\` is no address: '${baseUrl}'`);
  const url = new URL(baseUrl);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return err(`\`base_url\` begins with https:// or http://, not '${url.protocol}'`);
  }
  if (url.username !== "" || url.password !== "") {
    return err("`base_url` holds a user or a password: keys stand in `api_key_env`");
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  url.hash = "";
  return ok(url);
}

function headersOf(
  { apiKeyEnv, environment }: ChatConfig,
  idempotencyKey: string | null,
): Result<HeaderTable, string> {
  const plain = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(idempotencyKey === null ? {} : { "idempotency-key": idempotencyKey }),
  };
  if (apiKeyEnv === null) return ok(plain);
  const key = environment[apiKeyEnv]?.trim() ?? "";
  if (key === "") return err(`the variable ${apiKeyEnv} is not set`);
  // Else `fetch` would say so, and show it.
  if (!/^[\x21-\x7e]+$/.test(key)) return err(`the variable ${apiKeyEnv} holds no key`);
  return ok({ ...plain, authorization: `Bearer ${key}` });
}
