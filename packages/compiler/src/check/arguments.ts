// How arguments meet parameters (language 5, 7): by position and name, defaults, rest parameters,
// generic parameters solved on the way.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { constrainedAlias } from "../resolve/alias-constraints.ts";
import { type CellParam, type CellSymbol, didYouMean } from "../resolve/scope.ts";
import { mentionsParam } from "../types/parts.ts";
import { acceptsNull, inferParams, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, NULL, OPEN } from "../types/simple-types.ts";
import { constant, errorExpr, isLiteral, temporary } from "./build.ts";
import { claimAlias } from "./claims.ts";
import { type CellContext, complain } from "./context.ts";
import { convert, fits } from "./convert.ts";
import { solvedHint } from "./hints.ts";
import { implementsTrait } from "./methods.ts";
import { checkExpr } from "./recursion.ts";
import { spreadIntoList } from "./variadic.ts";

/** Arguments of a call, complete and in parameter order. */
export interface Bound {
  readonly values: readonly HirExpr[];
  readonly bindings: ReadonlyMap<string, Type>;
  /** Evaluates what must be evaluated before the call itself. */
  readonly wrap: (call: HirExpr) => HirExpr;
}

/** Arguments in parameter order, converted; defaults computed; generic parameters solved. */
export function bindArguments(
  c: CellContext,
  cell: CellSymbol,
  args: readonly Arg[],
  span: Span,
  receiver?: HirExpr,
): Bound {
  if (isInOrder(cell, args, receiver)) return bindInOrder(c, cell, args, span, receiver);
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
  for (const generic of cell.generics) if (!bindings.has(generic)) bindings.set(generic, OPEN);
  checkBounds(c, cell, bindings, span);
  const types = cell.params.map((p) => substitute(p.type, bindings));
  return complete(c, cell, given, types, bindings, span);
}

/** True for one positional argument for each parameter: most calls are such. */
function isInOrder(
  { params }: CellSymbol,
  args: readonly Arg[],
  receiver: HirExpr | undefined,
): boolean {
  const count = args.length + (receiver === undefined ? 0 : 1);
  if (count !== params.length || params[count - 1]?.variadic === true) return false;
  for (const { name, spread } of args) if (name !== null || spread) return false;
  return true;
}

/** As {@link bindArguments} of arguments that need neither places nor defaults. */
function bindInOrder(
  c: CellContext,
  cell: CellSymbol,
  args: readonly Arg[],
  span: Span,
  receiver: HirExpr | undefined,
): Bound {
  const { params, generics } = cell;
  // A method of a bound may be of parameters that are not its own.
  const isGeneric = generics.length > 0 || params.some((p) => mentionsParam(p.type));
  const bindings = isGeneric ? new Map<string, Type>() : NO_BINDINGS_YET;
  const shift = receiver === undefined ? 0 : 1;
  const given = params.map((param, i): HirExpr => {
    const arg = args[i - shift];
    const value =
      i < shift || arg === undefined
        ? (receiver ?? errorExpr(span))
        : checkExpr(c, arg.value, solvedHint(param.type, bindings, generics));
    if (isGeneric) inferParams(param.type, value.type, bindings);
    return value;
  });
  for (const generic of generics) if (!bindings.has(generic)) bindings.set(generic, OPEN);
  checkBounds(c, cell, bindings, span);
  const values = given.map((value, i) => {
    const type = substitute(params[i]?.type ?? ANY, bindings);
    const fitted = fits(c, value, type)
      ? value
      : convert(c, value, type, `argument '${params[i]?.name}'`);
    return claimed(c, cell, i, fitted);
  });
  return { values, bindings, wrap: itself };
}

/** Of a cell without parameters of types: nothing is ever put in. */
const NO_BINDINGS_YET: Map<string, Type> = new Map();

function itself(call: HirExpr): HirExpr {
  return call;
}

/** Every solved parameter implements the traits that bound it (language 5, traits). */
function checkBounds(
  c: CellContext,
  cell: CellSymbol,
  bindings: ReadonlyMap<string, Type>,
  span: Span,
): void {
  for (const [name, traits] of cell.bounds) {
    const type = bindings.get(name) ?? ANY;
    for (const trait of traits) {
      if (implementsTrait(c.session.methods, c.bounds, type, trait)) continue;
      const [found, wanted] = [renderType(type), trait.decl.name.text];
      const message = `type mismatch in '${shownName(cell)}': expected a type that implements ${wanted}, got ${found}`;
      complain(c, "E0200", span, message, {
        expected: `${name}: ${wanted}`,
        found,
        help: `Write \`impl ${wanted} for ${found}\`, or call it with another type.`,
      });
    }
  }
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
  const fitted = (index: number, value: HirExpr): HirExpr =>
    convert(c, value, types[index] ?? ANY, `argument '${cell.params[index]?.name}'`);
  const fit = (index: number, value: HirExpr): HirExpr =>
    claimed(c, cell, index, fitted(index, value));
  const missing = cell.params.filter((_, i) => !given.has(i));
  const plain = written.every((index, i) => index === i) && missing.every((p) => isPlainDefault(p));
  if (plain) {
    const values = cell.params.map((param, i) => {
      const value = given.get(i);
      return fit(i, value ?? absent(c, param, span));
    });
    return { values, bindings, wrap: itself };
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

/** An argument, whose parameter may be of a type with a constraint. */
function claimed(c: CellContext, cell: CellSymbol, index: number, value: HirExpr): HirExpr {
  if (!c.session.hasConstraints) return value;
  const param = cell.decl.params[index];
  const alias =
    param === undefined || param.isVariadic ? null : constrainedAlias(param.type, cell.scope);
  if (alias !== null) claimAlias(c, alias, value);
  return value;
}

/** True when the default needs no cell: a literal, or none at all. */
function isPlainDefault(param: CellParam): boolean {
  return param.variadic || param.default === null || isLiteral(param.default);
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

/** The name of a cell in the source: a capturing cell in a body has another one in the program. */
function shownName(cell: CellSymbol): string {
  return cell.ref.name.includes("$lambda") ? cell.decl.name.text : cell.ref.name;
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
  const name = shownName(cell);
  let isStrange = false;
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
    if (arg.spread && params[index]?.variadic !== true) {
      isStrange = true;
      complain(
        c,
        "E0203",
        at,
        `'...' gives a variadic parameter its arguments, and '${name}' has none here`,
      );
    } else if (index < 0) {
      isStrange = true;
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
  // An argument that was reported may be the one that is missing.
  if (!isStrange) reportMissing(c, cell, placed, span, hasReceiver);
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
  complain(c, "E0203", span, `missing argument ${names} of '${shownName(cell)}'`, {
    expected: cell.params.map((p) => `${p.name}: ${renderType(p.type)}`).join(", "),
  });
}

/** `3 arguments` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
