// Fills the symbol tables of a module from its tree: names first, then types of fields and
// parameters.

import type { Diagnostic, Span } from "@lumen/core/diagnostic";
import type {
  AgentDecl,
  CellDecl,
  EffectDecl,
  EnumDecl,
  ExternDecl,
  GenericParam,
  Item,
  Name,
  ParsedModule,
  ProcessDecl,
  RecordDecl,
  VariantDecl,
} from "@lumen/syntax";
import type { EnumSymbol, FieldSymbol, RecordSymbol, Type, VariantSymbol } from "../hir/type.ts";
import { deprecationOf } from "../maturity/deprecation.ts";
import { featureUses } from "../maturity/feature-uses.ts";
import type { ModuleSource } from "../module-host.ts";
import { stateRecordName } from "../processes/machines.ts";
import { readSequence, readTile } from "../tiles/attributes.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, BOOL, INT, STRING } from "../types/simple-types.ts";
import { declareActivePattern } from "./active-patterns.ts";
import { constrainedAlias } from "./alias-constraints.ts";
import { collectItems, type LocalItems } from "./local-items.ts";
import { type Member, membersOf } from "./members.ts";
import {
  BUILTIN_TYPE_NAMES,
  completeAlias,
  resolveType,
  type TypeContext,
} from "./resolve-type.ts";
import { type CellSymbol, isBroken, type ModuleScope, report, type TypeSymbol } from "./scope.ts";
import { completeSession, declareSession } from "./sessions.ts";
import { readSettings } from "./settings.ts";
import { genericNames, resolveSignature, signatureSymbol } from "./signatures.ts";
import { declareGrant, declareTool, declareToolItem } from "./tools.ts";
import {
  completeExtern,
  completeParents,
  completeTrait,
  declareImpl,
  makeTrait,
} from "./traits.ts";
import { declareTypestate } from "./typestates.ts";

/** Writable while a declaration is completed; readers see the read-only symbol. */
type Filling<T> = { -readonly [K in keyof T]: T[K] };

/** An empty scope around a parsed module. */
export function makeScope(source: ModuleSource, parsed: ParsedModule): ModuleScope {
  const { module: ast } = parsed;
  const text = parsed.file.source;
  const diagnostics: Diagnostic[] = [];
  const settings = readSettings(ast.directives, text, diagnostics);
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
    lost: new Set(),
    own: new Set(),
    exported: new Set(),
    grants: [],
    impls: [],
    members: new Map(),
    broken: new Set(),
    binds: [],
    settings,
    mentionsYield: source.text.includes("yield"),
    script: ast.statements,
    // The standard library may use everything.
    features: source.name.startsWith("std.") ? new Map() : featureUses(ast, parsed.landmarks),
    lifted: null,
    aliases: new Map(),
    origins: new Map(),
    diagnostics,
  };
}

/** Enters the module's own names. Duplicates are E0105. */
export function declareNames(scope: ModuleScope): void {
  for (const item of itemsOf(scope)) {
    switch (item.kind) {
      case "record":
        declareType(scope, item, declareRecord(scope, item));
        break;
      case "enum":
        declareType(scope, item, declareEnum(scope, item));
        break;
      case "alias":
        declareType(scope, item, { kind: "alias", decl: item, scope, body: null });
        break;
      case "const":
        if (claim(scope, scope.consts.has(item.name.text), item)) {
          scope.consts.set(item.name.text, { decl: item, scope, folded: null });
        }
        break;
      case "effect":
        declareEffect(scope, item);
        break;
      case "trait":
        if (claim(scope, scope.traits.has(item.name.text), item)) {
          scope.traits.set(item.name.text, makeTrait(scope, item));
        }
        break;
      case "extern":
        declareExtern(scope, item);
        break;
      case "typestate":
        if (claim(scope, scope.typestates.has(item.name.text), item))
          scope.typestates.set(item.name.text, declareTypestate(scope, item));
        break;
      case "session":
        if (claim(scope, scope.sessions.has(item.name.text), item))
          scope.sessions.set(item.name.text, declareSession(scope, item));
        break;
      case "agent":
      case "process":
        declareProcess(scope, item);
        break;
      case "actor":
      case "supervisor": {
        const { name } = item;
        const symbol = { module: scope.source.name, name: name.text, decl: item, span: name.span };
        declareType(scope, item, { kind: "process", symbol });
        break;
      }
      case "impl":
      case "cell":
      case "import":
      case "macro":
      case "activePattern":
      case "handler":
      case "error":
        break;
      case "bind":
      case "useTool":
      case "grant":
        declareToolItem(scope, item);
        break;
    }
  }
}

function completeOwnSession(scope: ModuleScope, name: string): void {
  const entry = scope.sessions.get(name);
  if (entry?.scope === scope) completeSession(entry);
}

/** Completes field, payload and parameter types once every name of the program is known. */
export function declareTypes(scope: ModuleScope): void {
  for (const item of scope.ast.items) if (item.kind === "trait") completeParents(scope, item);
  for (const item of itemsOf(scope)) {
    if (item.kind === "trait") completeTrait(scope, item);
    if (item.kind === "impl") declareImpl(scope, item);
    if (item.kind === "extern") completeExtern(scope, item);
    if (item.kind === "session") completeOwnSession(scope, item.name.text);
    if (item.kind === "effect") completeEffect(scope, item);
    if (item.kind === "alias") completeAlias(scope, item.name.text);
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
 * Collected once for a tree.
 */
export function itemsOf(scope: ModuleScope): readonly Item[] {
  return liftedOf(scope).items;
}

/** True for a cell in a body that captures variables around it, so that it is not lifted. */
export function isCapturing(scope: ModuleScope, cell: CellDecl): boolean {
  return liftedOf(scope).capturing.has(cell);
}

const NOTHING: ReadonlySet<CellDecl> = new Set();

function liftedOf(scope: ModuleScope): LocalItems {
  if (scope.lifted?.ast !== scope.ast)
    scope.lifted = {
      ast: scope.ast,
      // What macros of other modules expand to, the source of this one does not show.
      ...(scope.ast.hasLocalItems || scope.macros.size > 0
        ? collectItems(scope.ast)
        : { items: scope.ast.items, capturing: NOTHING }),
    };
  return scope.lifted;
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
  const isLibrary = scope.source.name.startsWith("std.");
  const isTaken = BUILTIN_TYPE_NAMES.includes(item.name.text) || item.name.text === "Prob";
  if (isTaken && !isLibrary) {
    report(scope, "E0105", item.name.span, `'${item.name.text}' is a builtin type`);
    return;
  }
  if (claim(scope, scope.types.has(item.name.text), item)) scope.types.set(item.name.text, symbol);
}

/** An agent or process: its type, its tools and grants, the record of a machine's states. */
function declareProcess(scope: ModuleScope, item: AgentDecl | ProcessDecl): void {
  const name = item.name.text;
  const module = scope.source.name;
  const symbol = { module, name, decl: item, span: item.name.span };
  declareType(scope, item, { kind: "process", symbol });
  for (const tool of item.tools) declareTool(scope, tool);
  for (const grant of item.grants) declareGrant(scope, grant, name);
  if (item.kind !== "process" || item.process !== "machine") return;
  scope.types.set(stateRecordName(name), {
    kind: "record",
    symbol: stateRecord(module, stateRecordName(name), item.name.span),
    constraints: { scope, defaults: [], checks: [], types: [] },
  });
}

/** `Door.State(name: String, payload: map, steps: Int, terminal: Bool)` (language 12). */
function stateRecord(module: string, name: string, span: Span): RecordSymbol {
  const field = (text: string, type: Type): FieldSymbol => ({
    name: text,
    type,
    default: null,
    span,
  });
  const payload: Type = { kind: "map", key: STRING, value: ANY };
  const fields = [
    field("name", STRING),
    field("payload", payload),
    field("steps", INT),
    field("terminal", BOOL),
  ];
  return {
    module,
    name,
    generics: [],
    fields,
    check: null,
    deprecation: null,
    isBroken: false,
    span,
  };
}

function declareExtern(scope: ModuleScope, item: ExternDecl): void {
  const { name } = item.signature;
  if (!claim(scope, scope.externs.has(name.text), { ...item, name })) return;
  scope.externs.set(name.text, { decl: item, scope, symbol: null });
}

function declareEffect(scope: ModuleScope, item: EffectDecl): void {
  if (!claim(scope, scope.effects.has(item.name.text), item)) return;
  scope.effects.set(item.name.text, { decl: item, scope, operations: new Map() });
}

/** Operations with their types; a name twice is E0105. */
function completeEffect(scope: ModuleScope, item: EffectDecl): void {
  const symbol = scope.effects.get(item.name.text);
  if (symbol?.decl !== item) return;
  for (const operation of item.operations) {
    const name = operation.name.text;
    if (symbol.operations.has(name)) {
      report(scope, "E0105", operation.name.span, `operation '${name}' is declared twice`);
      continue;
    }
    const owner = { name: `${item.name.text}.${name}`, generics: [], self: null };
    symbol.operations.set(name, signatureSymbol(scope, operation, owner));
  }
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
    isBroken: isBroken(scope, item.span),
    span: item.name.span,
  };
  return {
    kind: "record",
    symbol,
    constraints: {
      scope,
      defaults: item.fields.map((f) => f.default),
      checks: item.fields.map((f) => f.constraint),
      types: item.fields.map((f) => f.type),
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
  const filled: Filling<RecordSymbol> = entry.symbol;
  filled.fields = fields;
  // An alias with a constraint makes one of the field.
  if (item.fields.some((f) => constrainedAlias(f.type, scope) !== null)) {
    filled.check ??= { module: scope.source.name, name: `${item.name.text}$check` };
  }
}

/** A label twice in one variant is E0105. */
function checkLabels(
  scope: ModuleScope,
  payload: readonly { readonly label: Name | null }[],
): void {
  const seen = new Set<string>();
  for (const { label } of payload) {
    if (label === null) continue;
    if (seen.has(label.text))
      report(scope, "E0105", label.span, `payload '${label.text}' is declared twice`);
    seen.add(label.text);
  }
}

function completeEnum(scope: ModuleScope, item: EnumDecl): void {
  const entry = scope.types.get(item.name.text);
  if (entry?.kind !== "enum" || entry.symbol.span !== item.name.span) return;
  const context = { ...contextOf(scope, item.generics), declaring: item.name.text };
  for (const { payload } of item.variants) checkLabels(scope, payload);
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
  const { generics, bounds, self, params, declaredResult, declaredRow } = resolveSignature(
    scope,
    decl,
    member,
  );
  // Written out: a spread makes a larger object, and there are many.
  const symbol: CellSymbol = {
    ref: { module: scope.source.name, name },
    decl,
    scope,
    generics,
    bounds,
    self,
    params,
    declaredResult,
    declaredRow,
    tile: readTile(scope, decl),
    sequence: readSequence(scope, decl),
    nameSpan: decl.name.span,
  };
  scope.cells.set(name, symbol);
  if (!name.includes(".")) scope.own.add(name);
  if (decl.isPublic) scope.exported.add(name);
}

function contextOf(scope: ModuleScope, generics: readonly GenericParam[]): TypeContext {
  return { scope, generics: new Set(genericNames(generics)) };
}
