// Evals (language 12): `run(x)` evaluates the source with `input`; without a source it calls a cell
// by its name.

import type { Span } from "@lumen/core/diagnostic";
import { type CellDecl, type Expr, type ProcessDecl, parseModule } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { makeWalk } from "../tree/walk.ts";
import { configOf } from "./guardrails.ts";
import {
  at,
  call,
  cell,
  nameAt,
  param,
  prelude,
  read,
  rest,
  run,
  text,
  typeNamed,
} from "./tree.ts";

/** The `run` cell. */
export function evalCells(scope: ModuleScope, item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const source = configOf(item, "source");
  if (source === null) return [callByName(scope, item)];
  const value = source.kind === "string" ? parseSource(scope, source.value, source.span) : null;
  // What is wrong with the source is reported; whoever runs it is not told again.
  const body = value ?? ({ kind: "error", span } as const);
  return [cell(nameAt("run", span), [param(nameAt("input", span))], null, [run(body)])];
}

/** The expression in a string; what is wrong in it is reported at the string. */
function parseSource(scope: ModuleScope, source: string, span: Span): Expr | null {
  const { module, diagnostics } = parseModule("eval.lm", `cell run(input) = ${source}\n`);
  const [problem] = diagnostics;
  if (problem !== undefined) {
    report(scope, problem.code, span, `in the source of the eval: ${problem.message}`);
    return null;
  }
  const [parsed] = module.items;
  const isOne = module.items.length === 1 && module.statements.length === 0;
  if (!isOne || parsed?.kind !== "cell" || parsed.body.kind !== "expr") {
    report(scope, "E0010", span, "the source of an eval is one expression");
    return null;
  }
  // Its own places are those of another text.
  return makeWalk({ span: () => span }).expr(parsed.body.value);
}

/** `run(name, args…)`: one branch for each cell of the module that takes as many arguments. */
function callByName(scope: ModuleScope, item: ProcessDecl): CellDecl {
  const { span } = item.name;
  const args = read("args", span);
  const cells = scope.ast.items.flatMap((i) => (i.kind === "cell" ? [i] : []));
  const unknown = prelude("eval_unknown", [read("name", span)], span);
  const value = cells.reduceRight<Expr>((otherwise, target) => {
    const given = target.params.map((_, i) => at(args, i, span));
    const isVariadic = target.params.some((p) => p.isVariadic);
    if (isVariadic) return otherwise;
    const isNamed = same(read("name", span), text(target.name.text, span), span);
    const count: Expr = { kind: "int", value: BigInt(given.length), span };
    const isCounted = same(call(read("length", span), [args], span), count, span);
    const condition: Expr = {
      kind: "binary",
      op: "and",
      left: isNamed,
      right: isCounted,
      opSpan: span,
      span,
    };
    const block = (e: Expr) => ({ statements: [run(e)], span });
    return {
      kind: "if",
      branches: [
        {
          condition: { kind: "expr", value: condition },
          block: block(call(read(target.name.text, span), given, span)),
        },
      ],
      otherwise: block(otherwise),
      span,
    };
  }, unknown);
  const params = [
    param(nameAt("name", span), typeNamed("String", span)),
    rest(nameAt("args", span)),
  ];
  return cell(nameAt("run", span), params, typeNamed("Any", span), [run(value)]);
}

function same(left: Expr, right: Expr, span: Span): Expr {
  return { kind: "binary", op: "==", left, right, opSpan: span, span };
}
