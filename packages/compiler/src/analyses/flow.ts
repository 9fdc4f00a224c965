// One walk for analyses that follow variables through a cell: facts about locals, branch by branch.
// A loop's body is walked once: rules demand that it leaves every fact as it found it.

import type { Span } from "@lumen/core/diagnostic";
import type {
  HirCell,
  HirCondition,
  HirExpr,
  HirPattern,
  HirStatement,
  LocalId,
  LoopId,
} from "../hir/hir.ts";
import { bindPattern, partsOf } from "../hir/visit.ts";

/** Facts about the locals at a point of the cell. */
export type Facts<F> = ReadonlyMap<LocalId, F>;

/** The point that a rule looks at; `set` says what holds after it. */
export interface Flow<F> {
  readonly cell: HirCell;
  readonly get: (local: LocalId) => F | undefined;
  readonly set: (local: LocalId, fact: F) => void;
  readonly all: () => Facts<F>;
}

/** What an analysis does at each point. */
export interface FlowRules<F> {
  /** After the parts of an expression; reads of variables are expressions too. */
  readonly after: (flow: Flow<F>, e: HirExpr) => void;
  /** Before the parts; true when the rule has walked them itself. */
  readonly instead?: (flow: Flow<F>, e: HirExpr, walk: (e: HirExpr) => void) => boolean;
  /** A variable gets a value, whose expression is known for a plain `let` or assignment. */
  readonly bind: (flow: Flow<F>, local: LocalId, value: HirExpr | null, span: Span) => void;
  /** Before the variables of a pattern are bound. */
  readonly pattern?: (flow: Flow<F>, p: HirPattern) => void;
  /** The value of a statement is not used. */
  readonly drop?: (flow: Flow<F>, e: HirExpr) => void;
  /** The cell ends here: its end, `return`, or `?` with an error. */
  readonly leave: (flow: Flow<F>, value: HirExpr | null, span: Span) => void;
  /** Two ways meet with different facts; undefined where the variable is not bound. */
  readonly meet: (flow: Flow<F>, meeting: Meeting<F>) => F | undefined;
}

/** A variable at a place where ways meet. `loop`: `a` holds before a round, `b` after it. */
export interface Meeting<F> {
  readonly local: LocalId;
  readonly a: F | undefined;
  readonly b: F | undefined;
  readonly at: "branch" | "loop";
  readonly span: Span;
}

interface Walk<F> {
  readonly rules: FlowRules<F>;
  readonly flow: Flow<F>;
  /** Null where control does not come. */
  facts: Map<LocalId, F> | null;
  readonly breaks: Map<LoopId, Map<LocalId, F>[]>;
  readonly rounds: Map<LoopId, Map<LocalId, F>[]>;
}

/** Follows the facts through a cell, from those of its parameters and captures. */
export function followFlow<F>(cell: HirCell, start: Facts<F>, rules: FlowRules<F>): void {
  const w: Walk<F> = {
    rules,
    flow: {
      cell,
      get: (local) => w.facts?.get(local),
      set: (local, fact) => {
        w.facts?.set(local, fact);
      },
      all: () => w.facts ?? new Map(),
    },
    facts: new Map(start),
    breaks: new Map(),
    rounds: new Map(),
  };
  walk(w, cell.body);
  if (w.facts !== null) rules.leave(w.flow, cell.body, cell.span);
}

function walk<F>(w: Walk<F>, e: HirExpr): void {
  if (w.facts === null) return;
  if (w.rules.instead?.(w.flow, e, (part) => walk(w, part)) !== true) walkParts(w, e);
  if (w.facts === null) return;
  w.rules.after(w.flow, e);
  if (e.type.kind === "never") w.facts = null;
}

function walkParts<F>(w: Walk<F>, e: HirExpr): void {
  switch (e.kind) {
    case "block":
      for (const s of e.statements) walkStatement(w, s);
      if (e.value !== null) walk(w, e.value);
      return;
    case "if":
      return walkIf(w, e);
    case "match":
      return walkMatch(w, e);
    case "while":
    case "for":
    case "loop":
      return walkLoop(w, e);
    case "logic":
    case "coalesce":
      walk(w, e.left);
      return either(w, [() => walk(w, e.right), () => undefined], e.span);
    case "tryElse":
      walk(w, e.value);
      return either(
        w,
        [
          () => {
            if (e.binding !== null) w.rules.bind(w.flow, e.binding, null, e.span);
            walk(w, e.handler);
          },
          () => undefined,
        ],
        e.span,
      );
    case "handle":
      return either(
        w,
        [() => walk(w, e.body), ...e.arms.map((a) => (): void => walk(w, a.body))],
        e.span,
      );
    default:
      return walkLeaving(w, e);
  }
}

/** Ways out of the cell or a loop, and everything that just has parts. */
function walkLeaving<F>(w: Walk<F>, e: HirExpr): void {
  for (const part of partsOf(e)) walk(w, part);
  if (w.facts === null) return;
  switch (e.kind) {
    case "return":
      w.rules.leave(w.flow, e.value, e.span);
      w.facts = null;
      return;
    case "propagate":
      w.rules.leave(w.flow, null, e.span);
      return;
    case "break":
      collect(w.breaks, e.loop, w.facts);
      w.facts = null;
      return;
    case "continue":
      collect(w.rounds, e.loop, w.facts);
      w.facts = null;
      return;
    default:
      return;
  }
}

function collect<F>(
  into: Map<LoopId, Map<LocalId, F>[]>,
  loop: LoopId,
  facts: Map<LocalId, F>,
): void {
  into.set(loop, [...(into.get(loop) ?? []), facts]);
}

function walkStatement<F>(w: Walk<F>, s: HirStatement): void {
  if (s.kind === "assign")
    for (const step of s.path) if (step.kind === "index") walk(w, step.index);
  walk(w, s.value);
  if (w.facts === null) return;
  switch (s.kind) {
    case "expr":
      w.rules.drop?.(w.flow, s.value);
      return;
    case "let":
      return w.rules.bind(w.flow, s.local, s.value, s.span);
    case "letPattern":
      return bindAll(w, s.pattern, s.span);
    case "assign":
      if (s.path.length === 0) w.rules.bind(w.flow, s.local, s.value, s.span);
      return;
  }
}

function bindAll<F>(w: Walk<F>, p: HirPattern, span: Span): void {
  w.rules.pattern?.(w.flow, p);
  const bound = new Set<LocalId>();
  bindPattern(p, bound);
  for (const local of bound) w.rules.bind(w.flow, local, null, span);
}

function walkCondition<F>(w: Walk<F>, condition: HirCondition): void {
  walk(w, condition.value);
}

function enterCondition<F>(w: Walk<F>, condition: HirCondition, span: Span): void {
  if (condition.kind === "let" && w.facts !== null) bindAll(w, condition.pattern, span);
}

function walkIf<F>(w: Walk<F>, e: HirExpr & { kind: "if" }): void {
  const { otherwise } = e;
  walkCondition(w, e.condition);
  either(
    w,
    [
      () => {
        enterCondition(w, e.condition, e.span);
        walk(w, e.consequent);
      },
      () => {
        if (otherwise !== null) walk(w, otherwise);
      },
    ],
    e.span,
  );
}

function walkMatch<F>(w: Walk<F>, e: HirExpr & { kind: "match" }): void {
  const arms = e.arms.map((arm) => (): void => {
    for (const p of arm.patterns) bindAll(w, p, arm.span);
    if (arm.guard !== null) walk(w, arm.guard);
    walk(w, arm.body);
  });
  either(w, e.exhaustive ? arms : [...arms, (): void => undefined], e.span);
}

/** Walks each way from the same facts and lets them meet. */
function either<F>(w: Walk<F>, ways: readonly (() => void)[], span: Span): void {
  const before = w.facts;
  if (before === null) return;
  const ends: Map<LocalId, F>[] = [];
  for (const way of ways) {
    w.facts = new Map(before);
    way();
    if (w.facts !== null) ends.push(w.facts);
  }
  w.facts = meetAll(w, ends, span);
}

function meetAll<F>(
  w: Walk<F>,
  ends: readonly Map<LocalId, F>[],
  span: Span,
): Map<LocalId, F> | null {
  const [first, ...others] = ends;
  if (first === undefined) return null;
  return others.reduce((a, b) => meetTwo(w, a, b, "branch", span), first);
}

function meetTwo<F>(
  w: Walk<F>,
  a: Map<LocalId, F>,
  b: Map<LocalId, F>,
  at: "branch" | "loop",
  span: Span,
): Map<LocalId, F> {
  const result = new Map<LocalId, F>();
  for (const local of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(local);
    const right = b.get(local);
    const fact =
      left === right ? left : w.rules.meet(w.flow, { local, a: left, b: right, at, span });
    if (fact !== undefined) result.set(local, fact);
  }
  return result;
}

function walkLoop<F>(w: Walk<F>, e: HirExpr & { kind: "while" | "for" | "loop" }): void {
  if (e.kind === "for") walk(w, e.iterable);
  const before = w.facts;
  if (before === null) return;
  w.facts = new Map(before);
  if (e.kind === "while") walkCondition(w, e.condition);
  const tested = w.facts === null ? null : new Map(w.facts);
  if (e.kind === "while") enterCondition(w, e.condition, e.span);
  if (e.kind === "for") {
    bindAll(w, e.binder, e.span);
    if (e.filter !== null) walk(w, e.filter);
  }
  walk(w, e.body);
  const rounds = [...(w.facts === null ? [] : [w.facts]), ...(w.rounds.get(e.loop) ?? [])];
  for (const end of rounds) meetTwo(w, before, end, "loop", e.span);
  const exits = w.breaks.get(e.loop) ?? [];
  w.facts = meetAll(w, e.kind === "loop" || tested === null ? exits : [tested, ...exits], e.span);
}
