// Contexts of a cell's code (lir.md 8, clause 9): which handle, arm, nursery and deferred block
// each instruction stands in. They are the same on every way to it, and every one is left properly.

import type { Cell, Instruction } from "./module.ts";
import { fallsThrough, jumpTargets } from "./validate-flow.ts";

/**
 * The innermost context of an instruction, and the contexts around it. Contexts of one cell are
 * equal exactly when they are the same object. `at` is the instruction that opened it.
 */
export interface StaticContext {
  readonly kind: "handle" | "arm" | "nursery" | "defer";
  readonly at: number;
  readonly outer: StaticContext | null;
}

/** Contexts by instruction; undefined where control never comes, null outside of all. */
export type CellContexts = readonly (StaticContext | null | undefined)[];

/** The contexts of a cell, or the first instruction that leaves or enters one improperly. */
export function contextsOf(
  cell: Cell,
):
  | { readonly kind: "contexts"; readonly contexts: CellContexts }
  | { readonly kind: "problem"; readonly instruction: number; readonly text: string } {
  const table = new ContextTable();
  const contexts: (StaticContext | null | undefined)[] = cell.code.map(() => undefined);
  const work: [number, StaticContext | null][] = [[0, null]];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    const [at, context] = item;
    const known = contexts[at];
    if (known === context) continue;
    if (known !== undefined) {
      return { kind: "problem", instruction: at, text: "is reached in different contexts" };
    }
    contexts[at] = context;
    const instruction = cell.code[at];
    if (instruction === undefined) continue;
    const text = checkUse(cell, instruction, context);
    if (text !== null) return { kind: "problem", instruction: at, text };
    // Pushed in reverse, so that code is looked at in its order.
    work.push(...nextOf(table, { at, instruction, context }).reverse());
  }
  return { kind: "contexts", contexts };
}

/** The handle whose operation is handled here for sure: a perform in its block is caught. */
export function handlesOperation(
  { cell, context }: { readonly cell: Cell; readonly context: StaticContext | null | undefined },
  matches: (operation: number) => boolean,
): boolean {
  for (let c = context ?? null; c !== null; c = c.outer) {
    const operations = c.kind === "handle" ? cell.code[c.at]?.operands[1] : undefined;
    if (typeof operations === "object" && operations.some(matches)) return true;
  }
  return false;
}

/** The innermost arm around a place; code of a deferred block is in no arm outside of it. */
export function innermostArm(context: StaticContext | null | undefined): StaticContext | null {
  for (let c = context ?? null; c !== null && c.kind !== "defer"; c = c.outer) {
    if (c.kind === "arm") return c;
  }
  return null;
}

class ContextTable {
  private readonly known = new Map<StaticContext | null, Map<string, StaticContext>>();

  inside(outer: StaticContext | null, kind: StaticContext["kind"], at: number): StaticContext {
    const inner = this.known.get(outer) ?? new Map<string, StaticContext>();
    this.known.set(outer, inner);
    const key = `${kind} ${at}`;
    const context = inner.get(key) ?? { kind, at, outer };
    inner.set(key, context);
    return context;
  }
}

interface Place {
  readonly at: number;
  readonly instruction: Instruction;
  readonly context: StaticContext | null;
}

/** Where control goes from an instruction, and in which contexts. */
function nextOf(table: ContextTable, place: Place): [number, StaticContext | null][] {
  const { at, instruction, context } = place;
  const { op, operands } = instruction;
  const targets = jumpTargets(instruction);
  switch (op) {
    case "handle": {
      const last = targets.length - 1;
      const arm = table.inside(context, "arm", at);
      return [
        [at + 1, table.inside(context, "handle", at)],
        ...targets.map((t, i): [number, StaticContext | null] => [t, i === last ? context : arm]),
      ];
    }
    case "defer":
      return [
        [at + 1, context],
        ...targets.map((t): [number, StaticContext] => [t, table.inside(null, "defer", at)]),
      ];
    case "nursery":
      return [[at + 1, table.inside(context, "nursery", at)]];
    case "nursery_end":
      return [[at + 1, context?.outer ?? null]];
    case "scope_leave":
      return [[at + 1, outward(context, Number(operands[0])) ?? null]];
    default: {
      const jumps = targets.map((t): [number, StaticContext | null] => [t, context]);
      return fallsThrough(instruction) ? [[at + 1, context], ...jumps] : jumps;
    }
  }
}

/** The context around `count` contexts; undefined where there are fewer, or a deferred block. */
function outward(context: StaticContext | null, count: number): StaticContext | null | undefined {
  let found = context;
  for (let i = 0; i < count; i += 1) {
    if (found === null || found.kind === "defer") return undefined;
    found = found.outer;
  }
  return found;
}

function checkUse(
  cell: Cell,
  { op, operands }: Instruction,
  context: StaticContext | null,
): string | null {
  const kind = context?.kind ?? "none";
  switch (op) {
    case "handle_end":
      return kind === "handle" || kind === "arm" ? null : "ends neither a handled block nor an arm";
    case "arm_arg":
      return kind === "arm" ? null : "stands in no arm";
    case "resume":
      return innermostArm(context) === null ? "stands in no arm" : null;
    case "scope_leave": {
      const left = outward(context, Number(operands[0])) !== undefined && operands[0] !== 0;
      return left ? null : `leaves ${Number(operands[0])} contexts`;
    }
    case "nursery_end":
      return kind === "nursery" ? null : "ends no nursery";
    case "defer_end":
      return kind === "defer" ? null : "ends no deferred block";
    case "defer":
      return isDeferred(context) ? "stands in a deferred block" : null;
    case "return":
      return isDeferred(context) ? "leaves a deferred block" : null;
    case "yield":
      if (cell.kind !== "generator") return "stands in a cell that is no generator";
      return isDeferred(context) ? "stands in a deferred block" : null;
    case "tail_call":
      if (context !== null) return "stands in a context";
      return cell.code.some((at) => at.op === "defer") ? "stands in a cell that defers" : null;
    default:
      return null;
  }
}

function isDeferred(context: StaticContext | null): boolean {
  for (let c = context; c !== null; c = c.outer) if (c.kind === "defer") return true;
  return false;
}
