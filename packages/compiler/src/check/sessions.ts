// Endpoints of sessions (language 19.5): what each state allows, and how it is carried out over two
// channels. That every endpoint is used once is the analysis' part.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg, Expr, Name, OfferArm } from "@lumen/syntax";
import type { HirArm, HirExpr, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { didYouMean } from "../resolve/scope.ts";
import { stateOf } from "../types/endpoints.ts";
import { isCompatible } from "../types/relations.ts";
import { describeState, renderType } from "../types/render-type.ts";
import { ANY, NULL, STRING } from "../types/simple-types.ts";
import { constant, errorExpr } from "./build.ts";
import {
  addLocal,
  type CellContext,
  complain,
  inBinding,
  readLocal,
  type Want,
} from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { branchType } from "./join.ts";
import { checkPattern } from "./patterns.ts";
import { checkBlock, checkExpr } from "./recursion.ts";
import { callHidden, noteAsync } from "./tasks.ts";

type Endpoint = Type & { readonly kind: "endpoint" };

/** Items of the tuple that an endpoint is at run time. */
const SENDER: Type = { kind: "opaque", name: "Sender", args: [ANY] };
const RECEIVER: Type = { kind: "opaque", name: "Receiver", args: [ANY] };

/** `Login.open()`: both endpoints, over two channels without bound; null for another method. */
export function openSession(
  c: CellContext,
  owner: string,
  method: Name,
  args: readonly Arg[],
  span: Span,
): HirExpr | null {
  const entry = c.scope.sessions.get(owner);
  if (entry === undefined) return null;
  const { symbol } = entry;
  if (method.text !== "open" || args.length > 0) {
    complain(c, "E0102", method.span, `session '${owner}' has only 'open()'`);
    return errorExpr(span);
  }
  const open = symbol.generics.map(() => ANY);
  const at = (role: 0 | 1): Endpoint => ({
    kind: "endpoint",
    session: symbol,
    role,
    state: symbol.start,
    args: open,
  });
  const pair: Type = { kind: "tuple", items: [SENDER, RECEIVER] };
  const channel = (): HirExpr => onChannel(c, "channel$", [intOf(-1n, span)], pair, span);
  const there = addLocal(c, null, pair, span);
  const back = addLocal(c, null, pair, span);
  const endpoint = (role: 0 | 1): HirExpr => {
    const out = role === 0 ? there : back;
    const into = role === 0 ? back : there;
    const items = [part(readLocal(c, out, span), 0), part(readLocal(c, into, span), 1)];
    return retyped({ kind: "tuple", items, type: pair, span }, at(role));
  };
  return {
    kind: "block",
    statements: [
      { kind: "let", local: there, value: channel(), span },
      { kind: "let", local: back, value: channel(), span },
    ],
    value: {
      kind: "tuple",
      items: [endpoint(0), endpoint(1)],
      type: { kind: "tuple", items: [at(0), at(1)] },
      span,
    },
    type: { kind: "tuple", items: [at(0), at(1)] },
    span,
  };
}

/** `ch.send(v)`, `ch.recv()`, `ch.choose(Label)`, `ch.close()`; null for another receiver. */
export function checkEndpointMethod(
  c: CellContext,
  receiver: HirExpr,
  method: Name,
  args: readonly Arg[],
  span: Span,
): HirExpr | null {
  const { type } = receiver;
  if (type.kind !== "endpoint") return null;
  const call: EndpointCall = { c, receiver, type, method, args, span };
  switch (method.text) {
    case "send":
      return send(call);
    case "recv":
      return receive(call);
    case "choose":
      return choose(call);
    case "close":
      return close(call);
    default: {
      const near = didYouMean(method.text, ["send", "recv", "choose", "close"]);
      const message = `an endpoint has no operation '${method.text}'${near}`;
      complain(c, "E0102", method.span, message);
      return errorExpr(span);
    }
  }
}

interface EndpointCall {
  readonly c: CellContext;
  readonly receiver: HirExpr;
  readonly type: Endpoint;
  readonly method: Name;
  readonly args: readonly Arg[];
  readonly span: Span;
}

function send({ c, receiver, type, method, args, span }: EndpointCall): HirExpr {
  const state = stateOf(type);
  if (state.kind !== "message" || state.from !== type.role)
    return wrongStep(c, type, method.span, span);
  const [arg] = args;
  if (arg === undefined || args.length > 1) return wrongCount(c, method, 1, args.length, span);
  const value = checkExpr(c, arg.value, state.type);
  if (value.type.kind !== "error" && !isCompatible(value.type, state.type)) {
    const expected = renderType(state.type);
    const found = renderType(value.type);
    const message = `wrong message: expected ${expected}, got ${found}`;
    complain(c, "E0704", value.span, message, { expected, found });
    return errorExpr(span);
  }
  const next = { ...type, state: state.next };
  const message = conversion(convert(c, value, state.type), ANY);
  return onEndpoint(c, receiver, next, (channel) => [
    effect(onChannel(c, "chan_send$", [part(channel, 0), message], NULL, span)),
  ]);
}

function receive({ c, receiver, type, method, args, span }: EndpointCall): HirExpr {
  const state = stateOf(type);
  if (state.kind !== "message" || state.from === type.role)
    return wrongStep(c, type, method.span, span);
  if (args.length > 0) return wrongCount(c, method, 0, args.length, span);
  const next = { ...type, state: state.next };
  const held = addLocal(c, null, type, span);
  const message = addLocal(c, null, state.type, span);
  const channel = part(readLocal(c, held, span), 1);
  const raw = onChannel(c, "chan_recv$", [channel], ANY, span);
  const items = [readLocal(c, message, span), retyped(readLocal(c, held, span), next)];
  const result: Type = { kind: "tuple", items: [state.type, next] };
  return {
    kind: "block",
    statements: [
      { kind: "let", local: held, value: receiver, span },
      { kind: "let", local: message, value: conversion(raw, state.type), span },
    ],
    value: { kind: "tuple", items, type: result, span },
    type: result,
    span,
  };
}

function choose({ c, receiver, type, method, args, span }: EndpointCall): HirExpr {
  const state = stateOf(type);
  if (state.kind !== "choice" || state.role !== type.role)
    return wrongStep(c, type, method.span, span);
  const [arg] = args;
  if (arg === undefined || args.length > 1) return wrongCount(c, method, 1, args.length, span);
  const label = arg.value.kind === "name" ? arg.value.name : "";
  const found = state.cases.find((x) => x.label === label);
  if (found === undefined) {
    const labels = state.cases.map((x) => x.label);
    const message = `the choice has no case '${label}'${didYouMean(label, labels)}`;
    complain(c, "E0704", arg.value.span, message, { expected: labels.join(", "), found: label });
    return errorExpr(span);
  }
  const text = conversion(constant({ kind: "string", value: label }, STRING, span), ANY);
  return onEndpoint(c, receiver, { ...type, state: found.next }, (channel) => [
    effect(onChannel(c, "chan_send$", [part(channel, 0), text], NULL, span)),
  ]);
}

function close({ c, receiver, type, method, args, span }: EndpointCall): HirExpr {
  if (args.length > 0) return wrongCount(c, method, 0, args.length, span);
  if (stateOf(type).kind === "end")
    return onChannel(c, "chan_close$", [part(receiver, 0)], NULL, span);
  const next = describeState(type);
  complain(c, "E0702", method.span, `the session is not at its end: next is '${next}'`, {
    expected: next,
    found: "close",
  });
  return errorExpr(span);
}

/** `offer ch … end`: the other side chose; every case has an arm. */
export function checkOffer(c: CellContext, e: Expr & { kind: "offer" }, want: Want): HirExpr {
  const value = checkExpr(c, e.value, null);
  const { type } = value;
  if (type.kind === "error") return errorExpr(e.span);
  const state = type.kind === "endpoint" ? stateOf(type) : null;
  if (type.kind !== "endpoint" || state?.kind !== "choice" || state.role === type.role) {
    if (type.kind === "endpoint") return wrongStep(c, type, e.value.span, e.span);
    const found = renderType(type);
    const message = `type mismatch in offer: expected an endpoint, got ${found}`;
    complain(c, "E0200", e.value.span, message, { expected: "an endpoint", found });
    return errorExpr(e.span);
  }
  checkLabels(
    c,
    e,
    state.cases.map((x) => x.label),
  );
  const held = addLocal(c, null, type, e.span);
  const label = addLocal(c, null, STRING, e.span);
  const arms = e.arms.map((arm, i) => {
    const target = state.cases.find((x) => x.label === arm.label.text);
    const next = { ...type, state: target?.next ?? type.state };
    return offerArm(c, arm, retyped(readLocal(c, held, arm.span), next), {
      want,
      isLast: i === e.arms.length - 1,
    });
  });
  const types = arms.map((a) => a.body.type);
  const result = want.wanted
    ? branchType(types, want.expected)
    : types.every((t) => t.kind === "never")
      ? ({ kind: "never" } as const)
      : NULL;
  const fitted = want.wanted ? arms.map((a) => ({ ...a, body: conversion(a.body, result) })) : arms;
  const channel = part(readLocal(c, held, e.span), 1);
  const raw = onChannel(c, "chan_recv$", [channel], ANY, e.span);
  return {
    kind: "block",
    statements: [
      { kind: "let", local: held, value, span: e.value.span },
      { kind: "let", local: label, value: conversion(raw, STRING), span: e.value.span },
    ],
    value: {
      kind: "match",
      subject: label,
      arms: fitted,
      exhaustive: true,
      type: result,
      span: e.span,
    },
    type: result,
    span: e.span,
  };
}

/** Unknown and repeated labels, and cases without arm, are E0704. */
function checkLabels(c: CellContext, e: Expr & { kind: "offer" }, labels: readonly string[]): void {
  const seen = new Set<string>();
  for (const { label } of e.arms) {
    const { text, span } = label;
    if (!labels.includes(text))
      complain(c, "E0704", span, `the choice has no case '${text}'${didYouMean(text, labels)}`);
    else if (seen.has(text)) complain(c, "E0704", span, `case '${text}' has an arm already`);
    seen.add(text);
  }
  const missing = labels.filter((l) => !seen.has(l));
  if (missing.length > 0)
    complain(c, "E0704", e.span, `no arm for ${missing.map((l) => `'${l}'`).join(", ")}`);
}

function offerArm(
  c: CellContext,
  arm: OfferArm,
  endpoint: HirExpr,
  how: { readonly want: Want; readonly isLast: boolean },
): HirArm {
  const { label, span } = arm;
  return inBinding(c, (): HirArm => {
    const value = { kind: "string", value: label.text } as const;
    const given = arm.pattern ?? ({ kind: "wildcard", span: label.span } as const);
    const pattern = checkPattern(c, given, endpoint.type);
    const bind: HirStatement = { kind: "letPattern", pattern, value: endpoint, span: label.span };
    const body = checkBlock(c, arm.body, how.want);
    // The other side is checked too, so the last label needs no test.
    const test = how.isLast
      ? ({ kind: "wildcard", span: label.span } as const)
      : ({ kind: "const", value, subject: STRING, span: label.span } as const);
    return {
      patterns: [test],
      guard: null,
      body: { kind: "block", statements: [bind], value: body, type: body.type, span },
      span,
    };
  });
}

function wrongStep(c: CellContext, type: Endpoint, at: Span, span: Span): HirExpr {
  const expected = describeState(type);
  complain(c, "E0703", at, `the protocol does not allow this here: next is '${expected}'`, {
    expected,
    help: `Do '${expected}' first.`,
  });
  return errorExpr(span);
}

function wrongCount(
  c: CellContext,
  method: Name,
  wanted: number,
  given: number,
  span: Span,
): HirExpr {
  const noun = wanted === 1 ? "argument" : "arguments";
  const message = `'${method.text}' of an endpoint takes ${wanted} ${noun}, got ${given}`;
  complain(c, "E0203", span, message, { expected: String(wanted), found: String(given) });
  return errorExpr(span);
}

/** Holds the endpoint, does something with it, and yields it in its next state. */
function onEndpoint(
  c: CellContext,
  receiver: HirExpr,
  next: Type,
  act: (endpoint: HirExpr) => readonly HirStatement[],
): HirExpr {
  const { span } = receiver;
  const held = addLocal(c, null, receiver.type, span);
  const statements: readonly HirStatement[] = [
    { kind: "let", local: held, value: receiver, span },
    ...act(readLocal(c, held, span)),
  ];
  const value = retyped(readLocal(c, held, span), next);
  return { kind: "block", statements, value, type: next, span };
}

function effect(value: HirExpr): HirStatement {
  return { kind: "expr", value, span: value.span };
}

function part(value: HirExpr, index: 0 | 1): HirExpr {
  const type = index === 0 ? SENDER : RECEIVER;
  return { kind: "component", value, index, type, span: value.span };
}

/** All states of an endpoint are one value at run time. */
function retyped(value: HirExpr, type: Type): HirExpr {
  return { kind: "convert", how: "widen", value, type, span: value.span };
}

/** What channels do counts for the cell (language 10.2). */
function onChannel(
  c: CellContext,
  builtin: "channel$" | "chan_send$" | "chan_recv$" | "chan_close$",
  args: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  noteAsync(c, "session", span);
  return callHidden(c, builtin, args, type, span);
}

function intOf(value: bigint, span: Span): HirExpr {
  return constant({ kind: "int", value }, { kind: "int" }, span);
}
