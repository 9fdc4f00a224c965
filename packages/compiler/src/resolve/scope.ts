// What a module declares and sees: symbol tables by name, filled by `declare.ts`.

import type { Diagnostic, DiagnosticCode, Label, SourceText, Span } from "@lumen/core/diagnostic";
import { DIAGNOSTICS } from "@lumen/core/diagnostic";
import type {
  ActivePatternDecl,
  BindDecl,
  Block,
  CellDecl,
  ConstDecl,
  EffectDecl,
  Expr,
  ExternDecl,
  GrantDecl,
  ImplDecl,
  Item,
  MacroDecl,
  Module,
  SessionDecl,
  Statement,
  TraitDecl,
  TypeAliasDecl,
  TypeExpr,
  TypestateDecl,
} from "@lumen/syntax";
import type { CheckedCell } from "../check/context.ts";
import type { HirConst, HirExpr, HirSequence, HirTile } from "../hir/hir.ts";
import type {
  CellRef,
  EnumSymbol,
  ProcessSymbol,
  RecordSymbol,
  SessionSymbol,
  Type,
} from "../hir/type.ts";
import { SUGGEST_STEPS_MAX } from "../limits.ts";
import type { FeatureUses } from "../maturity/feature-uses.ts";
import type { ModuleSource } from "../module-host.ts";
import { FOREIGN_NAMES } from "./foreign-names.ts";
import type { LocalItems } from "./local-items.ts";
import type { Member } from "./members.ts";
import type { ModuleSettings } from "./settings.ts";

/** A named type. */
export type TypeSymbol =
  | {
      readonly kind: "record";
      readonly symbol: RecordSymbol;
      readonly constraints: RecordConstraints;
    }
  | { readonly kind: "enum"; readonly symbol: EnumSymbol }
  | { readonly kind: "process"; readonly symbol: ProcessSymbol }
  | {
      readonly kind: "alias";
      readonly decl: TypeAliasDecl;
      readonly scope: ModuleScope;
      /** What it stands for, with its parameters open; null until somebody asks. */
      body: Type | null;
    };

/** Default values and `where` clauses of a record, for the cells that compute them. */
export interface RecordConstraints {
  readonly scope: ModuleScope;
  readonly defaults: readonly (Expr | null)[];
  readonly checks: readonly (Expr | null)[];
  /** Types of the fields as written: an alias may have a constraint of its own. */
  readonly types: readonly TypeExpr[];
}

/** A bare variant name and the enum that declares it. */
export interface VariantRef {
  readonly symbol: EnumSymbol;
  readonly tag: number;
}

/** Parameter of a cell with its resolved type. */
export interface CellParam {
  readonly name: string;
  readonly type: Type;
  readonly isTyped: boolean;
  readonly variadic: boolean;
  readonly default: Expr | null;
  readonly span: Span;
}

/** A cell that can be called by name. `state` tracks the inference of an unwritten result type. */
export interface CellSymbol {
  readonly ref: CellRef;
  readonly decl: CellDecl;
  readonly scope: ModuleScope;
  readonly generics: readonly string[];
  readonly params: readonly CellParam[];
  /** Written result type, or null. */
  readonly declaredResult: Type | null;
  /** Written row, lower-cased and ascending, or null. */
  readonly declaredRow: readonly string[] | null;
  readonly tile: HirTile | null;
  readonly sequence: HirSequence | null;
  readonly nameSpan: Span;
  /** Traits that arguments for a generic parameter must implement. */
  readonly bounds: Bounds;
  /** What `Self` stands for; null outside of traits and impls. */
  readonly self: Type | null;
}

/** Traits by generic parameter; parameters without bounds are absent. */
export type Bounds = ReadonlyMap<string, readonly TraitSymbol[]>;

/** No bounds at all. */
export const NO_BOUNDS: Bounds = new Map();

/** A trait (language 5). Members and parents are filled in once all names are known. */
export interface TraitSymbol {
  readonly decl: TraitDecl;
  readonly scope: ModuleScope;
  readonly parents: TraitSymbol[];
  readonly members: Map<string, TraitMember>;
}

/** A method of a trait. Its symbol has the generic parameter `Self`. */
export interface TraitMember {
  readonly symbol: CellSymbol;
  /** It has a body, which types that do not define the method use. */
  readonly hasDefault: boolean;
}

/** An `impl`; `trait` null for inherent methods. */
export interface ImplSymbol {
  readonly decl: ImplDecl;
  readonly scope: ModuleScope;
  readonly trait: TraitSymbol | null;
  readonly target: Type;
}

/** An extern: its signature; the host has the body. */
export interface ExternSymbol {
  readonly decl: ExternDecl;
  readonly scope: ModuleScope;
  /** null until signatures are resolved. */
  readonly symbol: CellSymbol | null;
}

/** The value of a constant: folded, or of code that is evaluated before lowering. */
export type ConstValue =
  | { readonly kind: "folded"; readonly type: Type; readonly value: HirConst }
  | {
      readonly kind: "evaluated";
      readonly type: Type;
      /** What stands wherever the constant is used; all uses share the slot. */
      readonly use: HirExpr & { readonly kind: "comptime" };
      /** The code, and a cell that asks for its value. */
      readonly cells: readonly CheckedCell[];
    };

/** A constant; its value is found out on first use. `broken`: it has a report and no value. */
export interface ConstSymbol {
  readonly decl: ConstDecl;
  readonly scope: ModuleScope;
  folded: ConstValue | null | "folding" | "broken";
}

/** A declaration and the module that it stands in; what uses it reads the tree. */
export interface DeclSymbol<D> {
  readonly decl: D;
  readonly scope: ModuleScope;
}

/** An active pattern (language 19.1). */
export interface ActivePatternSymbol extends DeclSymbol<ActivePatternDecl> {
  /** The cell `Name$match`: takes the leading arguments and the subject. */
  readonly extractor: CellSymbol;
  /** The alternatives as an enum; null for the other shapes. */
  readonly choice: EnumSymbol | null;
  /** Null means that nothing is extracted. */
  readonly isPartial: boolean;
  /** What is extracted, without the null of a partial pattern. */
  readonly value: Type;
}

/** An effect with its operations by name, each a signature that calls can be bound to. */
export interface EffectSymbol {
  readonly decl: EffectDecl;
  readonly scope: ModuleScope;
  readonly operations: Map<string, CellSymbol>;
}

/** A tool under its alias (language 11.1). */
export interface ToolSymbol {
  readonly alias: string;
  /** `llm.chat`; of a tool of an MCP server `server.tool`, of the server itself its URI. */
  readonly id: string;
  /** `server`: its tools are `alias.tool`; an object names the server that a tool belongs to. */
  readonly role: "tool" | "server" | { readonly server: string };
  readonly version: string | null;
  readonly provider: string | null;
  readonly scope: ModuleScope;
  readonly span: Span;
}

/** A grant: what code in its scope may do with a tool (11.2). */
export interface GrantSymbol {
  readonly alias: string;
  readonly decl: GrantDecl;
  /** The agent or process whose cells it covers; null covers the module. */
  readonly owner: string | null;
}

/** `bind effect E.op to T` (10.3). `operation` null: every operation of the effect. */
export interface BindSymbol {
  readonly decl: BindDecl;
  readonly effect: string;
  readonly operation: string | null;
  readonly alias: string;
}

/** States of the type of the same name (language 19.6). */
export interface TypestateSymbol extends DeclSymbol<TypestateDecl> {
  readonly states: readonly string[];
  readonly initial: string;
}

/** A session and the types of its messages as written, by state (language 19.5). */
export interface SessionEntry extends DeclSymbol<SessionDecl> {
  readonly symbol: SessionSymbol;
  readonly types: ReadonlyMap<number, TypeExpr>;
}

/**
 * The name spaces of a module: each maps a name to what was declared, or imported, under it.
 * `import` carries every one of them (language 17.1).
 */
export interface Namespaces {
  readonly types: Map<string, TypeSymbol>;
  readonly cells: Map<string, CellSymbol>;
  readonly consts: Map<string, ConstSymbol>;
  readonly traits: Map<string, TraitSymbol>;
  readonly effects: Map<string, EffectSymbol>;
  readonly tools: Map<string, ToolSymbol>;
  readonly externs: Map<string, ExternSymbol>;
  readonly macros: Map<string, DeclSymbol<MacroDecl>>;
  readonly activePatterns: Map<string, ActivePatternSymbol>;
  readonly sessions: Map<string, SessionEntry>;
  readonly typestates: Map<string, TypestateSymbol>;
}

/** Keys of {@link Namespaces}; cells come last, for their signatures need all the others. */
export const NAMESPACES: readonly (keyof Namespaces)[] = [
  "types",
  "consts",
  "traits",
  "effects",
  "tools",
  "externs",
  "macros",
  "activePatterns",
  "sessions",
  "typestates",
  "cells",
];

/** A name as a module means it. */
export interface Alias {
  readonly scope: ModuleScope;
  readonly name: string;
}

/** The part of a macro that a node of an expansion was made from. */
export interface ExpansionOrigin {
  readonly macro: string;
  readonly source: SourceText;
  readonly span: Span;
}

/** A name as it was written, without what an expansion added to it. */
export function plainName(name: string): string {
  const mark = name.indexOf("$");
  return mark < 0 ? name : name.slice(0, mark);
}

/** Everything that the names of one module mean. */
export interface ModuleScope extends Namespaces {
  /** Another text of the module takes the place of this one when only bodies differ. */
  source: ModuleSource;
  text: SourceText;
  /** As parsed; without macro calls once they are expanded. */
  ast: Module;
  /** The items of `ast` with those of its bodies, once they are asked for. */
  lifted: (LocalItems & { readonly ast: Module }) | null;
  readonly variants: Map<string, VariantRef[]>;
  readonly grants: GrantSymbol[];
  readonly impls: ImplSymbol[];
  /** Cells that items bring along, filled by `membersOf`. */
  readonly members: Map<Item, readonly Member[]>;
  /** Declarations with a report that makes further ones about them needless. */
  readonly broken: Set<Item>;
  readonly binds: BindSymbol[];
  readonly settings: ModuleSettings;
  /** The source has the word `yield` somewhere. */
  mentionsYield: boolean;
  readonly modules: Map<string, ModuleScope>;
  /** Names that an import should have brought and could not; `*` where that may be any name. */
  readonly lost: Set<string>;
  /** Names declared here, not imported; in source order. */
  readonly own: Set<string>;
  /** Names marked `pub`. */
  readonly exported: Set<string>;
  /** Features that the source uses, of its own text as parsed. */
  features: FeatureUses;
  script: readonly Statement[];
  /** Names of expansions that another module, or this one, explains: `helper$text.macros`. */
  readonly aliases: Map<string, Alias>;
  /** Where spans of expansions stand in their macro, by identity. */
  readonly origins: Map<Span, ExpansionOrigin>;
  readonly diagnostics: Diagnostic[];
}

/** Reports at a span of the module; help falls back to the table. */
export function report(
  scope: ModuleScope,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: Partial<
    Pick<Diagnostic, "expected" | "found" | "help" | "labels" | "fixes" | "severity">
  > = {},
): void {
  const origin = scope.origins.get(span);
  scope.diagnostics.push({
    code,
    severity: "error",
    message,
    source: scope.text,
    span,
    help: DIAGNOSTICS[code].help,
    ...more,
    ...(origin === undefined ? {} : { labels: [...(more.labels ?? []), labelOf(origin)] }),
  });
}

/**
 * True when the text of a declaration did not parse: what it seems to lack may stand where the
 * parser did not get, so nothing more is said about it.
 */
export function isBroken(scope: ModuleScope, declaration: Span): boolean {
  const isInside = ({ start }: Span): boolean =>
    start >= declaration.start && start <= declaration.end;
  return scope.diagnostics.some(
    (d) => d.code < "E0100" && (isInside(d.span) || (d.labels ?? []).some((l) => isInside(l.span))),
  );
}

/**
 * True when the binding of a name may stand in a line before `use` that did not parse: whether the
 * name is known cannot be said.
 */
export function isUnreadBinding(
  { diagnostics, text }: ModuleScope,
  name: string,
  use: Span,
): boolean {
  const unread = diagnostics.filter((d) => d.code < "E0100");
  const places = unread.flatMap((d) => [d.span, ...(d.labels ?? []).map((l) => l.span)]);
  return places.some(({ start }) => {
    const begin = text.text.lastIndexOf("\n", start - 1) + 1;
    if (start >= use.start || begin === 0) return false;
    const bound = /^[ \t]*(?:let|for)\b(.*)$/m.exec(text.text.slice(begin, use.start))?.[1] ?? "";
    return (
      bound
        .split(/=|\bin\b/, 1)[0]
        ?.split(/\W+/)
        .includes(name) === true
    );
  });
}

/** True when parameters and result of a cell did not parse: its calls cannot be judged. */
export function hasBrokenHead({ scope, decl }: CellSymbol): boolean {
  const isBare = decl.kind === "cell" && decl.body.kind === "block" && !hasStatements(decl.body);
  return isBare && isBroken(scope, decl.span);
}

function hasStatements({ block }: { readonly block: Block }): boolean {
  return block.statements.length > 0;
}

function labelOf({ macro, source, span }: ExpansionOrigin): Label {
  return { span, text: `in the expansion of macro '${macro}'`, source };
}

/**
 * The candidate that is meant: the one with this name in another language, else the nearest, if it
 * is near enough to be a slip. It is looked for in {@link SUGGEST_STEPS_MAX} steps.
 */
export function suggest(name: string, candidates: Iterable<string>): string | null {
  const foreign = FOREIGN_NAMES.get(name) ?? [];
  let best: string | null = null;
  const slips = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  // A name of one letter with that letter changed is any name.
  let bestDistance = Math.min(slips, name.length - 1) + 1;
  let steps = 0;
  for (const candidate of candidates) {
    if (candidate === name || candidate.includes("$")) continue;
    if (foreign.includes(candidate)) return candidate;
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    steps += name.length * candidate.length;
    if (steps > SUGGEST_STEPS_MAX) break;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, cut off at `bound`. */
function editDistance(a: string, b: string, bound: number): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(
        Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost),
      );
    }
    previous = row;
  }
  return previous[b.length] ?? bound;
}

/** `; did you mean 'x'?` or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = suggest(name, candidates);
  return near === null ? "" : `; did you mean '${near}'?`;
}

/** The edit that puts the nearest candidate in the place of a name; nothing where none is near. */
export function renameFix(
  scope: ModuleScope,
  span: Span,
  name: string,
  candidates: Iterable<string>,
): Pick<Diagnostic, "fixes"> {
  const near = suggest(name, candidates);
  const isName = scope.text.text.slice(span.start, span.end) === name;
  if (near === null || !isName) return {};
  return { fixes: [{ title: `write '${near}'`, edits: [{ span, newText: near }] }] };
}

/** True for a name that a failed import, reported where it stands, may have meant. */
export function isLost(scope: ModuleScope, name: string): boolean {
  return scope.lost.has(name) || scope.lost.has("*");
}
