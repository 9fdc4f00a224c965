// Instances of agents and processes (language 12): construction and the methods of their kind.

import type { Span } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { Arg, Name } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { ProcessSymbol, Type } from "../hir/type.ts";
import { CONSTRUCTOR } from "../processes/actors.ts";
import { childCell } from "../processes/supervisors.ts";
import type { CellSymbol } from "../resolve/scope.ts";
import { STRING } from "../types/simple-types.ts";
import { bindArguments } from "./arguments.ts";
import { constant, errorExpr } from "./build.ts";
import { type CellContext, complain } from "./context.ts";
import { methodOf } from "./methods.ts";
import { checkExpr, resultOfCell } from "./recursion.ts";
import { asTask, callHidden, noteAsync } from "./tasks.ts";

/** `Name()` makes an instance. */
export function constructProcess(
  c: CellContext,
  decl: ProcessSymbol,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  const kind = decl.decl.kind;
  if (kind === "actor" || kind === "supervisor") return startActor(c, decl, args, span);
  if (args.length > 0) {
    for (const arg of args) checkExpr(c, arg.value, null);
    complain(c, "E0203", span, `'${decl.name}' takes no arguments, got ${args.length}`, {
      expected: `${decl.name}()`,
      found: String(args.length),
    });
    return errorExpr(span);
  }
  return freshInstance(c, decl, span);
}

/** `Counter(0)` starts an actor, `Root()` a supervisor with its children (language 13.5). */
function startActor(
  c: CellContext,
  decl: ProcessSymbol,
  args: readonly Arg[],
  span: Span,
): HirExpr {
  noteAsync(c, decl.name, span);
  const maker = methodOf(c.session.methods, { kind: "process", decl }, CONSTRUCTOR);
  const symbol = required(maker, "an actor has a cell that makes it");
  const bound = bindArguments(
    c,
    { ...symbol, ref: { ...symbol.ref, name: decl.name } },
    args,
    span,
  );
  asTask(c, span, () => c.causes.push({ kind: "call", callee: symbol.ref, span }));
  const type: Type = { kind: "process", decl };
  return bound.wrap({ kind: "call", callee: symbol.ref, args: bound.values, type, span });
}

/** The current child of a supervisor under its name; null where it has none of that name. */
export function childOf(c: CellContext, value: HirExpr, name: string, span: Span): HirExpr | null {
  const { type } = value;
  if (type.kind !== "process" || type.decl.decl.kind !== "supervisor") return null;
  const starter = methodOf(c.session.methods, type, childCell(name));
  if (starter === undefined) return null;
  const field = constant({ kind: "string", value: name }, STRING, span);
  return callHidden(c, "instance_get$", [value, field], resultOfCell(c, starter), span);
}

/** A new instance, for `Name()` and for `Name.m()`. */
export function freshInstance(c: CellContext, decl: ProcessSymbol, span: Span): HirExpr {
  const type: Type = { kind: "process", decl };
  const name = constant({ kind: "string", value: decl.name }, STRING, span);
  const shown = constant({ kind: "string", value: `${decl.name}()` }, STRING, span);
  return callHidden(c, "instance$", [name, shown], type, span);
}

/** Methods that every memory has, by the name of their cell in the prelude. */
const MEMORY_METHODS: Readonly<Record<string, string>> = {
  append: "memory_append",
  remember: "memory_append",
  recent: "memory_recent",
  recall: "memory_recall",
  store: "memory_store",
  upsert: "memory_store",
  get: "memory_get",
  query: "memory_query",
  version: "memory_version",
  at: "memory_at",
  history: "memory_history",
};

/** The method that the kind of a process gives its instances; undefined where it gives none. */
export function processMethod(
  c: CellContext,
  decl: ProcessSymbol,
  method: Name,
): CellSymbol | undefined {
  if (decl.decl.kind !== "process" || decl.decl.process !== "memory") return undefined;
  const name = MEMORY_METHODS[method.text];
  const cell = name === undefined ? undefined : c.session.graph.prelude.cells.get(name);
  if (cell === undefined || method.text !== "at") return cell;
  // A past version of a memory is a memory of the same declaration.
  return { ...cell, declaredResult: { kind: "process", decl } };
}

/** Names of the methods that the kind of a process gives its instances. */
export function processMethodNames({ decl }: ProcessSymbol): readonly string[] {
  const isMemory = decl.kind === "process" && decl.process === "memory";
  return isMemory ? Object.keys(MEMORY_METHODS) : [];
}

/** Methods of memories and machines have the effect `state` (language 10.2). */
export function noteState(c: CellContext, type: Type, method: Name): void {
  if (type.kind !== "process" || type.decl.decl.kind !== "process") return;
  const { process } = type.decl.decl;
  if (process !== "memory" && process !== "machine") return;
  const name = `${type.decl.name}.${method.text}`;
  c.causes.push({ kind: "builtin", effect: "state", name, span: method.span });
}
