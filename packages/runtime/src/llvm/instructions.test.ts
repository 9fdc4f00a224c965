// Every instruction of the closed set, by LLVM and by WebAssembly: the same bits come out, for the
// extremes of each type. Once of operands that only memory knows, so that code is made of it; once
// of constants, so that the optimiser computes it. Where LLVM is not installed, nothing runs.

import { required } from "@lumen/core/result";
import {
  type Assembler,
  rowOf,
  type ValType,
  WASM_OPS,
  type WasmModule,
  type WasmOp,
} from "@lumen/vm/numeric";
import { describe, expect, it } from "vitest";
import { ENGINES, moduleOf, NATIVE, OPERANDS_AT, Prepared, RESULT_AT } from "./testing/engines.ts";

/** The bits of the extremes of each type. */
const EXTREMES: Readonly<Record<ValType, readonly bigint[]>> = {
  i32: [0, 1, -1, 2, 31, 32, 33, 255, 65_535, 2 ** 31 - 1, -(2 ** 31)].map(BigInt),
  i64: [0n, 1n, -1n, 7n, -7n, 63n, 64n, 2n ** 31n, -(2n ** 31n), 2n ** 32n + 5n].concat(
    2n ** 53n,
    -(2n ** 53n) - 1n,
    2n ** 62n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
  f64: [0, -0, 0.5, -0.5, 1.5, -1.5, 2.5, 1e300, -1e300, 5e-324, 2 ** 52 + 0.5]
    .concat(2 ** 63, -(2 ** 63), 2 ** 63 - 1024, 1e19, -1e19)
    .concat(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN)
    .map(bitsOf),
};

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function floatOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** An instruction of operands only. */
interface Shaped {
  readonly name: WasmOp;
  readonly params: readonly ValType[];
  readonly result: ValType;
}

const NAMES = Object.keys(WASM_OPS) as WasmOp[];
const UNARY = ["abs", "neg", "ceil", "floor", "trunc", "sqrt", "extend32_s"];
/** Those whose operand is not what their name begins with. */
const CONVERSIONS: ReadonlyMap<string, Shaped["params"]> = new Map([
  ["i32.wrap_i64", ["i64"]],
  ["i64.extend_i32_s", ["i32"]],
  ["i64.extend_i32_u", ["i32"]],
  ["f64.convert_i64_s", ["i64"]],
  ["i64.trunc_sat_f64_s", ["f64"]],
] as const);
/** Those that do something else than to compute; `engine.test.ts` has them. */
const OTHERS = ["unreachable", "return", "drop", "select"];

const SHAPED: readonly Shaped[] = NAMES.flatMap((name) => {
  if (rowOf(name).immediate !== "none" || OTHERS.includes(name)) return [];
  const [type, op = ""] = name.split(".") as [ValType, string];
  const converted = CONVERSIONS.get(name);
  if (converted !== undefined) return [{ name, params: converted, result: type }];
  if (UNARY.includes(op)) return [{ name, params: [type], result: type }];
  if (op === "eqz") return [{ name, params: [type], result: "i32" }];
  const isQuestion = /^(eq|ne|lt|gt|le|ge)(_[su])?$/.test(op);
  return [{ name, params: [type, type], result: isQuestion ? "i32" : type }];
});

/** All pairs of extremes, or all single ones. */
function operandLists({ params }: Shaped): readonly (readonly bigint[])[] {
  const [a, b] = params.map((type) => EXTREMES[type]);
  const firsts = required(a, "there is an operand");
  return b === undefined ? firsts.map((x) => [x]) : firsts.flatMap((x) => b.map((y) => [x, y]));
}

function write(asm: Assembler, { name }: Shaped): void {
  asm.op(name as "i64.add");
}

/** The instruction on operands that stand in memory. */
function loadingModule(shaped: Shaped): WasmModule {
  return moduleOf(shaped.result, (asm) => {
    shaped.params.forEach((type, i) => {
      asm.i32(0).at(`${type}.load`, OPERANDS_AT + 8 * i);
    });
    write(asm, shaped);
  });
}

/** The instruction on constants, once for each list; the results stand one behind the other. */
function foldingModule(shaped: Shaped, lists: readonly (readonly bigint[])[]): WasmModule {
  return moduleOf(null, (asm) => {
    lists.forEach((operands, n) => {
      asm.i32(8 * n);
      shaped.params.forEach((type, i) => {
        pushConstant(asm, type, operands[i] ?? 0n);
      });
      write(asm, shaped);
      asm.at(`${shaped.result}.store`, RESULT_AT);
    });
  });
}

function pushConstant(asm: Assembler, type: ValType, bits: bigint): void {
  if (type === "i32") asm.i32(Number(bits));
  else if (type === "i64") asm.i64(bits);
  else asm.f64(floatOf(bits));
}

/** All NaN are one: which one it is, WebAssembly leaves open, and nobody can see it. */
function visible(text: string, { result }: Shaped): string {
  if (result !== "f64" || text === "trap") return text;
  const words = text.split(" ").map((bits) => {
    return Number.isNaN(floatOf(BigInt(`0x${bits}`))) ? "NaN" : bits;
  });
  return words.join(" ");
}

describe.skipIf(NATIVE === null)("an instruction by LLVM is that of WebAssembly", () => {
  it("of which all are here", () => {
    const others = NAMES.filter((name) => SHAPED.every((shaped) => shaped.name !== name));
    expect(others.filter((name) => rowOf(name).immediate === "none")).toEqual(OTHERS);
  });

  it.each(SHAPED)("$name", (shaped) => {
    const lists = operandLists(shaped);
    const [expected, found] = ENGINES.map((engine) => {
      const prepared = new Prepared(engine, loadingModule(shaped));
      return lists.map((operands) => visible(prepared.outcome(operands), shaped));
    });
    expect(found).toEqual(expected);
    const defined = lists.filter((_, i) => expected?.[i] !== "trap");
    const [folded, here] = ENGINES.map((engine) => {
      const prepared = new Prepared(engine, foldingModule(shaped, defined));
      return visible(prepared.outcome([], defined.length), shaped);
    });
    expect(here).toBe(folded);
    expect(folded).toBe(expected?.filter((text) => text !== "trap").join(" "));
  });

  it.each(
    SHAPED.filter(({ name }) => name === "i64.div_s" || name === "i64.rem_s"),
  )("$name traps where it does there, whatever is known", (shaped) => {
    const least = -(2n ** 63n);
    for (const operands of [
      [1n, 0n],
      [0n, 0n],
      [least, -1n],
      [least, 1n],
    ]) {
      const [expected, found] = ENGINES.map((engine) =>
        new Prepared(engine, foldingModule(shaped, [operands])).outcome(),
      );
      expect(found).toBe(expected);
    }
  });
});
