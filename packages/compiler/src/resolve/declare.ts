// Fills the symbol tables of a module from its tree: names first, then types of fields and
// parameters.

import type { Span } from "@lumen/core/diagnostic";
import type {
  CellDecl,
  EnumDecl,
  GenericParam,
  Item,
  Module,
  RecordDecl,
  Statement,
  TypeExpr,
  VariantDecl,
} from "@lumen/syntax";
import type { EnumSymbol, FieldSymbol, RecordSymbol, Type, VariantSymbol } from "../hir/type.ts";
import { deprecationOf } from "../maturity/deprecation.ts";
import type { ModuleSource } from "../module-host.ts";
import { readSequence, readTile } from "../tiles/attributes.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, listOf } from "../types/simple-types.ts";
import { declareActivePattern } from "./active-patterns.ts";
import { type Member, membersOf } from "./members.ts";
import { BUILTIN_TYPE_NAMES, resolveType, rowOf, type TypeContext } from "./resolve-type.ts";
import {
  type CellParam,
  type CellSymbol,
  type ModuleScope,
  report,
  type TypeSymbol,
} from "./scope.ts";

/** Writable while a declaration is completed; readers see the read-only symbol. */
type Filling<T> = { -readonly [K in keyof T]: T[K] };

/** An empty scope around a parsed module. */
export function makeScope(
  source: ModuleSource,
  text: ModuleScope["text"],
  ast: Module,
): ModuleScope {
  return {
    source,
    text,
    ast,
    types: new Map(),
    variants: new Map(),
    cells: new Map(),
    consts: new Map(),
    traits: new Map(),
    effects: new Map(),
    tools: new Map(),
    externs: new Map(),
    macros: new Map(),
    activePatterns: new Map(),
    sessions: new Map(),
    typestates: new Map(),
    modules: new Map(),
    own: new Set(),
    exported: new Set(),
    script: ast.statements,
    aliases: new Map(),
    origins: new Map(),
    diagnostics: [],
  };
}

/** Enters the module's own names. Duplicates are E0105. */
export function declareNames(scope: ModuleScope): void {
  for (const item of allItems(scope.ast)) {
    switch (item.kind) {
      case "record":
        declareType(scope, item, declareRecord(scope, item));
        break;
      case "enum":
        declareType(scope, item, declareEnum(scope, item));
        break;
      case "alias":
        if (item.constraint !== null) {
          const message = "`where` on a type alias needs a later version of Lumen";
          report(scope, "E0126", item.constraint.span, message, {
            help: "Check the value in a record's `where`, or in the cell.",
          });
        }
        declareType(scope, item, { kind: "alias", decl: item, scope });
        break;
      case "const":
        if (claim(scope, scope.consts.has(item.name.text), item)) {
          scope.consts.set(item.name.text, { decl: item, scope, folded: null });
        }
        break;
      case "cell":
      case "import":
      case "macro":
      case "activePattern":
      case "error":
        break;
      default:
        refuseItem(scope, item);
    }
  }
}

/** Declarations that have no meaning yet are refused, never passed over. */
function refuseItem(scope: ModuleScope, item: Item): void {
  report(scope, "E0500", item.span, `\`${item.kind}\` declarations cannot be compiled yet`, {
    help: "Remove the declaration.",
  });
}

/** Completes field, payload and parameter types once every name of the program is known. */
export function declareTypes(scope: ModuleScope): void {
  for (const item of allItems(scope.ast)) {
    if (item.kind === "record") completeRecord(scope, item);
    else if (item.kind === "enum") completeEnum(scope, item);
    else if (item.kind === "activePattern") declareActivePattern(scope, item);
    else if (item.kind === "cell") {
      declareCell(scope, { name: item.name.text, decl: item, generics: [], self: null });
    }
    for (const member of membersOf(scope, item)) declareCell(scope, member);
  }
}

/**
 * Items of a module with the records, enums and cells of its bodies, which are lifted (language 5).
 */
export function allItems(module: Module): readonly Item[] {
  const items: Item[] = [];
  const visit = (item: Item): void => {
    items.push(item);
    if (item.kind === "cell" && item.body.kind === "block") {
      for (const statement of item.body.block.statements) visitStatement(statement);
    }
  };
  const visitStatement = (statement: Statement): void => {
    if (statement.kind === "item") visit(statement.item);
  };
  for (const item of module.items) visit(item);
  for (const statement of module.statements) visitStatement(statement);
  return items;
}

function claim(
  scope: ModuleScope,
  taken: boolean,
  item: Item & { name: { text: string; span: Span } },
): boolean {
  const { text, span } = item.name;
  if (taken) {
    report(scope, "E0105", span, `'${text}' is declared twice in this module`);
    return false;
  }
  scope.own.add(text);
  if (item.isPublic) scope.exported.add(text);
  return true;
}

function declareType(
  scope: ModuleScope,
  item: Item & { name: { text: string; span: Span } },
  symbol: TypeSymbol,
): void {
  if (BUILTIN_TYPE_NAMES.includes(item.name.text)) {
    report(scope, "E0105", item.name.span, `'${item.name.text}' is a builtin type`);
    return;
  }
  if (claim(scope, scope.types.has(item.name.text), item)) scope.types.set(item.name.text, symbol);
}

function declareRecord(scope: ModuleScope, item: RecordDecl): TypeSymbol {
  const name = item.name.text;
  const module = scope.source.name;
  const constrained = item.fields.some((f) => f.constraint !== null);
  const symbol: RecordSymbol = {
    module,
    name,
    generics: genericNames(item.generics),
    fields: [],
    deprecation: deprecationOf(item.attributes),
    check: constrained ? { module, name: `${name}$check` } : null,
    span: item.name.span,
  };
  return {
    kind: "record",
    symbol,
    constraints: {
      scope,
      defaults: item.fields.map((f) => f.default),
      checks: item.fields.map((f) => f.constraint),
    },
  };
}

function declareEnum(scope: ModuleScope, item: EnumDecl): TypeSymbol {
  const symbol: EnumSymbol = {
    module: scope.source.name,
    name: item.name.text,
    generics: genericNames(item.generics),
    variants: [],
    deprecation: deprecationOf(item.attributes),
    span: item.name.span,
  };
  item.variants.forEach((variant, tag) => {
    const refs = scope.variants.get(variant.name.text) ?? [];
    if (refs.some((r) => r.symbol === symbol)) {
      report(scope, "E0105", variant.name.span, `variant '${variant.name.text}' is declared twice`);
    } else scope.variants.set(variant.name.text, [...refs, { symbol, tag }]);
  });
  return { kind: "enum", symbol };
}

function completeRecord(scope: ModuleScope, item: RecordDecl): void {
  const entry = scope.types.get(item.name.text);
  if (entry?.kind !== "record" || entry.symbol.span !== item.name.span) return;
  const context = { ...contextOf(scope, item.generics), declaring: item.name.text };
  const seen = new Set<string>();
  const fields: FieldSymbol[] = [];
  for (const field of item.fields) {
    const name = field.name.text;
    if (seen.has(name))
      report(scope, "E0105", field.name.span, `field '${name}' is declared twice`);
    seen.add(name);
    fields.push({
      name,
      type: resolveType(field.type, context),
      default:
        field.default === null
          ? null
          : { module: scope.source.name, name: `${item.name.text}$${name}$default` },
      span: field.name.span,
    });
  }
  (entry.symbol as Filling<RecordSymbol>).fields = fields;
}

function completeEnum(scope: ModuleScope, item: EnumDecl): void {
  const entry = scope.types.get(item.name.text);
  if (entry?.kind !== "enum" || entry.symbol.span !== item.name.span) return;
  const context = { ...contextOf(scope, item.generics), declaring: item.name.text };
  const variants: VariantSymbol[] = item.variants.map((variant) => ({
    name: variant.name.text,
    payload: variant.payload.map((p) => ({
      label: p.label?.text ?? null,
      type: resolveType(p.type, context),
    })),
    result: variantResult(entry.symbol, variant, context),
    span: variant.name.span,
  }));
  (entry.symbol as Filling<EnumSymbol>).variants = variants;
  checkFixes(scope, item, variants);
}

/** The type arguments in the result type of a variant: another type than the enum is E0200. */
function variantResult(
  symbol: EnumSymbol,
  { result }: VariantDecl,
  context: TypeContext,
): readonly Type[] | null {
  if (result === null) return null;
  const type = resolveType(result, context);
  if (type.kind === "enum" && type.decl === symbol) return type.args;
  if (type.kind === "error") return null;
  const found = renderType(type);
  const message = `the result of a variant of '${symbol.name}' is '${symbol.name}', not ${found}`;
  report(context.scope, "E0200", result.span, message, { expected: symbol.name, found });
  return null;
}

/** Result types have a sense only where one of them says more than the enum itself. */
function checkFixes(scope: ModuleScope, item: EnumDecl, variants: readonly VariantSymbol[]): void {
  const first = item.variants.find((v) => v.result !== null)?.result ?? null;
  const generics = genericNames(item.generics);
  const isOpen = (type: Type, i: number): boolean =>
    type.kind === "param" && type.name === generics[i];
  if (first === null || variants.some((v) => v.result?.some((t, i) => !isOpen(t, i)))) return;
  if (variants.every((v, i) => v.result === null && item.variants[i]?.result !== null)) return;
  const message = `no variant of '${item.name.text}' fixes a type parameter`;
  report(scope, "E0200", first.span, message, { help: "Leave the result types out." });
}

function declareCell(scope: ModuleScope, member: Member): void {
  const { name, decl } = member;
  if (scope.cells.has(name)) {
    report(scope, "E0105", decl.name.span, `cell '${name}' is declared twice in this module`);
    return;
  }
  const generics = [
    ...genericNames(member.generics),
    ...genericNames(decl.generics),
    ...implicitGenerics(scope, decl),
  ];
  const declaring = name.slice(0, Math.max(0, name.indexOf(".")));
  const context: TypeContext = { scope, generics: new Set(generics), declaring };
  const symbol: CellSymbol = {
    ref: { module: scope.source.name, name },
    decl,
    scope,
    generics,
    params: decl.params.map((p) => declareParam(p, context, member.self)),
    declaredResult: decl.result === null ? null : resolveType(decl.result, context),
    declaredRow: decl.row === null ? null : rowOf(decl.row.effects.map((e) => e.text)),
    tile: readTile(scope, decl),
    sequence: readSequence(scope, decl),
    nameSpan: decl.name.span,
  };
  scope.cells.set(name, symbol);
  if (!name.includes(".")) scope.own.add(name);
  if (decl.isPublic) scope.exported.add(name);
}

function declareParam(
  param: CellDecl["params"][number],
  context: TypeContext,
  self: Type | null,
): CellParam {
  const written = param.type === null ? null : resolveType(param.type, context);
  const isSelf = self !== null && param.name.text === "self";
  const type = written ?? (isSelf ? self : ANY);
  return {
    name: param.name.text,
    type: param.isVariadic ? listOf(type) : type,
    isTyped: written !== null || isSelf,
    variadic: param.isVariadic,
    default: param.default,
    span: param.span,
  };
}

function genericNames(params: readonly GenericParam[]): readonly string[] {
  return params.map((p) => p.name.text);
}

function contextOf(scope: ModuleScope, generics: readonly GenericParam[]): TypeContext {
  return { scope, generics: new Set(genericNames(generics)) };
}

/** Single upper-case letters in a signature that no declaration has taken (language 9.2). */
function implicitGenerics(scope: ModuleScope, decl: CellDecl): readonly string[] {
  const declared = new Set(genericNames(decl.generics));
  const found = new Set<string>();
  const visit = (type: TypeExpr): void => {
    switch (type.kind) {
      case "name": {
        const name = type.name.parts[0]?.text ?? "";
        const single = type.name.parts.length === 1 && /^[A-Z]$/.test(name);
        if (single && !scope.types.has(name) && !declared.has(name)) found.add(name);
        type.args.forEach(visit);
        break;
      }
      case "option":
        visit(type.inner);
        break;
      case "tuple":
        type.items.forEach(visit);
        break;
      case "union":
      case "intersection":
        type.members.forEach(visit);
        break;
      case "fn":
        type.params.forEach(visit);
        visit(type.result);
        break;
      case "generator":
        visit(type.item);
        break;
      default:
        break;
    }
  };
  for (const param of decl.params) if (param.type !== null) visit(param.type);
  if (decl.result !== null) visit(decl.result);
  return [...found];
}
