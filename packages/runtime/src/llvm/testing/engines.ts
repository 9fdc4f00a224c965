// Small modules in both engines of numeric code: what comes out, to the bit.

import { Defect, required } from "@lumen/core/result";
import {
  Assembler,
  type NumericEngine,
  type Signature,
  type ValType,
  type WasmModule,
  wasmEngine,
} from "@lumen/vm/numeric";
import { type LlvmEngine, openLlvmEngine } from "../engine.ts";

const opened = openLlvmEngine();
if (!opened.ok) console.info(`tier T3 is not tested: ${opened.error}`);

/** The engine by LLVM; null where it is not installed. */
export const NATIVE: LlvmEngine | null = opened.ok ? opened.value : null;
/** The engine that says what is right. */
export const WASM: NumericEngine = required(wasmEngine(), "Node has WebAssembly");
/** Both, where both are. */
export const ENGINES: readonly NumericEngine[] = NATIVE === null ? [] : [WASM, NATIVE];

/** What modules import. */
export const HOST: Readonly<Record<string, (x: number, y: number) => number>> = {
  half: (x) => x / 2,
  minus: (x, y) => x - y,
};
const IMPORTS: WasmModule["imports"] = [
  { name: "half", params: ["f64"], result: "f64" },
  { name: "minus", params: ["f64", "f64"], result: "f64" },
];

/** The functions of a module begin behind those that it imports. */
export const FIRST: number = IMPORTS.length;
/** Where operands and results stand, in memory that nothing else uses here. */
export const OPERANDS_AT = 512;
export const RESULT_AT = 1024;

/** What the exported function gives. */
const STATUS = -5;

/** Writes instructions. */
export type Write = (asm: Assembler) => void;

/** A function besides the one that is exported. */
export interface Other extends Signature {
  readonly write: Write;
}

/** A module whose exported function leaves what is on the stack in memory. */
export function moduleOf(
  result: ValType | null,
  write: Write,
  others: readonly Other[] = [],
): WasmModule {
  const body = new Assembler(0);
  if (result !== null) body.i32(0);
  write(body);
  if (result !== null) body.at(`${result}.store`, RESULT_AT);
  body.i32(STATUS);
  const functions = others.map(({ params, result: given, write: writeOther }) => {
    const other = new Assembler(params.length);
    writeOther(other);
    return { params, result: given, body: other, exported: null };
  });
  return {
    imports: IMPORTS,
    memory: { pagesMin: 8, pagesMax: 2 ** 14 },
    globals: ["i64", "i32", "f64"],
    functions: [...functions, { params: [], result: "i32", body, exported: "run" }],
  };
}

/** A module that can be run many times: what it is given stands in memory. */
export class Prepared {
  private readonly engine: NumericEngine;
  private readonly run: () => number;

  constructor(engine: NumericEngine, module: WasmModule) {
    const run = engine.compile(module, HOST);
    if (typeof run === "string") throw new Error(run);
    this.engine = engine;
    this.run = run;
  }

  /** The results, 64 bits each, as text; or `trap`. */
  outcome(operands: readonly bigint[] = [], count = 1): string {
    const before = new DataView(this.engine.memory.buffer);
    operands.forEach((bits, i) => {
      before.setBigUint64(OPERANDS_AT + 8 * i, BigInt.asUintN(64, bits), true);
    });
    for (let i = 0; i < count; i += 1) before.setBigUint64(RESULT_AT + 8 * i, 0n);
    if (this.isTrapped()) return "trap";
    const view = new DataView(this.engine.memory.buffer);
    const bits = Array.from({ length: count }, (_, i) =>
      view.getBigUint64(RESULT_AT + 8 * i, true).toString(16),
    );
    return bits.join(" ");
  }

  private isTrapped(): boolean {
    try {
      if (this.run() !== STATUS) throw new Error("the function gives what it is to give");
      return false;
    } catch (error) {
      if (error instanceof Defect && error.message.includes("trap")) return true;
      if (error instanceof Error && error.name === "RuntimeError") return true;
      throw error;
    }
  }
}

/** What a module comes to in each engine. */
export function outcomes(module: WasmModule, count = 1): readonly string[] {
  return ENGINES.map((engine) => new Prepared(engine, module).outcome([], count));
}
