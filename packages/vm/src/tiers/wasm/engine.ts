// What tier T2 asks of the engine that makes machine code of its modules; here the host's, which is
// WebAssembly. Another one is passed in with the setting of the tiers (tier T3).

import { required } from "@lumen/core/result";
import { PAGES_MAX, PAGES_MIN } from "./layout.ts";
import { encodeModule, HOST_MODULE, MEMORY_NAME, type WasmModule } from "./module.ts";

/** The memory of an engine: all of its code works on it. */
export interface EngineMemory {
  /** What the memory holds, as long as it does not grow. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A function of numbers that generated code calls; it knows nothing else. */
export type HostFunction = (...numbers: number[]) => number;

/**
 * How modules become code. One memory for all of them, and one function that is called. What is in
 * memory keeps the rule of `layout.ts`.
 */
export interface NumericEngine {
  readonly name: "wasm" | "llvm";
  readonly memory: EngineMemory;
  /** Its first code is slow, and what runs is never replaced: it has to be entered again. */
  readonly isStaged: boolean;
  /**
   * The function that the module exports, which gives an i32; or why there is no code of it.
   * `host` has all functions that it imports.
   */
  readonly compile: (
    module: WasmModule,
    host: Readonly<Record<string, HostFunction>>,
  ) => (() => number) | string;
}

/** WebAssembly, as far as it is used. */
export interface WebAssemblyHost {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
  }) => EngineMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: Readonly<Record<string, () => number>> };
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly CompileError: new (message: string) => Error;
}

declare const WebAssembly: WebAssemblyHost | undefined;

/** WebAssembly of the host, or null where there is none. */
export function webAssembly(): WebAssemblyHost | null {
  return typeof WebAssembly === "undefined" ? null : WebAssembly;
}

let wasm: NumericEngine | null | undefined;

/** The engine of tier T2, or null where there is none, or no memory for it. */
export function wasmEngine(): NumericEngine | null {
  if (wasm !== undefined) return wasm;
  const host = webAssembly();
  const memory = host === null ? null : memoryOf(host);
  wasm = host === null || memory === null ? null : new WasmEngine(host, memory);
  return wasm;
}

/** Engines set addresses aside for all that a memory may become: a process may not have them. */
function memoryOf(host: WebAssemblyHost): EngineMemory | null {
  try {
    return new host.Memory({ initial: PAGES_MIN, maximum: PAGES_MAX });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

class WasmEngine implements NumericEngine {
  readonly name = "wasm";
  readonly isStaged = true;
  readonly memory: EngineMemory;
  private readonly host: WebAssemblyHost;

  constructor(host: WebAssemblyHost, memory: EngineMemory) {
    this.host = host;
    this.memory = memory;
  }

  compile(
    module: WasmModule,
    host: Readonly<Record<string, HostFunction>>,
  ): (() => number) | string {
    const made = this.moduleOf(encodeModule(module));
    if (made === null) return "the engine refuses its WebAssembly";
    const imports = { [HOST_MODULE]: { ...host, [MEMORY_NAME]: this.memory } };
    const { exports } = new this.host.Instance(made, imports);
    return required(Object.values(exports)[0], "the module exports a function");
  }

  /** Null where the host forbids to make code, though there is nothing wrong with it. */
  private moduleOf(bytes: Uint8Array): object | null {
    try {
      return new this.host.Module(bytes);
    } catch (error) {
      if (error instanceof this.host.CompileError && this.host.validate(bytes)) return null;
      throw error;
    }
  }
}
