// Sessions (language 19.5): a protocol as a graph of states that both endpoints walk through.

import type { Span } from "@lumen/core/diagnostic";
import type { SessionDecl, SessionStep, TypeExpr } from "@lumen/syntax";
import type { SessionRole, SessionState, SessionSymbol } from "../hir/type.ts";
import { ERROR } from "../types/simple-types.ts";
import { resolveType } from "./resolve-type.ts";
import { didYouMean, type ModuleScope, report, type SessionEntry } from "./scope.ts";

/** Builds the graph of a session; whatever is wrong with roles, labels and loops is E0700. */
export function declareSession(scope: ModuleScope, decl: SessionDecl): SessionEntry {
  const build: Build = {
    scope,
    roles: rolesOf(scope, decl),
    states: [{ kind: "end" }],
    types: new Map(),
    places: new Map(),
    named: new Set(),
  };
  const start = sequence(build, decl.steps, 0, new Map());
  const symbol: SessionSymbol = {
    module: scope.source.name,
    name: decl.name.text,
    generics: decl.generics.map((g) => g.name.text),
    roles: build.roles,
    states: build.states,
    start,
    places: build.places,
    span: decl.name.span,
  };
  return { decl, scope, symbol, types: build.types };
}

/** Fills in the types of the messages, once every name of the program is known. */
export function completeSession({ scope, symbol, types }: SessionEntry): void {
  const context = { scope, generics: new Set(symbol.generics) };
  for (const [index, type] of types) {
    const state = symbol.states[index];
    if (state?.kind === "message") state.type = resolveType(type, context);
  }
}

interface Build {
  readonly scope: ModuleScope;
  readonly roles: readonly [string, string];
  readonly states: SessionState[];
  readonly types: Map<number, TypeExpr>;
  readonly places: Map<string, Set<number>>;
  /** Names of `state` steps so far. */
  readonly named: Set<string>;
}

/** A name for a state; more than one state may come to have it. */
function namePlace({ places }: Build, name: string, state: number): void {
  places.set(name, new Set([...(places.get(name) ?? []), state]));
}

/** The two roles in the order in which they appear. */
function rolesOf(scope: ModuleScope, decl: SessionDecl): readonly [string, string] {
  const names: string[] = [];
  let isAlone = false;
  const meet = (name: { readonly text: string; readonly span: Span }): void => {
    if (names.includes(name.text)) return;
    names.push(name.text);
    if (names.length === 3)
      report(scope, "E0700", name.span, `a session has two roles, and '${name.text}' is a third`);
  };
  const visit = (steps: readonly SessionStep[]): void => {
    for (const step of steps) {
      if (step.kind === "message") {
        meet(step.from);
        meet(step.to);
        // Reported at the message.
        if (step.from.text === step.to.text) isAlone = true;
      } else if (step.kind === "choice") {
        meet(step.role);
        for (const x of step.cases) visit(x.steps);
      } else if (step.kind === "loop") visit(step.steps);
    }
  };
  visit(decl.steps);
  const [first = "", second = ""] = names;
  if (second === "" && !isAlone) {
    const message = `session '${decl.name.text}' needs two roles that exchange messages`;
    report(scope, "E0700", decl.name.span, message);
  }
  return [first, second];
}

function roleOf(build: Build, name: string): SessionRole {
  return build.roles.indexOf(name) === 1 ? 1 : 0;
}

/** State in which the steps begin, when `next` follows them. */
function sequence(
  build: Build,
  steps: readonly SessionStep[],
  next: number,
  loops: ReadonlyMap<string, number>,
): number {
  const early = steps.findIndex((s, i) => s.kind === "continue" && i < steps.length - 1);
  const dead = early < 0 ? undefined : steps[early + 1];
  if (dead !== undefined)
    report(build.scope, "E0700", dead.span, "this step is never reached: `continue` stands before");
  let at = next;
  for (const step of [...steps].reverse()) at = oneStep(build, step, at, loops);
  return at;
}

function oneStep(
  build: Build,
  step: SessionStep,
  next: number,
  loops: ReadonlyMap<string, number>,
): number {
  switch (step.kind) {
    case "message": {
      if (step.from.text === step.to.text)
        report(build.scope, "E0700", step.to.span, "a message goes from one role to the other");
      const from = roleOf(build, step.from.text);
      const index = build.states.push({ kind: "message", from, type: ERROR, next }) - 1;
      build.types.set(index, step.type);
      return index;
    }
    case "choice":
      return choice(build, step, next, loops);
    case "continue": {
      const target = loops.get(step.label.text);
      if (target !== undefined) return target;
      const near = didYouMean(step.label.text, loops.keys());
      const message = `no loop around has the label '${step.label.text}'${near}`;
      report(build.scope, "E0700", step.label.span, message);
      return next;
    }
    case "loop":
      return loop(build, step, next, loops);
    case "state": {
      const { text, span } = step.name;
      if (build.named.has(text))
        report(build.scope, "E0700", span, `state '${text}' is declared twice`);
      build.named.add(text);
      namePlace(build, text, next);
      return next;
    }
  }
}

function choice(
  build: Build,
  step: SessionStep & { kind: "choice" },
  next: number,
  loops: ReadonlyMap<string, number>,
): number {
  const seen = new Set<string>();
  if (step.cases.length === 0)
    report(build.scope, "E0700", step.span, "a choice needs at least one case");
  for (const { label } of step.cases) {
    if (seen.has(label.text))
      report(build.scope, "E0700", label.span, `case '${label.text}' is declared twice`);
    seen.add(label.text);
  }
  const cases = step.cases.map((x) => {
    const first = sequence(build, x.steps, next, loops);
    namePlace(build, x.label.text, first);
    return { label: x.label.text, next: first };
  });
  const role = roleOf(build, step.role.text);
  return build.states.push({ kind: "choice", role, cases }) - 1;
}

/** The body may refer to its own first state, which a forwarding state stands for. */
function loop(
  build: Build,
  step: SessionStep & { kind: "loop" },
  next: number,
  loops: ReadonlyMap<string, number>,
): number {
  const { text, span } = step.label;
  if (loops.has(text))
    report(build.scope, "E0700", span, `a loop around has the label '${text}' too`);
  const head = build.states.push({ kind: "end" }) - 1;
  const body = sequence(build, step.steps, next, new Map([...loops, [text, head]]));
  if (body === head) report(build.scope, "E0700", span, `loop '${text}' does nothing`);
  const first = build.states[body] ?? { kind: "end" };
  build.states[head] = first;
  const type = build.types.get(body);
  if (type !== undefined) build.types.set(head, type);
  // Both numbers are one state: the later one is looked up through the loop only.
  for (const [i, state] of build.states.entries()) build.states[i] = redirect(state, body, head);
  for (const [name, states] of build.places)
    build.places.set(name, new Set([...states].map((n) => (n === body ? head : n))));
  namePlace(build, text, head);
  return head;
}

function redirect(state: SessionState, from: number, to: number): SessionState {
  const move = (n: number): number => (n === from ? to : n);
  switch (state.kind) {
    case "end":
      return state;
    case "message":
      return { ...state, next: move(state.next) };
    case "choice":
      return { ...state, cases: state.cases.map((x) => ({ ...x, next: move(x.next) })) };
  }
}
