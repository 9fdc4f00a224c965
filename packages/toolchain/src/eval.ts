// Expressions for the builtin `eval` (language 16.1), with a compiler and a machine of their own.
// The answer is journalled like any other, so that a replay needs neither.

import { compileProgram, type ModuleHost } from "@lumen/compiler";
import { type Diagnostic, hasErrors, positionOf } from "@lumen/core/diagnostic";
import { encodeValue } from "@lumen/core/encoding";
import type { Program } from "@lumen/core/program";
import { err, ok, type Result, required } from "@lumen/core/result";
import type { ExpressionEvaluator } from "@lumen/runtime";
import { parseModule } from "@lumen/syntax";
import { linkProgram, runPure } from "@lumen/vm";
import { evaluateComptime } from "./comptime.ts";

/** Cycles that one expression may take. */
export const EVAL_CYCLES_MAX = 10_000_000;

const CELL = "evaluated";
/** The expression stands on lines of its own, from the second on: comments in it end there. */
const HEAD = `cell ${CELL}() -> Any = (\n`;
const PATH = "eval.lm";
const NO_MODULES: ModuleHost = { resolve: () => null };

/** The evaluator of the toolchain. */
export const evaluateExpression: ExpressionEvaluator = (expression) => {
  // Between brackets it would be the empty tuple.
  if (expression.trim() === "") return err("it is not one expression");
  const text = `${HEAD}${expression}\n)\n`;
  const compiled = compileExpression(text);
  if (!compiled.ok) return compiled;
  const program = compiled.value;
  const cell = required(
    program.cells.find((c) => c.name === CELL),
    "the cell is compiled",
  );
  if (cell.row.length > 0) return err(`the expression performs ${cell.row.join(", ")}`);
  const linked = linkProgram(program.modules);
  if (!linked.ok) return err(linked.error.message);
  const run = runPure(linked.value, cell.cell, [], { fuel: EVAL_CYCLES_MAX });
  if (!run.ok) return err(run.fault.message);
  return encodeValue("json", run.value).ok ? ok(run.value) : err("the value has no JSON form");
};

function compileExpression(text: string): Result<Program, string> {
  const root = { name: "main", path: PATH, text };
  const { value, diagnostics } = compileProgram(root, NO_MODULES, {
    project: "eval",
    version: "0.0.0",
    comptime: evaluateComptime,
  });
  const first = diagnostics.find((d) => d.severity === "error");
  if (first !== undefined) return err(textOf(first));
  const { module, diagnostics: syntax } = parseModule(PATH, text);
  const isAlone = module.items.length === 1 && module.statements.length === 0;
  if (value === null || hasErrors(syntax) || !isAlone) return err("it is not one expression");
  return ok(value);
}

/** Code, place in the expression, message. */
function textOf({ code, message, source, span }: Diagnostic): string {
  const { line, column } = positionOf(source, span.start);
  return `${code} ${line - 1}:${column} ${message}`;
}
