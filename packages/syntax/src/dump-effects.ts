// Textual form of expressions about effects, waiting, roles and protocols: see dump-ast.ts.

import { assertNever } from "@lumen/core/result";
import type { Arg, Block, Expr, InterpolationPart, Param } from "./ast.ts";
import { dumpPattern, group } from "./dump-types.ts";

/** How the other parts of the tree print; handed in to avoid an import cycle. */
export interface ExprDumper {
  readonly expr: (expr: Expr) => string;
  readonly block: (block: Block) => string;
  readonly params: (params: readonly Param[]) => string;
  readonly arg: (arg: Arg) => string;
  readonly parts: (parts: readonly InterpolationPart[]) => readonly string[];
}

type EffectKind =
  | "await"
  | "awaitBlock"
  | "awaitFor"
  | "nursery"
  | "perform"
  | "handle"
  | "resume"
  | "comptime"
  | "checkpoint"
  | "role"
  | "offer"
  | "assertMatches"
  | "spread";

/** One of the expressions of {@link EffectKind}. */
export function dumpEffectExpr(
  expr: Extract<Expr, { readonly kind: EffectKind }>,
  dump: ExprDumper,
): string {
  switch (expr.kind) {
    case "await":
      return group("await", dump.expr(expr.value));
    case "awaitBlock": {
      const branches = expr.branches.map(({ name, value }) => {
        return name === null ? dump.expr(value) : group("=", name.text, dump.expr(value));
      });
      return group(`await-${expr.combinator}`, branches);
    }
    case "awaitFor": {
      const head = `${dumpPattern(expr.binder)} in ${dump.expr(expr.iterable)}`;
      return group(`await-${expr.combinator}`, "for", head, dump.block(expr.body));
    }
    case "nursery":
      return group("nursery", expr.name?.text ?? "", dump.block(expr.body));
    case "perform": {
      const operation = `${expr.effect.text}.${expr.operation.text}`;
      return group("perform", operation, expr.args.map(dump.arg));
    }
    case "handle": {
      const arms = expr.arms.map(({ effect, operation, params, body }) => {
        const name = `${effect.text}.${operation.text}`;
        return group(name, dump.params(params), "=>", dump.block(body));
      });
      return group("handle", dump.block(expr.body), arms);
    }
    case "resume":
      return group("resume", expr.value === null ? "" : dump.expr(expr.value));
    case "spread":
      return group("...", dump.expr(expr.value));
    case "comptime":
      return group("comptime", dump.block(expr.block));
    default:
      return dumpTextual(expr, dump);
  }
}

type TextualKind = "checkpoint" | "role" | "offer" | "assertMatches";

function dumpTextual(
  expr: Extract<Expr, { readonly kind: TextualKind }>,
  dump: ExprDumper,
): string {
  switch (expr.kind) {
    case "checkpoint": {
      const label = expr.label === null ? "" : dump.expr(expr.label);
      const payload = expr.payload === "" ? "" : group("payload", JSON.stringify(expr.payload));
      return group("checkpoint", label, payload);
    }
    case "role":
      return group("role", expr.role.text, dump.parts(expr.text));
    case "offer": {
      const arms = expr.arms.map(({ label, pattern, body }) => {
        const payload = pattern === null ? "" : dumpPattern(pattern);
        return group(label.text, payload, "->", dump.block(body));
      });
      return group("offer", dump.expr(expr.value), arms);
    }
    case "assertMatches": {
      const guard = expr.guard === null ? "" : group("if", dump.expr(expr.guard));
      return group("assert_matches", dump.expr(expr.value), dumpPattern(expr.pattern), guard);
    }
    default:
      return assertNever(expr);
  }
}
