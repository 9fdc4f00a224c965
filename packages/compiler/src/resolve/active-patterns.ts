// Active patterns as declared (language 19.1): their shape, and the cell that extracts.

import type { ActivePatternDecl, CellDecl } from "@lumen/syntax";
import type { EnumSymbol, Type } from "../hir/type.ts";
import { makeWalk } from "../tree/walk.ts";
import { ANY, withoutNull } from "../types/simple-types.ts";
import { resolveType } from "./resolve-type.ts";
import {
  type ActivePatternSymbol,
  type CellParam,
  type CellSymbol,
  type ModuleScope,
  NO_BOUNDS,
  report,
} from "./scope.ts";

/** Enters an active pattern. One name twice is E0105, a name like a variable's E0500. */
export function declareActivePattern(scope: ModuleScope, decl: ActivePatternDecl): void {
  const { text, span } = decl.name;
  if (scope.activePatterns.has(text) || scope.types.has(text)) {
    report(scope, "E0105", span, `'${text}' is declared twice in this module`);
    return;
  }
  if (!/^[A-Z]/.test(text)) {
    report(scope, "E0500", span, `the name of an active pattern is capitalised, unlike '${text}'`, {
      help: "Begin the name with a capital letter.",
    });
  }
  if (decl.params.length === 0)
    report(scope, "E0203", span, `active pattern '${text}' needs a parameter for the subject`);
  scope.own.add(text);
  if (decl.isPublic) scope.exported.add(text);
  const choice = decl.result.kind === "choice" ? declareChoice(scope, decl) : null;
  const written = writtenResult(scope, decl, choice);
  const extractor = extractorOf(scope, decl, written);
  const isPartial = choice === null && isPartialResult(decl, written);
  const value = isPartial ? withoutNull(written) : written;
  scope.activePatterns.set(text, { decl, scope, extractor, choice, isPartial, value });
}

/** The active pattern that a name in a pattern means; `tag` is set for a choice's alternative. */
export function findActivePattern(
  scope: ModuleScope,
  name: string,
): { readonly symbol: ActivePatternSymbol; readonly tag: number | null } | null {
  const named = scope.activePatterns.get(name);
  if (named !== undefined) return named.choice === null ? { symbol: named, tag: null } : null;
  for (const symbol of scope.activePatterns.values()) {
    const tag = symbol.choice?.variants.findIndex((v) => v.name === name) ?? -1;
    if (tag >= 0) return { symbol, tag };
  }
  return null;
}

/** The alternatives as variants of an enum that only the extractor and its patterns see. */
function declareChoice(scope: ModuleScope, decl: ActivePatternDecl): EnumSymbol {
  const names = decl.result.kind === "choice" ? decl.result.names : [];
  const seen = new Set<string>();
  for (const { text, span } of names) {
    if (seen.has(text)) report(scope, "E0105", span, `alternative '${text}' is declared twice`);
    seen.add(text);
  }
  const withValue = new Set<string>();
  makeWalk({
    expr: (e, inner) => {
      if (e.kind === "call" && e.callee.kind === "name" && e.args.length > 0)
        withValue.add(e.callee.name);
      return inner(e);
    },
  }).body(decl.body);
  return {
    module: scope.source.name,
    name: `${decl.name.text}$choice`,
    generics: [],
    variants: names.map(({ text, span }) => ({
      name: text,
      payload: withValue.has(text) ? [{ label: null, type: ANY }] : [],
      result: null,
      span,
    })),
    deprecation: null,
    span: decl.name.span,
  };
}

function writtenResult(
  scope: ModuleScope,
  decl: ActivePatternDecl,
  choice: EnumSymbol | null,
): Type {
  if (choice !== null) return { kind: "enum", decl: choice, args: [] };
  if (decl.result.kind === "choice") return ANY;
  const type = resolveType(decl.result.type, { scope, generics: new Set() });
  return decl.result.isPartial && type.kind !== "any" && type.kind !== "option"
    ? { kind: "option", item: type }
    : type;
}

/** `T?` and `T partial` fail with null; a type that merely admits null is total. */
function isPartialResult({ result }: ActivePatternDecl, written: Type): boolean {
  if (result.kind === "choice") return false;
  return result.isPartial || result.type.kind === "option" || written.kind === "option";
}

function extractorOf(scope: ModuleScope, decl: ActivePatternDecl, result: Type): CellSymbol {
  const name = `${decl.name.text}$match`;
  const context = { scope, generics: new Set<string>() };
  const cell: CellDecl = {
    kind: "cell",
    attributes: [],
    doc: null,
    isPublic: false,
    span: decl.span,
    isAsync: false,
    name: { text: name, span: decl.name.span },
    generics: [],
    params: decl.params,
    result: null,
    row: null,
    precondition: null,
    body: decl.body,
  };
  return {
    ref: { module: scope.source.name, name },
    decl: cell,
    // Its own variants are filled in when it is checked: by then the module's are complete.
    scope: { ...scope, variants: new Map() },
    generics: [],
    params: decl.params.map((p): CellParam => {
      const type = p.type === null ? ANY : resolveType(p.type, context);
      const { text } = p.name;
      const { span } = p;
      return { name: text, type, isTyped: p.type !== null, variadic: false, default: null, span };
    }),
    declaredResult: result,
    declaredRow: null,
    tile: null,
    sequence: null,
    bounds: NO_BOUNDS,
    self: null,
    nameSpan: decl.name.span,
  };
}
