// Names of an imported module behind its own, `b.X` (language 17.1): one name that means what `X`
// means there, so that whatever can be said with a name can be said with both.

import type { DottedName, Expr } from "@lumen/syntax";
import { enterAlias } from "../resolve/imports.ts";
import type { ModuleScope } from "../resolve/scope.ts";
import { type CellContext, lookupLocal } from "./context.ts";

/** The expression with `b.X` at its root as one name; itself where it has no such root. */
export function qualified(c: CellContext, e: Expr): Expr {
  if (e.kind === "index") {
    const value = qualified(c, e.value);
    return value === e.value ? e : { ...e, value };
  }
  if (e.kind !== "field" || e.nullSafe) return e;
  if (e.value.kind !== "name") {
    const value = qualified(c, e.value);
    return value === e.value ? e : { ...e, value };
  }
  const module = moduleNamed(c, e.value.name);
  const name = module === null ? null : aliasIn(c.scope, module, e.name.text);
  return name === null ? e : { kind: "name", name, span: e.span };
}

/** The same for the name of a variant, record or active pattern in a pattern. */
export function qualifiedPattern(c: CellContext, name: DottedName): DottedName {
  const [first, second, ...others] = name.parts;
  if (first === undefined || second === undefined) return name;
  const module = moduleNamed(c, first.text);
  const alias = module === null ? null : aliasIn(c.scope, module, second.text);
  return alias === null ? name : { ...name, parts: [{ ...second, text: alias }, ...others] };
}

/** The module of a name that means nothing else here. */
export function moduleNamed(c: CellContext, name: string): ModuleScope | null {
  const { scope } = c;
  const module = scope.modules.get(name);
  if (module === undefined) return null;
  const isOther = scope.types.has(name) || scope.effects.has(name) || scope.consts.has(name);
  if (isOther || lookupLocal(c, name) !== null) return null;
  return module;
}

/** A name that cannot be written, for what the module has under the other. */
function aliasIn(scope: ModuleScope, module: ModuleScope, name: string): string | null {
  const isOffered = module.own.has(name) || module.exported.has(name);
  if (!isOffered && !module.variants.has(name)) return null;
  const alias = `${name}$${module.source.name}`;
  enterAlias(scope, alias, { scope: module, name });
  return alias;
}
