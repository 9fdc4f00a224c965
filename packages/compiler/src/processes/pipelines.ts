// Pipelines and orchestrations (language 12): stages are cells of one data parameter each.

import type { CellDecl, DottedName, Expr, ProcessDecl, Statement, TypeExpr } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { type CellSymbol, didYouMean, type ModuleScope, report } from "../resolve/scope.ts";
import { undeclaredLetters } from "../resolve/signatures.ts";
import { eraseParams } from "../types/erase.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY } from "../types/simple-types.ts";
import { bind, call, cell, list, nameAt, param, prelude, read, run, text } from "./tree.ts";

/** `run(x)`: x through all stages. */
export function pipelineCells(scope: ModuleScope, item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const input = nameAt("input", span);
  const passed = item.stages.flatMap((stage, i) => {
    const value = read(i === 0 ? input.text : `${PASSED}${i - 1}`, span);
    return passStage(scope, item, stage, { value, as: `${PASSED}${i}` });
  });
  const last = item.stages.length === 0 ? input.text : `${PASSED}${item.stages.length - 1}`;
  const statements = [...passed, run(read(last, span))];
  return [cell(nameAt("run", span), [param(input, firstType(scope, item))], null, statements)];
}

/** What a stage gave, by its number; the name cannot be written. */
const PASSED = "passed$";

/** Binds what a stage makes of a value, and puts it into the log of the instance. */
function passStage(
  scope: ModuleScope,
  item: ProcessDecl,
  stage: DottedName,
  { value, as }: { readonly value: Expr; readonly as: string },
): readonly Statement[] {
  const { span } = stage;
  const name = stage.parts.map((p) => p.text).join(".");
  const moved = [read("self", span), text(item.process, span), text(name, span), read(as, span)];
  return [
    bind(nameAt(as, span), null, callStage(scope, item, stage, value)),
    run(prelude("stage_moved", moved, span)),
  ];
}

/** `run(x)`: the list of what each stage makes of x; without stages x. */
export function orchestrationCells(scope: ModuleScope, item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const x = read("input", span);
  const passed = item.stages.flatMap((stage, i) =>
    passStage(scope, item, stage, { value: x, as: `${PASSED}${i}` }),
  );
  const results = item.stages.map((_, i) => read(`${PASSED}${i}`, span));
  const value = item.stages.length === 0 ? x : list(results, span);
  const statements = [...passed, run(value)];
  return [cell(nameAt("run", span), [param(nameAt("input", span))], null, statements)];
}

/** The written type of the first stage's parameter, so that wrong input is seen at the call. */
function firstType(scope: ModuleScope, item: ProcessDecl): TypeExpr | null {
  const [first] = item.stages;
  const decl = first === undefined ? null : stageDecl(scope, item, first);
  const data = decl?.decl.params.filter((p) => p.name.text !== "self") ?? [];
  const type = data[0]?.type ?? null;
  // A generic stage takes anything; its parameters mean nothing outside of it.
  const generics = decl?.decl.generics.length ?? 0;
  return type !== null && (generics > 0 || undeclaredLetters(scope, [type], []).length > 0)
    ? null
    : type;
}

function stageDecl(
  scope: ModuleScope,
  item: ProcessDecl,
  stage: DottedName,
): { readonly decl: CellDecl; readonly own: boolean } | null {
  const name = stage.parts.map((p) => p.text).join(".");
  const own = item.cells.find((c) => c.name.text === name);
  if (own !== undefined) return { decl: own, own: true };
  const found = scope.ast.items.find((i) => i.kind === "cell" && i.name.text === name);
  return found?.kind === "cell" ? { decl: found, own: false } : null;
}

function callStage(scope: ModuleScope, item: ProcessDecl, stage: DottedName, value: Expr): Expr {
  const { span } = stage;
  const name = stage.parts.map((p) => p.text).join(".");
  const isOwn = stageDecl(scope, item, stage)?.own === true;
  if (!isOwn) return call(stageName(stage), [value], span);
  return call(
    { kind: "field", value: read("self", span), name: nameAt(name, span), nullSafe: false, span },
    [value],
    span,
  );
}

function stageName(stage: DottedName): Expr {
  const [first, ...others] = stage.parts;
  let value: Expr = read(first?.text ?? "", first?.span ?? stage.span);
  for (const part of others) {
    value = { kind: "field", value, name: part, nullSafe: false, span: stage.span };
  }
  return value;
}

/**
 * Stages are known cells (E0118) of one data parameter (E0119), each fitting the one before
 * (E0120). `resultOf` gives the result type of a cell.
 */
export function checkStages(
  scope: ModuleScope,
  item: ProcessDecl,
  resultOf: (cell: CellSymbol) => Type,
): boolean {
  let before: { readonly type: Type; readonly name: string } | null = null;
  let isFine = true;
  const fail = (report: () => void): void => {
    isFine = false;
    report();
  };
  for (const stage of item.stages) {
    const name = stage.parts.map((p) => p.text).join(".");
    const symbol = stageSymbol(scope, item, stage);
    if (symbol === null) {
      const known = [...item.cells.map((c) => c.name.text), ...scope.cells.keys()];
      const message = `unknown pipeline stage '${name}'${didYouMean(name, known)}`;
      fail(() => report(scope, "E0118", stage.span, message));
      before = null;
      continue;
    }
    const data = symbol.params.filter((p) => p.name !== "self");
    const [only] = data;
    if (only === undefined || data.length !== 1) {
      const message = `stage '${name}' takes ${data.length} data parameters`;
      fail(() =>
        report(scope, "E0119", stage.span, message, { expected: "1", found: String(data.length) }),
      );
      before = null;
      continue;
    }
    const previous = before;
    if (item.process === "pipeline" && previous !== null && !fits(previous.type, only.type)) {
      const [expected, found] = [renderType(only.type), renderType(previous.type)];
      const message = `stage '${name}' takes ${expected}, but '${previous.name}' gives ${found}`;
      fail(() => report(scope, "E0120", stage.span, message, { expected, found }));
    }
    before = { type: resultOf(symbol), name };
  }
  return isFine;
}

/** After a report about its stages, the `run` cell made of them gives anything and says nothing. */
export function silenceRun(scope: ModuleScope, item: ProcessDecl): void {
  const symbol = scope.cells.get(`${item.name.text}.run`);
  if (symbol === undefined || item.cells.some((c) => c.name.text === "run")) return;
  const { decl } = symbol;
  const body = cell(decl.name, decl.params, null, []).body;
  Object.assign(symbol, { decl: { ...decl, body }, declaredResult: ANY });
}

function fits(result: Type, parameter: Type): boolean {
  return result === ANY || isCompatible(eraseParams(result), eraseParams(parameter));
}

function stageSymbol(scope: ModuleScope, item: ProcessDecl, stage: DottedName): CellSymbol | null {
  const [first, second] = stage.parts.map((p) => p.text);
  if (first === undefined) return null;
  if (second !== undefined) {
    // A cell of an imported module, or a method, which runs on a fresh instance.
    const method = scope.types.get(first)?.kind === "process" ? `${first}.${second}` : null;
    if (method !== null) return scope.cells.get(method) ?? null;
    return scope.modules.get(first)?.cells.get(second) ?? null;
  }
  return scope.cells.get(`${item.name.text}.${first}`) ?? scope.cells.get(first) ?? null;
}
