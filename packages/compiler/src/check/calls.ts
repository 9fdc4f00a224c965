// Calls (language 7): what a callee means, how arguments meet parameters, tiles and their `!`.

import { builtinByName } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Expr, Name } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import {
  type CellParam,
  type CellSymbol,
  didYouMean,
  type ModuleScope,
  plainName,
} from "../resolve/scope.ts";
import { acceptsNull, inferParams, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, NULL } from "../types/simple-types.ts";
import { constant, errorExpr, temporary, visibleNames } from "./build.ts";
import { checkBuiltinCall } from "./builtin-calls.ts";
import { constructRecord, constructVariant } from "./construct.ts";
import { type CellContext, complain, lookupLocal, readLocal, topOf } from "./context.ts";
import { convert } from "./convert.ts";
import { solvedHint } from "./hints.ts";
import { checkExpr, resultOfCell } from "./recursion.ts";
import { spreadIntoList } from "./variadic.ts";

/** Number of runs of a recur tile when neither tile nor call says otherwise (formats 7.2). */
const RECUR_BOUND = 1_000_000;

/** A call in all its forms. */
export function checkCall(
  c: CellContext,
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const { callee } = e;
  if (callee.kind === "name") return callName(c, callee.name, callee.span, e, expected);
  if (e.bang) return bangError(c, e.span, "this expression");
  if (callee.kind === "field" && !callee.nullSafe) return callMethod(c, callee, e, expected);
  if (
    callee.kind === "index" &&
    callee.value.kind === "name" &&
    c.scope.types.has(callee.value.name)
  ) {
    return callName(c, callee.value.name, callee.span, e, expected);
  }
  return callValue(c, checkExpr(c, callee, null), e.args, e.span);
}

/** `a |> f(b)` is `f(a, b)`; `a |> x.m(b)` is `x.m(a, b)`. */
export function checkPipe(
  c: CellContext,
  e: Expr & { kind: "pipe" },
  expected: Type | null,
): HirExpr {
  const first: Arg = { name: null, spread: false, value: e.value };
  const { target } = e;
  if (target.kind === "call") {
    return checkCall(c, { ...target, args: [first, ...target.args], span: e.span }, expected);
  }
  if (target.kind === "name" || target.kind === "field" || target.kind === "lambda") {
    return checkCall(
      c,
      { kind: "call", callee: target, args: [first], bang: false, span: e.span },
      expected,
    );
  }
  complain(c, "E0202", target.span, "the right side of '|>' is not callable", {
    expected: "a cell, a lambda or a call",
    found: target.kind === "binary" ? `an operator '${target.op}'` : "another expression",
    help: "Put the rest of the expression in parentheses, or bind the piped value with `let` first.",
  });
  return errorExpr(e.span);
}

function callName(
  c: CellContext,
  name: string,
  nameSpan: Span,
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const local = lookupLocal(c, name);
  if (local !== null) {
    if (e.bang) return bangError(c, nameSpan, `'${name}'`);
    return callValue(c, readLocal(c, local, nameSpan), e.args, e.span);
  }
  const cell = c.scope.cells.get(name);
  if (e.bang && cell === undefined) return unknownMacro(c, name, nameSpan);
  if (e.bang)
    return cell?.tile?.kind === "recur"
      ? callRecur(c, cell, e)
      : bangError(c, nameSpan, `'${plainName(name)}'`);
  const type = c.scope.types.get(name);
  if (type?.kind === "record") return constructRecord(c, type.symbol, e.args, e.span, expected);
  const variant = constructVariant(c, name, e.args, e.span, expected);
  if (variant !== null) return variant;
  if (cell !== undefined) return callCell(c, cell, e.args, e.span);
  const shown = plainName(name);
  const builtin = builtinByName(shown);
  if (builtin !== undefined) return checkBuiltinCall(c, builtin, shown, e.args, e.span, expected);
  const known = [...visibleNames(c), ...c.scope.types.keys()];
  const what = type === undefined ? "unknown cell" : "not callable:";
  complain(
    c,
    type === undefined ? "E0102" : "E0202",
    nameSpan,
    `${what} '${shown}'${didYouMean(shown, known)}`,
  );
  for (const arg of e.args) checkExpr(c, arg.value, null);
  return errorExpr(e.span);
}

/** `name!(…)` that is neither macro nor tile; what macros there are was known before (19.3). */
function unknownMacro(c: CellContext, name: string, span: Span): HirExpr {
  const shown = plainName(name);
  const tiles = [...c.scope.cells.values()].filter((x) => x.tile?.kind === "recur");
  const known = [...c.scope.macros.keys(), ...tiles.map((x) => x.ref.name)];
  complain(c, "E0102", span, `unknown macro '${shown}'${didYouMean(shown, known)}`, {
    help: "Declare the macro, import it, or correct its name.",
  });
  return errorExpr(span);
}

function bangError(c: CellContext, span: Span, what: string): HirExpr {
  complain(c, "E0808", span, `${what} is not a recur tile, so it cannot be invoked with '!'`);
  return errorExpr(span);
}

/** `x.m(a)`, in the order of language 7. */
function callMethod(
  c: CellContext,
  callee: Expr & { kind: "field" },
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const method = callee.name.text;
  if (callee.value.kind === "name" && lookupLocal(c, callee.value.name) === null) {
    const owner = callee.value.name;
    const type = c.scope.types.get(owner);
    if (type?.kind === "enum") {
      const variant = constructVariant(c, method, e.args, e.span, expected, type.symbol);
      if (variant !== null) return variant;
      const own = c.scope.cells.get(`${owner}.${method}`);
      if (own !== undefined) return callCell(c, own, e.args, e.span);
    }
    const module = c.scope.modules.get(owner);
    if (module !== undefined) return callInModule(c, module, owner, callee.name, e);
  }
  const receiver = checkExpr(c, callee.value, null);
  if (receiver.type.kind === "error") return errorExpr(e.span);
  return callOnReceiver(c, receiver, callee, e, expected);
}

function callInModule(
  c: CellContext,
  module: ModuleScope,
  owner: string,
  name: Name,
  e: Expr & { kind: "call" },
): HirExpr {
  const cell = module.cells.get(name.text);
  if (cell !== undefined) return callCell(c, cell, e.args, e.span);
  const type = module.types.get(name.text);
  if (type?.kind === "record") return constructRecord(c, type.symbol, e.args, e.span, null);
  complain(
    c,
    "E0102",
    name.span,
    `module '${owner}' has no cell '${name.text}'${didYouMean(name.text, module.own)}`,
  );
  return errorExpr(e.span);
}

function callOnReceiver(
  c: CellContext,
  receiver: HirExpr,
  callee: Expr & { kind: "field" },
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const method = callee.name.text;
  const type = receiver.type;
  const owner = type.kind === "enum" || type.kind === "record" ? type.decl : null;
  const own = owner === null ? undefined : c.scope.cells.get(`${owner.name}.${method}`);
  if (own !== undefined) return callCell(c, own, e.args, e.span, receiver);
  if (type.kind === "record") {
    const index = type.decl.fields.findIndex((f) => f.name === method);
    const field = type.decl.fields[index];
    if (field?.type.kind === "fn") {
      const value: HirExpr = {
        kind: "field",
        value: receiver,
        index,
        type: field.type,
        span: callee.span,
      };
      return callValue(c, value, e.args, e.span);
    }
  }
  const cell = c.scope.cells.get(method);
  if (cell !== undefined) return callCell(c, cell, e.args, e.span, receiver);
  const builtin = builtinByName(method);
  if (builtin !== undefined)
    return checkBuiltinCall(c, builtin, method, e.args, e.span, expected, receiver);
  complain(
    c,
    "E0102",
    callee.name.span,
    `${renderType(type)} has no method '${method}', and no cell has that name${didYouMean(method, visibleNames(c))}`,
  );
  return errorExpr(e.span);
}

/** A call of a value of function type, or of type Any. */
function callValue(c: CellContext, callee: HirExpr, args: readonly Arg[], span: Span): HirExpr {
  const type = callee.type;
  if (type.kind === "error") return errorExpr(span);
  if (type.kind === "any" || type.kind === "param" || type.kind === "union") {
    const values = args.map((a) => convert(c, checkExpr(c, a.value, null), ANY));
    return { kind: "callClosure", callee, args: values, type: ANY, span };
  }
  if (type.kind !== "fn") {
    const found = renderType(type);
    complain(c, "E0202", callee.span, `not callable: a value of type ${found}`, {
      expected: "a function",
      found,
    });
    return errorExpr(span);
  }
  if (args.length !== type.params.length) {
    complain(
      c,
      "E0203",
      span,
      `the function takes ${countOf(type.params.length, "argument")}, got ${args.length}`,
      {
        expected: String(type.params.length),
        found: String(args.length),
      },
    );
    return { ...errorExpr(span), type: type.result };
  }
  const values = args.map((a, i) => {
    const param = type.params[i] ?? ANY;
    return convert(c, checkExpr(c, a.value, param), param, "argument");
  });
  if (type.row !== null) {
    for (const effect of type.row)
      c.causes.push({ kind: "builtin", effect, name: "function value", span });
  }
  return { kind: "callClosure", callee, args: values, type: type.result, span };
}

/** `3 arguments` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Calls a named cell. `receiver` becomes the first argument. */
export function callCell(
  c: CellContext,
  cell: CellSymbol,
  args: readonly Arg[],
  span: Span,
  receiver?: HirExpr,
): HirExpr {
  noteCellUse(c, cell, span);
  const bound = bindArguments(c, cell, args, span, receiver);
  c.causes.push({ kind: "call", callee: cell.ref, span });
  const result = substitute(resultOfCell(c, cell), bound.bindings);
  const call: HirExpr = { kind: "call", callee: cell.ref, args: bound.values, type: result, span };
  return bound.wrap(insideSequence(c, cell, call));
}

/** A cell that calls itself does not use what is deprecated. */
function noteCellUse(c: CellContext, cell: CellSymbol, span: Span): void {
  const { name } = cell.ref;
  const isItself = topOf(c).name === name && c.scope === cell.scope;
  if (!isItself) noteUse(c.scope, deprecationOf(cell.decl.attributes), `cell '${name}'`, span);
}

/** In a sequence a tile's result is its ok value; err fails the sequence (language 21.1). */
function insideSequence(c: CellContext, cell: CellSymbol, call: HirExpr): HirExpr {
  if (c.kind !== "sequence" || cell.tile === null || call.type.kind !== "result") return call;
  return { kind: "tileResult", tile: cell.ref.name, call, type: call.type.ok, span: call.span };
}

function callRecur(c: CellContext, cell: CellSymbol, e: Expr & { kind: "call" }): HirExpr {
  noteCellUse(c, cell, e.span);
  const bound = bindArguments(c, cell, e.args, e.span);
  c.causes.push({ kind: "call", callee: cell.ref, span: e.span });
  const call: HirExpr = {
    kind: "callRecur",
    callee: cell.ref,
    args: bound.values,
    bound: cell.tile?.maxIterations ?? RECUR_BOUND,
    type: resultOfCell(c, cell),
    span: e.span,
  };
  return bound.wrap(insideSequence(c, cell, call));
}

interface Bound {
  readonly values: readonly HirExpr[];
  readonly bindings: ReadonlyMap<string, Type>;
  /** Evaluates what must be evaluated before the call itself. */
  readonly wrap: (call: HirExpr) => HirExpr;
}

/** Arguments in parameter order, converted; defaults computed; generic parameters solved. */
function bindArguments(
  c: CellContext,
  cell: CellSymbol,
  args: readonly Arg[],
  span: Span,
  receiver?: HirExpr,
): Bound {
  const bindings = new Map<string, Type>();
  const placed = placeArguments(c, cell, args, span, receiver !== undefined);
  const given = new Map<number, HirExpr>();
  const accept = (index: number, value: HirExpr): void => {
    inferParams(cell.params[index]?.type ?? ANY, value.type, bindings);
    given.set(index, value);
  };
  if (receiver !== undefined) accept(0, receiver);
  for (const [index, list] of placed) {
    const param = cell.params[index];
    if (param === undefined) continue;
    const hint = solvedHint(param.type, bindings, cell.generics);
    const [only] = list;
    if (param.variadic) accept(index, spreadIntoList(c, list, hint, span));
    else if (only !== undefined) accept(index, checkExpr(c, only.value, hint));
  }
  for (const generic of cell.generics) if (!bindings.has(generic)) bindings.set(generic, ANY);
  const types = cell.params.map((p) => substitute(p.type, bindings));
  return complete(c, cell, given, types, bindings, span);
}

/** Fills defaults and nulls in; keeps the written order of evaluation with temporaries. */
function complete(
  c: CellContext,
  cell: CellSymbol,
  given: ReadonlyMap<number, HirExpr>,
  types: readonly Type[],
  bindings: ReadonlyMap<string, Type>,
  span: Span,
): Bound {
  const written = [...given.keys()];
  const fit = (index: number, value: HirExpr): HirExpr =>
    convert(c, value, types[index] ?? ANY, `argument '${cell.params[index]?.name}'`);
  const missing = cell.params.filter((_, i) => !given.has(i));
  const plain = written.every((index, i) => index === i) && missing.every((p) => isPlainDefault(p));
  if (plain) {
    const values = cell.params.map((param, i) => {
      const value = given.get(i);
      return fit(i, value ?? absent(c, param, span));
    });
    return { values, bindings, wrap: (call) => call };
  }
  const wraps: ((body: HirExpr) => HirExpr)[] = [];
  const reads = new Map<number, HirExpr>();
  const keep = (index: number, value: HirExpr): void => {
    const temp = temporary(c, value);
    wraps.push(temp.bind);
    reads.set(index, temp.read);
  };
  for (const index of written) keep(index, fit(index, given.get(index) ?? errorExpr(span)));
  cell.params.forEach((param, index) => {
    if (reads.has(index)) return;
    const earlier = cell.params.slice(0, index).map((_, i) => reads.get(i) ?? errorExpr(span));
    keep(
      index,
      fit(
        index,
        isPlainDefault(param)
          ? absent(c, param, span)
          : defaultCall(cell, param, earlier, types[index] ?? ANY, span),
      ),
    );
  });
  const values = cell.params.map((_, i) => reads.get(i) ?? errorExpr(span));
  return {
    values,
    bindings,
    wrap: (call) => wraps.reduceRight<HirExpr>((body, bind) => bind(body), call),
  };
}

/** True when the default needs no cell: a literal, or none at all. */
function isPlainDefault(param: CellParam): boolean {
  return param.variadic || param.default === null || isLiteral(param.default);
}

/** Literals are written into the call; other defaults are computed by a cell of their own. */
export function isLiteral(e: Expr): boolean {
  return ["null", "bool", "int", "float", "string"].includes(e.kind);
}

function absent(c: CellContext, param: CellParam, span: Span): HirExpr {
  if (param.variadic) return { kind: "list", items: [], type: param.type, span };
  if (param.default === null && !acceptsNull(param.type)) return errorExpr(span);
  return param.default === null
    ? constant({ kind: "null" }, NULL, span)
    : checkExpr(c, param.default, param.type);
}

function defaultCall(
  cell: CellSymbol,
  param: CellParam,
  earlier: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  const callee = { module: cell.ref.module, name: `${cell.ref.name}$${param.name}$default` };
  return { kind: "call", callee, args: earlier, type, span };
}

/** Parameter number → its arguments (several for a variadic one), in the order written. */
function placeArguments(
  c: CellContext,
  cell: CellSymbol,
  args: readonly Arg[],
  span: Span,
  hasReceiver: boolean,
): ReadonlyMap<number, readonly Arg[]> {
  const placed = new Map<number, readonly Arg[]>();
  const { params } = cell;
  const name = cell.ref.name;
  let position = hasReceiver ? 1 : 0;
  for (const arg of args) {
    const last = params.length - 1;
    const index =
      arg.name === null
        ? params[last]?.variadic && position >= last
          ? last
          : position
        : params.findIndex((p) => p.name === arg.name?.text);
    if (arg.name === null) position += 1;
    const at = arg.name?.span ?? arg.value.span;
    if (index < 0) {
      const names = params.map((p) => p.name);
      complain(
        c,
        "E0203",
        at,
        `'${name}' has no parameter '${arg.name?.text}'${didYouMean(arg.name?.text ?? "", names)}`,
      );
    } else if (index > last) {
      complain(
        c,
        "E0203",
        span,
        `'${name}' takes ${countOf(params.length, "argument")}, got ${args.length + (hasReceiver ? 1 : 0)}`,
        {
          expected: String(params.length),
          found: String(args.length + (hasReceiver ? 1 : 0)),
        },
      );
      break;
    } else if (placed.has(index) && params[index]?.variadic !== true) {
      complain(c, "E0203", at, `argument '${params[index]?.name}' is given twice`);
    } else placed.set(index, [...(placed.get(index) ?? []), arg]);
  }
  reportMissing(c, cell, placed, span, hasReceiver);
  return placed;
}

function reportMissing(
  c: CellContext,
  cell: CellSymbol,
  placed: ReadonlyMap<number, unknown>,
  span: Span,
  hasReceiver: boolean,
): void {
  const missing = cell.params.filter((p, i) => {
    const there = placed.has(i) || (hasReceiver && i === 0);
    return !there && p.default === null && !p.variadic && !acceptsNull(p.type);
  });
  if (missing.length === 0) return;
  const names = missing.map((p) => `'${p.name}'`).join(", ");
  complain(c, "E0203", span, `missing argument ${names} of '${cell.ref.name}'`, {
    expected: cell.params.map((p) => `${p.name}: ${renderType(p.type)}`).join(", "),
  });
}

/** A bare cell name is a function value; naming it counts its effects (language 9.4). */
export function cellAsValue(c: CellContext, cell: CellSymbol, span: Span): HirExpr {
  noteCellUse(c, cell, span);
  c.causes.push({ kind: "call", callee: cell.ref, span });
  const open = new Map(cell.generics.map((g): [string, Type] => [g, ANY]));
  const type: Type = {
    kind: "fn",
    params: cell.params.map((p) => substitute(p.type, open)),
    result: substitute(resultOfCell(c, cell), open),
    row: null,
  };
  return { kind: "closure", cell: cell.ref, captures: [], type, span };
}
