// Chains of accesses behind `?.` or `?[` (language 4): where the receiver is null the rest of the
// chain is skipped, so it sees a receiver that is there.

import type { Expr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { nullSafe } from "./access.ts";
import { addLocal, type CellContext, inBinding } from "./context.ts";
import { checkExpr } from "./recursion.ts";

type Step = Expr & { readonly kind: "field" | "component" | "index" | "call" };
type NullSafeStep = Expr & { readonly kind: "field" | "index" };

/** The receiver behind `?.`, for the rest of its chain; no source name holds the sign. */
const PRESENT = "~present";

/**
 * An access or call whose chain passes a `?.` or `?[` before its own last step, or a method called
 * with `?.`; null for all others.
 */
export function checkNullChain(c: CellContext, e: Step, expected: Type | null): HirExpr | null {
  const step = firstNullSafe(e);
  if (step === null || step === e) return null;
  const receiver = checkExpr(c, step.value, null);
  return inBinding(c, () =>
    nullSafe(c, receiver, e.span, (present) => {
      const local = addLocal(c, PRESENT, present.type, step.value.span);
      const value = checkExpr(c, onPresent(e, step), expected);
      const { span } = step.value;
      return {
        kind: "block",
        statements: [{ kind: "let", local, value: present, span }],
        value,
        type: value.type,
        span: value.span,
      };
    }),
  );
}

/** The first null-safe step of the chain that ends with `e`. Parentheses end a chain. */
function firstNullSafe(e: Step): NullSafeStep | null {
  let first: NullSafeStep | null = null;
  let step: Expr = e;
  while (isStep(step)) {
    if ((step.kind === "field" || step.kind === "index") && step.nullSafe) first = step;
    const inner: Expr = receiverOf(step);
    // A call may begin with what is piped into it.
    if (step.kind !== "call" && inner.span.start !== step.span.start) break;
    step = inner;
  }
  return first;
}

function isStep(e: Expr): e is Step {
  return e.kind === "field" || e.kind === "component" || e.kind === "index" || e.kind === "call";
}

function receiverOf(step: Step): Expr {
  return step.kind === "call" ? step.callee : step.value;
}

/** The chain with `first` as a plain step on the receiver that is there. */
function onPresent(e: Expr, first: NullSafeStep): Expr {
  if (e === first) {
    const value: Expr = { kind: "name", name: PRESENT, span: first.value.span };
    return { ...first, value, nullSafe: false };
  }
  if (!isStep(e)) return e;
  return e.kind === "call"
    ? { ...e, callee: onPresent(e.callee, first) }
    : { ...e, value: onPresent(e.value, first) };
}
