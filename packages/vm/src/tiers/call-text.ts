// JavaScript for calls of cells and closures.

import type { Instruction } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import type { LinkedCell } from "../link/program.ts";
import type { Emitter } from "./emit.ts";
import { callWeight } from "./fast.ts";
import { registersOf } from "./instructions.ts";
import { type Rep, repOf } from "./reps.ts";
import type { BlockEnd } from "./structure.ts";

/** Puts cycles into the context. */
const HAND_OVER = "X.cycles += q; q = 0;\n";

/** Before a call: what it compares with the fuel has all cycles; where it does not, no matter. */
function handOver(x: Emitter): string {
  return x.options.tier === "fast" ? "" : HAND_OVER;
}

function calleeOf(x: Emitter, number: number): LinkedCell {
  return required(x.cell.module.callees[number], "the callee is linked");
}

function resultRep({ module, lir }: LinkedCell): Rep {
  return repOf(module.lir, lir.result);
}

/** Arguments as the callee's code takes them, `pass` being what becomes of values. */
function argumentTexts(
  x: Emitter,
  { module, lir }: LinkedCell,
  registers: readonly number[],
  pass: (register: number) => string,
): readonly string[] {
  return registers.map((r, i) => {
    const param = repOf(module.lir, required(lir.registers[i], "a parameter"));
    return param === "float" ? x.raw(r) : pass(r);
  });
}

/** In tail position: registers die here, so that what stands once stays nobody else's. */
function lastArguments(
  x: Emitter,
  callee: LinkedCell,
  registers: readonly number[],
): readonly string[] {
  const repeats = new Set(registers).size < registers.length;
  return argumentTexts(x, callee, registers, (r) => (repeats ? x.shared(r) : x.boxed(r)));
}

/** Leaves the function where the machine has tiles run outside; in a tile it never does. */
function unlessOutside(x: Emitter, callee: LinkedCell, index: number): string {
  return callee.isTile && !x.cell.isTile ? `if (X.suspendTiles) ${x.exit(index)}` : "";
}

/** The call as an expression, a raw result of the callee's representation. */
function callExpression(x: Emitter, number: number, given: readonly string[]): string {
  const callee = calleeOf(x, number);
  const args = [...given, `d - ${callWeight(callee)}`].join(", ");
  if (callee === x.cell && x.options.isWhole) return `self(${args})`;
  return `${x.bind(`c${number}`, callee)}.${x.options.tier}.run(${args})`;
}

/** `call`. */
export function callText(x: Emitter, { operands }: Instruction, index: number): string {
  const [w = 0, number = 0] = operands.map(Number);
  const callee = calleeOf(x, number);
  if (!x.options.canCall(callee)) return x.exit(index);
  const given = argumentTexts(x, callee, registersOf(operands[2]), (r) => x.moved(index, r));
  const text = callExpression(x, number, given);
  const value = resultRep(callee) === "float" && x.rep(w) !== "float" ? "new H.Float(t)" : "t";
  const before = `${unlessOutside(x, callee, index)}${handOver(x)}`;
  return `${before}t = ${text}; ${x.unless(index, "t")}r${w} = ${value};\n`;
}

/** `call_closure`. */
export function closureCallText(x: Emitter, { operands }: Instruction, index: number): string {
  const [w = 0, f = 0] = operands.map(Number);
  const args = registersOf(operands[2]).map((r) => x.boxed(r));
  const text = `H.callClosure(own, "${x.options.tier}", ${w}, ${x.raw(f)}, [${args.join(", ")}], d)`;
  return `${handOver(x)}t = ${text}; ${x.unless(index, "t")}${x.put(w, "t")}`;
}

/** `tail_call`: of the cell itself a jump; of another one its frame takes the place of this one. */
export function tailCallText(x: Emitter, { operands }: Instruction, index: number): BlockEnd {
  const number = Number(operands[0]);
  const callee = calleeOf(x, number);
  const registers = registersOf(operands[1]);
  if (!x.options.canCall(callee)) return { kind: "leave", text: x.exit(index) };
  const values = lastArguments(x, callee, registers);
  if (callee !== x.cell) {
    const text = callExpression(x, number, values);
    if (resultRep(callee) !== resultRep(x.cell)) return { kind: "leave", text: x.exit(index) };
    const left = `if (t === undefined && X.left.length === 0) ${x.leave(index)}`;
    const before = `${unlessOutside(x, callee, index)}${HAND_OVER}`;
    return { kind: "leave", text: `${before}t = ${text};\n${left}return t;\n` };
  }
  const temps = values.map((value, i) => `const a${i} = ${value};\n`).join("");
  const moves = values.map((_, i) => `r${i} = a${i};\n${x.forgotten(i)}`).join("");
  return { kind: "jump", to: 0, before: `{ ${temps}${moves}}\n` };
}
