// Messages of the protocol as lines: read without losing what numbers say, written from exact
// texts. The SDK itself sees ordinary objects.

import { type JsonNode, parseJson } from "@lumen/core/encoding";
import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";

/** A JSON text that goes out as it stands: an integer may need more digits than a number has. */
export class ExactText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A result as it came in, beside what the SDK read of it. */
export class ExactResult {
  readonly node: JsonNode;

  constructor(node: JsonNode) {
    this.node = node;
  }
}

/** The member under which a result carries its {@link ExactResult}, whatever the server sent. */
export const EXACT_MEMBER = "lumen:exact";

/** Code of the error that stands for a result that cannot be read; in the range of JSON-RPC. */
export const UNREADABLE_RESULT = -32_099;

/** The line of a message, without its end. */
export function encodeMessage(message: JSONRPCMessage): string {
  return jsonText(message);
}

/** As `JSON.stringify`, with {@link ExactText} in place. Depth is that of our own messages. */
function jsonText(part: unknown): string {
  if (part instanceof ExactText) return part.text;
  if (Array.isArray(part)) return `[${part.map(jsonText).join(",")}]`;
  if (typeof part !== "object" || part === null) return JSON.stringify(part) ?? "null";
  const members = Object.entries(part).filter(([, value]) => value !== undefined);
  return `{${members.map(([k, v]) => `${JSON.stringify(k)}:${jsonText(v)}`).join(",")}}`;
}

/** The message of a line; null where it is none. */
export function decodeMessage(line: string): JSONRPCMessage | null {
  const plain = parsePlain(line);
  const parsed = plain === null ? null : JSONRPCMessageSchema.safeParse(plain);
  if (parsed?.success !== true) return null;
  const message = parsed.data;
  if (!("result" in message)) return message;
  const exact = parseJson(line);
  if (!exact.ok) {
    const error = { code: UNREADABLE_RESULT, message: exact.error.message };
    return { jsonrpc: "2.0", id: message.id, error };
  }
  const node = exact.value.kind === "object" ? exact.value.entries.get("result") : undefined;
  const result = { ...message.result, [EXACT_MEMBER]: new ExactResult(node ?? exact.value) };
  return { ...message, result };
}

function parsePlain(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
