// Calls of tools (language 11): the input object, the role prelude, the type that the context asks.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Expr } from "@lumen/syntax";
import { effectOfTool } from "../effects/policy.ts";
import { resultDescriptor, toolEntry } from "../effects/tool-entries.ts";
import type { HirExpr, HirMapItem, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { ToolSymbol } from "../resolve/scope.ts";
import { describeType } from "../tiles/descriptor.ts";
import { ANY, JSON_TYPE, NULL, STRING } from "../types/simple-types.ts";
import { constant, displayed } from "./build.ts";
import { addLocal, type CellContext, complain, ownerOf, readLocal, topOf } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { answeredProb, isProb } from "./prob.ts";
import { checkExpr } from "./recursion.ts";

const INPUT: Type = { kind: "map", key: STRING, value: JSON_TYPE };
const MESSAGES: Type = { kind: "list", item: JSON_TYPE };

/**
 * `Chat(prompt: p)`: named arguments are keys, positional ones `arg0`, `arg1` …, roles their name.
 * The result has the type that the context expects, else Any.
 */
export function checkToolCall(
  c: CellContext,
  tool: ToolSymbol,
  args: readonly Arg[],
  span: Span,
  expected: Type | null,
): HirExpr {
  const effect = effectOfTool(c.scope, tool);
  c.causes.push({ kind: "tool", effect, name: tool.alias, span });
  const entries = inputEntries(c, args);
  if (c.roles !== null && !args.some((a) => a.name?.text === "messages")) {
    const messages = readLocal(c, c.roles, span);
    entries.push({ key: text("messages", span), value: convert(c, messages, JSON_TYPE) });
  }
  const input: HirExpr = { kind: "map", entries, type: INPUT, span };
  const type = expected !== null && describeType(expected).ok ? expected : ANY;
  const result = isProb(type) ? null : resultDescriptor(type);
  const owner = ownerOf(topOf(c).name);
  const entry = toolEntry({ tool, scope: c.scope, owner, result, retry: c.retry });
  const { durable } = c;
  if (durable) c.causes.push({ kind: "builtin", effect: "state", name: "checkpoint", span });
  const call = { kind: "callTool", tool: entry, input, durable, span } as const;
  if (!isProb(type)) return { ...call, type };
  return answeredProb(c, { ...call, type: ANY }, type, conversion);
}

function inputEntries(c: CellContext, args: readonly Arg[]): HirMapItem[] {
  let position = 0;
  const seen = new Set<string>();
  return args.map((arg): HirMapItem => {
    const name = arg.name?.text ?? (arg.value.kind === "role" ? arg.value.role.text : null);
    const key = name ?? `arg${position}`;
    if (name === null) position += 1;
    if (arg.spread) {
      complain(c, "E0203", arg.value.span, "a tool takes no `...` argument", {
        help: "Name the arguments: they are the keys of the tool's input.",
      });
    } else if (seen.has(key)) {
      complain(c, "E0203", arg.value.span, `argument '${key}' is given twice`);
    }
    seen.add(key);
    const value = checkExpr(c, arg.value, null);
    return { key: text(key, arg.value.span), value: convert(c, value, JSON_TYPE, `'${key}'`) };
  });
}

function text(value: string, span: Span): HirExpr {
  return constant({ kind: "string", value }, STRING, span);
}

/** `role system: text` is the String `system: text` (11.5). */
export function checkRole(c: CellContext, e: Expr & { kind: "role" }): HirExpr {
  return { kind: "concat", parts: roleParts(c, e, true), type: STRING, span: e.span };
}

function roleParts(c: CellContext, e: Expr & { kind: "role" }, labelled: boolean): HirExpr[] {
  const label = labelled ? [text(`${e.role.text}: `, e.span)] : [];
  const parts = e.text.map((part) =>
    part.kind === "text" ? text(part.value, e.span) : displayed(checkExpr(c, part.value, null)),
  );
  return [...label, ...parts];
}

/** What a role statement does, and the String that it evaluates to. */
interface RoleStatement {
  readonly statements: readonly HirStatement[];
  readonly value: HirExpr;
}

/** A role statement: one more message of the prelude that tool calls receive. */
export function checkRoleStatement(c: CellContext, e: Expr & { kind: "role" }): RoleStatement {
  const { span } = e;
  const content: HirExpr = { kind: "concat", parts: roleParts(c, e, false), type: STRING, span };
  const local = addLocal(c, null, STRING, span);
  const read = readLocal(c, local, span);
  const message: HirExpr = {
    kind: "map",
    entries: [
      { key: text("role", span), value: widened(text(e.role.text, span)) },
      { key: text("content", span), value: widened(read) },
    ],
    type: INPUT,
    span,
  };
  return {
    statements: [
      { kind: "let", local, value: content, span },
      inPrelude(c, convert(c, message, JSON_TYPE), span),
    ],
    value: { kind: "concat", parts: [text(`${e.role.text}: `, span), read], type: STRING, span },
  };
}

/** Appends a message to the prelude of the cell, which the first one makes. */
function inPrelude(c: CellContext, item: HirExpr, span: Span): HirStatement {
  if (c.roles === null) {
    c.roles = addLocal(c, null, MESSAGES, span);
    const items = [{ spread: false, value: item }];
    const value: HirExpr = { kind: "list", items, type: MESSAGES, span };
    return { kind: "let", local: c.roles, value, span };
  }
  const list = readLocal(c, c.roles, span);
  const value: HirExpr = {
    kind: "callBuiltin",
    builtin: "append",
    args: [list, item],
    type: MESSAGES,
    span,
  };
  return { kind: "assign", local: c.roles, path: [], value, span };
}

function widened(value: HirExpr): HirExpr {
  return { kind: "convert", how: "widen", value, type: JSON_TYPE, span: value.span };
}

/** `checkpoint` or `checkpoint "label"`: asks the door; the id of the snapshot, or null (14). */
export function checkCheckpoint(c: CellContext, e: Expr & { kind: "checkpoint" }): HirExpr {
  const { span } = e;
  c.causes.push({ kind: "builtin", effect: "state", name: "checkpoint", span });
  const label =
    e.label === null
      ? constant({ kind: "null" }, NULL, span)
      : convert(c, checkExpr(c, e.label, STRING), STRING, "checkpoint label");
  const type: Type = { kind: "option", item: STRING };
  return { kind: "request", effect: "state", operation: "checkpoint", args: [label], type, span };
}
