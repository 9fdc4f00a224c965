// Failures of model servers: statuses, error objects, waits, as kinds of tool errors.

import { type JsonNode, parseJson } from "@lumen/core/encoding";
import { member, memberText, refusal, type ToolRefusal } from "../answers.ts";
import type { ToolErrorKind } from "../tool-provider.ts";
import { CHAT_RETRY_AFTER_MS_MAX } from "./limits.ts";

const STATUS_KINDS: ReadonlyMap<number, ToolErrorKind> = new Map([
  [400, "InvalidArgs"],
  [401, "AuthError"],
  [403, "AuthError"],
  [404, "ModelNotFound"],
  [408, "Timeout"],
  [413, "InvalidArgs"],
  [422, "InvalidArgs"],
  [429, "RateLimit"],
  [504, "Timeout"],
]);

/** The kind of a status that is no success: other 5xx pass, anything else does not. */
export function kindOfStatus(status: number): ToolErrorKind {
  return STATUS_KINDS.get(status) ?? (status >= 500 ? "ProviderUnavailable" : "ExecutionFailed");
}

/** An answer with a status that is no success. */
export interface FailedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Its body, or the beginning of it. */
  readonly body: string;
}

/** The refusal for a status; `nowMs` since the epoch, for waits until a date. */
export function statusRefusal(response: FailedResponse, nowMs: number): ToolRefusal {
  const { status, headers, body } = response;
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) {
    const why = `HTTP ${status}: redirects are not followed; \`base_url\` has to name the server`;
    return refusal("ExecutionFailed", why);
  }
  const said = saidIn(body);
  const refused = refusal(kindOfStatus(status), `HTTP ${status}${said === "" ? "" : `: ${said}`}`);
  const retryAfterMs = retryAfter(headers, nowMs);
  return retryAfterMs === null ? refused : { ...refused, retryAfterMs };
}

/** The refusal for an `error` object of an answer that began well; null where it has none. */
export function errorRefusal(answer: JsonNode): ToolRefusal | null {
  const error = member(answer, "error");
  if (error === null || error.kind === "null") return null;
  const status = statusOf(error);
  const said = saidOf(error) ?? "the server reports an error";
  return refusal(status === null ? "ExecutionFailed" : kindOfStatus(status), said);
}

/** Some servers state the status as the code of the error. */
function statusOf(error: JsonNode): number | null {
  const code = member(error, "code") ?? member(error, "status");
  const text = code?.kind === "number" ? code.text : code?.kind === "string" ? code.value : "";
  return /^[45]\d\d$/.test(text) ? Number(text) : null;
}

/** The message in a body: what JSON says, else its text. */
function saidIn(body: string): string {
  const node = parseJson(body);
  if (!node.ok) return body.trim();
  const error = member(node.value, "error");
  return (error === null ? null : saidOf(error)) ?? saidOf(node.value) ?? body.trim();
}

function saidOf(error: JsonNode): string | null {
  if (error.kind === "string") return error.value;
  return memberText(error, "message") ?? memberText(error, "detail");
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * What `Retry-After` asks for in milliseconds (RFC 9110 10.2.3: seconds or a date; here also
 * fractions, and `retry-after-ms`); null where nothing legible does.
 */
export function retryAfter(headers: Headers, nowMs: number): number | null {
  const exact = headers.get("retry-after-ms")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(exact)) return bounded(Number(exact));
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1000);
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : bounded(date - nowMs);
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), CHAT_RETRY_AFTER_MS_MAX);
}
