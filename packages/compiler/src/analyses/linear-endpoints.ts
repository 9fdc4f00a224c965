// Endpoints of sessions are used exactly once in each state (language 19.5): E0701, E0702, E0705.

import type { Span } from "@lumen/core/diagnostic";
import type { HirCell, HirExpr, HirPattern, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { type ModuleScope, plainName, report } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";
import { type Callees, keyOf } from "./callees.ts";
import { type Flow, type FlowRules, followFlow } from "./flow.ts";

/** Whether a variable still holds its endpoint. */
type Use = "held" | "used";

/** Checks one cell. */
export function checkEndpoints(scope: ModuleScope, cell: HirCell, callees: Callees): void {
  if (!cell.locals.some((l) => holdsEndpoint(l.type))) return;
  const start = [...cell.params.map((p) => p.local), ...cell.captures].filter((l) =>
    isTracked(cell, l),
  );
  followFlow(
    cell,
    new Map(start.map((l): [LocalId, Use] => [l, "held"])),
    rulesFor(scope, callees),
  );
}

/** True when an endpoint is, or can be a part of, the value. Declarations may nest at any depth. */
export function holdsEndpoint(type: Type): boolean {
  const seen = new Set<object>();
  const open: Type[] = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === "endpoint") return true;
    open.push(...heldParts(next));
    if ((next.kind !== "record" && next.kind !== "enum") || seen.has(next.decl)) continue;
    seen.add(next.decl);
    for (const part of declaredParts(next)) open.push(part);
  }
  return false;
}

/** Types of what a value of the type consists of, but for what its declaration says. */
function heldParts(type: Type): readonly Type[] {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return [type.item];
    case "map":
      return [type.value];
    case "tuple":
      return type.items;
    case "result":
      return [type.ok, type.error];
    case "record":
    case "enum":
    case "opaque":
      return type.args;
    case "union":
      return type.members;
    default:
      return [];
  }
}

function declaredParts(type: Type & { kind: "record" | "enum" }): readonly Type[] {
  return type.kind === "record"
    ? type.decl.fields.map((f) => f.type)
    : type.decl.variants.flatMap((v) => v.payload.map((p) => p.type));
}

/** Temporaries of the compiler hold an endpoint for one operation only. */
function isTracked(cell: HirCell, local: LocalId): boolean {
  const state = cell.locals[local];
  return state !== undefined && state.name !== null && holdsEndpoint(state.type);
}

type Once = (
  local: LocalId | null,
  code: "E0701" | "E0702" | "E0705",
  span: Span,
  message: string,
) => void;

/** What the rules remember of one cell. */
interface Tracker {
  /** At most one report per variable, for the others follow from the first. */
  readonly once: Once;
  readonly isHeldIn: (flow: Flow<Use>, local: LocalId) => boolean;
  readonly dropped: (flow: Flow<Use>, local: LocalId) => void;
  readonly read: (flow: Flow<Use>, local: LocalId, span: Span) => void;
  /** Functions that took an endpoint with them. */
  readonly takers: Set<HirExpr>;
  /** Variables that hold such a function. */
  readonly holders: Set<LocalId>;
}

function makeTracker(scope: ModuleScope): Tracker {
  const told = new Set<string>();
  const takers = new Set<HirExpr>();
  const holders = new Set<LocalId>();
  const once: Once = (local, code, span, message) => {
    const key = local === null ? `at ${span.start}` : `local ${local}`;
    if (!told.has(key)) report(scope, code, span, message);
    told.add(key);
  };
  const isHeldIn = (flow: Flow<Use>, local: LocalId): boolean =>
    holders.has(local) || isTracked(flow.cell, local);
  const dropped = (flow: Flow<Use>, local: LocalId): void => {
    const state = flow.cell.locals[local];
    if (state === undefined) return;
    const name = nameOf(flow, local);
    const message = holders.has(local)
      ? `function '${name}' holds an endpoint and is never used`
      : `endpoint '${name}' is dropped before its session ends: ${renderType(state.type)}`;
    once(local, "E0702", state.span, message);
  };
  const read = (flow: Flow<Use>, local: LocalId, span: Span): void => {
    if (!isHeldIn(flow, local)) return;
    const what = holders.has(local) ? "the endpoint in function" : "endpoint";
    if (flow.get(local) === "used")
      once(local, "E0701", span, `${what} '${nameOf(flow, local)}' is used already`);
    flow.set(local, "used");
  };
  return { once, isHeldIn, dropped, read, takers, holders };
}

function rulesFor(scope: ModuleScope, callees: Callees): FlowRules<Use> {
  const { once, isHeldIn, dropped, read, takers, holders } = makeTracker(scope);
  return {
    after: (flow, e) => {
      if (e.kind === "local") read(flow, e.local, e.span);
      if (e.kind === "closure") {
        if (e.captures.some((local) => flow.get(local) === "held")) takers.add(e);
        for (const local of e.captures) read(flow, local, e.span);
      }
      if (e.kind === "convert" && holdsEndpoint(e.value.type) && !holdsEndpoint(e.type))
        once(null, "E0702", e.span, `an endpoint is dropped: it becomes ${renderType(e.type)}`);
      if (e.kind === "call")
        for (const arg of lentToGenerics(e, callees))
          once(null, "E0702", arg.span, "a generic cell does not keep endpoints apart from data");
      if (isMixed(e))
        once(null, "E0705", e.span, `branches leave different states: ${renderType(e.type)}`);
    },
    bind: (flow, local, value) => {
      const isNamed = flow.cell.locals[local]?.name !== null;
      if (isNamed && value !== null && takers.has(unconverted(value))) holders.add(local);
      if (!isHeldIn(flow, local)) return;
      if (flow.get(local) === "held") dropped(flow, local);
      flow.set(local, "held");
    },
    pattern: (_flow, p) => {
      for (const span of wildcardsOver(p))
        once(null, "E0702", span, "an endpoint is dropped: `_` does not keep it");
    },
    drop: (_flow, e) => {
      if (holdsEndpoint(e.type) && e.kind !== "convert" && e.type.kind !== "never")
        once(null, "E0702", e.span, `an endpoint is dropped: ${renderType(e.type)}`);
    },
    leave: (flow) => {
      for (const [local, use] of flow.all()) if (use === "held") dropped(flow, local);
    },
    meet: (flow, { local, a, b, at, span }) => {
      if (a === undefined || b === undefined) {
        if (at === "loop" && (a ?? b) === "held") dropped(flow, local);
        return a ?? b;
      }
      const where = at === "loop" ? "the loop uses" : "only some branches use";
      once(local, "E0705", span, `${where} endpoint '${nameOf(flow, local)}'`);
      return "used";
    },
  };
}

function unconverted(e: HirExpr): HirExpr {
  return e.kind === "convert" ? unconverted(e.value) : e;
}

function nameOf(flow: Flow<Use>, local: LocalId): string {
  return plainName(flow.cell.locals[local]?.name ?? "");
}

/** A cell that knows nothing of its parameter's type could copy or drop the endpoint. */
function lentToGenerics(e: HirExpr & { kind: "call" }, callees: Callees): readonly HirExpr[] {
  const symbol = callees.get(keyOf(e.callee));
  return e.args.filter((arg, i) => {
    const param = symbol?.params[i]?.type;
    return param !== undefined && holdsEndpoint(arg.type) && !holdsEndpoint(param);
  });
}

function isMixed(e: HirExpr): boolean {
  const isBranch = e.kind === "if" || e.kind === "match";
  return isBranch && e.type.kind === "union" && e.type.members.some((t) => holdsEndpoint(t));
}

/** Places of a tuple pattern that let an endpoint go. */
function wildcardsOver(p: HirPattern): readonly Span[] {
  if (p.kind !== "tuple" || p.subject.kind !== "tuple") return [];
  const { items } = p.subject;
  return p.items.flatMap((item, i): readonly Span[] => {
    const type = items[i];
    if (item.kind !== "wildcard") return wildcardsOver(item);
    return type !== undefined && holdsEndpoint(type) ? [item.span] : [];
  });
}
