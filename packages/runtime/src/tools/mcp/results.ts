// What servers answer, read: pages of tools, results and errors of calls (language 11.9).

import type { JsonNode } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { jsonAnswer, member, memberText, refusal, type ToolRefusal } from "../answers.ts";
import type { ToolAnswer, ToolErrorKind } from "../tool-provider.ts";
import { UNREADABLE_RESULT } from "./messages.ts";

/** A tool as far as calls need it: schemas are not kept. */
export interface ServerTool {
  readonly name: string;
  /** It answers only through the protocol's tasks. */
  readonly needsTask: boolean;
}

/** One page of the list of tools. */
export interface ToolPage {
  readonly tools: readonly ServerTool[];
  /** Where the next page begins; null for the last. */
  readonly cursor: string | null;
}

/** The error says what is wrong with the page. */
export function decodeToolPage(page: JsonNode): Result<ToolPage, string> {
  const listed = member(page, "tools");
  if (listed?.kind !== "array") return err("the list of tools is no array");
  const tools: ServerTool[] = [];
  for (const item of listed.items) {
    const name = memberText(item, "name");
    if (name === null || name === "") return err("a tool of the list has no name");
    const support = memberText(member(item, "execution"), "taskSupport");
    tools.push({ name, needsTask: support === "required" });
  }
  return ok({ tools, cursor: memberText(page, "nextCursor") });
}

/**
 * The answer of a call: structured content; else the text, where there is one text and nothing
 * else; else all blocks of content as a list; null where there is none.
 */
export function decodeCallResult(result: JsonNode): ToolAnswer {
  const content = member(result, "content");
  const blocks = content?.kind === "array" ? content.items : [];
  const failed = member(result, "isError");
  if (failed?.kind === "bool" && failed.value) {
    const said = blocks.map((block) => memberText(block, "text") ?? "").join(" ");
    return refusal("ExecutionFailed", said.trim() === "" ? "the tool reports an error" : said);
  }
  const structured = member(result, "structuredContent");
  if (structured !== null && structured.kind !== "null") return jsonAnswer(structured);
  if (content?.kind !== "array") {
    return refusal("OutputValidationFailed", "the result of the tool has no content");
  }
  const [only, ...more] = blocks;
  if (only === undefined) return { ok: true, value: null };
  const text = memberText(only, "type") === "text" ? member(only, "text") : null;
  return jsonAnswer(text?.kind === "string" && more.length === 0 ? text : content);
}

/** Kinds by the codes of JSON-RPC and MCP; others are failures of the tool. */
const RPC_ERRORS: ReadonlyMap<number, ToolErrorKind> = new Map([
  [-32_001, "Timeout"],
  [-32_002, "NotFound"],
  [-32_042, "AuthError"],
  [-32_601, "NotFound"],
  [-32_602, "InvalidArgs"],
  [UNREADABLE_RESULT, "OutputValidationFailed"],
]);

/** The refusal for an error of the protocol. */
export function rpcRefusal(code: number, message: string): ToolRefusal {
  return refusal(RPC_ERRORS.get(code) ?? "ExecutionFailed", message);
}
