// What tier T2 asks of the engine: WebAssembly, as far as it is used. A host may have none.

/** The memory of a module. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The exports of an instance; the module says what they are. */
export type EngineExports = Readonly<Record<string, () => number>>;

/** The engine. */
export interface Engine {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
  }) => EngineMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: EngineExports };
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly CompileError: new (message: string) => Error;
}

declare const WebAssembly: Engine | undefined;

/** The engine, or null where there is none. */
export function wasmEngine(): Engine | null {
  return typeof WebAssembly === "undefined" ? null : WebAssembly;
}
