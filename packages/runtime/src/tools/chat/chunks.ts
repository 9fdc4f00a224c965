// An answer that comes as a stream of chunks, put together.

import { type JsonNode, parseJson } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { member, memberText, refusal, type ToolRefusal } from "../answers.ts";
import { type Completion, contentText } from "./completion.ts";
import { errorRefusal } from "./failures.ts";
import { CHAT_TEXT_MAX, CHAT_TOOL_CALLS_MAX } from "./limits.ts";

/** The data of the event that ends a stream. */
const DONE = "[DONE]";

interface PartialCall {
  id: string;
  name: string;
  arguments: string;
}

/** Collects the chunks of one answer. */
export class ChunkCollector {
  private content: string | null = null;
  private refused: string | null = null;
  private readonly calls = new Map<number, PartialCall>();
  private finishReason: string | null = null;
  private model: string | null = null;
  private usage: JsonNode | null = null;
  private size = 0;
  private isDone = false;

  /** Whether the stream has said that nothing follows. */
  get isComplete(): boolean {
    return this.isDone;
  }

  /** Takes the data of an event; the refusal where the stream cannot be used any more. */
  add(data: string): ToolRefusal | null {
    if (this.isDone) return null;
    if (data.trim() === DONE) {
      this.isDone = true;
      return null;
    }
    const chunk = parseJson(data);
    if (!chunk.ok) {
      return refusal("OutputValidationFailed", `an event of the stream: ${chunk.error.message}`);
    }
    const failed = errorRefusal(chunk.value);
    if (failed !== null) return failed;
    this.model ??= memberText(chunk.value, "model");
    const usage = member(chunk.value, "usage");
    if (usage?.kind === "object") this.usage = usage;
    return this.addChoices(member(chunk.value, "choices"));
  }

  /** The answer; a stream that stops before the model does is no answer. */
  finish(): Result<Completion, ToolRefusal> {
    if (!this.isDone && this.finishReason === null) {
      return err(refusal("ProviderUnavailable", "the stream ended before the answer did"));
    }
    const calls = [...this.calls].sort(([a], [b]) => a - b);
    return ok({
      content: this.content,
      refusal: this.refused,
      toolCalls: calls.map(([, call]) => callNode(call)),
      finishReason: this.finishReason,
      model: this.model,
      usage: this.usage,
    });
  }

  private addChoices(choices: JsonNode | null): ToolRefusal | null {
    const listed = choices?.kind === "array" ? choices.items : [];
    for (const choice of listed) {
      if (numberOf(member(choice, "index")) > 0) continue;
      this.finishReason = memberText(choice, "finish_reason") ?? this.finishReason;
      const failed = this.addDelta(member(choice, "delta"));
      if (failed !== null) return failed;
    }
    return null;
  }

  private addDelta(delta: JsonNode | null): ToolRefusal | null {
    const content = contentText(member(delta, "content"));
    if (content !== null) this.content = (this.content ?? "") + this.counted(content);
    const refused = memberText(delta, "refusal");
    if (refused !== null) this.refused = (this.refused ?? "") + this.counted(refused);
    const calls = member(delta, "tool_calls");
    for (const call of calls?.kind === "array" ? calls.items : []) this.addCall(call);
    if (this.calls.size > CHAT_TOOL_CALLS_MAX) {
      return refusal("ExecutionFailed", `the answer has more than ${CHAT_TOOL_CALLS_MAX} calls`);
    }
    if (this.size <= CHAT_TEXT_MAX) return null;
    return refusal("ExecutionFailed", `the answer has more than ${CHAT_TEXT_MAX} characters`);
  }

  /** Pieces of one call share an index; without one, each is a call of its own. */
  private addCall(piece: JsonNode): void {
    const stated = member(piece, "index");
    const index = stated === null ? this.calls.size : numberOf(stated);
    const call = this.calls.get(index) ?? { id: "", name: "", arguments: "" };
    this.calls.set(index, call);
    const called = member(piece, "function");
    call.id += this.counted(memberText(piece, "id") ?? "");
    call.name += this.counted(memberText(called, "name") ?? "");
    call.arguments += this.counted(memberText(called, "arguments") ?? "");
  }

  private counted(part: string): string {
    this.size += part.length;
    return part;
  }
}

function numberOf(node: JsonNode | null): number {
  return node?.kind === "number" ? Number(node.text) : 0;
}

function callNode(call: PartialCall): JsonNode {
  const text = (value: string): JsonNode => ({ kind: "string", value });
  const called: JsonNode = {
    kind: "object",
    entries: new Map([
      ["name", text(call.name)],
      ["arguments", text(call.arguments)],
    ]),
  };
  return {
    kind: "object",
    entries: new Map([
      ["id", text(call.id)],
      ["type", text("function")],
      ["function", called],
    ]),
  };
}
