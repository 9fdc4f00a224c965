// The state of checking one cell: variables, scopes, loops, and what the cell does to the outside.

import type { Diagnostic, DiagnosticCode, Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { Block, Body, Expr } from "@lumen/syntax";
import type { HirCell, HirCellKind, HirExpr, HirLocal, LocalId, LoopId } from "../hir/hir.ts";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { noteUse } from "../maturity/deprecation.ts";
import type { ModuleGraph } from "../resolve/module-graph.ts";
import type { TypeContext } from "../resolve/resolve-type.ts";
import { type CellSymbol, type ModuleScope, report } from "../resolve/scope.ts";
import { type Substitution, substitute } from "../types/relations.ts";
import { optionOf } from "../types/simple-types.ts";

/** Why a cell has an effect: it performs it, or it calls (or names) a cell that does. */
export type EffectCause =
  | {
      readonly kind: "builtin";
      readonly effect: string;
      readonly name: string;
      readonly span: Span;
    }
  | { readonly kind: "call"; readonly callee: CellRef; readonly span: Span };

/** A cell as the checker leaves it: its row is added when all cells are known. */
export interface CheckedCell {
  readonly cell: HirCell;
  readonly scope: ModuleScope;
  readonly symbol: CellSymbol | null;
  readonly causes: readonly EffectCause[];
  /** Lambdas and other compiler-made cells that belong to it, in order. */
  readonly hidden: readonly CheckedCell[];
}

/** Whether a construct's value is used, and what it should be. */
export interface Want {
  readonly wanted: boolean;
  readonly expected: Type | null;
}

/** The recursive rules; see recursion.ts. */
export interface Rules {
  readonly expr: (c: CellContext, e: Expr, expected: Type | null) => HirExpr;
  readonly block: (c: CellContext, block: Block, want: Want) => HirExpr;
  readonly body: (c: CellContext, body: Body, expected: Type | null) => HirExpr;
  readonly cellResult: (session: Session, symbol: CellSymbol) => Type;
}

/** What is shared by all cells of one compilation. */
export interface Session {
  readonly graph: ModuleGraph;
  readonly checked: Map<CellSymbol, CheckedCell>;
  readonly inProgress: Set<CellSymbol>;
  readonly rules: Rules;
  readonly obligations: RowObligation[];
}

/** A cell given where a function of a declared row is expected: checked when rows are known. */
export interface RowObligation {
  readonly scope: ModuleScope;
  readonly cell: CellRef;
  readonly row: readonly string[];
  readonly what: string;
  readonly expected: Type;
  readonly found: Type;
  readonly span: Span;
}

/** A variable under construction. */
export interface LocalState {
  name: string | null;
  type: Type;
  readonly span: Span;
  /** Made from an empty literal: the first append or assignment decides the element type. */
  refinable: boolean;
  /** Read outside the block that binds it, so it can be null (language 6, scope). */
  readOutside: boolean;
}

/** A loop that `break` and `continue` can name. */
export interface LoopState {
  readonly id: LoopId;
  readonly label: string | null;
  readonly breakTypes: Type[];
}

/** Everything known while a cell, or a lambda inside one, is checked. */
export interface CellContext {
  readonly session: Session;
  readonly scope: ModuleScope;
  readonly name: string;
  readonly kind: HirCellKind;
  readonly generics: ReadonlySet<string>;
  readonly locals: LocalState[];
  /** Innermost last. */
  readonly blocks: Map<string, LocalId>[];
  /** Names bound in a nested block only. */
  readonly hoisted: Map<string, LocalId>;
  /** Types known to be narrower than declared, in the code being checked. */
  narrowed: ReadonlyMap<LocalId, Type>;
  /** What the patterns around say about type parameters (language 19.2): `T := Int`. */
  refined: Substitution;
  readonly loops: LoopState[];
  readonly causes: EffectCause[];
  readonly hidden: CheckedCell[];
  /** Declared or expected result; null while it is inferred. */
  readonly result: Type | null;
  /** Types of the values that `return` gives, while the result is inferred. */
  readonly returned: Type[];
  /** For a lambda: where its free variables live. */
  readonly parent: CellContext | null;
  /** Outer local → capture local of this cell. */
  readonly captures: Map<LocalId, LocalId>;
  readonly counters: { loops: number; lambdas: number };
}

/** A fresh context. `name` is that of the owner for lambdas, whose numbers are shared. */
export function makeContext(
  base: Pick<CellContext, "session" | "scope" | "name" | "kind" | "generics" | "result" | "parent">,
): CellContext {
  return {
    ...base,
    locals: [],
    blocks: [new Map()],
    hoisted: new Map(),
    narrowed: new Map(),
    refined: base.parent?.refined ?? new Map(),
    loops: [],
    causes: [],
    hidden: base.parent?.hidden ?? [],
    returned: [],
    captures: new Map(),
    counters: { loops: 0, lambdas: 0 },
  };
}

/** Where the types written in this cell are resolved. */
export function typeContext(c: CellContext): TypeContext {
  const { scope, generics } = c;
  return { scope, generics, declaring: ownerOf(topOf(c).name) };
}

/** The declaration that a cell is a method of: `Shape` of `Shape.area`; empty for other cells. */
export function ownerOf(cell: string): string {
  return cell.slice(0, Math.max(0, cell.indexOf(".")));
}

/** The use of a type in a cell; its own methods do not use it. */
export function noteTypeUse(c: CellContext, decl: RecordSymbol | EnumSymbol, span: Span): void {
  const isItself = ownerOf(topOf(c).name) === decl.name;
  if (!isItself) noteUse(c.scope, decl.deprecation, `type '${decl.name}'`, span);
}

/** Reports in the module of the cell. */
export function complain(
  c: CellContext,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: Partial<Pick<Diagnostic, "expected" | "found" | "help" | "labels" | "severity">> = {},
): void {
  report(c.scope, code, span, message, more);
}

/** Declares a variable in the innermost block. A name of null is a temporary. */
export function addLocal(c: CellContext, name: string | null, type: Type, span: Span): LocalId {
  const id = c.locals.length;
  c.locals.push({ name, type, span, refinable: false, readOutside: false });
  if (name !== null) {
    required(c.blocks.at(-1), "a block is open").set(name, id);
    if (c.blocks.length > 1) c.hoisted.set(name, id);
  }
  return id;
}

/** The state of a local. */
export function localState(c: CellContext, id: LocalId): LocalState {
  return required(c.locals[id], "the local exists");
}

/** The variable that a name means here; a free variable of a lambda is captured by copy. */
export function lookupLocal(c: CellContext, name: string): LocalId | null {
  for (let i = c.blocks.length - 1; i >= 0; i--) {
    const id = c.blocks[i]?.get(name);
    if (id !== undefined) return id;
  }
  const outside = c.hoisted.get(name);
  if (outside !== undefined) {
    localState(c, outside).readOutside = true;
    return outside;
  }
  if (c.parent === null) return null;
  const outer = lookupLocal(c.parent, name);
  return outer === null ? null : capture(c, name, outer);
}

function capture(c: CellContext, name: string, outer: LocalId): LocalId {
  const known = c.captures.get(outer);
  if (known !== undefined) return known;
  const parent = required(c.parent, "a capture has an outer cell");
  const id = c.locals.length;
  const type = currentType(parent, outer);
  const span = localState(parent, outer).span;
  c.locals.push({ name, type, span, refinable: false, readOutside: false });
  required(c.blocks[0], "the outermost block is open").set(name, id);
  c.captures.set(outer, id);
  return id;
}

/** Type of a local as it is known at this point. */
export function currentType(c: CellContext, id: LocalId): Type {
  return refine(c, c.narrowed.get(id) ?? localState(c, id).type);
}

/** A type with what is known about its parameters here. */
export function refine(c: CellContext, type: Type): Type {
  return substitute(type, c.refined);
}

/** Adds what a pattern tells about type parameters, up to the end of the block. */
export function learn(c: CellContext, refinement: Substitution): void {
  if (refinement.size === 0) return;
  const known = [...c.refined].map(([k, t]): [string, Type] => [k, substitute(t, refinement)]);
  c.refined = new Map([...known, ...refinement]);
}

/** Runs `body` in a nested block. */
export function inBlock<T>(c: CellContext, body: () => T): T {
  c.blocks.push(new Map());
  const { refined } = c;
  const result = body();
  c.refined = refined;
  c.blocks.pop();
  return result;
}

/** Like {@link inBlock}, for variables that end with their construct: loop variables, patterns. */
export function inBinding<T>(c: CellContext, body: () => T): T {
  return inBlock(c, () => {
    const result = body();
    for (const [name, id] of c.blocks.at(-1) ?? []) {
      if (c.hoisted.get(name) === id) c.hoisted.delete(name);
    }
    return result;
  });
}

/** Runs `body` with further narrowings, which end with it. */
export function narrowing<T>(c: CellContext, facts: ReadonlyMap<LocalId, Type>, body: () => T): T {
  const saved = c.narrowed;
  if (facts.size > 0) c.narrowed = new Map([...saved, ...facts]);
  const result = body();
  c.narrowed = saved;
  return result;
}

/** An assignment ends what is known about a variable beyond its declared type. */
export function forgetNarrowing(c: CellContext, id: LocalId): void {
  if (!c.narrowed.has(id)) return;
  const rest = new Map(c.narrowed);
  rest.delete(id);
  c.narrowed = rest;
}

/** The locals as HIR: those read outside their block can be null. */
export function finishLocals(c: CellContext, optional: (type: Type) => Type): readonly HirLocal[] {
  return c.locals.map((local) => ({
    name: local.name,
    type: local.readOutside ? optional(local.type) : local.type,
    span: local.span,
  }));
}

/** Reads a local at the type known here. */
export function readLocal(c: CellContext, id: LocalId, span: Span): HirExpr {
  const visible =
    localState(c, id).name === null || c.blocks.some((b) => [...b.values()].includes(id));
  const type = visible ? currentType(c, id) : optionOf(currentType(c, id));
  return { kind: "local", local: id, type, span };
}

/** The named cell around lambdas: numbers of compiler-made cells are its own. */
export function topOf(c: CellContext): CellContext {
  let top = c;
  while (top.parent !== null) top = top.parent;
  return top;
}
