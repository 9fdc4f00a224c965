// Effect rows of all cells: the least fixed point over the call graph (language 10.1).

import type { CheckedCell, EffectCause } from "../check/context.ts";
import { CellMap } from "../hir/cell-map.ts";
import type { CellRef } from "../hir/type.ts";

/** Effects whose builtins may stay out of a declared row (10.2). */
export const AMBIENT: readonly string[] = ["fs", "http", "net", "process", "env", "io"];

/** Among the effects that a block discharges: all that a declared row has to name (10.2). */
export const DECLARED: string = "all but ambient ones";

/** True when an effect does not get out of a block that discharges these. */
export function isDischarged(discharged: readonly string[], effect: string): boolean {
  if (discharged.length === 0) return false;
  if (discharged.includes(effect)) return true;
  return discharged.includes(DECLARED) && ![...AMBIENT, "random", "time"].includes(effect);
}

/** Effects of cells, ascending; those that have none are absent. */
export type Rows = Pick<CellMap<readonly string[]>, "get">;

/** Checked cells by name. */
export interface CellTable {
  readonly get: (cell: CellRef) => CheckedCell | undefined;
}

/** Rows, and what of them a declared row must name (10.2, ambient effects). */
export interface AllRows {
  readonly all: readonly CheckedCell[];
  readonly rows: Rows;
  readonly required: Rows;
  readonly cells: CellTable;
}

/** The name of a checked cell. */
export function refOf({ scope, cell }: CheckedCell): CellRef {
  return { module: scope.source.name, name: cell.name };
}

/**
 * Rows of these cells, compiler-made ones included, and of those that they lead to: `elsewhere`
 * gives a cell that is called and not among them, with the compiler-made ones of its own.
 */
export function inferRows(
  cells: readonly CheckedCell[],
  elsewhere: (cell: CellRef) => readonly CheckedCell[],
): AllRows {
  const graph = callGraph(cells, elsewhere);
  return {
    rows: fixedPoint(graph, () => true),
    required: fixedPoint(graph, isRequired),
    all: [...cells, ...graph.found],
    cells: { get: (cell) => graph.byCell.get(cell)?.checked },
  };
}

/**
 * Ambient effects, and `random` and `time` but for `uuid` and `timestamp`, may stay out of a row
 * where a builtin brings them in.
 */
function isRequired(cause: EffectCause): boolean {
  if (cause.kind !== "builtin") return true;
  if (AMBIENT.includes(cause.effect)) return false;
  const isClock = cause.effect === "random" || cause.effect === "time";
  return !isClock || /^(uuid|timestamp)/.test(cause.name);
}

/** A cell in the call graph. */
interface Node {
  readonly ref: CellRef;
  checked: CheckedCell;
  causes: readonly EffectCause[];
  /** Null where none is known: most programs have more cells than rows to carry. */
  callers: Node[] | null;
  /** Those that call it under a handler. */
  handled: Call[] | null;
}

interface CallGraph {
  readonly nodes: readonly Node[];
  readonly byCell: CellMap<Node>;
  /** Cells that were called and not given. */
  readonly found: readonly CheckedCell[];
}

/** A call from the caller's side: `without` is what handlers around it discharge. */
interface Call {
  readonly caller: Node;
  readonly without: readonly string[];
}

const NOTHING: readonly string[] = [];

/**
 * Cells that share a name, which is an error elsewhere, share a node. Unknown callees are left out.
 */
function callGraph(
  cells: readonly CheckedCell[],
  elsewhere: (cell: CellRef) => readonly CheckedCell[],
): CallGraph {
  const nodes: Node[] = [];
  const found: CheckedCell[] = [];
  const byCell = new CellMap<Node>();
  const add = (checked: CheckedCell): void => {
    const ref = refOf(checked);
    const known = byCell.get(ref);
    if (known === undefined) {
      const node = { ref, checked, causes: checked.causes, callers: null, handled: null };
      nodes.push(node);
      byCell.set(ref, node);
    } else {
      known.checked = checked;
      known.causes = [...known.causes, ...checked.causes];
    }
  };
  const find = (ref: CellRef): Node | undefined => {
    const known = byCell.get(ref);
    if (known !== undefined) return known;
    for (const checked of elsewhere(ref)) {
      found.push(checked);
      add(checked);
    }
    return byCell.get(ref);
  };
  for (const checked of cells) add(checked);
  // The list grows while it is walked.
  for (const caller of nodes) addCalls(find, caller, caller.causes, NOTHING);
  return { nodes, byCell, found };
}

function addCalls(
  find: (cell: CellRef) => Node | undefined,
  caller: Node,
  causes: readonly EffectCause[],
  without: readonly string[],
): void {
  for (const cause of causes) {
    if (cause.kind === "call") {
      const callee = find(cause.callee);
      // What calls nothing and does nothing has nothing to carry.
      if (callee !== undefined && callee.causes.length > 0) addCaller(callee, caller, without);
    } else if (cause.kind === "handled")
      addCalls(find, caller, cause.causes, [...without, ...cause.effects]);
    else if (cause.kind === "task") addCalls(find, caller, cause.causes, NOTHING);
  }
}

function addCaller(callee: Node, caller: Node, without: readonly string[]): void {
  if (without.length > 0) {
    callee.handled ??= [];
    callee.handled.push({ caller, without });
  } else if (callee.callers === null) callee.callers = [caller];
  else callee.callers.push(caller);
}

/** Carries effects from callees to callers until nothing is new; most cells have none to carry. */
function fixedPoint(graph: CallGraph, counts: (cause: EffectCause) => boolean): Rows {
  const rows = new Map<Node, Set<string>>();
  const open: Node[] = [];
  for (const node of graph.nodes) {
    if (node.causes.every(isCall)) continue;
    const row = new Set<string>();
    addOwn(row, node.causes, counts, NOTHING);
    if (row.size === 0) continue;
    rows.set(node, row);
    open.push(node);
  }
  const carry = (carried: Iterable<string>, caller: Node, without: readonly string[]): void => {
    const row = rows.get(caller) ?? new Set<string>();
    const before = row.size;
    for (const effect of carried) if (!isDischarged(without, effect)) row.add(effect);
    if (row.size === before) return;
    rows.set(caller, row);
    open.push(caller);
  };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const carried = rows.get(node) ?? NOTHING;
    for (const caller of node.callers ?? []) carry(carried, caller, NOTHING);
    for (const { caller, without } of node.handled ?? []) carry(carried, caller, without);
  }
  const byCell = new CellMap<readonly string[]>();
  for (const [node, row] of rows) byCell.set(node.ref, [...row].sort());
  return byCell;
}

function isCall(cause: EffectCause): boolean {
  return cause.kind === "call";
}

/** What a cell performs itself. */
function addOwn(
  row: Set<string>,
  causes: readonly EffectCause[],
  counts: (cause: EffectCause) => boolean,
  without: readonly string[],
): void {
  for (const cause of causes) {
    if (cause.kind === "call") continue;
    if (cause.kind === "handled") {
      addOwn(row, cause.causes, counts, [...without, ...cause.effects]);
      continue;
    }
    if (cause.kind === "task") {
      addOwn(row, cause.causes, counts, NOTHING);
      continue;
    }
    if (!counts(cause)) continue;
    const effects = cause.kind === "extern" ? cause.effects : [cause.effect];
    for (const effect of effects) if (!isDischarged(without, effect)) row.add(effect);
  }
}

/** Effects that a cause brings in, by the rows that are known. */
export function effectsOf(cause: EffectCause, rows: Rows): readonly string[] {
  switch (cause.kind) {
    case "call":
      return rows.get(cause.callee) ?? NOTHING;
    case "extern":
      return cause.effects;
    case "handled":
    case "task":
      return cause.causes.flatMap((x) => {
        const inner = effectsOf(x, rows);
        if (cause.kind === "task" || x.kind === "task") return inner;
        return inner.filter((effect) => !isDischarged(cause.effects, effect));
      });
    default:
      return [cause.effect];
  }
}
