// Concurrency (language 13): spawn, await and its blocks, combinators, nurseries, channels.

import type { BuiltinName } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Expr, Name } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { OpaqueName, Type } from "../hir/type.ts";
import { prelude } from "../processes/tree.ts";
import { signaturesOf } from "../types/builtin-signatures.ts";
import { partsOfType } from "../types/parts.ts";
import { joinTypes } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, INT, listOf, NULL, optionOf } from "../types/simple-types.ts";
import { constant, errorExpr } from "./build.ts";
import { addLocal, type CellContext, complain, inBlock, lookupLocal } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { checkBlock, checkExpect, checkExpr, resultOfCell } from "./recursion.ts";

/** The combinators of 13.2 that take futures. */
export type Combinator = "parallel" | "race" | "vote" | "select";

/** `Future[T]` and the other opaque types. */
export function opaque(name: OpaqueName, ...args: readonly Type[]): Type {
  return { kind: "opaque", name, args };
}

/** What the task machinery performs (language 10.2). */
export function noteAsync(c: CellContext, name: string, span: Span): void {
  c.causes.push({ kind: "builtin", effect: "async", name, span });
}

/** Type of a value with every future in it replaced by what it yields (13.1). */
export function awaited(type: Type): Type {
  switch (type.kind) {
    case "opaque":
      return type.name === "Future" ? (type.args[0] ?? ANY) : type;
    case "list":
    case "set":
      return { kind: type.kind, item: awaited(type.item) };
    case "option":
      return optionOf(awaited(type.item));
    case "tuple":
      return { kind: "tuple", items: type.items.map(awaited) };
    case "map":
      return { kind: "map", key: type.key, value: awaited(type.value) };
    case "union":
      return joinTypes(type.members.map(awaited));
    case "record":
      // A field declared as a future holds something else afterwards: no type of this name does.
      if (type.decl.fields.some((f) => holdsFuture(f.type, new Set([type.decl])))) return ANY;
      return { ...type, args: type.args.map(awaited) };
    default:
      return type;
  }
}

/** True where `await` would replace a part of the value. `seen`: declarations looked into. */
function holdsFuture(type: Type, seen: Set<object>): boolean {
  const isFuture = type.kind === "opaque" && type.name === "Future";
  if (isFuture || type.kind === "opaque" || type.kind === "fn") return isFuture;
  if (partsOfType(type).some((part) => holdsFuture(part, seen))) return true;
  if (type.kind !== "record" || seen.has(type.decl)) return false;
  seen.add(type.decl);
  return type.decl.fields.some((f) => holdsFuture(f.type, seen));
}

/** `await e` */
export function checkAwait(c: CellContext, e: Expr & { kind: "await" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  noteAsync(c, "await", e.span);
  return awaitOf(value, e.span);
}

/** The value with every future in it waited for. */
export function awaitOf(value: HirExpr, span: Span): HirExpr {
  if (value.type.kind === "error") return value;
  return { kind: "await", value, type: awaited(value.type), span };
}

/** What the check of a function that is started finds, as effects of the task. */
export function asTask<T>(c: CellContext, span: Span, check: () => T): T {
  const before = c.causes.length;
  const result = check();
  const causes = c.causes.splice(before);
  if (causes.length > 0) c.causes.push({ kind: "task", causes, span });
  return result;
}

/** `spawn(f, args…)`, `spawn(g(x))`, `spawn([g(x), h()])` (13.1). */
export function checkSpawn(c: CellContext, args: readonly Arg[], span: Span): HirExpr {
  noteAsync(c, "spawn", span);
  const [first, ...rest] = args;
  if (first === undefined) {
    complain(c, "E0203", span, "`spawn` needs a cell, a lambda or a call", {
      expected: "spawn(f, args…)",
      found: "no arguments",
    });
    return errorExpr(span);
  }
  const { value } = first;
  if (rest.length === 0 && value.kind === "list") return spawnEach(c, value.items, span);
  if (rest.length === 0 && value.kind === "call" && !yieldsFunction(c, value)) {
    return spawnThunk(c, value, span);
  }
  if (value.kind === "string") {
    const callee: Expr = { kind: "name", name: value.value, span: value.span };
    return spawnValue(
      c,
      asTask(c, span, () => checkExpr(c, callee, null)),
      rest,
      span,
    );
  }
  const isFunction = value.kind === "name" || value.kind === "lambda" || value.kind === "field";
  const callee = isFunction
    ? asTask(c, span, () => checkExpr(c, value, null))
    : checkExpr(c, value, null);
  return spawnValue(c, callee, rest, span);
}

function spawnEach(
  c: CellContext,
  items: readonly { readonly spread: boolean; readonly value: Expr }[],
  span: Span,
): HirExpr {
  const futures = items.map((item) => ({
    spread: false,
    value: checkSpawn(c, [{ name: null, spread: false, value: item.value }], item.value.span),
  }));
  const type = listOf(opaque("Future", joinTypes(futures.map((f) => awaited(f.value.type)))));
  const fitted = futures.map((f) => ({ ...f, value: convert(c, f.value, elementOf(type)) }));
  return { kind: "list", items: fitted, type, span };
}

function elementOf(type: Type): Type {
  return type.kind === "list" ? type.item : ANY;
}

/** True for a call whose value is itself to be spawned: a cell that yields a function. */
function yieldsFunction(c: CellContext, call: Expr & { kind: "call" }): boolean {
  const { callee } = call;
  if (callee.kind !== "name") return false;
  const local = lookupLocal(c, callee.name);
  if (local !== null) return false;
  const cell = c.scope.cells.get(callee.name);
  return cell !== undefined && resultOfCell(c, cell).kind === "fn";
}

/** `spawn(fn() => e)` */
export function spawnThunk(c: CellContext, value: Expr, span: Span): HirExpr {
  const lambda: Expr = { ...NO_PARAMS, body: { kind: "expr", value }, span: value.span };
  return spawnValue(
    c,
    asTask(c, span, () => checkExpr(c, lambda, null)),
    [],
    span,
  );
}

/** The head of `fn() => …`. */
export const NO_PARAMS: Pick<Expr & { kind: "lambda" }, "kind" | "params" | "result" | "row"> = {
  kind: "lambda",
  params: [],
  result: null,
  row: null,
};

function spawnValue(c: CellContext, callee: HirExpr, args: readonly Arg[], span: Span): HirExpr {
  const { type } = callee;
  if (type.kind === "error") return errorExpr(span);
  if (type.kind === "fn") {
    if (type.params.length !== args.length) {
      const message = `the spawned function takes ${type.params.length} arguments, got ${args.length}`;
      complain(c, "E0203", span, message, {
        expected: type.params.map(renderType).join(", ") || "no arguments",
        found: String(args.length),
      });
      return errorExpr(span);
    }
    const values = args.map((a, i) =>
      checkExpect(c, a.value, type.params[i] ?? ANY, `argument ${i + 1} of the spawned function`),
    );
    return { kind: "spawn", callee, args: values, type: opaque("Future", type.result), span };
  }
  if (["any", "param", "union"].includes(type.kind)) {
    const values = args.map((a) => convert(c, checkExpr(c, a.value, null), ANY));
    const fn: Type = { kind: "fn", params: values.map(() => ANY), result: ANY, row: null };
    const called = conversion(callee, fn);
    return { kind: "spawn", callee: called, args: values, type: opaque("Future", ANY), span };
  }
  const found = renderType(type);
  complain(c, "E0202", callee.span, `not callable: a value of type ${found} cannot be spawned`, {
    expected: "a cell, a lambda or a call",
    found,
  });
  return errorExpr(span);
}

/** `parallel(a, b)`, `race([…])` …: values or futures, or one list of them (13.2). */
export function checkCombinator(
  c: CellContext,
  name: Combinator,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  noteAsync(c, name, span);
  const values = args.map((a) => checkExpr(c, a.value, null));
  const [only] = values;
  const isList = values.length === 1 && only?.type.kind === "list" && args[0]?.spread === false;
  if (isList && only !== undefined) return combineList(c, name, only, span);
  if (args.some((a) => a.spread)) {
    const items = values.map((value, i) => ({ spread: args[i]?.spread === true, value }));
    const list: HirExpr = { kind: "list", items, type: listOf(ANY), span };
    return combineList(c, name, list, span);
  }
  return combine(c, name, values, span);
}

/** A combinator over single values or futures. */
export function combine(
  c: CellContext,
  name: Combinator,
  values: readonly HirExpr[],
  span: Span,
): HirExpr {
  const type = listOf(joinTypes(values.map((v) => v.type)));
  const items = values.map((value) => ({
    spread: false,
    value: conversion(value, elementOf(type)),
  }));
  return combineList(c, name, { kind: "list", items, type, span }, span);
}

/** A combinator over a list of values or futures. */
export function combineList(c: CellContext, name: Combinator, list: HirExpr, span: Span): HirExpr {
  const item = elementOf(list.type);
  const one = awaited(item.kind === "never" ? ANY : item);
  const type = name === "parallel" ? listOf(one) : resultOf(name, one);
  return callPrelude(c, name, [convert(c, list, listOf(ANY))], type, span);
}

function resultOf(name: Combinator, item: Type): Type {
  return name === "race" ? item : optionOf(item);
}

/** `sleep(ms)` as a value: a future that is over when the time is (language 16.8). */
export function checkSleep(c: CellContext, args: readonly Arg[], span: Span): HirExpr {
  const [ms] = args;
  if (ms === undefined || args.length > 1) {
    complain(c, "E0203", span, "`sleep` takes milliseconds", {
      expected: "sleep(ms)",
      found: String(args.length),
    });
    return errorExpr(span);
  }
  return spawnThunk(c, prelude("sleep_for", [ms.value], span), span);
}

/** `timeout(f, ms)` or `timeout(ms, f)`: the value, or null when the time is over. */
export function checkTimeout(c: CellContext, args: readonly Arg[], span: Span): HirExpr {
  noteAsync(c, "timeout", span);
  const [a, b] = args;
  if (a === undefined || b === undefined || args.length > 2) {
    complain(c, "E0203", span, "`timeout` takes a future and milliseconds", {
      expected: "timeout(future, ms)",
      found: String(args.length),
    });
    return errorExpr(span);
  }
  const first = checkExpr(c, a.value, null);
  const second = checkExpr(c, b.value, null);
  const [task, limit] = first.type.kind === "int" ? [second, first] : [first, second];
  const type = optionOf(awaited(task.type));
  return callPrelude(c, "timeout", [convert(c, task, ANY), convert(c, limit, INT)], type, span);
}

/** A call of a cell of the prelude, whose value has a type that its own signature cannot say. */
export function callPrelude(
  c: CellContext,
  name: string,
  args: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  const callee = { module: "std.prelude", name };
  c.causes.push({ kind: "call", callee, span });
  const result = c.session.graph.prelude.cells.get(name);
  const natural = result === undefined ? ANY : resultOfCell(c, result);
  const call: HirExpr = { kind: "call", callee, args, type: natural, span };
  return convert(c, call, type);
}

/** `nursery n … end`: the block is left only when all its tasks are over (13.3). */
export function checkNursery(
  c: CellContext,
  e: Expr & { kind: "nursery" },
  expected: Type | null,
): HirExpr {
  noteAsync(c, "nursery", e.span);
  return inBlock(c, () => {
    const span = e.name?.span ?? e.span;
    const local = addLocal(c, e.name?.text ?? null, opaque("Nursery"), span);
    const body = checkBlock(c, e.body, { wanted: true, expected });
    return { kind: "nursery", local, body, type: body.type, span: e.span };
  });
}

/** `channel[T]()`, `channel[T](n)`: a sender and a receiver (13.4). */
export function checkChannel(
  c: CellContext,
  item: Type,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  noteAsync(c, "channel", span);
  const [size] = args;
  if (args.length > 1) {
    complain(c, "E0203", span, "`channel` takes at most a capacity", {
      expected: "channel[T](n)",
      found: String(args.length),
    });
  }
  const unbounded = constant({ kind: "int", value: -1n }, INT, span);
  const capacity = size === undefined ? unbounded : capacityOf(c, size.value);
  const type: Type = {
    kind: "tuple",
    items: [opaque("Sender", item), opaque("Receiver", item)],
  };
  return callHidden(c, "channel$", [capacity], type, span);
}

/** A number below 0 is a fault where it is not seen before. */
function capacityOf(c: CellContext, size: Expr): HirExpr {
  const capacity = checkExpect(c, size, INT, "the capacity of a channel");
  if (capacity.kind === "const") {
    const { value } = capacity;
    if (value.kind === "int" && value.value < 0n) {
      complain(c, "E0200", size.span, "the capacity of a channel is at least 0", {
        expected: "an Int of at least 0",
        found: String(value.value),
        help: "Leave the capacity out for a channel without bound.",
      });
    }
    return capacity;
  }
  return callPrelude(c, "channel_capacity", [capacity], INT, size.span);
}

/**
 * A builtin of the machine, whose result is Any by its row and more than that by the types here.
 */
export function callHidden(
  c: CellContext,
  builtin: BuiltinName,
  args: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  const signature = signaturesOf(builtin)[0];
  const fitted = args.map((a, i) => conversion(a, signature?.params[i]?.type ?? ANY));
  const natural = signature?.result ?? ANY;
  return convert(c, { kind: "callBuiltin", builtin, args: fitted, type: natural, span }, type);
}

/** A method of an opaque value: builtin, parameter types and result. */
interface OpaqueMethod {
  readonly builtin: BuiltinName;
  readonly params: readonly Type[];
  readonly result: Type;
}

function methodsOf(type: Type & { kind: "opaque" }): Readonly<Record<string, OpaqueMethod>> {
  const item = type.args[0] ?? ANY;
  const bool: Type = { kind: "bool" };
  switch (type.name) {
    case "Sender":
      return {
        send: { builtin: "chan_send$", params: [item], result: NULL },
        try_send: { builtin: "chan_try_send$", params: [item], result: bool },
        close: { builtin: "chan_close$", params: [], result: NULL },
      };
    case "Receiver":
      return {
        recv: { builtin: "chan_recv$", params: [], result: optionOf(item) },
        try_recv: { builtin: "chan_try_recv$", params: [], result: optionOf(item) },
        len: { builtin: "chan_len$", params: [], result: INT },
      };
    case "Nursery":
      return { cancel: { builtin: "nursery_cancel$", params: [], result: NULL } };
    default:
      return {};
  }
}

/** Names of the methods of an opaque value. */
export function opaqueMethodNames(type: Type & { kind: "opaque" }): readonly string[] {
  const names = Object.keys(methodsOf(type));
  return type.name === "Nursery" ? [...names, "spawn"] : names;
}

/** `tx.send(v)`, `rx.recv()`, `n.spawn(f)`; null where the type has no such method. */
export function checkOpaqueMethod(
  c: CellContext,
  receiver: HirExpr,
  method: Name,
  args: readonly Arg[],
  span: Span,
): HirExpr | null {
  const { type } = receiver;
  if (type.kind !== "opaque") return null;
  if (type.name === "Nursery" && method.text === "spawn") {
    return nurserySpawn(c, receiver, args, span);
  }
  const known = methodsOf(type)[method.text];
  if (known === undefined) return null;
  noteAsync(c, method.text, span);
  if (args.length !== known.params.length) {
    complain(c, "E0203", span, `'${method.text}' takes ${known.params.length} arguments`, {
      expected: known.params.map(renderType).join(", ") || "no arguments",
      found: String(args.length),
    });
    return { ...errorExpr(span), type: known.result };
  }
  const values = args.map((a, i) =>
    checkExpect(c, a.value, known.params[i] ?? ANY, `argument of '${method.text}'`),
  );
  const { builtin, result } = known;
  return callHidden(c, builtin, [receiver, ...values], result, span);
}

/** A task of the nursery: `n.spawn(fn() => …)` or `n.spawn(g(x))`. */
function nurserySpawn(c: CellContext, nursery: HirExpr, args: readonly Arg[], span: Span): HirExpr {
  const task = checkSpawn(c, args, span);
  if (task.kind !== "spawn") return task;
  const thunk = task.args.length === 0 ? task.callee : null;
  if (thunk === null) {
    complain(c, "E0203", span, "a task of a nursery takes no further arguments", {
      help: "Write a call: `n.spawn(work(1))`.",
    });
    return errorExpr(span);
  }
  return callHidden(c, "nursery_spawn$", [nursery, thunk], task.type, span);
}
