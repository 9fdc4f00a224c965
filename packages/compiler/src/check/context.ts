// The state of checking one cell: variables, scopes, loops, and what the cell does to the outside.

import type { Diagnostic, DiagnosticCode, Span } from "@lumen/core/diagnostic";
import type { ToolRetry } from "@lumen/core/program";
import { required } from "@lumen/core/result";
import type { Block, Body, Expr } from "@lumen/syntax";
import { escapingCells } from "../effects/escapes.ts";
import { isDurable, retryOf } from "../effects/retry.ts";
import type { HirCell, HirCellKind, HirExpr, HirLocal, LocalId, LoopId } from "../hir/hir.ts";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { noteUse } from "../maturity/deprecation.ts";
import type { ModuleGraph } from "../resolve/module-graph.ts";
import type { TypeContext } from "../resolve/resolve-type.ts";
import {
  type Bounds,
  type CellSymbol,
  type ModuleScope,
  NO_BOUNDS,
  report,
} from "../resolve/scope.ts";
import { type Substitution, substitute } from "../types/relations.ts";
import { optionOf } from "../types/simple-types.ts";
import type { MethodTable } from "./methods.ts";

/** Why a cell has an effect: it performs it, or it calls (or names) a cell that does. */
export type EffectCause =
  | {
      /** `value`: a call of a function whose type has the effect; `trait`: the row of a method. */
      readonly kind: "builtin" | "perform" | "tool" | "value" | "trait";
      readonly effect: string;
      readonly name: string;
      readonly span: Span;
    }
  /** `leaves`: a function of the cell, or one that the call gives, gets out of a handled block. */
  | {
      readonly kind: "call";
      readonly callee: CellRef;
      readonly span: Span;
      readonly leaves?: true;
    }
  /** A cell of the host: its row is trusted, but no tile may reach it. */
  | {
      readonly kind: "extern";
      readonly effects: readonly string[];
      readonly name: string;
      readonly span: Span;
    }
  /** A block under a handler: what it does, but for the effects that the handler discharges. */
  | {
      readonly kind: "handled";
      readonly effects: readonly string[];
      readonly causes: readonly EffectCause[];
      readonly span: Span;
    }
  /** What is started as a task: no handler around the start is in force there (10.3). */
  | { readonly kind: "task"; readonly causes: readonly EffectCause[]; readonly span: Span };

/** The arm of a handler that is being checked. */
export interface ArmState {
  /** Result type of the operation: what `resume` takes. */
  readonly takes: Type;
  /** What `resume` gives: the value of the handled block. */
  readonly gives: Type;
}

/** The block of a `handle`: what gets out of it is known when the whole cell is. */
export interface HandledBlock {
  readonly body: HirExpr;
  /** Variables of the cell before it. */
  readonly localCount: number;
  readonly causes: readonly EffectCause[];
  /** The causes around it, which get what the handler does not discharge. */
  readonly outer: EffectCause[];
}

/** A cell as the checker leaves it: its row is added when all cells are known. */
export interface CheckedCell {
  readonly cell: HirCell;
  readonly scope: ModuleScope;
  readonly symbol: CellSymbol | null;
  readonly causes: readonly EffectCause[];
  /** Lambdas and other compiler-made cells that belong to it, in order. */
  readonly hidden: readonly CheckedCell[];
  /** The row that is written on a lambda; absent where none is. */
  readonly lambdaRow?: { readonly effects: readonly string[]; readonly span: Span };
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
  /** Whether somebody reads the typed trees of cells once these are checked. */
  readonly keepsTrees: boolean;
  /** Cells without written results need each other: their types depend on which comes first. */
  isEntangled: boolean;
  /** Some alias of the program has a constraint: in few programs, and asked for every type. */
  readonly hasConstraints: boolean;
  /** Wire bytes of the texts that constants were folded to. */
  constantBytes: number;
  readonly checked: Map<CellSymbol, CheckedCell>;
  readonly inProgress: Set<CellSymbol>;
  readonly rules: Rules;
  readonly obligations: RowObligation[];
  readonly methods: MethodTable;
  /** Variables of the environment that no program may ask for (language 11.7). */
  readonly secrets: ReadonlySet<string>;
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
  /** The block that binds it is still open. */
  isOpen: boolean;
  /** A read outside of its block was reported. */
  isNoted: boolean;
  /** The cell in a body whose value it is: what a call may say (check/local-cells.ts). */
  cell: CellSymbol | null;
}

/** Nothing known beyond the declared types. */
export const NO_FACTS: ReadonlyMap<LocalId, Type> = new Map();

/** A cell of the compiler that reads values of Json as a type (check/schemas.ts). */
export interface SchemaReader {
  readonly type: Type;
  readonly cell: CellRef;
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
  /** Of the named cell around lambdas. */
  readonly bounds: Bounds;
  readonly self: Type | null;
  /** `@retry` of the cell, also for lambdas in it (language 18). */
  readonly retry: ToolRetry | null;
  /** `@durable` of the cell, also for lambdas in it: a checkpoint after each call of a tool. */
  readonly durable: boolean;
  readonly locals: LocalState[];
  /** Named locals that can be seen, in the order of their binding: blocks end by truncation. */
  readonly visible: LocalId[];
  /** Length of `visible` where each open block began, outermost first. */
  readonly blockStarts: number[];
  /** Names bound in a nested block only; made when the first is. */
  hoisted: Map<string, LocalId> | null;
  /** Types known to be narrower than declared, in the code being checked. */
  narrowed: ReadonlyMap<LocalId, Type>;
  /** What the patterns around say about type parameters (language 19.2): `T := Int`. */
  refined: Substitution;
  readonly loops: LoopState[];
  causes: EffectCause[];
  /** Blocks of `handle` in the cell, innermost first. */
  readonly handled: HandledBlock[];
  /** Arms of handlers around this point, innermost last. */
  readonly arms: ArmState[];
  /** Inside a `defer`, whose block nothing may leave. */
  isDeferred: boolean;
  /** Written type of what a generator yields, and the types that it does yield. */
  readonly yields: Type | null;
  readonly yielded: Type[];
  /** Local that holds the role messages of the cell (language 11.5), once it has any. */
  roles: LocalId | null;
  readonly hidden: CheckedCell[];
  /** Cells that read values for `expect schema`; lambdas share those of their cell. */
  readonly readers: SchemaReader[];
  /** Declared or expected result; null while it is inferred. */
  readonly result: Type | null;
  /** Types of the values that `return` gives, while the result is inferred. */
  readonly returned: Type[];
  /** For a lambda: where its free variables live. */
  readonly parent: CellContext | null;
  /** Outer local → capture local of this cell; made when the first is captured. */
  captures: Map<LocalId, LocalId> | null;
  /** Captured names, which stand around the outermost block. */
  captured: Map<string, LocalId> | null;
  readonly counters: { loops: number; lambdas: number; comptimes: number; claims: number };
}

const NO_REFINEMENT: Substitution = new Map();

/** A fresh context. `name` is that of the owner for lambdas, whose numbers are shared. */
export function makeContext(
  base: Pick<
    CellContext,
    "session" | "scope" | "name" | "kind" | "generics" | "result" | "parent"
  > & { readonly yields?: Type | null; readonly symbol?: CellSymbol },
): CellContext {
  // Written out: a spread of so many properties makes a slow object.
  return {
    session: base.session,
    scope: base.scope,
    name: base.name,
    kind: base.kind,
    generics: base.generics,
    bounds: base.symbol?.bounds ?? base.parent?.bounds ?? NO_BOUNDS,
    self: base.symbol?.self ?? base.parent?.self ?? null,
    retry: retryOf(base.symbol?.decl ?? null) ?? base.parent?.retry ?? null,
    durable: isDurable(base.symbol?.decl ?? null) || base.parent?.durable === true,
    result: base.result,
    parent: base.parent,
    locals: [],
    visible: [],
    blockStarts: [0],
    hoisted: null,
    narrowed: NO_FACTS,
    refined: base.parent?.refined ?? NO_REFINEMENT,
    loops: [],
    causes: [],
    handled: [],
    arms: [],
    isDeferred: false,
    yields: base.yields ?? null,
    yielded: [],
    roles: null,
    hidden: base.parent?.hidden ?? [],
    readers: base.parent?.readers ?? [],
    returned: [],
    captures: null,
    captured: null,
    counters: { loops: 0, lambdas: 0, comptimes: 0, claims: 0 },
  };
}

/** Where the types written in this cell are resolved. */
export function typeContext(c: CellContext): TypeContext {
  const { scope, generics } = c;
  return { scope, generics, self: c.self, declaring: ownerOf(topOf(c).name) };
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
  more: Partial<
    Pick<Diagnostic, "expected" | "found" | "help" | "labels" | "fixes" | "severity">
  > = {},
): void {
  report(c.scope, code, span, message, more);
}

/** Declares a variable in the innermost block. A name of null is a temporary. */
export function addLocal(c: CellContext, name: string | null, type: Type, span: Span): LocalId {
  const id = newLocal(c, name, type, span);
  if (name !== null) {
    c.visible.push(id);
    if (c.blockStarts.length > 1) {
      c.hoisted ??= new Map();
      c.hoisted.set(name, id);
    }
  }
  return id;
}

function newLocal(c: CellContext, name: string | null, type: Type, span: Span): LocalId {
  c.locals.push({
    name,
    type,
    span,
    refinable: false,
    readOutside: false,
    isOpen: true,
    isNoted: false,
    cell: null,
  });
  return c.locals.length - 1;
}

/** The state of a local. */
export function localState(c: CellContext, id: LocalId): LocalState {
  return required(c.locals[id], "the local exists");
}

/** The variable that a name means here; a free variable of a lambda is captured by copy. */
export function lookupLocal(c: CellContext, name: string): LocalId | null {
  for (let i = c.visible.length - 1; i >= 0; i--) {
    const id = c.visible[i];
    if (id !== undefined && c.locals[id]?.name === name) return id;
  }
  const captured = c.captured?.get(name);
  if (captured !== undefined) return captured;
  const outside = c.hoisted?.get(name);
  if (outside !== undefined) {
    localState(c, outside).readOutside = true;
    return outside;
  }
  if (c.parent === null) return null;
  const outer = lookupLocal(c.parent, name);
  return outer === null ? null : capture(c, name, outer);
}

function capture(c: CellContext, name: string, outer: LocalId): LocalId {
  const known = c.captures?.get(outer);
  if (known !== undefined) return known;
  const parent = required(c.parent, "a capture has an outer cell");
  const { isOpen, span } = localState(parent, outer);
  const type = currentType(parent, outer);
  const id = newLocal(c, name, isOpen ? type : optionOf(type), span);
  // Read after its block here too: null where the block did not run.
  localState(c, id).isOpen = isOpen;
  localState(c, id).cell = localState(parent, outer).cell;
  c.captured ??= new Map();
  c.captured.set(name, id);
  c.captures ??= new Map();
  c.captures.set(outer, id);
  return id;
}

/** Type of a local as it is known at this point. */
export function currentType(c: CellContext, id: LocalId): Type {
  return refine(c, c.narrowed.get(id) ?? localState(c, id).type);
}

/** A type with what is known about its parameters here. */
export function refine(c: CellContext, type: Type): Type {
  return c.refined.size === 0 ? type : substitute(type, c.refined);
}

/** Adds what a pattern tells about type parameters, up to the end of the block. */
export function learn(c: CellContext, refinement: Substitution): void {
  if (refinement.size === 0) return;
  const known = [...c.refined].map(([k, t]): [string, Type] => [k, substitute(t, refinement)]);
  c.refined = new Map([...known, ...refinement]);
}

/** Names of the variables that can be seen, outermost first. */
export function localNames(c: CellContext): readonly string[] {
  const own = c.visible.flatMap((id) => localState(c, id).name ?? []);
  return [...(c.captured?.keys() ?? []), ...own];
}

/** Runs `body` in a nested block. */
export function inBlock<T>(c: CellContext, body: () => T): T {
  const before = openBlock(c);
  const result = body();
  closeBlock(c, before);
  return result;
}

/** Opens a nested block, for {@link closeBlock}, which takes what this returns. */
export function openBlock(c: CellContext): Substitution {
  c.blockStarts.push(c.visible.length);
  return c.refined;
}

/** Closes the innermost block. */
export function closeBlock(c: CellContext, before: Substitution): void {
  c.refined = before;
  const start = required(c.blockStarts.pop(), "the block is open");
  if (start === c.visible.length) return;
  for (let i = start; i < c.visible.length; i++) localState(c, c.visible[i] ?? 0).isOpen = false;
  c.visible.length = start;
}

/** Like {@link inBlock}, for variables that end with their construct: loop variables, patterns. */
export function inBinding<T>(c: CellContext, body: () => T): T {
  return inBlock(c, () => {
    const result = body();
    if (c.hoisted !== null) {
      for (let i = c.blockStarts.at(-1) ?? 0; i < c.visible.length; i++) {
        const id = c.visible[i] ?? 0;
        const { name } = localState(c, id);
        if (name !== null && c.hoisted.get(name) === id) c.hoisted.delete(name);
      }
    }
    return result;
  });
}

/** Runs `body` with further narrowings, which end with it. */
export function narrowing<T>(c: CellContext, facts: ReadonlyMap<LocalId, Type>, body: () => T): T {
  const saved = c.narrowed;
  if (facts.size > 0) c.narrowed = saved.size === 0 ? facts : new Map([...saved, ...facts]);
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

/**
 * The locals as HIR: those read outside their block can be null. The cell is complete now, so what
 * gets out of the blocks of its handlers is known too.
 */
export function finishLocals(c: CellContext, optional: (type: Type) => Type): readonly HirLocal[] {
  for (const block of c.handled.splice(0)) releaseEscaping(c, block);
  return c.locals.map((local) => ({
    name: local.name,
    type: local.readOutside ? optional(local.type) : local.type,
    span: local.span,
  }));
}

/** What a function does that gets out of a block is not discharged by the handler (10.3). */
function releaseEscaping(c: CellContext, { body, localCount, causes, outer }: HandledBlock): void {
  const cells = escapingCells(body, {
    isOuter: (local) => local < localCount || localState(c, local).readOutside,
    typeOf: (local) => localState(c, local).type,
  });
  const release = (list: readonly EffectCause[]): void => {
    for (const cause of list) {
      if (cause.kind === "handled") release(cause.causes);
      else if (cause.kind === "call" && cells.get(cause.callee))
        outer.push({ ...cause, leaves: true });
    }
  };
  release(causes);
}

/** Reads a local at the type known here. */
export function readLocal(c: CellContext, id: LocalId, span: Span): HirExpr {
  const state = localState(c, id);
  const { name, isOpen } = state;
  const isVisible = name === null || isOpen;
  if (!isVisible && c.kind === "sequence") {
    complain(c, "E0812", span, `'${name}' is bound in another branch only`, {
      help: "Make it the value of the branch: `let x = if … then … else …`.",
      labels: [{ span: state.span, text: "bound here" }],
    });
    return { kind: "local", local: id, type: { kind: "error" }, span };
  }
  if (!isVisible && !state.isNoted) {
    state.isNoted = true;
    complain(c, "E0201", span, `'${name}' is read outside of the block that binds it`, {
      severity: "warning",
      help: "It is null when the block did not run: bind it before the block.",
      labels: [{ span: state.span, text: "bound here" }],
    });
  }
  const type = isVisible ? currentType(c, id) : optionOf(currentType(c, id));
  return { kind: "local", local: id, type, span };
}

/** The named cell around lambdas: numbers of compiler-made cells are its own. */
export function topOf(c: CellContext): CellContext {
  let top = c;
  while (top.parent !== null) top = top.parent;
  return top;
}
