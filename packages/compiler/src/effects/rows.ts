// Effect rows of all cells: the least fixed point over the call graph (language 10.1).

import type { CheckedCell, EffectCause } from "../check/context.ts";
import type { CellRef } from "../hir/type.ts";

/** Effects whose builtins may stay out of a declared row (10.2). */
export const AMBIENT: readonly string[] = ["fs", "http", "net", "process", "env", "io"];

/** Effects of cells, ascending; those that have none are absent. */
export type Rows = ReadonlyMap<string, readonly string[]>;

/** Checked cells by key. */
export interface CellTable {
  readonly get: (key: string) => CheckedCell | undefined;
}

/** Rows, and what of them a declared row must name (10.2, ambient effects). */
export interface AllRows {
  readonly rows: Rows;
  readonly required: Rows;
  readonly cells: CellTable;
}

/** Key of a cell in {@link Rows}. */
export function cellKey(ref: CellRef): string {
  return `${ref.module}#${ref.name}`;
}

/** Key of a checked cell in {@link Rows}. */
export function keyOf(checked: CheckedCell): string {
  return `${checked.scope.source.name}#${checked.cell.name}`;
}

/** Rows of all cells, compiler-made ones included. */
export function inferRows(cells: readonly CheckedCell[]): AllRows {
  const graph = callGraph(cells);
  return {
    rows: fixedPoint(graph, () => true),
    required: fixedPoint(graph, isRequired),
    cells: { get: (key) => graph.get(key)?.checked },
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
  readonly key: string;
  checked: CheckedCell;
  causes: readonly EffectCause[];
  readonly callers: Call[];
}

type CallGraph = ReadonlyMap<string, Node>;

/** A call from the caller's side: `without` is what handlers around it discharge. */
interface Call {
  readonly caller: Node;
  readonly without: readonly string[];
}

const NOTHING: readonly string[] = [];

/**
 * Cells that share a name, which is an error elsewhere, share a node. Unknown callees are left out.
 */
function callGraph(cells: readonly CheckedCell[]): CallGraph {
  const graph = new Map<string, Node>();
  for (const checked of cells) {
    const key = keyOf(checked);
    const known = graph.get(key);
    if (known === undefined) graph.set(key, { key, checked, causes: checked.causes, callers: [] });
    else {
      known.checked = checked;
      known.causes = [...known.causes, ...checked.causes];
    }
  }
  for (const caller of graph.values()) addCalls(graph, caller, caller.causes, NOTHING);
  return graph;
}

function addCalls(
  graph: CallGraph,
  caller: Node,
  causes: readonly EffectCause[],
  without: readonly string[],
): void {
  for (const cause of causes) {
    if (cause.kind === "call") graph.get(cellKey(cause.callee))?.callers.push({ caller, without });
    else if (cause.kind === "handled")
      addCalls(graph, caller, cause.causes, [...without, ...cause.effects]);
  }
}

/** Carries effects from callees to callers until nothing is new; most cells have none to carry. */
function fixedPoint(graph: CallGraph, counts: (cause: EffectCause) => boolean): Rows {
  const rows = new Map<Node, Set<string>>();
  const open: Node[] = [];
  for (const node of graph.values()) {
    if (node.causes.every((cause) => cause.kind === "call")) continue;
    const row = new Set<string>();
    addOwn(row, node.causes, counts, NOTHING);
    if (row.size === 0) continue;
    rows.set(node, row);
    open.push(node);
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const carried = rows.get(node) ?? NOTHING;
    for (const { caller, without } of node.callers) {
      const row = rows.get(caller) ?? new Set<string>();
      const before = row.size;
      for (const effect of carried) if (!without.includes(effect)) row.add(effect);
      if (row.size === before) continue;
      rows.set(caller, row);
      open.push(caller);
    }
  }
  return new Map(
    [...rows].map(([node, row]): [string, readonly string[]] => [node.key, [...row].sort()]),
  );
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
    if (!counts(cause)) continue;
    const effects = cause.kind === "extern" ? cause.effects : [cause.effect];
    for (const effect of effects) if (!without.includes(effect)) row.add(effect);
  }
}

/** Effects that a cause brings in, by the rows that are known. */
export function effectsOf(cause: EffectCause, rows: Rows): readonly string[] {
  switch (cause.kind) {
    case "call":
      return rows.get(cellKey(cause.callee)) ?? NOTHING;
    case "extern":
      return cause.effects;
    case "handled": {
      const inner = new Set(cause.causes.flatMap((x) => effectsOf(x, rows)));
      return [...inner].filter((effect) => !cause.effects.includes(effect));
    }
    default:
      return [cause.effect];
  }
}
