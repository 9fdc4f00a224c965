// Walks over the typed tree, for questions that concern all kinds of expressions alike.

import type { HirCondition, HirExpr, HirPattern, HirStatement, LocalId } from "./hir.ts";
import { mapPattern } from "./map-pattern.ts";

/** The direct parts of an expression, in the order of their evaluation. */
export function partsOf(e: HirExpr): readonly HirExpr[] {
  switch (e.kind) {
    case "convert":
    case "negate":
    case "not":
    case "truthy":
    case "isNull":
    case "is":
    case "display":
    case "format":
    case "field":
    case "fieldNamed":
    case "component":
    case "payloadNamed":
    case "propagate":
    case "unwrap":
    case "return":
    case "resume":
    case "await":
    case "yield":
      return [e.value];
    case "list":
    case "set":
      return e.items.map((i) => i.value);
    case "tuple":
      return e.items;
    case "map":
      return e.entries.flatMap((x) => (x.value === null ? [x.key] : [x.key, x.value]));
    case "record":
      return e.fields;
    case "variant":
      return e.payload;
    case "call":
    case "callBuiltin":
    case "callRecur":
    case "perform":
    case "request":
      return e.args;
    case "callTool":
      return [e.input];
    case "callClosure":
    case "spawn":
      return [e.callee, ...e.args];
    case "tileResult":
      return [e.call];
    case "arith":
    case "compare":
    case "logic":
    case "coalesce":
      return [e.left, e.right];
    case "contains":
      return [e.element, e.container];
    case "concat":
      return e.parts;
    case "index":
      return [e.value, e.index];
    case "slice":
      return [e.value, e.start, e.end];
    case "range":
      return e.step === null ? [e.start, e.end] : [e.start, e.end, e.step];
    case "tryElse":
      return [e.value, e.handler];
    case "fault":
      return [e.message];
    case "break":
      return e.value === null ? [] : [e.value];
    default:
      return nestedParts(e);
  }
}

type Nested = Extract<
  HirExpr,
  {
    kind:
      | "block"
      | "if"
      | "match"
      | "while"
      | "for"
      | "loop"
      | "const"
      | "local"
      | "closure"
      | "comptime"
      | "continue"
      | "handle"
      | "nursery"
      | "defer";
  }
>;

function nestedParts(e: Nested): readonly HirExpr[] {
  switch (e.kind) {
    case "block":
      return [...e.statements.flatMap(statementParts), ...(e.value === null ? [] : [e.value])];
    case "if":
      return [
        ...conditionParts(e.condition),
        e.consequent,
        ...(e.otherwise === null ? [] : [e.otherwise]),
      ];
    case "match":
      return e.arms.flatMap((a) => [
        ...a.patterns.flatMap(patternCalls),
        ...(a.guard === null ? [a.body] : [a.guard, a.body]),
      ]);
    case "while":
      return [...conditionParts(e.condition), e.body];
    case "for":
      return [
        e.iterable,
        ...patternCalls(e.binder),
        ...(e.filter === null ? [] : [e.filter]),
        e.body,
      ];
    case "loop":
    case "nursery":
    case "defer":
      return [e.body];
    case "handle":
      return [e.body, ...e.arms.map((a) => a.body)];
    default:
      return [];
  }
}

function statementParts(s: HirStatement): readonly HirExpr[] {
  const indices =
    s.kind === "assign" ? s.path.flatMap((p) => (p.kind === "index" ? [p.index] : [])) : [];
  return [...indices, s.value, ...(s.kind === "letPattern" ? patternCalls(s.pattern) : [])];
}

function conditionParts(condition: HirCondition): readonly HirExpr[] {
  const calls = condition.kind === "let" ? patternCalls(condition.pattern) : [];
  return [condition.value, ...calls];
}

/** The calls of extractors in a pattern (language 19.1). */
export function patternCalls(p: HirPattern): readonly HirExpr[] {
  const calls: HirExpr[] = [];
  mapPattern(p, (part) => {
    if (part.kind === "active") calls.push(part.call);
    return part;
  });
  return calls;
}

/** True when the expression, or one inside it, satisfies `test`. */
export function someExpr(e: HirExpr, test: (e: HirExpr) => boolean): boolean {
  return test(e) || partsOf(e).some((part) => someExpr(part, test));
}

/** Locals that are assigned, whole or in part, inside the expression. */
export function assignedIn(e: HirExpr): ReadonlySet<LocalId> {
  const assigned = new Set<LocalId>();
  someExpr(e, (x) => {
    if (x.kind === "block")
      for (const s of x.statements) if (s.kind === "assign") assigned.add(s.local);
    return false;
  });
  return assigned;
}

/** Locals that the expression reads but does not bind itself, in the order of first use. */
export function freeLocals(e: HirExpr): readonly LocalId[] {
  const bound = new Set<LocalId>();
  const free = new Set<LocalId>();
  const use = (local: LocalId): void => {
    if (!bound.has(local)) free.add(local);
  };
  const visit = (x: HirExpr): void => {
    if (x.kind === "block") for (const s of x.statements) bindCalls(s, bound);
    if (x.kind === "local") use(x.local);
    else if (x.kind === "closure") x.captures.forEach(use);
    bindBefore(x, bound);
    if (x.kind === "block") {
      for (const s of x.statements) {
        statementParts(s).forEach(visit);
        bindStatement(s, bound, use);
      }
      if (x.value !== null) visit(x.value);
    } else {
      if (x.kind === "match") use(x.subject);
      partsOf(x).forEach(visit);
    }
  };
  visit(e);
  return [...free];
}

/** A `let` pattern is bound after its value, but what its extractors need before. */
function bindCalls(s: HirStatement, bound: Set<LocalId>): void {
  if (s.kind !== "letPattern") return;
  mapPattern(s.pattern, (p) => {
    if (p.kind === "active") for (const local of [p.input, p.value]) bound.add(local);
    return p;
  });
}

function bindStatement(s: HirStatement, bound: Set<LocalId>, use: (local: LocalId) => void): void {
  if (s.kind === "let") bound.add(s.local);
  else if (s.kind === "letPattern") bindPattern(s.pattern, bound);
  else if (s.kind === "assign") use(s.local);
}

/** Variables that a construct binds for its own parts. */
function bindBefore(e: HirExpr, bound: Set<LocalId>): void {
  switch (e.kind) {
    case "for":
      bindPattern(e.binder, bound);
      break;
    case "match":
      for (const arm of e.arms) for (const p of arm.patterns) bindPattern(p, bound);
      break;
    case "if":
    case "while":
      bindCondition(e.condition, bound);
      break;
    case "tryElse":
      if (e.binding !== null) bound.add(e.binding);
      break;
    case "handle":
      for (const arm of e.arms) for (const param of arm.params) bound.add(param);
      break;
    case "nursery":
      bound.add(e.local);
      break;
    default:
      break;
  }
}

function bindCondition(condition: HirCondition, bound: Set<LocalId>): void {
  if (condition.kind === "expr") return;
  bound.add(condition.subject);
  bindPattern(condition.pattern, bound);
}

/** Adds the variables of a pattern. */
export function bindPattern(p: HirPattern, bound: Set<LocalId>): void {
  switch (p.kind) {
    case "bind":
    case "typed":
      bound.add(p.local);
      break;
    case "variant":
      for (const arg of p.args) if (arg !== null) bindPattern(arg, bound);
      break;
    case "record":
      for (const field of p.fields) if (field !== null) bindPattern(field, bound);
      break;
    case "tuple":
      for (const item of p.items) bindPattern(item, bound);
      break;
    case "list":
      for (const item of [...p.before, ...p.after]) bindPattern(item, bound);
      if (p.rest !== null && p.rest.local !== null) bound.add(p.rest.local);
      break;
    case "fields":
      for (const local of p.locals) bound.add(local);
      break;
    case "active":
      for (const local of [p.input, p.value, ...(p.done === null ? [] : [p.done])])
        bound.add(local);
      if (p.inner !== null) bindPattern(p.inner, bound);
      break;
    default:
      break;
  }
}
