// What the cases of native builtins are made of: arguments, and the text of a result or a fault.

import type { Value } from "@lumen/core/value";

/** The largest Int. */
export const MAX: bigint = 2n ** 63n - 1n;
/** The smallest Int. */
export const MIN: bigint = -(2n ** 63n);

/** Arguments of a call; the nested display form of its result, or code and text of its fault. */
export type NativeCase = readonly [readonly Value[], string];

/** Cases by builtin. */
export type NativeCases = Readonly<Record<string, readonly NativeCase[]>>;

/** Bytes. */
export const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

/** The fault of a wrong argument kind. */
export const kind = (name: string, expected: string, got: string): string =>
  `E_TRAP_TYPE type error at runtime: ${name}: expected ${expected}, got ${got}`;

/** A runtime error without a code of its own. */
export const fault = (text: string): string => `E_TRAP_OTHER runtime error: ${text}`;

/** The fault of a failed assertion. */
export const assertion = (text: string): string => `E_TRAP_ASSERT runtime error: ${text}`;
