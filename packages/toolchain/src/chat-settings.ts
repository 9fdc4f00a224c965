// The table of an OpenAI-compatible provider in a package manifest (language 11.10, 17.4).

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { ChatConfig, ProviderSettings } from "@lumen/runtime";

/** What the manifest says of a provider; the rest of its configuration is the host's. */
export type ChatSettings = Pick<
  ChatConfig,
  "name" | "baseUrl" | "apiKeyEnv" | "model" | "isStreamed"
>;

const KEYS: readonly string[] = ["api_key_env", "base_url", "kind", "model", "stream"];

/** Reads `[providers.config.NAME]`; E_PROJECT says which key is wrong and what it should be. */
export function chatSettings(settings: ProviderSettings): Result<ChatSettings, Failure> {
  const { name, config } = settings;
  const refuse = (why: string): Result<never, Failure> => {
    const message = `[providers.config.${name}] ${why}`;
    return err(failure("E_PROJECT", "load", message, { subject: "lumen.toml" }));
  };
  // A misspelt `api_key_env` would be a request without a key.
  const unknown = Object.keys(config).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return refuse(`${unknown}: no such key; known: ${KEYS.join(", ")}`);
  const { base_url: baseUrl, api_key_env: apiKeyEnv = null, model = null, stream = false } = config;
  if (typeof baseUrl !== "string" || baseUrl === "") {
    return refuse("base_url: expected the address of the server, without /chat/completions");
  }
  if (!isName(apiKeyEnv)) return refuse("api_key_env: expected the name of a variable");
  if (!isName(model)) return refuse("model: expected the name of a model");
  if (typeof stream !== "boolean") return refuse("stream: expected true or false");
  return ok({ name, baseUrl, apiKeyEnv, model, isStreamed: stream });
}

function isName(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value !== "");
}
