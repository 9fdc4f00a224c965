// Macro expansion: after parsing, before resolution, outside in (language 19.3).

import type { Expr, MacroDecl, Statement } from "@lumen/syntax";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import { type DeclSymbol, type ModuleScope, report } from "../resolve/scope.ts";
import type { TreeRules } from "../tree/rules.ts";
import { makeWalk, walkModule } from "../tree/walk.ts";
import { calleeOf, callsItself, declareMacros, importMacros } from "./macro-table.ts";
import { instantiate } from "./template.ts";

/** How deep expansions nest. */
export const MACRO_DEPTH_MAX = 64;
/** How many expansions a module has in all: nested macros can double at every level. */
export const MACRO_COUNT_MAX = 10_000;

/** Replaces every macro call of the modules, in place. */
export function expandMacros(scopes: readonly ModuleScope[]): void {
  for (const scope of scopes) declareMacros(scope);
  for (const scope of scopes) importMacros(scope);
  for (const scope of scopes) {
    if (scope.macros.size === 0) continue;
    const expanded = walkModule(scope.ast, rulesFor({ scope, count: 0 }, 0));
    scope.ast = expanded;
    scope.script = expanded.statements;
  }
}

/** State of expanding one module. */
interface Expansion {
  readonly scope: ModuleScope;
  count: number;
}

type MacroCall = Expr & { readonly kind: "call" };

function rulesFor(x: Expansion, depth: number): TreeRules {
  return {
    item: (item, inner) => (item.kind === "macro" ? item : inner(item)),
    statement: (s, inner) => {
      const call = s.kind === "expr" ? macroCall(x, s.value) : null;
      return call === null ? [inner(s)] : expandCall(x, call, depth);
    },
    expr: (e, inner) => {
      const call = macroCall(x, e);
      if (call === null) return inner(e);
      const statements = expandCall(x, call, depth);
      const [only] = statements;
      if (statements.length === 1 && only?.kind === "expr") return only.value;
      return { kind: "do", block: { statements, span: e.span }, span: e.span };
    },
  };
}

/** The call of a macro that an expression is; a value piped into one is its first argument. */
function macroCall(x: Expansion, e: Expr): MacroCall | null {
  if (e.kind === "pipe" && e.target.kind === "call" && macroOf(x, e.target) !== null) {
    const first = { name: null, spread: false, value: e.value };
    return { ...e.target, args: [first, ...e.target.args], span: e.span };
  }
  return e.kind === "call" && macroOf(x, e) !== null ? e : null;
}

function macroOf({ scope }: Expansion, e: Expr): DeclSymbol<MacroDecl> | null {
  const name = calleeOf(e);
  if (name === null) return null;
  const alias = scope.aliases.get(name);
  const macros = alias === undefined ? scope.macros : alias.scope.macros;
  return macros.get(alias?.name ?? name) ?? null;
}

function expandCall(x: Expansion, call: MacroCall, depth: number): readonly Statement[] {
  const failed: readonly Statement[] = [{ kind: "error", span: call.span }];
  const macro = macroOf(x, call);
  if (macro === null || !mayExpand(x, call, macro.decl, depth)) return failed;
  const { scope } = x;
  const { decl } = macro;
  noteUse(scope, deprecationOf(decl.attributes), `macro '${decl.name.text}'`, call.span);
  x.count += 1;
  const use = {
    here: scope,
    macro,
    args: call.args.map((a) => a.value),
    call: call.span,
    serial: x.count,
  };
  return makeWalk(rulesFor(x, depth + 1)).statements(instantiate(use));
}

function mayExpand(x: Expansion, call: MacroCall, macro: MacroDecl, depth: number): boolean {
  const name = macro.name.text;
  const odd = call.args.find((a) => a.name !== null || a.spread);
  if (odd !== undefined) {
    const message = `macro '${name}' takes plain arguments, without names and '...'`;
    report(x.scope, "E0203", odd.name?.span ?? odd.value.span, message);
    return false;
  }
  if (call.args.length !== macro.params.length) {
    const expected = String(macro.params.length);
    const found = String(call.args.length);
    const noun = macro.params.length === 1 ? "argument" : "arguments";
    const message = `macro '${name}' takes ${expected} ${noun}, got ${found}`;
    report(x.scope, "E0203", call.span, message, { expected, found });
    return false;
  }
  if (depth < MACRO_DEPTH_MAX && x.count < MACRO_COUNT_MAX) return !callsItself(macro);
  if (x.count <= MACRO_COUNT_MAX) {
    const what = depth < MACRO_DEPTH_MAX ? `${MACRO_COUNT_MAX} times` : `${MACRO_DEPTH_MAX} deep`;
    report(x.scope, "E0500", call.span, `macros expand more than ${what}, last '${name}'`, {
      help: "Break the circle of macros that call each other.",
    });
  }
  x.count = MACRO_COUNT_MAX + 1;
  return false;
}
