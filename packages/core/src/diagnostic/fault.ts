// What stops a running program: a value with a stable code and the call stack, never an exception.

import type { TrapCode } from "./codes.ts";

/** One frame of a fault's call stack, innermost last. */
export interface FaultFrame {
  /** Name of the module; of a TypeScript source its project path. */
  readonly module: string;
  /** Of a TypeScript source the function. */
  readonly cell: string;
  /** UTF-16 offsets in the module's source, or null where no debug information is kept. */
  readonly span: { readonly start: number; readonly end: number } | null;
}

/** A run-time failure of the program (spec/language.md 15.6, spec/formats.md 15.1). */
export interface Fault {
  readonly code: TrapCode;
  /** The text of the language reference, class prefix included. */
  readonly message: string;
  readonly stack: readonly FaultFrame[];
}
