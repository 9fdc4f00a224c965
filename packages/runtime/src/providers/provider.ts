// A provider: the end of the door, where the world answers.

import { isInt, mapFromEntries, type Value } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";

/** Implements one operation. Expected failures are answers, not exceptions. */
export type Provider = (args: readonly Value[]) => DoorAnswer | Promise<DoorAnswer>;

/** Providers by `effect.operation`. */
export type ProviderTable = { readonly [operation: string]: Provider };

/** A successful answer. */
export function answer(value: Value): DoorAnswer {
  return { ok: true, value };
}

/** The text of a String argument; arguments were checked when they were encoded. */
export function textArgument(args: readonly Value[], index: number): string {
  return String(args[index] ?? "");
}

/** The number of an Int argument. */
export function intArgument(args: readonly Value[], index: number): bigint {
  const value = args[index] ?? null;
  return isInt(value) ? BigInt(value) : 0n;
}

/** A map with these names as keys: the answers that differ in shape. */
export function answerMap(parts: { readonly [name: string]: Value }): DoorAnswer {
  return answer(mapFromEntries(Object.entries(parts).map(([key, value]) => ({ key, value }))));
}

/** A failure that is a runtime error of the program, `NAME failed: …` (language 16.8). */
export function failed(name: string, why: string, code = "E_IO"): DoorAnswer {
  return { ok: false, code, message: `runtime error: ${name} failed: ${why}` };
}

/** Short text of what a system call answered: its code, else its message. */
export function systemError(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause instanceof Error ? systemError(error.cause) : error.message;
}
