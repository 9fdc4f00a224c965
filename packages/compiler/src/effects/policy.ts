// What a module may do beside its rows: grants of tools (language 11.3), capabilities of imported
// code (17.3), and what `@deterministic` rules out (18).

import type { Span } from "@lumen/core/diagnostic";
import type { Expr, GrantDecl, Granting, ImportDecl } from "@lumen/syntax";
import type { CheckedCell } from "../check/context.ts";
import { type GrantSymbol, type ModuleScope, report, type ToolSymbol } from "../resolve/scope.ts";
import { coversTool, toolNamed } from "../resolve/tools.ts";
import { type Chain, chainOf } from "./effects.ts";
import { type AllRows, AMBIENT, type CellTable, refOf } from "./rows.ts";

/** Effects that need no grant. */
const FREE: readonly string[] = "pure trace state approve emit cache async random time".split(" ");

/** Effects whose answers differ from run to run. */
const NOT_DETERMINISTIC: readonly string[] =
  "external http net fs io env process database email llm mcp".split(" ");

/** Capability (17.3) → the effects that it allows; an effect's own name allows itself. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  network: ["http", "net"],
  filesystem: ["fs"],
  process: ["process"],
  environment: ["env"],
  crypto: ["random"],
  timer: ["time"],
};

/** The checked cells of a program with their rows. */
interface Cells {
  readonly byKey: CellTable;
  readonly rows: AllRows;
}

/** Grants, capabilities and determinism of all modules. */
export function checkPolicies(
  scopes: readonly ModuleScope[],
  cells: readonly CheckedCell[],
  rows: AllRows,
): void {
  const all = { byKey: rows.cells, rows };
  const withTools = new Set(scopes.filter(usesTools));
  for (const checked of cells) {
    const { settings } = checked.scope;
    if (settings.docMode) continue;
    if (settings.deterministic) checkDeterministic(checked, all);
    if (withTools.has(checked.scope)) checkGranted(checked, all);
  }
  for (const scope of scopes) checkImports(scope, all);
}

/** Grants concern modules that declare a tool or a grant (11.3). */
function usesTools(scope: ModuleScope): boolean {
  if (scope.grants.length > 0) return true;
  return [...scope.tools.values()].some((tool) => tool.scope === scope);
}

/** The effect that a call of a tool has (10.2). */
export function effectOfTool(scope: ModuleScope, tool: ToolSymbol): string {
  const bind = [...scope.binds, ...tool.scope.binds].find((b) => coversTool(b.alias, tool));
  if (bind !== undefined) return bind.effect.toLowerCase();
  for (const grant of [...scope.grants, ...tool.scope.grants]) {
    const [first] = coversTool(grant.alias, tool) ? (effectsOfGrant(grant.decl) ?? []) : [];
    if (first !== undefined) return first;
  }
  return "external";
}

/** What the `effect` or `effects` clause of a grant lists, lower-cased; null without a clause. */
function effectsOfGrant(decl: GrantDecl): readonly string[] | null {
  const clauses = decl.constraints.filter((k) => /^effects?$/.test(k.name.text));
  if (clauses.length === 0) return null;
  return clauses.flatMap((k) => namesIn(k.value)).map((name) => name.toLowerCase());
}

function namesIn(value: Expr): readonly string[] {
  switch (value.kind) {
    case "name":
      return [value.name];
    case "string":
      return [value.value];
    case "list":
    case "set":
      return value.items.flatMap((item) => namesIn(item.value));
    default:
      return [];
  }
}

/** Grants that cover a cell: those of the module, of its agent or process, of imported tools. */
function grantsOf(checked: CheckedCell): readonly GrantSymbol[] {
  const { scope } = checked;
  const owner = checked.cell.name.split(".")[0] ?? "";
  const own = scope.grants.filter((g) => g.owner === null || g.owner === owner);
  const imported = [...scope.tools.values()]
    .filter((tool) => tool.scope !== scope)
    .flatMap((tool) => tool.scope.grants.filter((g) => isUnder(g.alias, tool)));
  return [...own, ...imported];
}

/** A grant of the tool, or of a tool of the server that it is. */
function isUnder(alias: string, tool: ToolSymbol): boolean {
  return alias === tool.alias || (tool.role === "server" && alias.startsWith(`${tool.alias}.`));
}

function checkGranted(checked: CheckedCell, all: Cells): void {
  const grants = grantsOf(checked);
  const declared = checked.symbol?.declaredRow ?? [];
  const inferred = all.rows.rows.get(refOf(checked)) ?? [];
  const required = all.rows.required.get(refOf(checked)) ?? [];
  for (const effect of [...new Set([...declared, ...inferred])]) {
    const isBuiltin = AMBIENT.includes(effect) && !required.includes(effect);
    if (FREE.includes(effect) || isBuiltin || isDeclaredEffect(checked.scope, effect)) continue;
    if (isCovered(checked.scope, grants, effect)) continue;
    const chain = inferred.includes(effect) ? chainHere(checked, effect, all) : null;
    if (chain === null && inferred.includes(effect)) continue;
    const span = chain?.span ?? checked.symbol?.decl.row?.span ?? checked.cell.span;
    const how = chain === null ? "its row" : chain.text;
    report(checked.scope, "E0106", span, `no grant covers effect '${effect}': ${how}`, {
      expected: `a grant for '${effect}'`,
      found: grants.length === 0 ? "no grant" : grants.map((g) => g.alias).join(", "),
      help: "Add `grant NAME` for the tool, or list the effect in the `effects` of a grant.",
    });
  }
  checkToolCalls(checked, grants);
}

function isDeclaredEffect(scope: ModuleScope, effect: string): boolean {
  return [...scope.effects.keys()].some((name) => name.toLowerCase() === effect);
}

function isCovered(scope: ModuleScope, grants: readonly GrantSymbol[], effect: string): boolean {
  const bound = new Set(
    scope.binds.filter((b) => b.effect.toLowerCase() === effect).map((b) => b.alias),
  );
  return grants.some((grant) => {
    const clause = effectsOfGrant(grant.decl);
    return bound.has(grant.alias) || clause === null || clause.includes(effect);
  });
}

/** A tool that is called has a grant of its own, whatever its effect. */
function checkToolCalls(checked: CheckedCell, grants: readonly GrantSymbol[]): void {
  const seen = new Set<string>();
  const visit = (causes: CheckedCell["causes"]): void => {
    for (const cause of causes) {
      if (cause.kind === "handled" || cause.kind === "task") visit(cause.causes);
      if (cause.kind !== "tool" || seen.has(cause.name)) continue;
      const tool = toolNamed(checked.scope, cause.name);
      const covers = (alias: string): boolean =>
        alias === cause.name || (tool !== null && coversTool(alias, tool));
      if (grants.some((g) => covers(g.alias))) continue;
      seen.add(cause.name);
      const isCoveredElsewhere = !isCovered(checked.scope, grants, cause.effect);
      // Then the effect was reported already, at the same place.
      if (isCoveredElsewhere && !FREE.includes(cause.effect)) continue;
      const message = `no grant for tool '${cause.name}', whose effect is '${cause.effect}'`;
      report(checked.scope, "E0106", cause.span, message, {
        expected: `grant ${cause.name}`,
        help: `Add \`grant ${cause.name}\` to the module.`,
      });
    }
  };
  visit(checked.causes);
}

/**
 * The way of an effect into a cell when this cell is the one to report: it performs the effect, or
 * calls another module. Otherwise a cell that it calls has the report.
 */
function chainHere(checked: CheckedCell, effect: string, all: Cells): Chain | null {
  const chain = chainOf(checked, effect, all.byKey, all.rows.rows);
  if (chain.direct) return chain;
  const isLocal = chain.performs?.scope === checked.scope;
  return isLocal ? null : chain;
}

function checkDeterministic(checked: CheckedCell, all: Cells): void {
  for (const effect of all.rows.rows.get(refOf(checked)) ?? []) {
    if (!NOT_DETERMINISTIC.includes(effect)) continue;
    const chain = chainHere(checked, effect, all);
    if (chain === null) continue;
    const message = `'${effect}' is not deterministic: ${chain.text}`;
    report(checked.scope, "E0109", chain.span, message, {
      expected: "effects that are the same in every run",
      found: effect,
    });
  }
}

function checkImports(scope: ModuleScope, all: Cells): void {
  for (const item of scope.ast.items) {
    if (item.kind === "import" && item.granting !== null) {
      checkImport(scope, item, item.granting, all);
    }
  }
}

/** Cells of a module that was imported under a restriction (17.3). */
function checkImport(scope: ModuleScope, item: ImportDecl, granting: Granting, all: Cells): void {
  const target = scope.modules.get(item.module.parts.map((p) => p.text).join("."));
  const allowed = allowedEffects(scope, granting);
  if (target === undefined || allowed === null) return;
  const restricted = new Set([...AMBIENT, "random", "time", "external"]);
  const reported = new Set<string>();
  const readsOnly = filesAreReadOnly(granting);
  for (const [name, symbol] of target.cells) {
    if (symbol.scope !== target && !target.exported.has(name)) continue;
    const checked = all.byKey.get(symbol.ref);
    if (checked === undefined) continue;
    const writer = readsOnly && !reported.has("write") ? writerIn(checked, all.byKey) : null;
    if (writer !== null) {
      reported.add("write");
      const message = `'${name}' writes, and the import grants reading only: builtin '${writer}'`;
      report(scope, "E0106", granting.span, message, {
        expected: "reading only",
        found: writer,
        help: "Grant `filesystem: all`, or import only what does without it.",
      });
    }
    for (const effect of all.rows.rows.get(refOf(checked)) ?? []) {
      if (!restricted.has(effect) || allowed.has(effect) || reported.has(effect)) continue;
      reported.add(effect);
      const { text } = chainOf(checked, effect, all.byKey, all.rows.rows);
      const message = `'${name}' needs '${effect}', which the import does not grant: ${text}`;
      report(scope, "E0106", granting.span, message, {
        expected: [...allowed].sort().join(", ") || "none",
        found: effect,
        help: "Grant the capability, or import only what does without it.",
      });
    }
  }
}

/** Effects that a clause allows; null: all. */
function allowedEffects(scope: ModuleScope, granting: Granting): ReadonlySet<string> | null {
  if (granting.kind === "all") return null;
  if (granting.kind === "none") return new Set();
  const allowed = granting.capabilities.flatMap(({ name }) => {
    const effects = CAPABILITIES[name.text] ?? (isEffect(name.text) ? [name.text] : null);
    if (effects === null) unknownCapability(scope, name.text, name.span);
    return effects ?? [];
  });
  return new Set(allowed);
}

/** Builtins of the effect `fs` that change something. */
const WRITERS: readonly string[] = ["write_file", "append_file", "mkdir", "remove_file"];

function filesAreReadOnly(granting: Granting): boolean {
  if (granting.kind !== "list") return false;
  const files = granting.capabilities.filter((x) => ["fs", "filesystem"].includes(x.name.text));
  return files.some(({ value }) => value.kind === "name" && value.name === "read_only");
}

/** A builtin that writes files, of those that a cell reaches; null where there is none. */
function writerIn(
  checked: CheckedCell,
  byKey: CellTable,
  seen: Set<CheckedCell> = new Set(),
): string | null {
  if (seen.has(checked)) return null;
  seen.add(checked);
  const find = (causes: CheckedCell["causes"]): string | null => {
    for (const cause of causes) {
      if (cause.kind === "builtin" && WRITERS.includes(cause.name)) return cause.name;
      const isBlock = cause.kind === "handled" || cause.kind === "task";
      const inner = isBlock ? find(cause.causes) : null;
      const callee = cause.kind === "call" ? byKey.get(cause.callee) : undefined;
      const found = callee === undefined ? inner : writerIn(callee, byKey, seen);
      if (found !== null) return found;
    }
    return null;
  };
  return find(checked.causes);
}

function isEffect(name: string): boolean {
  return AMBIENT.includes(name) || name === "random" || name === "time";
}

function unknownCapability(scope: ModuleScope, name: string, span: Span): void {
  const known = Object.keys(CAPABILITIES).join(", ");
  report(scope, "E0106", span, `unknown capability '${name}'`, { expected: known, found: name });
}
