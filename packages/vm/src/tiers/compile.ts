// Compiles hot code: to WebAssembly where that should pay (tier T2, `wasm/choice.ts`), else to
// JavaScript (tier T1), which is made here. A cell is compiled whole, with all cells that it
// calls; a loop of a cell that is already running is compiled from its head on.

import type { Instruction } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { blockGraph, loopGraph } from "../link/blocks.ts";
import { blockCosts } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import { frameBytes } from "../memory.ts";
import { calleesOf, isSmall, obstacleOf } from "./cells.ts";
import { helpersWith, notesFor } from "./compiled-calls.ts";
import { Emitter } from "./emit.ts";
import {
  CONTEXT,
  type CodePlace,
  type FastCode,
  type Layout,
  type NumericPlan,
  type Tier,
} from "./fast.ts";
import { BLANK, repOf, repsOf } from "./reps.ts";
import { structured } from "./structure.ts";
import { numericCode } from "./wasm/choice.ts";

const HELPERS = helpersWith((cell, tier) => compiled(cell, tier));

/** The code of a whole cell, compiled now if it was not yet; null where it cannot be. */
export function compiled(
  cell: LinkedCell,
  tier: Tier,
  numeric: NumericPlan = CONTEXT.numeric,
): FastCode | null {
  const known = cell[tier];
  if (known !== undefined) return known;
  const wanted = compilable(cell, tier);
  for (const each of wanted) {
    const canCall = (callee: LinkedCell): boolean => hasCode(callee, tier, wanted);
    const place = { cell: each, tier, head: null };
    each[tier] = bestCode(place, canCall, numeric, (code) => {
      each[tier] = code;
    });
  }
  cell[tier] ??= null;
  return cell[tier] ?? null;
}

/** Code of a loop, from its head on; it takes the frame's registers. Null where there is none. */
export function compiledLoop(
  cell: LinkedCell,
  head: number,
  tier: Tier,
  numeric: NumericPlan,
): FastCode | null {
  const key = 2 * head + (tier === "fast" ? 0 : 1);
  const known = cell.loops.get(key);
  if (known !== undefined) return known;
  const canCall = (callee: LinkedCell): boolean => compiled(callee, tier, numeric) !== null;
  const keep = (code: FastCode): void => {
    cell.loops.set(key, code);
  };
  const code = isSmall(cell) ? bestCode({ cell, tier, head }, canCall, numeric, keep) : null;
  cell.loops.set(key, code);
  return code;
}

/**
 * Compiles a whole cell to JavaScript and forgets it, as if all that it calls had code: what a
 * measurement of the compiler does again and again. False where there is no code of it.
 */
export function tryCompile(cell: LinkedCell, tier: Tier): boolean {
  const place: CodePlace = { cell, tier, head: null };
  return obstacleOf(cell) === null && makeCode(place, () => true, null) !== null;
}

/** Code in T2 where that should pay, else in T1; `replace` is told where it does not pay. */
function bestCode(
  place: CodePlace,
  canCall: (callee: LinkedCell) => boolean,
  numeric: NumericPlan,
  replace: (code: FastCode) => void,
): FastCode | null {
  const plain = (reason: string | null): FastCode | null => makeCode(place, canCall, reason);
  if (numeric.numeric === "never") return plain(null);
  const { cell, tier } = place;
  const found = numericCode(place, numeric, {
    replace: (reason) => {
      const code = plain(reason);
      if (code !== null) replace(code);
    },
    codeAt: (head) => compiledLoop(cell, head, tier, numeric),
  });
  return typeof found === "string" ? plain(found) : found;
}

function hasCode(cell: LinkedCell, tier: Tier, soon: ReadonlySet<LinkedCell>): boolean {
  return soon.has(cell) || (cell[tier] ?? null) !== null;
}

/**
 * The cell and those that it calls, directly or not, as far as they have no code yet: all that can
 * be compiled. A cell that calls one that cannot be is left out too.
 */
function compilable(root: LinkedCell, tier: Tier): ReadonlySet<LinkedCell> {
  const callers = new Map<LinkedCell, LinkedCell[]>();
  const refused = new Set<LinkedCell>();
  const pending = [root];
  const found = new Set<LinkedCell>(pending);
  for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
    if (obstacleOf(cell) !== null) refused.add(cell);
    for (const callee of calleesOf(cell)) {
      if (callee[tier] === null) refused.add(cell);
      if ((callee[tier] ?? null) !== null) continue;
      callers.set(callee, [...(callers.get(callee) ?? []), cell]);
      if (found.has(callee)) continue;
      found.add(callee);
      pending.push(callee);
    }
  }
  const spread = [...refused];
  for (let cell = spread.pop(); cell !== undefined; cell = spread.pop()) {
    for (const caller of callers.get(cell) ?? []) {
      if (refused.has(caller)) continue;
      refused.add(caller);
      spread.push(caller);
    }
  }
  for (const cell of refused) cell[tier] ??= null;
  return new Set([...found].filter((cell) => !refused.has(cell)));
}

/** Null where the code has no structure. */
function makeCode(
  { cell, tier, head }: CodePlace,
  canCall: (callee: LinkedCell) => boolean,
  reason: string | null,
): FastCode | null {
  const { module, lir } = cell;
  const text = functionText(cell, tier, canCall, head);
  if (text === null) return null;
  const layout: Layout = {
    cell,
    reps: repsOf(module.lir, lir),
    result: repOf(module.lir, lir.result),
    frameBytes: head === null ? frameBytes(lir.registers.length) : 0,
  };
  const { N, E, C } = notesFor(layout, text.live);
  const make = functionOf(["H", "X", "N", "E", "C", ...text.bindings.keys()], text.source);
  if (make === null) return null;
  const run = make(HELPERS, CONTEXT, N, E, C, ...text.bindings.values());
  return { run, layout, resume: null, engine: "js", reason, entries: 0, exits: 0, cycles: 0 };
}

/** Null where the host forbids to make code (EvalError), or it nests too deep (RangeError). */
function functionOf(
  names: readonly string[],
  source: string,
): ((...values: unknown[]) => FastCode["run"]) | null {
  try {
    const make = new Function(...names, source);
    return (...values) => make(...values);
  } catch (error) {
    if (error instanceof EvalError || error instanceof RangeError) return null;
    throw error;
  }
}

/** JavaScript that makes the function, and what it refers to by name. */
interface FunctionText {
  readonly source: string;
  readonly bindings: ReadonlyMap<string, unknown>;
  /** Registers that are still read, by instruction. */
  readonly live: readonly (readonly number[])[];
}

function functionText(
  cell: LinkedCell,
  tier: Tier,
  canCall: (callee: LinkedCell) => boolean,
  head: number | null,
): FunctionText | null {
  const { code, registers, paramCount, captureCount } = cell.lir;
  const isSelf = ({ operands }: Instruction): boolean =>
    cell.module.callees[Number(operands[0])] === cell;
  const graph = head === null ? blockGraph(code, isSelf) : loopGraph(code, head);
  if (graph === null) return null;
  const emitter = new Emitter(cell, {
    tier,
    canCall,
    isWhole: head === null,
  });
  const costs = blockCosts(code, cell.module.prices);
  const body = structured(graph, (start) => {
    const block = required(graph.blocks.get(start), "the block is reached");
    // Behind a loop that was compiled alone, the interpreter goes on.
    if (block.end === start)
      return {
        body: "",
        end: { kind: "leave", text: `X.reason = H.LOOP_EXIT;\n${emitter.leave(~start)}` },
      };
    const last = block.end - 1;
    const end = emitter.end(at(code, last), last, block.end);
    let text = charge(costs.get(start) ?? 0, start, tier, emitter);
    for (let i = start; i < last; i += 1) text += emitter.plain(at(code, i), i);
    const isPlain = end.kind === "jump" && end.to === block.end && at(code, last).op !== "jump";
    if (isPlain) text += emitter.plain(at(code, last), last);
    return { body: text + (end.body ?? ""), end };
  });
  emitter.bindings.set("own", cell);
  const given = paramCount + captureCount;
  const all = registers.map((_, r) => r);
  const rep = (r: number): string => emitter.rep(r);
  const params = all.slice(0, given).map((r) => `r${r}`);
  const locals = (head === null ? all.slice(given) : all).map((r) =>
    head === null
      ? `r${r} = ${BLANK[emitter.rep(r)]}`
      : rep(r) === "float"
        ? `r${r} = R[${r}] === null ? 0.5 : R[${r}].value`
        : `r${r} = R[${r}]`,
  );
  const signature = head === null ? [...params, "d"].join(", ") : "R, d";
  const notes = [...emitter.texts.noted].map((r) => `p${r} = 0`);
  const definitions = [...emitter.definitions].map(([name, text]) => `const ${name} = ${text};\n`);
  const source =
    `"use strict";\n${definitions.join("")}return function self(${signature}) {\n` +
    "if (d <= 0) { X.reason = H.DEPTH_EXIT; return undefined; }\n" +
    (/\bM\b/.test(body) ? "const M = X.memory;\n" : "") +
    (head === null ? "own.isCalled = true;\n" : "") +
    `let ${["q = 0", "t", "u = 0", "a", ...locals, ...notes].join(", ")};\n` +
    `${head === null ? "" : numbersOrNothing(emitter, head)}${body}};\n`;
  return { source, bindings: emitter.bindings, live: emitter.live };
}

/** The interpreter may have come to a bigint where compiled code has numbers. */
function numbersOrNothing(emitter: Emitter, head: number): string {
  const tests = emitter
    .liveAt(head)
    .filter((r) => emitter.rep(r) === "int" && emitter.isNumber(r))
    .map((r) => `typeof r${r} === "bigint"`);
  if (tests.length === 0) return "";
  return `if (${tests.join(" || ")}) { X.reason = H.EXIT; return undefined; }\n`;
}

function charge(cost: number, start: number, tier: Tier, emitter: Emitter): string {
  if (tier === "fast") return `q += ${cost};\n`;
  return `if (X.cycles + q + ${cost} > X.fuel) { ${emitter.exit(~start)}}\n` + `q += ${cost};\n`;
}

function at(code: readonly Instruction[], index: number): Instruction {
  return required(code[index], "the instruction exists");
}
