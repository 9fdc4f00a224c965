// Tier T1: JavaScript made from LIR. A cell is compiled whole, with all cells that it calls; a loop
// of a cell that is already running is compiled from its head on.

import type { Instruction } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { blockGraph, loopGraph } from "../link/blocks.ts";
import { blockCosts } from "../link/compile-cell.ts";
import type { LinkedCell } from "../link/program.ts";
import { frameBytes } from "../memory.ts";
import { helpersWith, noteFor } from "./compiled-calls.ts";
import { Emitter } from "./emit.ts";
import { CONTEXT, type FastCode, type Layout, type Tier } from "./fast.ts";
import { builtinNamed, isSupported } from "./instructions.ts";
import { BLANK, repOf, repsOf } from "./reps.ts";
import { structured } from "./structure.ts";

/** Larger cells stay interpreted: engines do not optimise huge functions, and notes get long. */
const INSTRUCTIONS_MAX = 4000;
const REGISTERS_MAX = 500;

const HELPERS = helpersWith(compiled);

/** The code of a whole cell, compiled now if it was not yet; null where it cannot be. */
export function compiled(cell: LinkedCell, tier: Tier): FastCode | null {
  const known = cell[tier];
  if (known !== undefined) return known;
  const wanted = compilable(cell, tier);
  for (const each of wanted)
    each[tier] = makeCode(each, tier, (callee) => hasCode(callee, tier, wanted));
  cell[tier] ??= null;
  return cell[tier] ?? null;
}

/** Code of a loop, from its head on; it takes the frame's registers. Null where there is none. */
export function compiledLoop(cell: LinkedCell, head: number, tier: Tier): FastCode | null {
  const known = cell.loops.get(`${tier} ${head}`);
  if (known !== undefined) return known;
  const code = isSmall(cell)
    ? makeCode(cell, tier, (callee) => !callee.isSpecial && compiled(callee, tier) !== null, head)
    : null;
  cell.loops.set(`${tier} ${head}`, code);
  return code;
}

function hasCode(cell: LinkedCell, tier: Tier, soon: ReadonlySet<LinkedCell>): boolean {
  return soon.has(cell) || (cell[tier] ?? null) !== null;
}

function isSmall({ lir }: LinkedCell): boolean {
  return lir.code.length <= INSTRUCTIONS_MAX && lir.registers.length <= REGISTERS_MAX;
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

/** Why the cell itself cannot be compiled whole; null where it can. */
export function obstacleOf(cell: LinkedCell): string | null {
  const { lir } = cell;
  if (cell.isSpecial) return cell.isTile ? "tiles run on their own" : "it is a generator";
  if (lir.row.length > 0) return `it has the effects ${lir.row.join(", ")}`;
  if (!isSmall(cell)) return "it is too large";
  const other = lir.code.find((instruction) => !isSupported(instruction));
  return other === undefined ? null : `it uses ${nameOf(other)}`;
}

function nameOf({ op, operands }: Instruction): string {
  return op === "call_builtin" ? `the builtin '${builtinNamed(Number(operands[1]))}'` : op;
}

/** The cells that a cell names in its calls. */
export function calleesOf(cell: LinkedCell): readonly LinkedCell[] {
  return cell.lir.code.flatMap(({ op, operands }) => {
    const number = op === "call" ? operands[1] : op === "tail_call" ? operands[0] : undefined;
    if (number === undefined) return [];
    return [required(cell.module.callees[Number(number)], "the callee is linked")];
  });
}

/** Null where the code has no structure. */
function makeCode(
  cell: LinkedCell,
  tier: Tier,
  canCall: (callee: LinkedCell) => boolean,
  head: number | null = null,
): FastCode | null {
  const { module, lir } = cell;
  const text = functionText(cell, tier, canCall, head);
  if (text === null) return null;
  const layout: Layout = {
    cell,
    reps: repsOf(module.lir, lir),
    result: repOf(module.lir, lir.result),
  };
  const make = functionOf(["H", "X", "N", ...text.bindings.keys()], text.source);
  if (make === null) return null;
  const run = make(HELPERS, CONTEXT, noteFor(layout), ...text.bindings.values());
  return { run, layout, entries: 0, exits: 0, cycles: 0 };
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

function functionText(
  cell: LinkedCell,
  tier: Tier,
  canCall: (callee: LinkedCell) => boolean,
  head: number | null,
): { readonly source: string; readonly bindings: ReadonlyMap<string, unknown> } | null {
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
      return { body: "", end: { kind: "leave", text: emitter.exit(~start, "LOOP_EXIT") } };
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
  const source =
    `"use strict";\nreturn function self(${signature}) {\n` +
    "if (d <= 0) { X.reason = H.DEPTH_EXIT; return undefined; }\nconst M = X.memory;\n" +
    (head === null ? `${frameCharge(registers.length)}own.isCalled = true;\n` : "") +
    `let ${["q = 0", "t", "u = 0", "a", ...locals].join(", ")};\n${body}};\n`;
  return { source, bindings: emitter.bindings };
}

/** A call takes the memory of its frame, or does not begin. */
function frameCharge(registerCount: number): string {
  const bytes = frameBytes(registerCount);
  const refuse = `M.budgetBytes += ${bytes}; X.reason = H.EXIT; return undefined;`;
  return `if ((M.budgetBytes -= ${bytes}) < 0) { ${refuse} }\n`;
}

function charge(cost: number, start: number, tier: Tier, emitter: Emitter): string {
  if (tier === "fast") return `q += ${cost};\n`;
  return `if (X.cycles + q + ${cost} > X.fuel) { ${emitter.exit(~start)}}\n` + `q += ${cost};\n`;
}

function at(code: readonly Instruction[], index: number): Instruction {
  return required(code[index], "the instruction exists");
}
