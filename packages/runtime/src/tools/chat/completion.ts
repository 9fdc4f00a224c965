// What a model has answered, in one piece or in many, and what the program gets of it (language
// 11.10).

import { type JsonNode, parseJson } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { jsonAnswer, member, memberText, refusal, type ToolRefusal } from "../answers.ts";
import type { ToolAnswer } from "../tool-provider.ts";
import type { ChatRequest } from "./chat-request.ts";
import { errorRefusal } from "./failures.ts";

/** The first choice of an answer, with what is said about all of it. */
export interface Completion {
  /** Null where the model only calls tools. */
  readonly content: string | null;
  /** Why the model does not answer; null where it does. */
  readonly refusal: string | null;
  /** As the protocol has them. */
  readonly toolCalls: readonly JsonNode[];
  readonly finishReason: string | null;
  readonly model: string | null;
  readonly usage: JsonNode | null;
}

/** Reads an answer that came in one piece. */
export function decodeCompletion(body: string): Result<Completion, ToolRefusal> {
  const parsed = parseJson(body);
  if (!parsed.ok) return err(refusal("OutputValidationFailed", parsed.error.message));
  const answer = parsed.value;
  const failed = errorRefusal(answer);
  if (failed !== null) return err(failed);
  const choice = firstOf(member(answer, "choices"));
  const message = member(choice, "message");
  if (message?.kind !== "object") {
    return err(refusal("OutputValidationFailed", "the answer has no `choices[0].message`"));
  }
  const calls = member(message, "tool_calls");
  return ok({
    content: contentText(member(message, "content")),
    refusal: memberText(message, "refusal"),
    toolCalls: calls?.kind === "array" ? calls.items : [],
    finishReason: memberText(choice, "finish_reason"),
    model: memberText(answer, "model"),
    usage: member(answer, "usage"),
  });
}

function firstOf(choices: JsonNode | null): JsonNode | null {
  return choices?.kind === "array" ? (choices.items[0] ?? null) : null;
}

/** A text, or a list of parts of which those with a text count. */
export function contentText(content: JsonNode | null): string | null {
  if (content?.kind === "string") return content.value;
  if (content?.kind !== "array") return null;
  return content.items.map((part) => memberText(part, "text") ?? "").join("");
}

/** What the program gets. */
export function completionAnswer(completion: Completion, request: ChatRequest): ToolAnswer {
  const { content, finishReason, toolCalls } = completion;
  if (completion.refusal !== null && completion.refusal !== "") {
    return refusal("ExecutionFailed", `the model refuses: ${completion.refusal}`);
  }
  if (finishReason === "content_filter") {
    return refusal("ExecutionFailed", "the answer was held back by a content filter");
  }
  if (content === null && toolCalls.length === 0) {
    return refusal("OutputValidationFailed", "the answer has neither content nor tool calls");
  }
  const value =
    request.isJson && toolCalls.length === 0 ? parsedContent(completion) : text(content);
  if (!value.ok) return value.error;
  return jsonAnswer(request.hasDetails ? details(completion, value.value) : value.value);
}

function parsedContent(completion: Completion): Result<JsonNode, ToolRefusal> {
  const parsed = parseJson(completion.content ?? "");
  if (parsed.ok) return parsed;
  const cut =
    completion.finishReason === "length" ? "the answer was cut at its `max_tokens`: " : "";
  const why = `${cut}the content is not JSON: ${parsed.error.message}`;
  return err(refusal("OutputValidationFailed", why));
}

function text(content: string | null): { readonly ok: true; readonly value: JsonNode } {
  return ok(content === null ? { kind: "null" } : { kind: "string", value: content });
}

function details(completion: Completion, content: JsonNode): JsonNode {
  const { toolCalls, finishReason, model, usage } = completion;
  const entries = new Map<string, JsonNode>([
    ["content", content],
    ["tool_calls", { kind: "array", items: toolCalls }],
    ["finish_reason", text(finishReason).value],
    ["model", text(model).value],
    ["usage", usage ?? { kind: "null" }],
  ]);
  return { kind: "object", entries };
}
