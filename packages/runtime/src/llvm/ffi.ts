// The foreign functions of this process, by koffi, as far as they are used. The package is
// optional: where it is not installed, nothing here works and everything else does.

import { createRequire } from "node:module";
import { err, ok, type Result } from "@lumen/core/result";

/** An address. */
export type Address = bigint;

/** A function of a library; what it takes and gives, its description says. */
export type ForeignFunction = (...args: readonly unknown[]) => unknown;

/** A library that is loaded. */
export interface ForeignLibrary {
  func(name: string, result: string, args: readonly string[]): ForeignFunction;
}

/** The package. */
export interface Ffi {
  config(setting?: Readonly<Record<string, number>>): Readonly<Record<string, unknown>>;
  /** Null: this process. */
  load(path: string | null): ForeignLibrary;
  proto(result: string, args: readonly string[]): object;
  pointer(type: object): object;
  /** The function of a type that stands at an address. */
  decode(at: Address, type: object): ForeignFunction;
  /** A function as code has it; for as long as the process lives. */
  register(callback: (...numbers: number[]) => number, type: object): Address;
  view(at: Address, length: number): ArrayBuffer;
}

/** The stack on which foreign functions run: as large as it may be. A page behind it guards it. */
export const STACK_BYTES: number = 2 ** 24;

/** The package, with a large stack; or why there is none. */
export function openFfi(): Result<Ffi, string> {
  let ffi: Ffi;
  try {
    // Decoder: the package is what its documentation says.
    ffi = createRequire(import.meta.url)("koffi") as Ffi;
  } catch (error) {
    if (isMissing(error)) return err("the package koffi is not installed");
    return err(`the package koffi cannot be loaded: ${messageOf(error)}`);
  }
  return isStackSet(ffi) ? ok(ffi) : err("the package koffi is in use with a smaller stack");
}

/** It can be set before the first library is loaded only, which somebody else may have done. */
function isStackSet(ffi: Ffi): boolean {
  if (ffi.config().sync_stack_size === STACK_BYTES) return true;
  try {
    ffi.config({ sync_stack_size: STACK_BYTES });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return ffi.config().sync_stack_size === STACK_BYTES;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}

/** What an error says, in a line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}
