// Names behind a module of the standard library that is not imported, `math.mean(xs)` and
// `std.math.mean(xs)`: the report names the line that is missing.

import { builtinByName } from "@lumen/core/builtins";
import type { Expr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import { didYouMean } from "../resolve/scope.ts";
import { STANDARD_MODULES, STANDARD_PREFIX } from "../resolve/standard-modules.ts";
import { type CellContext, lookupLocal } from "./context.ts";
import { unresolved } from "./unresolved.ts";

/** With what a path to the standard library begins: its own name, or the last word of a module. */
const ROOTS: ReadonlySet<string> = new Set([
  STANDARD_PREFIX.slice(0, -1),
  ...STANDARD_MODULES.map((path) => path.slice(STANDARD_PREFIX.length)),
]);

/** Reports `e`, a name behind a dot, where it needs an import; null where it does not. */
export function missingImport(
  c: CellContext,
  e: Expr & { readonly kind: "field" },
): HirExpr | null {
  if (!ROOTS.has(rootOf(e))) return null;
  const path = pathOf(e);
  const [root = "", second = ""] = path;
  if (path.length < 2 || isKnown(c, root)) return null;
  const isWhole = `${root}.` === STANDARD_PREFIX;
  const module = STANDARD_PREFIX + (isWhole ? second : root);
  const short = path.slice(isWhole ? 1 : 0).join(".");
  const isImported = c.scope.modules.has(module);
  if (!STANDARD_MODULES.includes(module)) {
    const near = didYouMean(module, STANDARD_MODULES);
    const message = `the standard library has no module '${module}'${near}`;
    return refuse(c, e, { module, message, help: `It has ${STANDARD_MODULES.join(", ")}.` });
  }
  const message = isImported
    ? `module '${module}' goes by its last word`
    : `module '${module}' is not imported`;
  const help = isImported
    ? `Write \`${short}\`.`
    : `Write \`import ${module}\` at the top, and \`${short}\` here.`;
  return refuse(c, e, { module, message, help });
}

interface Missing {
  readonly module: string;
  readonly message: string;
  readonly help: string;
}

function refuse(c: CellContext, e: Expr, { module, message, help }: Missing): HirExpr {
  const fault = `runtime error: undefined variable '${module}'`;
  return unresolved(c, e.span, { code: "E0201", message, help, fault, name: module, known: [] });
}

function rootOf(e: Expr): string {
  let at = e;
  while (at.kind === "field") at = at.value;
  return at.kind === "name" ? at.name : "";
}

/** `a.b.c` as its words; empty where there is more than names. */
function pathOf(e: Expr): readonly string[] {
  if (e.kind === "name") return [e.name];
  if (e.kind !== "field" || e.nullSafe) return [];
  const before = pathOf(e.value);
  return before.length === 0 ? [] : [...before, e.name.text];
}

function isKnown(c: CellContext, name: string): boolean {
  const { scope } = c;
  const kinds = [scope.modules, scope.consts, scope.cells, scope.types, scope.effects, scope.tools];
  if (kinds.some((names) => names.has(name)) || scope.variants.has(name)) return true;
  return lookupLocal(c, name) !== null || builtinByName(name) !== undefined;
}
