// Calls (language 7): what a callee means, how arguments meet parameters, tiles and their `!`.

import { type BuiltinName, builtinByName } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import { EXTERN_EFFECT } from "@lumen/core/lir";
import type { Arg, Expr, Name } from "@lumen/syntax";
import { dispatchRef } from "../effects/dispatch.ts";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import { CONFORMS, PRELUDE_PREFIX } from "../processes/tree.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import {
  type CellSymbol,
  didYouMean,
  hasBrokenHead,
  type ModuleScope,
  plainName,
  type TypeSymbol,
} from "../resolve/scope.ts";
import { standardHome } from "../resolve/standard-modules.ts";
import { toolNamed } from "../resolve/tools.ts";
import { substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, STRING } from "../types/simple-types.ts";
import { bindArguments, countOf } from "./arguments.ts";
import { constant, errorExpr, visibleNames } from "./build.ts";
import { checkBuiltinCall } from "./builtin-calls.ts";
import { checkConforms } from "./conforms.ts";
import { constructRecord, constructVariant } from "./construct.ts";
import {
  type CellContext,
  complain,
  localState,
  lookupLocal,
  readLocal,
  topOf,
  typeContext,
} from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { dynamicCall, isDynamic } from "./dynamic-calls.ts";
import { checkEffectCall } from "./effects.ts";
import { callLocalCell } from "./local-cells.ts";
import { boundMember, methodNames, methodOf } from "./methods.ts";
import { isProb, probCandidate } from "./prob.ts";
import {
  constructProcess,
  freshInstance,
  noteState,
  processMethod,
  processMethodNames,
} from "./processes.ts";
import { moduleNamed, qualified } from "./qualified.ts";
import { checkExpr, resultOfCell } from "./recursion.ts";
import { checkEndpointMethod, openSession } from "./sessions.ts";
import { missingImport } from "./standard-names.ts";
import {
  checkChannel,
  checkCombinator,
  checkOpaqueMethod,
  checkSleep,
  checkSpawn,
  checkTimeout,
  opaqueMethodNames,
} from "./tasks.ts";
import { checkToolCall } from "./tools.ts";
import { typeOfExpr } from "./type-arguments.ts";
import { unresolved } from "./unresolved.ts";

/** Number of runs of a recur tile when neither tile nor call says otherwise (formats 7.2). */
const RECUR_BOUND = 1_000_000;

/** A call in all its forms. */
export function checkCall(
  c: CellContext,
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const { callee } = e;
  const named = qualified(c, callee);
  if (named !== callee) return checkCall(c, { ...e, callee: named }, expected);
  const banged = callee.kind === "unwrap" ? bangedInModule(c, callee.value) : null;
  if (banged !== null) return checkCall(c, { ...e, callee: banged, bang: true }, expected);
  if (
    callee.kind === "index" &&
    callee.value.kind === "name" &&
    callee.value.name === "channel" &&
    isFree(c, "channel")
  ) {
    return callChannel(c, callee.indices, e.args, e.span);
  }
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

/** `b.count!(…)` of a recur tile, and of a macro, which has no such name (19.3). */
function bangedInModule(c: CellContext, e: Expr): (Expr & { kind: "name" }) | null {
  const named = qualified(c, e);
  if (named === e || named.kind !== "name") return null;
  const isTile = c.scope.cells.get(named.name)?.tile?.kind === "recur";
  return isTile || c.scope.macros.has(named.name) ? named : null;
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
    return checkExpr(c, { ...target, args: [first, ...target.args], span: e.span }, expected);
  }
  if (target.kind === "name" || target.kind === "field" || target.kind === "lambda") {
    const { span } = e;
    return checkExpr(
      c,
      { kind: "call", callee: target, args: [first], bang: false, span },
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
    const own = localState(c, local).cell;
    if (own !== null) return callLocalCell(c, own, local, e);
    return callValue(c, readLocal(c, local, nameSpan), e.args, e.span);
  }
  if (name === CONFORMS) return checkConforms(c, e.args, e.span);
  const made = generatedCell(c, name);
  if (made !== undefined) return callCell(c, made, e.args, e.span);
  const cell = c.scope.cells.get(name);
  if (e.bang && cell === undefined) return unknownMacro(c, name, nameSpan);
  if (e.bang)
    return cell?.tile?.kind === "recur"
      ? callRecur(c, cell, e)
      : bangError(c, nameSpan, `'${plainName(name)}'`);
  const type = c.scope.types.get(name);
  if (type?.kind === "record") return constructRecord(c, type.symbol, e.args, e.span, expected);
  if (type?.kind === "process") return constructProcess(c, type.symbol, e.args, e.span);
  const variant = constructVariant(c, name, e.args, e.span, expected);
  if (variant !== null) return variant;
  if (cell !== undefined) return callCell(c, cell, e.args, e.span);
  const shown = plainName(name);
  const extern = c.scope.externs.get(name)?.symbol ?? null;
  if (extern !== null) return callExtern(c, extern, e.args, e.span);
  const tool = c.scope.tools.get(name);
  if (tool?.role === "server") return callOfServer(c, shown, nameSpan);
  if (tool !== undefined) return checkToolCall(c, tool, e.args, e.span, expected);
  const special = callSpecial(c, shown, e.args, e.span);
  if (special !== null) return special;
  const builtin = visibleBuiltin(c, shown);
  const candidate = probCandidate(c, shown, e.args);
  if (candidate !== null && isProb(candidate.type)) {
    const own = methodOf(c.session.methods, candidate.type, shown);
    if (own !== undefined) return callCell(c, own, e.args.slice(1), e.span, candidate);
  }
  if (builtin !== undefined && candidate !== null)
    return checkBuiltinCall(c, builtin, shown, e.args.slice(1), e.span, expected, candidate);
  if (builtin !== undefined) return checkBuiltinCall(c, builtin, shown, e.args, e.span, expected);
  for (const arg of e.args) checkExpr(c, arg.value, null);
  if (type !== undefined) {
    complain(c, "E0202", nameSpan, `not callable: type '${shown}'`);
    return errorExpr(e.span);
  }
  return unknownCell(c, shown, nameSpan);
}

/** A name that the standard library offers is meant rather than one that is alike. */
function unknownCell(c: CellContext, shown: string, nameSpan: Span): HirExpr {
  const home = standardHome(shown);
  const names = [...visibleNames(c), ...c.scope.types.keys(), ...c.scope.tools.keys()];
  const known = home === null ? names : [];
  return unresolved(c, nameSpan, {
    code: "E0102",
    message: `unknown cell '${shown}'${didYouMean(shown, known)}`,
    ...(home === null
      ? {}
      : { help: `The standard library has one: \`import ${home}: ${shown}\`.` }),
    fault: `undefined cell: ${shown}`,
    name: shown,
    known,
  });
}

/** A cell that generated code calls by a name that no source can write. */
function generatedCell(c: CellContext, name: string): CellSymbol | undefined {
  if (!name.startsWith(PRELUDE_PREFIX)) return undefined;
  return c.session.graph.prelude.cells.get(name.slice(PRELUDE_PREFIX.length));
}

/** A cell of the host. Its row is trusted; without one it has the effect `external`. */
function callExtern(c: CellContext, extern: CellSymbol, args: readonly Arg[], span: Span): HirExpr {
  const bound = bindArguments(c, extern, args, span);
  const { name } = extern.ref;
  const effects = extern.declaredRow ?? ["external"];
  c.causes.push({ kind: "extern", effects, name, span });
  const type = substitute(extern.declaredResult ?? ANY, bound.bindings);
  const request = { kind: "request", effect: EXTERN_EFFECT, operation: name } as const;
  return bound.wrap({ ...request, args: bound.values, type, span });
}

function callOfServer(c: CellContext, name: string, span: Span): HirExpr {
  complain(c, "E0202", span, `not callable: '${name}' is a server of tools`, {
    expected: `${name}.tool(…)`,
    help: `Call one of its tools: \`${name}.tool(…)\`.`,
  });
  return errorExpr(span);
}

/** Builtins whose arguments follow rules of their own (language 13). */
function callSpecial(
  c: CellContext,
  name: string,
  args: readonly Arg[],
  span: Span,
): HirExpr | null {
  switch (name) {
    case "spawn":
      return checkSpawn(c, args, span);
    case "parallel":
    case "race":
    case "vote":
    case "select":
      return checkCombinator(c, name, args, span);
    case "timeout":
      return checkTimeout(c, args, span);
    case "sleep":
      return checkSleep(c, args, span);
    case "channel":
      return checkChannel(c, ANY, args, span);
    default:
      return null;
  }
}

function isFree(c: CellContext, name: string): boolean {
  return lookupLocal(c, name) === null && !c.scope.cells.has(name);
}

/** `channel[T](n)`: the index is a type, which reads like an expression. */
function callChannel(
  c: CellContext,
  indices: readonly Expr[],
  args: readonly Arg[],
  span: Span,
): HirExpr {
  const [first] = indices;
  const type = first === undefined ? null : typeOfExpr(first);
  if (type === null || indices.length !== 1) {
    complain(c, "E0101", span, "`channel` takes one type argument", {
      expected: "channel[T]()",
      found: String(indices.length),
    });
    return errorExpr(span);
  }
  return checkChannel(c, resolveType(type, typeContext(c)), args, span);
}

/** Names that only the standard library may use end in `$` in the table. */
function visibleBuiltin(c: CellContext, name: string): BuiltinName | undefined {
  const isLibrary = c.scope.source.name.startsWith("std.");
  return builtinByName(name) ?? (isLibrary ? builtinByName(`${name}$`) : undefined);
}

/** `name!(…)` that is neither macro nor tile; what macros there are was known before (19.3). */
function unknownMacro(c: CellContext, name: string, span: Span): HirExpr {
  const shown = plainName(name);
  if (c.scope.macros.has(name)) {
    complain(c, "E0102", span, `macro '${shown}' is not known behind the name of its module`, {
      help: `Import it by its own name: \`import module: ${shown}\`.`,
    });
    return errorExpr(span);
  }
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
  const missing = missingImport(c, callee);
  if (missing !== null) return missing;
  if (callee.value.kind === "name" && lookupLocal(c, callee.value.name) === null) {
    const owner = callee.value.name;
    const type = c.scope.types.get(owner);
    if (type?.kind === "enum") {
      const variant = constructVariant(c, method, e.args, e.span, expected, type.symbol);
      if (variant !== null) return variant;
    }
    const member =
      type === undefined || type.kind === "alias" ? undefined : memberCell(c, type, method);
    if (type?.kind === "process") {
      // Without an instance the method runs on a fresh one (language 12).
      return callOnReceiver(c, freshInstance(c, type.symbol, e.span), callee, e, expected);
    }
    if (member !== undefined) return callCell(c, member, e.args, e.span);
    const performed = checkEffectCall(c, owner, callee, e);
    if (performed !== null) return performed;
    const opened = openSession(c, owner, callee.name, e.args, e.span);
    if (opened !== null) return opened;
    const tool = toolNamed(c.scope, `${owner}.${method}`);
    if (tool !== null) return checkToolCall(c, tool, e.args, e.span, expected);
    const module = moduleNamed(c, owner);
    if (module !== null) return notInModule(c, module, owner, callee.name);
  }
  const receiver = checkExpr(c, callee.value, null);
  if (receiver.type.kind === "error") return errorExpr(e.span);
  return callOnReceiver(c, receiver, callee, e, expected);
}

/** `Shape.area(s)`: a method by the name of its type. */
function memberCell(
  c: CellContext,
  type: Exclude<TypeSymbol, { kind: "alias" }>,
  method: string,
): CellSymbol | undefined {
  const named: Type =
    type.kind === "process"
      ? { kind: "process", decl: type.symbol }
      : type.kind === "record"
        ? { kind: "record", decl: type.symbol, args: [] }
        : { kind: "enum", decl: type.symbol, args: [] };
  return methodOf(c.session.methods, named, method);
}

/** A name that an imported module does not have. */
export function notInModule(
  c: CellContext,
  module: ModuleScope,
  owner: string,
  name: Name,
): HirExpr {
  const near = didYouMean(name.text, [...module.own, ...module.exported]);
  complain(c, "E0102", name.span, `module '${owner}' has no '${name.text}'${near}`, {
    help: "Check what the module declares.",
  });
  return errorExpr(name.span);
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
  noteState(c, type, callee.name);
  const given = type.kind === "process" ? processMethod(c, type.decl, callee.name) : undefined;
  const own = methodOf(c.session.methods, type, method) ?? given;
  if (own !== undefined) return callCell(c, own, e.args, e.span, receiver);
  const bound = boundMember(c.bounds, type, method);
  if (bound !== null) {
    const ref = dispatchRef(bound.trait, method);
    return callCell(c, { ...bound.symbol, ref }, e.args, e.span, receiver);
  }
  const onEndpoint = checkEndpointMethod(c, receiver, callee.name, e.args, e.span);
  if (onEndpoint !== null) return onEndpoint;
  const opaque = checkOpaqueMethod(c, receiver, callee.name, e.args, e.span);
  if (opaque !== null) return opaque;
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
  if (!isDynamic(type)) return callFree(c, receiver, callee.name, e, expected);
  return dynamicCall(c, {
    method: callee.name,
    args: e.args,
    receiver,
    callMethod: (cell, self) => {
      noteState(c, self.type, callee.name);
      return callCell(c, cell, e.args, e.span, self);
    },
    givenMethod: (decl, name) => processMethod(c, decl, name),
    callValue: (value) => callValue(c, value, e.args, e.span),
    otherwise: (self) => callFree(c, self, callee.name, e, expected),
  });
}

/** `x.m(a)` as `m(x, a)`, with a cell or builtin in scope. */
function callFree(
  c: CellContext,
  receiver: HirExpr,
  name: Name,
  e: Expr & { kind: "call" },
  expected: Type | null,
): HirExpr {
  const cell = c.scope.cells.get(name.text);
  if (cell !== undefined) return callCell(c, cell, e.args, e.span, receiver);
  const builtin = visibleBuiltin(c, name.text);
  if (builtin !== undefined)
    return checkBuiltinCall(c, builtin, name.text, e.args, e.span, expected, receiver);
  const type = renderType(receiver.type);
  const known = methodCandidates(c, receiver.type);
  const near = didYouMean(name.text, known);
  const what = {
    code: "E0102",
    message: `${type} has no method '${name.text}', and no cell has that name${near}`,
    fault: `undefined cell: ${name.text}`,
    name: name.text,
    known,
  } as const;
  // Any may hold a function in a field of the name, so only the run can tell.
  if (receiver.type.kind !== "any") return unresolved(c, name.span, what);
  const message = constant({ kind: "string", value: what.fault }, STRING, name.span);
  return { kind: "fault", trap: "E_TRAP_OTHER", message, type: ANY, span: name.span };
}

/** What a method call may have meant; on references few builtins make sense. */
function methodCandidates(c: CellContext, type: Type): readonly string[] {
  const own = methodNames(c.session.methods, type);
  if (type.kind === "process") return [...own, ...processMethodNames(type.decl)];
  if (type.kind === "opaque") return [...own, ...opaqueMethodNames(type)];
  return [...own, ...visibleNames(c)];
}

/** A call of a value of function type, or of type Any. */
function callValue(c: CellContext, callee: HirExpr, args: readonly Arg[], span: Span): HirExpr {
  const type = callee.type;
  if (type.kind === "error") return errorExpr(span);
  const strange = args.find((a) => a.name !== null || a.spread);
  if (strange !== undefined) {
    complain(c, "E0203", strange.value.span, "a function value takes positional arguments only", {
      help: "Its type tells neither names nor how many there may be; call the cell by its name.",
    });
    return errorExpr(span);
  }
  if (type.kind === "any" || type.kind === "param" || type.kind === "union") {
    const values = args.map((a) => convert(c, checkExpr(c, a.value, null), ANY));
    const fn: Type = { kind: "fn", params: values.map(() => ANY), result: ANY, row: null };
    return { kind: "callClosure", callee: conversion(callee, fn), args: values, type: ANY, span };
  }
  if (type.kind !== "fn") {
    const found = renderType(type);
    const isMissing = type.kind === "option" && type.item.kind === "fn";
    complain(c, "E0202", callee.span, `not callable: a value of type ${found}`, {
      expected: "a function",
      found,
      ...(isMissing
        ? { help: "Test it for null first, or assert that it is none: `(f!)(…)`." }
        : {}),
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
    for (const effect of type.row) c.causes.push({ kind: "value", effect, name: "function", span });
  }
  return { kind: "callClosure", callee, args: values, type: type.result, span };
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
  if (hasBrokenHead(cell)) {
    for (const arg of args) checkExpr(c, arg.value, null);
    return errorExpr(span);
  }
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
