// The block forms of the combinators (language 13.2, 13.4): `await select … end` and its like,
// where each line, or each item of a list, is a task.

import type { Span } from "@lumen/core/diagnostic";
import type { Expr, Name } from "@lumen/syntax";
import type { HirExpr, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { joinTypes } from "../types/relations.ts";
import { ANY, BOOL, listOf, optionOf } from "../types/simple-types.ts";
import { constant } from "./build.ts";
import { addLocal, type CellContext } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";
import {
  awaited,
  awaitOf,
  type Combinator,
  callPrelude,
  combine,
  combineList,
  NO_PARAMS,
  opaque,
  spawnThunk,
} from "./tasks.ts";

/**
 * `await parallel NL e1 NL x = e2 end`: each line is a task; a name is bound afterwards to the
 * value of its line, null where a race or selection left it behind.
 */
export function checkAwaitBlock(c: CellContext, e: Expr & { kind: "awaitBlock" }): HirExpr {
  const { span } = e;
  const statements: HirStatement[] = [];
  const bind = (name: Name | null, value: HirExpr): HirExpr => {
    const at = name?.span ?? value.span;
    const local = addLocal(c, name?.text ?? null, value.type, at);
    statements.push({ kind: "let", local, value, span: at });
    return { kind: "local", local, type: value.type, span: at };
  };
  const tasks = e.branches.map((b) => bind(null, spawnThunk(c, lineOf(b.value), b.value.span)));
  const takesNull = e.branches.map((b, i) => takesNullFrom(b.value, tasks[i]));
  const joined = bind(null, awaitOf(combineLines(c, e.combinator, tasks, takesNull, span), span));
  e.branches.forEach((branch, i) => {
    const task = tasks[i];
    if (branch.name === null || task === undefined) return;
    const all = e.combinator === "parallel";
    const value = all ? awaitOf(task, task.span) : finishedValue(c, task);
    bind(branch.name, value);
  });
  return { kind: "block", statements, value: joined, type: joined.type, span };
}

/** What a line stands for: a future is waited for in its task, as in a statement. */
function lineOf(value: Expr): Expr {
  return { kind: "await", value, span: value.span };
}

/** A line that receives, or can only give null, is selected when it is over (13.4). */
function takesNullFrom(line: Expr, task: HirExpr | undefined): boolean {
  const { callee } = line.kind === "call" ? line : { callee: null };
  const receives = callee?.kind === "field" && callee.name.text === "recv";
  return receives || (task !== undefined && awaited(task.type).kind === "null");
}

/** Lines of a block: nobody else knows their tasks, so those that are left behind are cancelled. */
function combineLines(
  c: CellContext,
  name: Combinator,
  tasks: readonly HirExpr[],
  takesNull: readonly boolean[],
  span: Span,
): HirExpr {
  if (name === "parallel" || name === "vote") return combine(c, name, tasks, span);
  const one = joinTypes(tasks.map((t) => awaited(t.type)));
  const items = tasks.map((t) => ({ spread: false, value: conversion(t, ANY) }));
  return leavingBehind(c, name, { kind: "list", items, type: listOf(ANY), span }, one, takesNull);
}

function leavingBehind(
  c: CellContext,
  name: "race" | "select",
  tasks: HirExpr,
  one: Type,
  takesNull: readonly boolean[],
): HirExpr {
  const { span } = tasks;
  const list = convert(c, tasks, listOf(ANY));
  if (name === "race") return callPrelude(c, "race_lines", [list], one, span);
  const flags: HirExpr = {
    kind: "list",
    items: takesNull.map((value) => ({
      spread: false,
      value: constant({ kind: "bool", value }, BOOL, span),
    })),
    type: listOf(BOOL),
    span,
  };
  return callPrelude(c, "select_lines", [list, flags], optionOf(one), span);
}

/** The value of a task that is over and well, else null. */
function finishedValue(c: CellContext, task: HirExpr): HirExpr {
  const type = optionOf(awaited(task.type));
  return callPrelude(c, "finished_value", [convert(c, task, ANY)], type, task.span);
}

/** `await parallel for x in xs … end`: a task for every item. */
export function checkAwaitFor(c: CellContext, e: Expr & { kind: "awaitFor" }): HirExpr {
  const { span } = e;
  const body = lineOf({ kind: "do", block: e.body, span: e.body.span });
  const spawn: Expr = {
    kind: "call",
    callee: { kind: "name", name: "spawn", span: body.span },
    args: [
      {
        name: null,
        spread: false,
        value: { ...NO_PARAMS, body: { kind: "expr", value: body }, span: body.span },
      },
    ],
    bang: false,
    span: body.span,
  };
  const loop: Expr = {
    kind: "for",
    attributes: [],
    label: null,
    binder: e.binder,
    iterable: e.iterable,
    filter: null,
    body: { statements: [{ kind: "expr", value: spawn, span: body.span }], span: body.span },
    span,
  };
  const tasks = checkExpr(c, loop, listOf(opaque("Future", ANY)));
  const { combinator } = e;
  if (combinator === "parallel" || combinator === "vote")
    return awaitOf(combineList(c, combinator, tasks, span), span);
  return awaitOf(leavingBehind(c, combinator, tasks, ANY, []), span);
}
