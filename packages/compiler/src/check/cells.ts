// Cells as a whole: declared or inferred result, defaults, preconditions, record checks, the
// script.

import type { Span } from "@lumen/core/diagnostic";
import type { CellDecl, Statement } from "@lumen/syntax";
import { retryMistakes } from "../effects/retry.ts";
import type { HirCellKind, HirExpr, HirParam, HirStatement } from "../hir/hir.ts";
import type { RecordSymbol, Type } from "../hir/type.ts";
import {
  aliasCheckRef,
  type ConstrainedAlias,
  constrainedAlias,
} from "../resolve/alias-constraints.ts";
import { inOrder } from "../resolve/in-order.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import {
  type CellSymbol,
  isBroken,
  type ModuleScope,
  type RecordConstraints,
} from "../resolve/scope.ts";
import { namesIn } from "../tree/names.ts";
import { acceptsNull, elementType, joinTypes } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, NULL, optionOf } from "../types/simple-types.ts";
import { checkedBy } from "./alias-constraints.ts";
import { checkBlockHere, checkBody } from "./bodies.ts";
import { isLiteral } from "./build.ts";
import { sourceText } from "./claims.ts";
import { isConstraint } from "./constraint-form.ts";
import {
  addLocal,
  type CellContext,
  type CheckedCell,
  complain,
  finishLocals,
  makeContext,
  readLocal,
  type Session,
} from "./context.ts";
import { cellContracts } from "./contracts.ts";
import { convert } from "./convert.ts";
import { itemOfGenerator, yieldsItself } from "./exits.ts";
import { defaultCell, guard, hiddenCell, precondition } from "./hidden-cells.ts";
import { asCondition } from "./operators.ts";
import { checkExpect, checkExpr } from "./recursion.ts";
import { shed } from "./shed.ts";

/**
 * Result type of a cell: as written, else inferred from its body; Any while it refers to itself.
 */
export function resultOfCell(session: Session, symbol: CellSymbol): Type {
  if (symbol.declaredResult !== null) return symbol.declaredResult;
  if (session.inProgress.has(symbol)) {
    if ([...session.inProgress].at(-1) !== symbol) session.isEntangled = true;
    return ANY;
  }
  settleNeeded(session, symbol);
  return checkCell(session, symbol).cell.result;
}

/** Checks what the result of a cell depends on, and that first which depends on nothing else. */
function settleNeeded(session: Session, symbol: CellSymbol): void {
  if (session.checked.has(symbol)) return;
  const isOpen = (cell: CellSymbol | undefined): cell is CellSymbol =>
    cell?.declaredResult === null && !session.checked.has(cell) && !session.inProgress.has(cell);
  const order = inOrder(symbol, ({ decl, scope }) =>
    namesIn(decl.body).flatMap((name) => {
      const cell = scope.cells.get(name);
      return isOpen(cell) ? [cell] : [];
    }),
  );
  // Where cells need each other, the first that is asked for begins.
  for (const needed of order ?? []) if (needed !== symbol) checkCell(session, needed);
}

/** Checks a cell, once. */
export function checkCell(session: Session, symbol: CellSymbol): CheckedCell {
  const known = session.checked.get(symbol);
  if (known !== undefined) return known;
  session.inProgress.add(symbol);
  const checked = shed(session, checkDeclared(session, symbol));
  session.inProgress.delete(symbol);
  session.checked.set(symbol, checked);
  return checked;
}

function kindOf(symbol: CellSymbol): HirCellKind {
  if (symbol.ref.name.includes("$")) return "hidden";
  const { body } = symbol.decl;
  const isGenerator =
    itemOfGenerator(symbol.declaredResult) !== null ||
    (body.kind === "block" && mayYield(symbol.scope) && yieldsItself(body.block));
  if (isGenerator && body.kind === "block") return "generator";
  if (symbol.tile !== null) return "tile";
  return symbol.sequence !== null ? "sequence" : "cell";
}

/** A walk over every body to look for `yield` is saved where the word occurs nowhere. */
function mayYield(scope: ModuleScope): boolean {
  if (scope.mentionsYield) return true;
  return [...scope.macros.values()].some((macro) => macro.scope.mentionsYield);
}

const NO_GENERICS: ReadonlySet<string> = new Set();

function checkDeclared(session: Session, symbol: CellSymbol): CheckedCell {
  const { decl, scope, ref } = symbol;
  const kind = kindOf(symbol);
  const yields = itemOfGenerator(symbol.declaredResult);
  const c = makeContext({
    session,
    scope,
    name: ref.name,
    kind,
    generics: symbol.generics.length === 0 ? NO_GENERICS : new Set(symbol.generics),
    // A generator that says it gives something else is refused for that alone.
    result:
      kind === "generator" && (yields !== null || !symbol.declaredResult)
        ? NULL
        : symbol.declaredResult,
    yields,
    symbol,
    parent: null,
  });
  for (const { span, message } of retryMistakes(decl)) complain(c, "E0203", span, message);
  const params = symbol.params.map((p): HirParam => {
    const local = addLocal(c, p.name, p.type, p.span);
    const hasCell = p.default !== null && !isLiteral(p.default);
    return {
      local,
      name: p.name,
      type: p.type,
      default: hasCell ? { module: ref.module, name: `${ref.name}$${p.name}$default` } : null,
    };
  });
  const before = parameterChecks(c, decl);
  if (decl.precondition !== null) before.push(precondition(c, decl.precondition, ref.name));
  const isGenerator = kind === "generator";
  const natural = checkBody(c, decl.body, isGenerator ? null : symbol.declaredResult);
  const result =
    symbol.declaredResult ?? (isGenerator ? generatorOf(c) : inferredResult(c, natural.type));
  if (isGenerator) checkGeneratorResult(c, symbol);
  const fitted = isGenerator ? dropValue(natural) : fitBody(c, natural, result, symbol);
  const body: HirExpr =
    before.length === 0
      ? fitted
      : { kind: "block", statements: before, value: fitted, type: fitted.type, span: fitted.span };
  const hasDefaults = symbol.params.some((p) => p.default !== null);
  const defaults = hasDefaults
    ? symbol.params.flatMap((_p, i) => defaultCell(session, symbol, i))
    : [];
  const contracts = cellContracts(session, symbol, params, result);
  return {
    cell: {
      name: ref.name,
      kind: c.kind,
      params,
      captures: [],
      locals: finishLocals(c, optionOf),
      result,
      row: [],
      body,
      span: decl.span,
      generics: symbol.generics,
      ...contracts,
    },
    scope,
    symbol,
    causes: c.causes,
    hidden: defaults.length === 0 ? c.hidden : [...c.hidden, ...defaults],
  };
}

/** Faults where an argument does not meet the constraint of its type. */
function parameterChecks(c: CellContext, { params }: CellDecl): HirStatement[] {
  if (!c.session.hasConstraints) return [];
  return params.flatMap((p, i) => {
    const alias = p.isVariadic ? null : constrainedAlias(p.type, c.scope);
    return alias === null ? [] : [checkedBy(c, alias, readLocal(c, i, p.span), p.span)];
  });
}

/** What a cell with `yield` gives is a generator, whatever else its result type says. */
function checkGeneratorResult(c: CellContext, { decl, declaredResult }: CellSymbol): void {
  if (declaredResult === null || declaredResult.kind === "error") return;
  if (itemOfGenerator(declaredResult) !== null) return;
  const found = renderType(declaredResult);
  const message = `a cell that yields gives a generator: expected yield T, got ${found}`;
  complain(c, "E0200", decl.result?.span ?? decl.name.span, message, {
    expected: "yield T",
    found,
    help: "Write the type of what it yields, `-> yield T`, or leave the result type out.",
  });
}

/** `Generator[T]` of what a cell without a written result yields. */
function generatorOf(c: CellContext): Type {
  return { kind: "opaque", name: "Generator", args: [elementType(c.yielded)] };
}

/** A generator's body gives nothing: it ends. */
function dropValue(body: HirExpr): HirExpr {
  if (body.type.kind === "never" || body.type.kind === "null") return body;
  const statements: HirStatement[] = [{ kind: "expr", value: body, span: body.span }];
  return { kind: "block", statements, value: null, type: NULL, span: body.span };
}

function inferredResult(c: CellContext, natural: Type): Type {
  const result = joinTypes([...c.returned, natural]);
  return result.kind === "never" ? NULL : result;
}

/** Converts the body's value to the result; a path that ends without one is E0206. */
function fitBody(c: CellContext, body: HirExpr, result: Type, symbol: CellSymbol): HirExpr {
  if (!acceptsNull(result) && body.type.kind !== "never" && endsWithoutValue(body)) {
    if (isBroken(symbol.scope, symbol.decl.span)) return { ...body, type: result };
    const expected = renderType(result);
    complain(
      c,
      "E0206",
      symbol.nameSpan,
      `cell '${symbol.ref.name}' can end without a value: expected ${expected}`,
      {
        expected,
        found: "no value on some path",
      },
    );
    return { ...body, type: result };
  }
  return convert(c, body, result, `the result of '${symbol.ref.name}'`);
}

/** True when control can reach the end of the body with no expression to give a value. */
function endsWithoutValue(body: HirExpr): boolean {
  if (body.type.kind === "never") return false;
  switch (body.kind) {
    case "block":
      return body.value === null ? body.type.kind === "null" : endsWithoutValue(body.value);
    case "if":
      return (
        body.otherwise === null ||
        endsWithoutValue(body.consequent) ||
        endsWithoutValue(body.otherwise)
      );
    case "match":
      return !body.exhaustive || body.arms.some((a) => endsWithoutValue(a.body));
    case "convert":
      return endsWithoutValue(body.value);
    case "while":
    case "for":
      return body.type.kind === "null";
    default:
      return false;
  }
}

/** Faults unless a constraint holds, with its text. */
function constraintGuard(
  scope: ModuleScope,
  condition: HirExpr,
  of: string,
  span: Span,
): HirStatement {
  const text = `runtime error: Constraint failed for ${of}: expected ${sourceText(scope, span)}`;
  return guard(condition, text, span);
}

/** Cells that belong to a record: one per default, and the check of its constraints. */
export function recordCells(
  session: Session,
  symbol: RecordSymbol,
  constraints: RecordConstraints,
): readonly CheckedCell[] {
  const { scope } = constraints;
  const cells = symbol.fields.flatMap((field, i): readonly CheckedCell[] => {
    const e = constraints.defaults[i] ?? null;
    if (e === null || field.default === null) return [];
    const earlier = symbol.fields.slice(0, i);
    return [
      hiddenCell(
        session,
        scope,
        field.default.name,
        symbol.generics,
        earlier,
        field.type,
        e.span,
        (c) => checkExpect(c, e, field.type, `the default of '${field.name}'`),
      ),
    ];
  });
  if (symbol.check === null) return cells;
  const check = hiddenCell(
    session,
    scope,
    symbol.check.name,
    symbol.generics,
    symbol.fields,
    NULL,
    symbol.span,
    (c) => {
      const statements = symbol.fields.flatMap((field, i): readonly HirStatement[] => {
        const alias = constrainedAlias(constraints.types[i] ?? null, scope);
        const value = readLocal(c, i, field.span);
        const own = alias === null ? [] : [checkedBy(c, alias, value, field.span)];
        const e = constraints.checks[i] ?? null;
        if (e === null) return own;
        if (!isConstraint(c, e)) return own;
        const condition = asCondition(c, checkExpr(c, e, null));
        return [...own, constraintGuard(scope, condition, `field '${field.name}'`, e.span)];
      });
      return { kind: "block", statements, value: null, type: NULL, span: symbol.span };
    },
  );
  return [...cells, check];
}

/** The cell that checks a value against the constraint of an alias, that of its base first. */
export function aliasCell(session: Session, alias: ConstrainedAlias): CheckedCell {
  const { decl, scope } = alias;
  const generics = decl.generics.map((g) => g.name.text);
  const type = resolveType(decl.type, { scope, generics: new Set(generics) });
  const self = { name: "self", type, span: decl.name.span };
  const { name } = aliasCheckRef(alias);
  return hiddenCell(session, scope, name, generics, [self], NULL, decl.name.span, (c) => {
    const base = constrainedAlias(decl.type, scope, decl);
    const value = readLocal(c, 0, decl.name.span);
    const statements = base === null ? [] : [checkedBy(c, base, value, decl.name.span)];
    if (decl.constraint !== null && isConstraint(c, decl.constraint)) {
      const condition = asCondition(c, checkExpr(c, decl.constraint, null));
      const { span } = decl.constraint;
      statements.push(constraintGuard(scope, condition, `type '${decl.name.text}'`, span));
    }
    return { kind: "block", statements, value: null, type: NULL, span: decl.span };
  });
}

/** The synthetic cell of top-level statements (language 1, scripts), or null without any. */
export function scriptCell(session: Session, scope: ModuleScope): CheckedCell | null {
  const statements = scope.script.filter((s: Statement) => s.kind !== "item" && s.kind !== "error");
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return null;
  const name = scope.cells.has("main") ? "__script_main" : "main";
  const span = { start: first.span.start, end: last.span.end };
  const c = makeContext({
    session,
    scope,
    name,
    kind: "cell",
    generics: new Set(),
    result: null,
    parent: null,
  });
  const natural = checkBlockHere(c, { statements, span }, { wanted: true, expected: null });
  const result = inferredResult(c, natural.type);
  return {
    cell: {
      name,
      kind: "cell",
      params: [],
      captures: [],
      locals: finishLocals(c, optionOf),
      result,
      row: [],
      body: convert(c, natural, result),
      span,
      generics: [],
    },
    scope,
    symbol: null,
    causes: c.causes,
    hidden: c.hidden,
  };
}
