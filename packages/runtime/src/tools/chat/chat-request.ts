// The request of a chat: the input of `llm.chat` as the body of the protocol (language 11.10).

import { valueToJsonText } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { isList, listItems, MapValue, mapGet, type Value } from "@lumen/core/value";
import { inputTexts } from "../answers.ts";
import { CHAT_BODY_MAX } from "./limits.ts";

/** What is sent, and what the program expects of the answer. */
export interface ChatRequest {
  /** JSON. */
  readonly body: string;
  /** The content is JSON, of which the program gets the value. */
  readonly isJson: boolean;
  /** The program gets a map with all of the answer, not its content alone. */
  readonly hasDetails: boolean;
}

/** What the configuration adds. */
export interface ChatDefaults {
  /** Null: the input has to name one. */
  readonly model: string | null;
  readonly isStreamed: boolean;
}

/** Roles that may be arguments, in the order of their messages around `messages`. */
const ROLES_BEFORE: readonly string[] = ["system", "developer"];
const ROLES_AFTER: readonly string[] = ["user", "assistant"];

/** Members of the input that are not members of the body. */
const OWN_MEMBERS: ReadonlySet<string> = new Set([
  ...ROLES_BEFORE,
  ...ROLES_AFTER,
  "arg0",
  "details",
  "messages",
  "model",
  "prompt",
  "schema",
  "stream",
  "timeout_ms",
]);

/** The error says what is wrong with the input. */
export function chatRequest(input: Value, defaults: ChatDefaults): Result<ChatRequest, string> {
  const texts = inputTexts(input);
  if (!texts.ok) return texts;
  const given = new Given(input);
  const wrong = given.mistake();
  if (wrong !== null) return err(wrong);
  const messages = messagesOf(given);
  if (!messages.ok) return messages;
  const model = given.text("model") ?? defaults.model;
  if (model === null) return err("no `model`, neither in the call nor in lumen.toml");
  const isStreamed = given.flag("stream") ?? defaults.isStreamed;
  const hasDetails = given.flag("details") ?? given.has("tools");
  const body = new Map([
    ["model", JSON.stringify(model)],
    ["messages", `[${messages.value.join(",")}]`],
    ...[...texts.value].filter(([name]) => !OWN_MEMBERS.has(name)),
  ]);
  if (given.has("schema")) body.set("response_format", schemaFormat(texts.value));
  if (isStreamed) body.set("stream", "true");
  if (isStreamed && hasDetails && !given.has("stream_options")) {
    body.set("stream_options", '{"include_usage":true}');
  }
  return bounded({ body: objectText(body), isJson: isJson(given), hasDetails });
}

function bounded(request: ChatRequest): Result<ChatRequest, string> {
  if (Buffer.byteLength(request.body) <= CHAT_BODY_MAX) return ok(request);
  return err(`the request has more than ${CHAT_BODY_MAX} bytes`);
}

function objectText(members: ReadonlyMap<string, string>): string {
  const parts = [...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `{${parts.join(",")}}`;
}

function schemaFormat(texts: ReadonlyMap<string, string>): string {
  const schema = texts.get("schema") ?? "null";
  return `{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":${schema}}}`;
}

function isJson(given: Given): boolean {
  if (given.has("schema")) return true;
  const format = given.value("response_format");
  const type = format instanceof MapValue ? mapGet(format, "type") : null;
  return type === "json_object" || type === "json_schema";
}

/** The members of an input by name; a null counts as none. */
class Given {
  private readonly input: Value;

  constructor(input: Value) {
    this.input = input;
  }

  value(name: string): Value {
    return this.input instanceof MapValue ? (mapGet(this.input, name) ?? null) : null;
  }

  has(name: string): boolean {
    return this.value(name) !== null;
  }

  text(name: string): string | null {
    const value = this.value(name);
    return typeof value === "string" ? value : null;
  }

  flag(name: string): boolean | null {
    const value = this.value(name);
    return typeof value === "boolean" ? value : null;
  }

  /** What has a type that it cannot have; what only the server knows is left to it. */
  mistake(): string | null {
    for (const name of ["model", "prompt", "arg0", ...ROLES_BEFORE, ...ROLES_AFTER]) {
      if (this.has(name) && this.text(name) === null) return `\`${name}\` is not a String`;
    }
    for (const name of ["stream", "details"]) {
      if (this.has(name) && this.flag(name) === null) return `\`${name}\` is not a Bool`;
    }
    if (this.has("schema") && !(this.value("schema") instanceof MapValue)) {
      return "`schema` is not a map";
    }
    if (this.has("schema") && this.has("response_format")) {
      return "`schema` and `response_format` say the same: give one of them";
    }
    if (this.has("prompt") && this.has("arg0")) return "two prompts: `prompt` and a first argument";
    if (this.has("n") && this.value("n") !== 1) return "`n` is not 1: a call has one answer";
    return null;
  }
}

/** The messages as JSON texts: system and developer, `messages`, user and assistant, prompt. */
function messagesOf(given: Given): Result<readonly string[], string> {
  const listed = listedMessages(given.value("messages"));
  if (!listed.ok) return listed;
  const fromRoles = (roles: readonly string[]): readonly string[] =>
    roles.flatMap((role) => {
      const text = given.text(role);
      return text === null ? [] : [messageText(role, withoutRole(role, text))];
    });
  const prompt = given.text("prompt") ?? given.text("arg0");
  const messages = [
    ...fromRoles(ROLES_BEFORE),
    ...listed.value,
    ...fromRoles(ROLES_AFTER),
    ...(prompt === null ? [] : [messageText("user", prompt)]),
  ];
  if (messages.length > 0) return ok(messages);
  return err("nothing is said: expected `prompt` or `messages`");
}

function messageText(role: string, content: string): string {
  return JSON.stringify({ role, content });
}

/** A role argument is the String `role: text` (language 11.5). */
function withoutRole(role: string, text: string): string {
  return text.startsWith(`${role}: `) ? text.slice(role.length + 2) : text;
}

function listedMessages(messages: Value): Result<readonly string[], string> {
  if (messages === null) return ok([]);
  if (!isList(messages)) return err("`messages` is not a list");
  const texts: string[] = [];
  for (const message of listItems(messages)) {
    const role = message instanceof MapValue ? mapGet(message, "role") : null;
    if (typeof role !== "string") return err("a message is not a map with a `role`");
    const text = valueToJsonText("json", message);
    if (!text.ok) return err(text.error.message);
    texts.push(text.value);
  }
  return ok(texts);
}
