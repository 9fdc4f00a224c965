// Calls of builtins: overload, generic parameters, `Num` and `Iter`, lowering to cells of the
// prelude.

import { type BuiltinName, builtinRow } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { Arg, Expr } from "@lumen/syntax";
import type { HirExpr, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { type Signature, type SignatureParam, signaturesOf } from "../types/builtin-signatures.ts";
import { inferParams, isCompatible, isSubtype, substituteOpen } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, FLOAT, INT, NULL, OPEN, unionOf, withoutNull } from "../types/simple-types.ts";
import { constant, errorExpr, haltWith } from "./build.ts";
import { dropClaims } from "./claims.ts";
import {
  addLocal,
  type CellContext,
  complain,
  finishLocals,
  makeContext,
  topOf,
} from "./context.ts";
import { conversion, convert, fits, mismatchHelp } from "./convert.ts";
import { callPrelude, drained, isGenerator, isOpen, takeItems } from "./generated.ts";
import { solvedHint } from "./hints.ts";
import { pushToPlace, refineAppended } from "./push.ts";
import { checkExpr } from "./recursion.ts";

/** A call of a builtin. `spelled` is the name or alias in the source. */
export function checkBuiltinCall(
  c: CellContext,
  name: BuiltinName,
  spelled: string,
  args: readonly Arg[],
  span: Span,
  expected: Type | null,
  receiver?: HirExpr,
): HirExpr {
  const overloads = signaturesOf(name);
  const count = args.length + (receiver === undefined ? 0 : 1);
  const named = args.find(isNoPosition);
  if (named !== undefined) {
    complain(c, "E0203", named.value.span, `builtin '${spelled}' takes positional arguments only`);
    return errorExpr(span);
  }
  const fitting = fittingOverloads(overloads, args, receiver);
  if (fitting.length === 0) return wrongCount(c, spelled, overloads, count, args, span);
  if (name === "ok" || name === "err") return construct(c, name, args, span, expected, receiver);
  const before = c.hidden.length;
  const values = checkArgs(c, required(fitting[0], "an overload fits"), args, receiver, span);
  // What is expected to fail may break its constraints.
  if (name === "assert_throws") dropClaims(c, before);
  const chosen = chooseOverload(fitting, values);
  const [first] = values;
  const call = emit(c, name, spelled, chosen, overloads.indexOf(chosen), values, span);
  // What never returns fits every type.
  return name === "error" && first !== undefined ? haltWith(first, span) : call;
}

/** The first overload that the values fit best. */
function chooseOverload(fitting: readonly Signature[], values: readonly HirExpr[]): Signature {
  const first = required(fitting[0], "an overload fits");
  if (fitting.length === 1) return first;
  return (
    fitting.find((s) => solve(s, values, isSubtype) !== null) ??
    fitting.find((s) => takesOpen(s, values) && solve(s, values, isCompatible) !== null) ??
    fitting.find((s) => solve(s, values, isCompatible) !== null) ??
    first
  );
}

/** Sequences are looked at when the program runs, so their overload takes whatever comes. */
function takesOpen(signature: Signature, values: readonly HirExpr[]): boolean {
  return values.some((v, i) => isOpen(v.type) && signature.params[i]?.iterable === true);
}

function fitsCount(signature: Signature, count: number): boolean {
  const { params, least } = signature;
  const variadic = params[params.length - 1]?.variadic === true;
  const fixed = variadic ? params.length - 1 : params.length;
  return count >= least && (variadic || count <= fixed);
}

function isNoPosition({ name, spread }: Arg): boolean {
  return name !== null || spread;
}

function fittingOverloads(
  overloads: readonly Signature[],
  args: readonly Arg[],
  receiver: HirExpr | undefined,
): readonly Signature[] {
  const count = args.length + (receiver === undefined ? 0 : 1);
  const fits = (s: Signature): boolean => fitsCount(s, count) && fitsLambdas(s, args, receiver);
  const [only] = overloads;
  // Most builtins have one form, whose list stands for itself.
  if (overloads.length === 1 && only !== undefined) return fits(only) ? overloads : [];
  return overloads.filter(fits);
}

/** A lambda decides between overloads by its number of parameters. */
function fitsLambdas(
  signature: Signature,
  args: readonly Arg[],
  receiver: HirExpr | undefined,
): boolean {
  const shift = receiver === undefined ? 0 : 1;
  return args.every((arg, i) => {
    const param = signature.params[i + shift]?.type;
    if (param?.kind !== "fn" || arg.value.kind !== "lambda") return true;
    return arg.value.params.length === param.params.length;
  });
}

function wrongCount(
  c: CellContext,
  spelled: string,
  overloads: readonly Signature[],
  count: number,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  const forms = overloads
    .map((s) => `${spelled}(${s.params.map(renderParam).join(", ")})`)
    .join(" or ");
  complain(
    c,
    "E0203",
    span,
    `wrong arguments for builtin '${spelled}': expected ${forms}, got ${count}`,
    {
      expected: forms,
      found: String(count),
    },
  );
  for (const arg of args) checkExpr(c, arg.value, null);
  return errorExpr(span);
}

function renderParam(param: SignatureParam): string {
  const type = renderType(param.type);
  return `${param.variadic ? "..." : ""}${type}${param.default === null ? "" : " = …"}`;
}

function checkArgs(
  c: CellContext,
  signature: Signature,
  args: readonly Arg[],
  receiver: HirExpr | undefined,
  span: Span,
): readonly HirExpr[] {
  const bindings = signature.isGeneric ? new Map<string, Type>() : NOTHING_BOUND;
  const given: Given = { signature, bindings, values: [] };
  const { values } = given;
  const shift = receiver === undefined ? 0 : 1;
  if (receiver !== undefined) accept(given, 0, receiver);
  // Lambdas come last, whatever their place: the other arguments tell the types of their
  // parameters.
  checkKind(c, given, args, shift, false);
  if (args.some((arg) => arg.value.kind === "lambda")) checkKind(c, given, args, shift, true);
  for (let i = values.length; i < signature.params.length; i++) {
    const param = paramAt(signature, i);
    if (param.default !== null) values.push(constant(param.default, param.type, span));
  }
  return values;
}

/** The arguments of a call as far as they are checked. */
interface Given {
  readonly signature: Signature;
  readonly bindings: Map<string, Type>;
  readonly values: HirExpr[];
}

function accept({ signature, bindings, values }: Given, index: number, value: HirExpr): void {
  const param = paramAt(signature, index);
  if (signature.isGeneric) inferParams(param.type, asPattern(param, value), bindings);
  values[index] = value;
}

/** Of a signature that is not generic: nothing is ever put in. */
const NOTHING_BOUND: Map<string, Type> = new Map();

/** Checks the arguments that are lambdas, or those that are none. */
function checkKind(
  c: CellContext,
  given: Given,
  args: readonly Arg[],
  shift: number,
  lambdas: boolean,
): void {
  for (const [i, arg] of args.entries()) {
    if ((arg.value.kind === "lambda") !== lambdas) continue;
    const param = paramAt(given.signature, i + shift);
    const hint = param.iterable ? null : solvedHint(param.type, given.bindings, null);
    accept(given, i + shift, checkExpr(c, arg.value, hint));
  }
}

function paramAt(signature: Signature, index: number): SignatureParam {
  const last = required(signature.params.at(-1), "the builtin has parameters");
  return signature.params[index] ?? last;
}

/** What an argument says about a parameter: an iterable is seen as a list of what it yields. */
function asPattern(param: SignatureParam, value: HirExpr): Type {
  if (!param.iterable) return value.type;
  switch (value.type.kind) {
    case "tuple":
    case "set":
    case "list":
    case "map":
    case "string":
      return { kind: "list", item: iterableItem(value.type) };
    default:
      return isGenerator(value.type) ? { kind: "list", item: iterableItem(value.type) } : ANY;
  }
}

function iterableItem(type: Type): Type {
  if (type.kind === "tuple")
    return type.items.every((t) => t.kind === type.items[0]?.kind) ? (type.items[0] ?? ANY) : ANY;
  if (type.kind === "list" || type.kind === "set") return type.item;
  if (type.kind === "opaque") return type.args[0] ?? ANY;
  if (type.kind === "map") return { kind: "tuple", items: [type.key, type.value] };
  return type.kind === "string" ? type : ANY;
}

/** The bindings under which the values fit, or null. */
function solve(
  signature: Signature,
  values: readonly HirExpr[],
  fitsType: (value: Type, param: Type) => boolean,
): ReadonlyMap<string, Type> | null {
  const bindings = signature.isGeneric ? new Map<string, Type>() : NOTHING_BOUND;
  if (signature.isGeneric) {
    values.forEach((value, i) => {
      const param = paramAt(signature, i);
      inferParams(param.type, asPattern(param, value), bindings);
    });
  }
  const number = bindings.get("Num");
  if (number !== undefined) bindings.set("Num", numberType(signature, values));
  const fits = values.every((value, i) => {
    const param = paramAt(signature, i);
    if (param.iterable) return isIterable(value.type);
    if (param.type.kind === "param" && param.type.name === "Num" && !isNumeric(value.type))
      return false;
    return fitsType(value.type, substituteOpen(param.type, bindings));
  });
  return fits ? bindings : null;
}

function isNumeric(type: Type): boolean {
  return (
    ["int", "float", "any", "error", "json", "param", "never"].includes(type.kind) ||
    type.kind === "union"
  );
}

function isIterable(type: Type): boolean {
  if (isGenerator(type)) return true;
  return ["list", "set", "tuple", "any", "json", "union", "error", "param", "never"].includes(
    type.kind,
  );
}

/** Int when all are Int, Float when all are numbers, else Any. */
function numberType(signature: Signature, values: readonly HirExpr[]): Type {
  const kinds = values.flatMap((value, i) => {
    const { type, iterable } = paramAt(signature, i);
    if (iterable) return [iterableItem(value.type).kind];
    return type.kind === "param" && type.name === "Num" ? [value.type.kind] : [];
  });
  if (kinds.every((k) => k === "int" || k === "never")) return INT;
  return kinds.every((k) => k === "int" || k === "float" || k === "never") ? FLOAT : ANY;
}

function emit(
  c: CellContext,
  name: BuiltinName,
  spelled: string,
  signature: Signature,
  overload: number,
  values: readonly HirExpr[],
  span: Span,
): HirExpr {
  const pushed = name === "push" ? pushToPlace(c, values, span) : null;
  if (pushed !== null) return pushed;
  const bindings = solve(signature, values, isCompatible);
  if (bindings === null) return mismatch(c, spelled, signature, values, span);
  const row = builtinRow(name);
  if (row.effect !== "")
    c.causes.push({ kind: "builtin", effect: row.effect, name: spelled, span });
  const settled = name === "append" ? refineAppended(c, values) : values;
  const fitted = settled.map((value, i) => {
    const param = paramAt(signature, i);
    if (param.iterable || (row.how === "native" && isCheckedThere(param.type, value.type)))
      return value;
    const target = substituteOpen(param.type, bindings);
    if (fits(c, value, target)) return value;
    return convert(c, value, target, `argument ${i + 1} of '${spelled}'`);
  });
  const type = resultOf(name, signature, bindings, fitted);
  if (row.how === "prelude") {
    return callPrelude(c, overload === 0 ? name : `${name}_${overload + 1}`, fitted, type, span);
  }
  if (name === "get_env") refuseSecret(c, fitted[0]);
  const [sequence] = fitted;
  if (name === "take" && sequence !== undefined)
    return takeItems(c, sequence, { rest: fitted.slice(1), type, span });
  const args = takesItems(name)
    ? fitted.map((value, i) =>
        takesItemsAt(name, i) ? drained(c, value, iterableItem(value.type)) : value,
      )
    : fitted;
  const call: HirExpr = { kind: "callBuiltin", builtin: name, args, type, span };
  return convertsAlways(name, values) ? conversion(call, withoutNull(type)) : call;
}

function takesItems(name: BuiltinName): boolean {
  return signaturesOf(name).some((s) => s.params.some((p) => p.iterable));
}

function takesItemsAt(name: BuiltinName, index: number): boolean {
  return signaturesOf(name).some((s) => s.params[index]?.iterable === true);
}

/** A number has a form as Int and as Float; only of a text it is not known (language 16.1). */
function convertsAlways(name: BuiltinName, [value]: readonly HirExpr[]): boolean {
  const kind = value?.type.kind;
  if (name === "to_float") return kind === "int" || kind === "float";
  return name === "to_int" && (kind === "int" || kind === "float" || kind === "bool");
}

/** The door refuses it in any case; here it is seen before the program runs. */
function refuseSecret(c: CellContext, asked: HirExpr | undefined): void {
  const name = asked?.kind === "const" && asked.value.kind === "string" ? asked.value.value : null;
  if (asked === undefined || name === null || !c.session.secrets.has(name)) return;
  complain(c, "E0106", asked.span, `'${name}' is a secret: no program may ask for it`, {
    expected: "a variable that lumen.toml does not name as a secret",
    found: name,
    help: "Let the provider read it: name it in `[secrets]` or `api_key_env`, and do not ask for it.",
  });
}

/** A native looks at the kind of such an argument itself; its refusal has the builtin's name. */
function isCheckedThere(param: Type, value: Type): boolean {
  return value.kind === "any" && ["string", "int", "bytes"].includes(param.kind);
}

/** The result by the signature; `pow` of two Ints is a Float where the exponent may be negative. */
function resultOf(
  name: BuiltinName,
  signature: Signature,
  bindings: ReadonlyMap<string, Type>,
  args: readonly HirExpr[],
): Type {
  const type = substituteOpen(signature.result, bindings);
  if (name !== "pow" || type.kind !== "int") return type;
  const exponent = args[1];
  const known = exponent?.kind === "const" && exponent.value.kind === "int";
  return known && exponent.value.value >= 0n ? type : unionOf([INT, FLOAT]);
}

const UNBOUND: ReadonlyMap<string, Type> = new Map();

function helpFor(param: SignatureParam, value: HirExpr | undefined): { readonly help?: string } {
  if (value === undefined) return {};
  const { type } = value;
  const target = param.iterable
    ? type.kind === "option" && isIterable(type.item)
      ? type.item
      : null
    : substituteOpen(param.type, UNBOUND);
  return target === null ? {} : { help: mismatchHelp(type, target) };
}

function mismatch(
  c: CellContext,
  spelled: string,
  signature: Signature,
  values: readonly HirExpr[],
  span: Span,
): HirExpr {
  const index = values.findIndex((value, i) => {
    const param = paramAt(signature, i);
    if (param.iterable) return !isIterable(value.type);
    const number = param.type.kind === "param" && param.type.name === "Num";
    return number
      ? !isNumeric(value.type)
      : !isCompatible(value.type, substituteOpen(param.type, UNBOUND));
  });
  const at = Math.max(index, 0);
  const value = values[at];
  const param = paramAt(signature, at);
  const expected = param.iterable
    ? "list, set, tuple, range or generator"
    : param.type.kind === "param" && param.type.name === "Num"
      ? "Int or Float"
      : renderType(param.type);
  const found = value === undefined ? "nothing" : renderType(value.type);
  complain(
    c,
    "E0200",
    value?.span ?? span,
    `type mismatch in argument ${at + 1} of '${spelled}': expected ${expected}, got ${found}`,
    { expected, found, ...helpFor(param, value) },
  );
  return errorExpr(span);
}

/** `ok(v)` and `err(e)`: the other side comes from the expected type. */
function construct(
  c: CellContext,
  name: "ok" | "err",
  args: readonly Arg[],
  span: Span,
  expected: Type | null,
  receiver?: HirExpr,
): HirExpr {
  const wanted = expected?.kind === "result" ? expected : null;
  const side = wanted === null ? null : name === "ok" ? wanted.ok : wanted.error;
  const hint = side === null || side.kind === "error" ? null : side;
  const [only] = args;
  const inner =
    receiver ??
    (only === undefined ? constant({ kind: "null" }, NULL, span) : checkExpr(c, only.value, hint));
  const value = hint === null ? inner : convert(c, inner, hint, `'${name}'`);
  const other = (type: Type | undefined): Type =>
    type === undefined || type.kind === "error" ? OPEN : type;
  const type: Type =
    name === "ok"
      ? { kind: "result", ok: value.type, error: other(wanted?.error) }
      : { kind: "result", ok: other(wanted?.ok), error: value.type };
  return { kind: "variant", decl: null, tag: name === "ok" ? 0 : 1, payload: [value], type, span };
}

/** A builtin's name as a value: a cell that calls it. Its parameters follow the expected type. */
export function builtinAsValue(
  c: CellContext,
  name: BuiltinName,
  span: Span,
  expected: Type | null,
): HirExpr {
  const overloads = signaturesOf(name);
  const wanted = expected?.kind === "fn" ? expected.params.length : null;
  const fits = overloads.filter((s) => wanted !== null && fitsCount(s, wanted));
  const signature = fits[0] ?? required(overloads[0], "a builtin has a signature");
  const count =
    wanted !== null && fits.length > 0
      ? wanted
      : signature.params.filter((p) => p.default === null && !p.variadic).length;
  const names = Array.from({ length: count }, (_, i) => `a${i}`);
  const types = names.map((_, i) => (expected?.kind === "fn" ? (expected.params[i] ?? ANY) : ANY));
  const owner = topOf(c);
  owner.counters.lambdas += 1;
  const cellName = `${owner.name}$lambda${owner.counters.lambdas - 1}`;
  const inner = makeContext({
    session: c.session,
    scope: c.scope,
    name: cellName,
    kind: "lambda",
    generics: c.generics,
    result: null,
    parent: c,
  });
  const locals: LocalId[] = names.map((n, i) => addLocal(inner, n, types[i] ?? ANY, span));
  const args = names.map(
    (n): Arg => ({
      name: null,
      spread: false,
      value: { kind: "name", name: n, span } satisfies Expr,
    }),
  );
  const body = checkBuiltinCall(inner, name, name, args, span, null);
  c.hidden.push({
    cell: {
      name: cellName,
      kind: "lambda",
      params: names.map((n, i) => ({
        local: locals[i] ?? 0,
        name: n,
        type: types[i] ?? ANY,
        default: null,
      })),
      captures: [],
      locals: finishLocals(inner, (t) => t),
      result: body.type,
      row: [],
      body,
      span,
      generics: [...c.generics],
    },
    scope: c.scope,
    symbol: null,
    causes: inner.causes,
    hidden: [],
  });
  const ref = { module: c.scope.source.name, name: cellName };
  c.causes.push({ kind: "call", callee: ref, span });
  return {
    kind: "closure",
    cell: ref,
    captures: [],
    type: { kind: "fn", params: types, result: body.type, row: null },
    span,
  };
}
