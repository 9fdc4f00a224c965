// From types as written to types as meant.

import type { Span } from "@lumen/core/diagnostic";
import type { DottedName, TypeExpr } from "@lumen/syntax";
import { OPAQUE_TYPES, type ShapeField, type Type, type WrittenOpaque } from "../hir/type.ts";
import { SUGGESTED_REPORTS_MAX } from "../limits.ts";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import { typeNamesIn, typeReferencesIn } from "../tree/names.ts";
import { endpointOf } from "../types/endpoints.ts";
import { bindParams, fieldsOf, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  BYTES,
  ERROR,
  FLOAT,
  INT,
  JSON_TYPE,
  listOf,
  NULL,
  optionOf,
  STRING,
  sameType,
  unionOf,
} from "../types/simple-types.ts";
import { excessOf, LARGE_TYPE_HELP } from "../types/type-size.ts";
import { inOrder } from "./in-order.ts";
import {
  didYouMean,
  isLost,
  type ModuleScope,
  plainName,
  renameFix,
  report,
  type TypeSymbol,
} from "./scope.ts";
import { atPlace } from "./session-places.ts";
import { standardHome } from "./standard-modules.ts";
import { checkTypestate } from "./typestates.ts";

/** Where a type stands: its module, and the generic parameters that are in force. */
export interface TypeContext {
  readonly scope: ModuleScope;
  readonly generics: ReadonlySet<string>;
  /** What `Self` stands for, where it is no generic parameter. */
  readonly self?: Type | null;
  /** Aliases being expanded, against endless expansion. */
  readonly expanding?: readonly string[];
  /** The declaration being completed: a type that mentions itself is no use of a deprecated one. */
  readonly declaring?: string;
}

const SIMPLE: ReadonlyMap<string, Type> = new Map<string, Type>(
  Object.entries({
    Int: INT,
    int: INT,
    Float: FLOAT,
    float: FLOAT,
    String: STRING,
    string: STRING,
    Bool: BOOL,
    bool: BOOL,
    Bytes: BYTES,
    bytes: BYTES,
    Json: JSON_TYPE,
    json: JSON_TYPE,
    Null: NULL,
    Any: ANY,
  }),
);

const HEADS: ReadonlyMap<string, number> = new Map(
  Object.entries({ list: 1, set: 1, map: 2, result: 2, tuple: -1 }),
);

const OPAQUE_NAMES: ReadonlySet<string> = new Set(Object.keys(OPAQUE_TYPES));

const NO_ARGS: readonly Type[] = [];

/** Type names that no declaration may take (language 9.1). */
export const BUILTIN_TYPE_NAMES: readonly string[] = [
  ...SIMPLE.keys(),
  ...OPAQUE_NAMES,
  ...HEADS.keys(),
];

/** True for a name that every module knows as a type, in any spelling. */
export function isBuiltinTypeName(name: string): boolean {
  return BUILTIN_TYPE_NAMES.includes(name);
}

/** Resolves a type; unknown names are E0100, wrong argument counts E0101, too large ones E0016. */
export function resolveType(expr: TypeExpr, context: TypeContext): Type {
  const type = resolveForm(expr, context);
  const excess = excessOf(type);
  if (excess === null) return type;
  report(context.scope, "E0016", expr.span, excess, { help: LARGE_TYPE_HELP });
  return ERROR;
}

function resolveForm(expr: TypeExpr, context: TypeContext): Type {
  switch (expr.kind) {
    case "null":
      return NULL;
    case "option":
      return optionOf(resolveType(expr.inner, context));
    case "tuple":
      return { kind: "tuple", items: expr.items.map((i) => resolveType(i, context)) };
    case "union":
      return unionOf(expr.members.map((m) => resolveType(m, context)));
    case "fn":
      return {
        kind: "fn",
        params: expr.params.map((p) => resolveType(p, context)),
        result: resolveType(expr.result, context),
        row: expr.row === null ? null : rowOf(expr.row.effects.map((e) => e.text)),
      };
    case "generator":
      return { kind: "opaque", name: "Generator", args: [resolveType(expr.item, context)] };
    case "intersection":
      return resolveShape(expr, context);
    case "error":
      return ERROR;
    case "name":
      return resolveNamed(expr, context);
  }
}

/** Lower-cased, ascending, `pure` dropped. */
export function rowOf(names: readonly string[]): readonly string[] {
  const lower = names.map((n) => n.toLowerCase()).filter((n) => n !== "pure");
  return [...new Set(lower)].sort();
}

function resolveNamed(expr: TypeExpr & { kind: "name" }, context: TypeContext): Type {
  const name = textOf(expr.name);
  const args = expr.args.length === 0 ? NO_ARGS : expr.args.map((a) => resolveType(a, context));
  const endpoint = resolveEndpoint(expr, args, context);
  if (endpoint !== null) return endpoint;
  checkTypestate(context.scope, expr);
  if (context.generics.has(name) && args.length === 0) return { kind: "param", name };
  if (name === "Self" && args.length === 0 && context.self) return context.self;
  const simple = SIMPLE.get(name);
  if (simple !== undefined) return checkArity(context, expr.span, name, 0, args) ? simple : ERROR;
  const opaque = opaqueName(name);
  if (opaque !== null) {
    const fits = checkArity(context, expr.span, name, OPAQUE_TYPES[opaque], args);
    return fits ? { kind: "opaque", name: opaque, args } : ERROR;
  }
  if (HEADS.has(name)) return resolveHead(context, expr.span, name, args);
  const symbol = lookupNamed(context.scope, expr.name);
  if (symbol !== undefined) {
    if (name !== context.declaring) noteTypeUse(context.scope, symbol, name, expr.span);
    return instantiate(symbol, args, name, expr.span, context);
  }
  if (isLost(context.scope, name)) return ERROR;
  const isCrowded = context.scope.diagnostics.length >= SUGGESTED_REPORTS_MAX;
  const names = isCrowded ? [] : [...context.scope.types.keys(), ...BUILTIN_TYPE_NAMES];
  const shown = plainName(name);
  const { docMode, strict } = context.scope.settings;
  if (docMode) return ANY;
  const word = plainName(expr.name.parts.at(-1)?.text ?? name);
  const home = standardHome(word);
  report(
    context.scope,
    "E0100",
    expr.span,
    `unknown type '${shown}'${home === null ? didYouMean(shown, names) : ""}`,
    {
      severity: strict ? "error" : "warning",
      ...(home === null
        ? renameFix(context.scope, expr.span, shown, names)
        : { help: `The standard library has one: \`import ${home}: ${word}\`.` }),
    },
  );
  return strict ? ERROR : ANY;
}

/** `Login.Client@Ok`; another role is E0100. Null where the first name is no session. */
function resolveEndpoint(
  expr: TypeExpr & { kind: "name" },
  args: readonly Type[],
  context: TypeContext,
): Type | null {
  if (context.scope.sessions.size === 0) return null;
  const [first, second] = expr.name.parts;
  const entry = context.scope.sessions.get(first?.text ?? "");
  if (entry === undefined || first === undefined || context.scope.types.has(first.text))
    return null;
  if (expr.name.parts.length === 1 && context.generics.has(first.text)) return null;
  const { symbol } = entry;
  if (!checkArity(context, expr.span, symbol.name, symbol.generics.length, args)) return ERROR;
  const type = endpointOf(symbol, second?.text ?? "", args);
  if (type !== null) return atPlace(context.scope, expr, type);
  const roles = symbol.roles.map((r) => `${symbol.name}.${r}`).join(" or ");
  const message = `session '${symbol.name}' has no role '${second?.text ?? ""}'`;
  report(context.scope, "E0100", expr.span, message, { expected: roles });
  return ERROR;
}

function noteTypeUse(scope: ModuleScope, symbol: TypeSymbol, name: string, span: Span): void {
  if (symbol.kind === "process") return;
  const deprecation =
    symbol.kind === "alias" ? deprecationOf(symbol.decl.attributes) : symbol.symbol.deprecation;
  noteUse(scope, deprecation, `type '${name}'`, span);
}

/** `A & B`: the fields of both; one name with two types is E0200, no record E0200 too. */
function resolveShape(expr: TypeExpr & { kind: "intersection" }, context: TypeContext): Type {
  const fields: ShapeField[] = [];
  for (const member of expr.members) {
    const type = resolveType(member, context);
    if (type.kind === "error") return ERROR;
    const own = fieldsOf(type);
    if (own === null) {
      const found = renderType(type);
      const message = `type mismatch in '&': expected a record, got ${found}`;
      report(context.scope, "E0200", member.span, message, { expected: "a record", found });
      return ERROR;
    }
    for (const field of own) {
      const known = fields.find((f) => f.name === field.name);
      if (known === undefined) fields.push(field);
      else if (!sameType(known.type, field.type)) {
        const [expected, found] = [renderType(known.type), renderType(field.type)];
        const message = `type mismatch in '&': field '${field.name}' is ${expected} and ${found}`;
        report(context.scope, "E0200", member.span, message, { expected, found });
      }
    }
  }
  return { kind: "shape", fields };
}

function opaqueName(name: string): WrittenOpaque | null {
  return isOpaqueName(name) ? name : null;
}

function isOpaqueName(name: string): name is WrittenOpaque {
  return OPAQUE_NAMES.has(name);
}

function textOf({ parts }: DottedName): string {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only.text : parts.map((p) => p.text).join(".");
}

function lookupNamed(scope: ModuleScope, { parts }: DottedName): TypeSymbol | undefined {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return scope.types.get(only.text);
  return lookupType(
    scope,
    parts.map((p) => p.text),
  );
}

function lookupType(scope: ModuleScope, parts: readonly string[]): TypeSymbol | undefined {
  const [first = "", second] = parts;
  if (second === undefined) return scope.types.get(first);
  const own = scope.types.get(parts.join("."));
  if (own !== undefined) return own;
  return scope.modules.get(first)?.types.get(second);
}

function resolveHead(context: TypeContext, span: Span, name: string, args: readonly Type[]): Type {
  if (name === "tuple") return { kind: "tuple", items: args };
  if (!checkArity(context, span, name, HEADS.get(name) ?? 0, args)) return ERROR;
  const [first = ANY, second = ANY] = args;
  if (name === "list") return listOf(first);
  if (name === "set") return { kind: "set", item: first };
  if (name === "map") return { kind: "map", key: first, value: second };
  return { kind: "result", ok: first, error: second };
}

function instantiate(
  symbol: TypeSymbol,
  args: readonly Type[],
  name: string,
  span: Span,
  context: TypeContext,
): Type {
  if (symbol.kind === "process") {
    const fits = checkArity(context, span, name, 0, args);
    return fits ? { kind: "process", decl: symbol.symbol } : ERROR;
  }
  if (symbol.kind !== "alias") {
    const decl = symbol.symbol;
    if (!checkArity(context, span, name, decl.generics.length, args)) return ERROR;
    return symbol.kind === "record"
      ? { kind: "record", decl: symbol.symbol, args }
      : { kind: "enum", decl: symbol.symbol, args };
  }
  const generics = symbol.decl.generics.map((g) => g.name.text);
  if (!checkArity(context, span, name, generics.length, args)) return ERROR;
  if (context.expanding?.includes(name)) {
    report(context.scope, "E0100", span, `type alias '${name}' refers to itself`);
    return ERROR;
  }
  return substitute(bodyOf(symbol, name, context), bindParams(generics, args));
}

type AliasSymbol = TypeSymbol & { readonly kind: "alias" };

/** An alias is resolved once: forty of them can mention each other along 2^40 ways. */
function bodyOf(symbol: AliasSymbol, name: string, context: TypeContext): Type {
  if (symbol.body === null && context.expanding === undefined) settleNeeded(symbol);
  symbol.body ??= resolveType(symbol.decl.type, {
    scope: symbol.scope,
    generics: new Set(symbol.decl.generics.map((g) => g.name.text)),
    expanding: [...(context.expanding ?? []), name],
  });
  return symbol.body;
}

/** Resolves what an alias needs first. A circle of aliases is reported where it closes. */
function settleNeeded(symbol: AliasSymbol): void {
  for (const needed of inOrder(symbol, openAliases, closeCircle) ?? []) {
    if (needed === symbol) continue;
    const { name } = needed.decl;
    bodyOf(needed, name.text, { scope: needed.scope, generics: new Set(), expanding: [] });
  }
}

function closeCircle(last: AliasSymbol, first: AliasSymbol): void {
  if (last.body !== null) return;
  const references = [...typeReferencesIn(last.decl.type)];
  const found = references.find(([name]) => lookupType(last.scope, name.split(".")) === first);
  const [name, span] = found ?? [first.decl.name.text, last.decl.name.span];
  report(last.scope, "E0100", span, `type alias '${name}' refers to itself`);
  last.body = ERROR;
}

/** Resolves what an alias stands for, so that its mistakes are reported where it is declared. */
export function completeAlias(scope: ModuleScope, name: string): void {
  const symbol = scope.types.get(name);
  if (symbol?.kind === "alias" && symbol.scope === scope)
    bodyOf(symbol, name, { scope, generics: new Set() });
}

/** Aliases that an alias names, and that nobody has resolved yet. */
function openAliases({ decl, scope }: AliasSymbol): readonly AliasSymbol[] {
  return typeNamesIn(decl.type).flatMap((name) => {
    const symbol = lookupType(scope, name.split("."));
    return symbol?.kind === "alias" && symbol.body === null ? [symbol] : [];
  });
}

function checkArity(
  context: TypeContext,
  span: Span,
  name: string,
  expected: number,
  args: readonly Type[],
): boolean {
  if (args.length === expected) return true;
  const plural = expected === 1 ? "argument" : "arguments";
  report(
    context.scope,
    "E0101",
    span,
    `'${name}' takes ${expected} type ${plural}, got ${args.length}`,
    {
      expected: String(expected),
      found: String(args.length),
    },
  );
  return false;
}
