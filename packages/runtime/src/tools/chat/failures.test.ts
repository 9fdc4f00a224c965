// Failures of model servers: kinds by status, what they say, and how long they ask to wait.

import { describe, expect, it } from "vitest";
import { kindOfStatus, retryAfter, statusRefusal } from "./failures.ts";
import { CHAT_RETRY_AFTER_MS_MAX } from "./limits.ts";

it.each([
  [400, "InvalidArgs"],
  [401, "AuthError"],
  [402, "ExecutionFailed"],
  [403, "AuthError"],
  [404, "ModelNotFound"],
  [408, "Timeout"],
  [413, "InvalidArgs"],
  [418, "ExecutionFailed"],
  [422, "InvalidArgs"],
  [429, "RateLimit"],
  [500, "ProviderUnavailable"],
  [503, "ProviderUnavailable"],
  [504, "Timeout"],
  [529, "ProviderUnavailable"],
])("status %d is %s", (status, kind) => {
  expect(kindOfStatus(status)).toBe(kind);
});

describe("statusRefusal", () => {
  it.each([
    ['{"error": {"message": "no such model", "code": "x"}}', "HTTP 404: no such model"],
    ['{"error": "no such model"}', "HTTP 404: no such model"],
    ['{"message": "no"}', "HTTP 404: no"],
    ['{"detail": "no"}', "HTTP 404: no"],
    ['{"error": {"code": 7}}', 'HTTP 404: {"error": {"code": 7}}'],
    ["<html>\n no </html>", "HTTP 404: <html> no </html>"],
    ["", "HTTP 404"],
  ])("of %j", (body, message) => {
    const refused = { ok: false, kind: "ModelNotFound", message };
    expect(statusRefusal({ status: 404, headers: new Headers(), body }, 0)).toEqual(refused);
  });
});

describe("retryAfter", () => {
  const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": " 0 " }, 0],
    [{ "retry-after": "0.25" }, 250],
    [{ "retry-after": "1", "retry-after-ms": "30" }, 30],
    [{ "retry-after": "Fri, 02 Jan 2026 03:04:15 GMT" }, 10_000],
    [{ "retry-after": "Fri, 02 Jan 2026 03:04:04 GMT" }, 0],
    [{ "retry-after": "999999999999" }, CHAT_RETRY_AFTER_MS_MAX],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "-1" }, null],
    [{ "retry-after": "2026-01-02" }, null],
    [{ "retry-after": "Fri, 99 Jan 2026 03:04:15 GMT" }, null],
    [{}, null],
  ])("of %j is %s ms", (headers, ms) => {
    expect(retryAfter(new Headers(headers), AT)).toBe(ms);
  });
});
