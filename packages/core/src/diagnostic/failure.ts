// The error object that crosses tool boundaries (spec/formats.md 2.4): inputs, files, runs, checks.

import type { FailureCode } from "./codes.ts";

/** Which step of the work failed. */
export type Phase =
  | "discover"
  | "compile"
  | "load"
  | "decode"
  | "execute"
  | "trace"
  | "prove"
  | "verify"
  | "replay"
  | "dispute"
  | "analyze";

/** Data that JSON can hold; `details` of a failure. Integers beyond 2^53-1 are decimal strings. */
export type PlainJson =
  | null
  | boolean
  | number
  | string
  | readonly PlainJson[]
  | { readonly [key: string]: PlainJson };

/**
 * A failure with a stable code. `domain` is `verifiable` when it happened inside tile code or is a
 * checkable mismatch of committed data, else `host`.
 */
export interface Failure {
  readonly code: FailureCode;
  readonly phase: Phase;
  readonly domain: "host" | "verifiable";
  readonly message: string;
  /** Tile id, sequence id or file. */
  readonly subject?: string;
  readonly hint?: string;
  /** JSON pointer (`/tiles/0/id`) in a document, value path (`$.items[3].age`) in an input. */
  readonly path?: string;
  /** Byte offset. */
  readonly offset?: number;
  readonly cause?: Failure;
  readonly details?: { readonly [key: string]: PlainJson };
  /** Only with `E_UNSUPPORTED_VERSION` (and `format` with `E_MALFORMED` of a named format). */
  readonly kind?: "UnsupportedVersion";
  readonly format?: string;
  readonly found?: string;
  readonly supported?: readonly string[];
}

/** Builds a failure; `domain` defaults to `host`. */
export function failure(
  code: FailureCode,
  phase: Phase,
  message: string,
  more: Partial<Omit<Failure, "code" | "phase" | "message">> = {},
): Failure {
  return { code, phase, domain: "host", message, ...more };
}

/** The refusal of 2.2: names the version met and every version that can be read. */
export function unsupportedVersion(args: {
  readonly format: string;
  readonly found: string;
  readonly supported: readonly string[];
  readonly subject?: string;
  readonly path?: string;
}): Failure {
  const supported = [...args.supported].sort();
  const list = supported.map((v) => JSON.stringify(v)).join(", ");
  return {
    code: "E_UNSUPPORTED_VERSION",
    kind: "UnsupportedVersion",
    phase: "load",
    domain: "host",
    format: args.format,
    found: args.found,
    supported,
    message: `unsupported ${args.format} version ${JSON.stringify(args.found)} (supported: ${list})`,
    ...(args.subject === undefined ? {} : { subject: args.subject }),
    ...(args.path === undefined ? {} : { path: args.path }),
  };
}
