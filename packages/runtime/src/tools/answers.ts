// What providers of tools share: texts of refusals, and Json values from and to texts.

import { encodeValue, type JsonNode, valueFromJson, valueToJsonText } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { MapValue, mapEntries, type Value } from "@lumen/core/value";
import type { ToolAnswer, ToolErrorKind } from "./tool-provider.ts";

/** The answer of a call that failed. */
export type ToolRefusal = Extract<ToolAnswer, { readonly ok: false }>;

/** Most scalar values of a message; what is longer ends in `…`. */
export const TOOL_MESSAGE_MAX = 1000;

/** Most UTF-16 units of what a provider says of a failure. */
export const REFUSAL_TEXT_MAX = 16_000;

/** A failed call; `text` may come from outside: runs of blanks and controls become one blank. */
export function refusal(kind: ToolErrorKind, text: string): ToolRefusal {
  // What is cut away need not be looked at: texts from outside may be large.
  const start = text.slice(0, REFUSAL_TEXT_MAX).replace(/[\ud800-\udbff]$/, "");
  const message = start.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return { ok: false, kind, message: start === text ? message : `${message}…` };
}

/** A message as programs see it, cut; secrets were taken out of the whole. */
export function shortMessage(text: string): string {
  const scalars = [...text];
  if (scalars.length <= TOOL_MESSAGE_MAX) return text;
  return `${scalars.slice(0, TOOL_MESSAGE_MAX).join("")}…`;
}

/** The Json value of a node; `OutputValidationFailed` where no value can be made of it. */
export function jsonAnswer(node: JsonNode): ToolAnswer {
  const value = valueFromJson("json", node);
  if (!value.ok) return refusal("OutputValidationFailed", value.error.message);
  // What nests deeper than any value that is written down could not be journalled.
  const encoded = encodeValue("json", value.value);
  if (!encoded.ok) return refusal("OutputValidationFailed", encoded.error.message);
  return { ok: true, value: value.value };
}

/**
 * The members of an input as exact JSON texts, in the order of the map; the reason where it is no
 * map or a part of it has no JSON form.
 */
export function inputTexts(input: Value): Result<ReadonlyMap<string, string>, string> {
  if (!(input instanceof MapValue)) return err("the input of a tool is a map of its arguments");
  const texts = new Map<string, string>();
  for (const { key, value } of mapEntries(input)) {
    const text = valueToJsonText("json", value);
    if (typeof key !== "string") return err("the names of arguments are Strings");
    if (!text.ok) return err(`argument '${key}': ${text.error.message}`);
    texts.set(key, text.value);
  }
  return ok(texts);
}

/** The member of an object; null where the node is no object or has no such member. */
export function member(node: JsonNode | null, name: string): JsonNode | null {
  return node?.kind === "object" ? (node.entries.get(name) ?? null) : null;
}

/** The text of a member; null where it is no string. */
export function memberText(node: JsonNode | null, name: string): string | null {
  const found = member(node, name);
  return found?.kind === "string" ? found.value : null;
}

/**
 * The promise, or null as soon as the signal is aborted. The promise itself goes on, for others
 * who wait for it.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(null);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
