// Tables of OpenAI-compatible providers: what is read, and what is wrong with each key.

import { expect, it } from "vitest";
import { chatSettings } from "./chat-settings.ts";

const read = (config: { readonly [key: string]: unknown }): unknown => {
  const settings = chatSettings({ name: "p", config });
  return settings.ok ? settings.value : `${settings.error.code} ${settings.error.message}`;
};
const URL_KEY = { base_url: "https://x.org/v1" };

it("reads all keys, and has values for those that are absent", () => {
  const common = { name: "p", baseUrl: "https://x.org/v1" };
  const none = { ...common, apiKeyEnv: null, model: null, isStreamed: false };
  expect(read(URL_KEY)).toEqual(none);
  const all = { api_key_env: "K", model: "m", stream: true, kind: "openai-compatible" };
  const every = { ...common, apiKeyEnv: "K", model: "m", isStreamed: true };
  expect(read({ ...URL_KEY, ...all })).toEqual(every);
});

it.each([
  [{}, "base_url: expected the address of the server, without /chat/completions"],
  [{ base_url: 1 }, "base_url: expected the address of the server, without /chat/completions"],
  [{ ...URL_KEY, api_key_env: "" }, "api_key_env: expected the name of a variable"],
  [{ ...URL_KEY, model: 3 }, "model: expected the name of a model"],
  [{ ...URL_KEY, stream: "yes" }, "stream: expected true or false"],
  [
    { ...URL_KEY, api_key: "K" },
    "api_key: no such key; known: api_key_env, base_url, kind, model, stream",
  ],
])("refuses %j", (config, why) => {
  expect(read(config)).toBe(`E_PROJECT [providers.config.p] ${why}`);
});
