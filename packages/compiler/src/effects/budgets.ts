// Budgets (language 10.4): what the names of `@budget` mean, and which requests count for them.

import { BUILTINS, type BuiltinRow } from "@lumen/core/builtins";
import { EXTERN_EFFECT } from "@lumen/core/lir";
import type { Budget, ToolEntry } from "@lumen/core/program";
import {
  didYouMean,
  type ExternSymbol,
  type ModuleScope,
  report,
  type ToolSymbol,
} from "../resolve/scope.ts";
import type { BudgetSetting } from "../resolve/settings.ts";
import { toolNamed } from "../resolve/tools.ts";
import { toolKey } from "./fallbacks.ts";
import { effectOfTool } from "./policy.ts";

/** What a budget counts: requests of an effect, or calls of one tool, under whatever alias. */
type Counted =
  | { readonly kind: "tool"; readonly key: string; readonly tool: ToolSymbol }
  | { readonly kind: "effect"; readonly effect: string };

/** Reports names that nothing has (E0104), and names with two budgets in one module (E0105). */
export function checkBudgets(scopes: readonly ModuleScope[]): void {
  const known = scopes.some((s) => s.settings.budgets.length > 0) ? effectsAtDoor(scopes) : null;
  if (known === null) return;
  for (const scope of scopes) {
    const seen = new Set<string>();
    for (const budget of scope.settings.budgets) {
      const counted = countedBy(scope, budget.name);
      if (counted.kind === "effect" && !known.has(counted.effect)) {
        reportUnknown(scope, budget, known);
      } else if (seen.has(keyOf(counted))) {
        report(scope, "E0105", budget.span, `'${budget.name}' has a budget already`, {
          help: "Keep one of the two.",
        });
      }
      seen.add(keyOf(counted));
    }
  }
}

/**
 * The budgets of a whole program: of several for one thing the smallest, ascending by name.
 * `calls`: what the program calls, since a server has more tools than a module names.
 */
export function budgetsOf(
  scopes: readonly ModuleScope[],
  calls: readonly ToolEntry[],
): readonly Budget[] {
  const merged = new Map<string, Budget>();
  for (const scope of scopes) {
    for (const { name, limit } of scope.settings.budgets) {
      const counted = countedBy(scope, name);
      const key = keyOf(counted);
      const known = merged.get(key);
      if (known !== undefined && known.limit <= limit) continue;
      const operations =
        counted.kind === "tool"
          ? called(scope, counted.tool, calls).map(operationOf)
          : operationsWith(scopes, counted.effect, calls);
      merged.set(key, budget(counted, { name, limit, operations: ascending(operations) }));
    }
  }
  return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A tool alias of the module comes before an effect of the same name. */
function countedBy(scope: ModuleScope, name: string): Counted {
  const tool = scope.tools.get(name);
  if (tool !== undefined) return { kind: "tool", key: toolKey(tool), tool };
  return { kind: "effect", effect: name.toLowerCase() };
}

function keyOf(counted: Counted): string {
  return counted.kind === "tool" ? `tool ${counted.key}` : `effect ${counted.effect}`;
}

function budget(counted: Counted, named: Pick<Budget, "name" | "limit" | "operations">): Budget {
  if (counted.kind === "tool") return { ...named, effects: [] };
  const { effect } = counted;
  return { ...named, name: effect, effects: [effect] };
}

/** Tools and externs that have an effect in some module of the program, as operations. */
function operationsWith(
  scopes: readonly ModuleScope[],
  effect: string,
  calls: readonly ToolEntry[],
): readonly string[] {
  return scopes.flatMap((scope) => [
    ...[...scope.tools.values()]
      .flatMap((tool) => called(scope, tool, calls))
      .filter((tool) => effectOfTool(scope, tool) === effect)
      .map(operationOf),
    ...[...scope.externs.values()]
      .filter((e) => effectsOfExtern(e).includes(effect))
      .map((e) => `${EXTERN_EFFECT}.${e.decl.signature.name.text}`),
  ]);
}

/** The tool itself; of a server its tools that the program calls. */
function called(
  scope: ModuleScope,
  tool: ToolSymbol,
  calls: readonly ToolEntry[],
): readonly ToolSymbol[] {
  if (tool.role !== "server") return [tool];
  return calls.flatMap((call) => (call.mcp === tool.id ? (toolNamed(scope, call.id) ?? []) : []));
}

function operationOf(tool: ToolSymbol): string {
  return `tool:${toolKey(tool)}`;
}

function ascending(operations: readonly string[]): readonly string[] {
  return [...new Set(operations)].sort();
}

/** The row of an extern, `external` where none is written. */
function effectsOfExtern({ symbol }: ExternSymbol): readonly string[] {
  return symbol?.declaredRow ?? ["external"];
}

/** Effects of which a request can reach the door: others are never counted. */
function effectsAtDoor(scopes: readonly ModuleScope[]): ReadonlySet<string> {
  const names = Object.values<BuiltinRow>(BUILTINS)
    .filter(({ how }) => how.startsWith("door "))
    .map(({ effect }) => effect);
  const declared = scopes.flatMap((scope) => [
    ...[...scope.effects.keys()].map((name) => name.toLowerCase()),
    ...[...scope.tools.values()].map((tool) => effectOfTool(scope, tool)),
    ...[...scope.externs.values()].flatMap(effectsOfExtern),
  ]);
  return new Set([...names, ...declared].sort());
}

function reportUnknown(
  scope: ModuleScope,
  { name, span }: BudgetSetting,
  known: ReadonlySet<string>,
): void {
  const candidates = [...scope.tools.keys(), ...known];
  const near = didYouMean(name, candidates);
  const message = `'${name}' is no tool alias, and no effect of which requests leave the program`;
  report(scope, "E0104", span, `${message}${near}`, {
    expected: candidates.join(", "),
    found: name,
    help: "Name the alias of a tool of this module, or an effect that reaches the outside.",
  });
}
