// What answers an operation that no handler on the stack handles: a top-level `handler`, a bound
// tool, or the door (language 10.3). One cell per operation, in a module of their own, because
// only the whole program knows which it is.

import type { Span } from "@lumen/core/diagnostic";
import type { HirCell, HirExpr, HirLocal, HirModule } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import type { CellSymbol, EffectSymbol, ModuleScope } from "../resolve/scope.ts";
import { toolNamed } from "../resolve/tools.ts";
import { ANY, JSON_TYPE, NULL, STRING } from "../types/simple-types.ts";
import type { Rows } from "./rows.ts";
import { resultDescriptor, type ToolUse, toolEntry } from "./tool-entries.ts";

/** Name of the module that holds the cells. */
export const FALLBACK_MODULE = "std.effects";

/** The cell that answers an operation of an effect. */
export function fallbackRef(effect: EffectSymbol, operation: string): CellRef {
  const name = `${effect.scope.source.name}.${effect.decl.name.text}.${operation}`;
  return { module: FALLBACK_MODULE, name };
}

/** The cells for all operations that the modules declare, or null where there is none. */
export function fallbackModule(scopes: readonly ModuleScope[], rows: Rows): HirModule | null {
  const answers: Answers = { scopes, handlers: handlersOf(scopes), rows };
  const cells = scopes.flatMap((scope) =>
    [...scope.effects.values()]
      .filter((effect) => effect.scope === scope)
      .flatMap((effect) =>
        [...effect.operations.values()].map((op) => fallbackCell(answers, effect, op)),
      ),
  );
  if (cells.length === 0) return null;
  const parts = { cells, records: [], enums: [], tiles: [], sequences: [] };
  return { name: FALLBACK_MODULE, path: "", ...parts };
}

/** What may answer, collected once for all operations. */
interface Answers {
  readonly scopes: readonly ModuleScope[];
  /** Cells of top-level handlers by effect and operation. */
  readonly handlers: ReadonlyMap<EffectSymbol, ReadonlyMap<string, CellRef>>;
  readonly rows: Rows;
}

function fallbackCell(answers: Answers, effect: EffectSymbol, operation: CellSymbol): HirCell {
  const name = operation.decl.name.text;
  const span = operation.nameSpan;
  const result = operation.declaredResult ?? NULL;
  const locals = operation.params.map((p): HirLocal => ({ name: p.name, type: p.type, span }));
  const reads = locals.map((l, i): HirExpr => ({ kind: "local", local: i, type: l.type, span }));
  const answer = answerOf(answers, effect, operation, reads);
  return {
    name: fallbackRef(effect, name).name,
    kind: "hidden",
    params: operation.params.map((p, i) => ({
      local: i,
      name: p.name,
      type: p.type,
      default: null,
    })),
    captures: [],
    locals,
    result,
    row: [...new Set([effect.decl.name.text.toLowerCase(), ...answer.row])].sort(),
    body: answer.body,
    span,
    generics: [],
  };
}

interface Answer {
  readonly body: HirExpr;
  readonly row: readonly string[];
}

function answerOf(
  { scopes, handlers, rows }: Answers,
  effect: EffectSymbol,
  operation: CellSymbol,
  args: readonly HirExpr[],
): Answer {
  const name = operation.decl.name.text;
  const span = operation.nameSpan;
  const type = operation.declaredResult ?? NULL;
  const handler = handlers.get(effect)?.get(name);
  if (handler !== undefined) {
    const body: HirExpr = { kind: "call", callee: handler, args, type, span };
    return { body, row: rows.get(handler) ?? [] };
  }
  const bound = boundTool(scopes, effect, name);
  if (bound !== null) {
    const { declaredResult } = operation;
    const result = declaredResult === null ? null : resultDescriptor(declaredResult);
    const tool = toolEntry({ ...bound, owner: "", result, retry: null });
    const input = inputOf(operation, args);
    const call: HirExpr = { kind: "callTool", tool, input, durable: false, type: ANY, span };
    const body: HirExpr = { kind: "convert", how: "cast", value: call, type, span };
    return { body, row: [] };
  }
  const effectName = effect.decl.name.text;
  const body: HirExpr = { kind: "request", effect: effectName, operation: name, args, type, span };
  return { body, row: [] };
}

/** Top-level handlers; of several for one operation the first counts, root first. */
function handlersOf(scopes: readonly ModuleScope[]): Answers["handlers"] {
  const handlers = new Map<EffectSymbol, Map<string, CellRef>>();
  for (const scope of scopes) {
    for (const item of scope.ast.items) {
      if (item.kind !== "handler") continue;
      for (const arm of item.operations) {
        const [owner, name] = arm.name.parts;
        const effect = scope.effects.get(owner?.text ?? "");
        if (effect === undefined || owner === undefined || name === undefined) continue;
        const cells = handlers.get(effect) ?? new Map<string, CellRef>();
        handlers.set(effect, cells);
        const cell = `${item.name.text}.${owner.text}.${name.text}`;
        if (!cells.has(name.text)) cells.set(name.text, { module: scope.source.name, name: cell });
      }
    }
  }
  return handlers;
}

function boundTool(
  scopes: readonly ModuleScope[],
  effect: EffectSymbol,
  operation: string,
): Pick<ToolUse, "tool" | "scope"> | null {
  for (const exact of [true, false]) {
    for (const scope of scopes) {
      for (const bind of scope.binds) {
        const isMeant = scope.effects.get(bind.effect) === effect;
        if (!isMeant || (exact ? bind.operation !== operation : bind.operation !== null)) continue;
        const tool = toolNamed(scope, bind.alias);
        if (tool !== null) return { tool, scope };
      }
    }
  }
  return null;
}

/** What budgets know a tool by: its id, with the version where one is pinned. */
export function toolKey(tool: { readonly id: string; readonly version: string | null }): string {
  return tool.version === null ? tool.id : `${tool.id}@${tool.version}`;
}

/** The arguments as the input object of a tool, under the names of the parameters. */
function inputOf(operation: CellSymbol, args: readonly HirExpr[]): HirExpr {
  const span: Span = operation.nameSpan;
  const type: Type = { kind: "map", key: STRING, value: JSON_TYPE };
  const entries = operation.params.flatMap((p, i) => {
    const value = args[i];
    const key: HirExpr = {
      kind: "const",
      value: { kind: "string", value: p.name },
      type: STRING,
      span,
    };
    return value === undefined ? [] : [{ key, value: asJson(value) }];
  });
  return { kind: "map", entries, type, span };
}

function asJson(value: HirExpr): HirExpr {
  const any: HirExpr = { kind: "convert", how: "widen", value, type: ANY, span: value.span };
  return { kind: "convert", how: "cast", value: any, type: JSON_TYPE, span: value.span };
}
