// The tile ABI (spec/formats.md 6) around an author's function: decode, call, encode. What an
// author's function throws passes through: it is a trap of whoever runs the guest.

import { type Input, newOutput, Undecodable, Unencodable, undecodable, written } from "./bytes.ts";
import { isResult } from "./containers.ts";
import type { Type } from "./type.ts";

/** What a tile is to its guest. */
export interface TileBody {
  readonly inputs: readonly (readonly [name: string, type: Type<unknown>])[];
  readonly output: Type<unknown>;
  readonly error: Type<unknown> | null;
  readonly fn: (args: { readonly [name: string]: unknown }) => unknown;
}

/** How an execution ended: output bytes, or a failure of the ABI or of the tile. */
export type Execution =
  | { readonly ok: true; readonly output: Uint8Array }
  | {
      readonly ok: false;
      readonly code: "E_DECODE" | "E_ENCODE" | "E_TILE_FAILED";
      /** The bytes of E for `E_TILE_FAILED`, else none. */
      readonly error: Uint8Array;
      readonly message: string;
    };

/** Runs a tile on ABI input bytes. */
export function runBody(body: TileBody, bytes: Uint8Array): Execution {
  const args = attempt(Undecodable, () => readArguments(body, { bytes, at: 0 }));
  if (args instanceof Undecodable)
    return failed("E_DECODE", `Failed to deserialize input: ${args.message}`);
  const value = body.fn(args);
  const ended = attempt(Unencodable, () => encoded(body, value));
  return ended instanceof Unencodable
    ? failed("E_ENCODE", `Failed to serialize output: ${ended.message}`)
    : ended;
}

function readArguments(body: TileBody, input: Input): { readonly [name: string]: unknown } {
  const args = Object.fromEntries(body.inputs.map(([name, type]) => [name, type.read(input)]));
  if (input.at < input.bytes.length) undecodable("trailing-bytes", input.at);
  return args;
}

function encoded(body: TileBody, value: unknown): Execution {
  if (body.error === null) return { ok: true, output: bytesOf(body.output, value) };
  if (!isResult(value))
    throw new Unencodable("$: expected ok(value) or err(error), since the tile declares an error");
  if (value.ok) return { ok: true, output: bytesOf(body.output, value.value) };
  const error = bytesOf(body.error, value.error);
  return { ok: false, code: "E_TILE_FAILED", error, message: "the tile returned an error" };
}

function bytesOf(type: Type<unknown>, value: unknown): Uint8Array {
  const output = newOutput();
  type.write(output, value);
  return written(output);
}

function failed(code: "E_DECODE" | "E_ENCODE", message: string): Execution {
  return { ok: false, code, error: new Uint8Array(0), message };
}

/** What an action gives, or the error of one class that it throws. */
function attempt<T, E extends Error>(
  kind: { readonly prototype: E; new (reason: string, offset: number): E },
  action: () => T,
): T | E {
  try {
    return action();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
}
