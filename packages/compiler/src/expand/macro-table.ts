// The macros that a module declares and imports, known before anything else is (language 19.3).

import type { Expr, ImportDecl, MacroDecl } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { makeWalk } from "../tree/walk.ts";

/** Enters own macros: one name twice, or that of a recur tile, is E0105. */
export function declareMacros(scope: ModuleScope): void {
  if (!scope.ast.items.some((item) => item.kind === "macro")) return;
  const cells = new Set(scope.ast.items.flatMap((i) => (i.kind === "cell" ? [i.name.text] : [])));
  for (const item of scope.ast.items) {
    if (item.kind !== "macro") continue;
    const { text, span } = item.name;
    if (scope.macros.has(text) || cells.has(text)) {
      const message = `'${text}' is declared twice in this module`;
      report(scope, "E0105", span, message);
      continue;
    }
    scope.macros.set(text, { decl: item, scope });
    scope.own.add(text);
    if (item.isPublic) scope.exported.add(text);
    checkDeclaration(scope, item);
  }
}

/** Brings in the macros of other modules; what is missing or clashes is reported with the rest. */
export function importMacros(scope: ModuleScope): void {
  for (const item of scope.ast.items) {
    if (item.kind !== "import") continue;
    const target = scope.modules.get(item.module.parts.map((p) => p.text).join("."));
    if (target === undefined) continue;
    for (const [from, to] of macroNames(item, target)) {
      const isOffered = target.own.has(from) || target.exported.has(from);
      const macro = isOffered ? target.macros.get(from) : undefined;
      if (macro === undefined || scope.own.has(to)) continue;
      scope.macros.set(to, macro);
      if (item.isPublic) scope.exported.add(to);
    }
  }
}

function macroNames(item: ImportDecl, target: ModuleScope): readonly (readonly [string, string])[] {
  if (item.names !== null && item.names !== "*")
    return item.names.map((n) => [n.name.text, (n.alias ?? n.name).text]);
  const marked = target.ast.items.some((i) => i.isPublic);
  return [...target.macros.keys()]
    .filter((name) => target.exported.has(name) || (!marked && target.own.has(name)))
    .map((name) => [name, name] as const);
}

/** One parameter twice is E0105; a call of itself and declarations in the body are E0500. */
function checkDeclaration(scope: ModuleScope, macro: MacroDecl): void {
  const seen = new Set<string>();
  for (const { text, span } of macro.params) {
    if (seen.has(text)) report(scope, "E0105", span, `parameter '${text}' is declared twice`);
    seen.add(text);
  }
  makeWalk({
    expr: (e, inner) => {
      if (calleeOf(e) === macro.name.text)
        report(scope, "E0500", e.span, `macro '${macro.name.text}' calls itself`, {
          help: "Write the repetition as a cell.",
        });
      return inner(e);
    },
    statement: (s, inner) => {
      if (s.kind === "item")
        report(scope, "E0500", s.span, "a macro cannot declare records, enums or cells", {
          help: "Declare it in the module of the macro.",
        });
      return [inner(s)];
    },
  }).block(macro.body);
}

/** `name` of `name!(…)`, else null. */
export function calleeOf(e: Expr): string | null {
  return e.kind === "call" && e.bang && e.callee.kind === "name" ? e.callee.name : null;
}

/** True when expanding the macro would lead straight back to it. */
export function callsItself(macro: MacroDecl): boolean {
  let found = false;
  makeWalk({
    expr: (e, inner) => {
      if (calleeOf(e) === macro.name.text) found = true;
      return inner(e);
    },
  }).block(macro.body);
  return found;
}
