// A provider: the end of the door, where the world answers.

import type { Value } from "@lumen/core/value";
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
