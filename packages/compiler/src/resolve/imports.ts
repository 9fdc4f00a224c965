// Imports (language 17.1): names of one module made known in another.

import type { Span } from "@lumen/core/diagnostic";
import type { ImportDecl } from "@lumen/syntax";
import {
  type Alias,
  didYouMean,
  isLost,
  type ModuleScope,
  NAMESPACES,
  type Namespaces,
  report,
  type TypeSymbol,
} from "./scope.ts";

/** A name that an import brings: as it is called there, and here. */
interface Imported {
  readonly from: string;
  readonly to: string;
  readonly span: Span;
}

/**
 * Enters imported names: all but cells before signatures are resolved (`types`), then everything.
 * A missing name is E0123, one name from two modules E0105. Modules come after those that they
 * import, so that what `pub import` offers again is there.
 */
export function declareImports(scope: ModuleScope, stage: "types" | "all"): void {
  for (const item of scope.ast.items) if (item.kind === "import") declareImport(scope, item, stage);
}

/** Enters what the names of expansions mean; a name that its module lacks stays unknown. */
export function declareAliases(scope: ModuleScope): void {
  for (const [to, meaning] of scope.aliases) enterAlias(scope, to, meaning);
}

/** Gives a name of this module everything that another name means in another one. */
export function enterAlias(scope: ModuleScope, to: string, meaning: Alias): void {
  const { scope: target, name: from } = meaning;
  const name = { from, to, span: scope.ast.span };
  for (const space of NAMESPACES) {
    if (!target[space].has(from)) continue;
    if (space === "types") importType(scope, target, name);
    else enter(scope, target, space, name);
  }
  const variants = target.variants.get(from);
  if (variants !== undefined) scope.variants.set(to, variants);
  const module = target.modules.get(from);
  if (module !== undefined) scope.modules.set(to, module);
}

function declareImport(scope: ModuleScope, item: ImportDecl, stage: "types" | "all"): void {
  const path = item.module.parts.map((p) => p.text).join(".");
  const target = scope.modules.get(path);
  if (target === undefined) return;
  if (item.names === null) {
    const alias = item.module.parts.at(-1)?.text ?? path;
    scope.modules.set(alias, target);
  }
  for (const name of namesOf(item, target)) {
    importName(scope, target, name, path, stage);
    if (item.isPublic) scope.exported.add(name.to);
  }
}

function namesOf(item: ImportDecl, target: ModuleScope): readonly Imported[] {
  if (item.names === null || item.names === "*") {
    const names = target.exported.size > 0 ? target.exported : target.own;
    return [...names].map((name) => ({ from: name, to: name, span: item.span }));
  }
  return item.names.map((n) => ({
    from: n.name.text,
    to: (n.alias ?? n.name).text,
    span: n.name.span,
  }));
}

function importName(
  scope: ModuleScope,
  target: ModuleScope,
  name: Imported,
  path: string,
  stage: "types" | "all",
): void {
  const isOffered = target.own.has(name.from) || target.exported.has(name.from);
  const spaces = isOffered ? NAMESPACES.filter((space) => target[space].has(name.from)) : [];
  if (spaces.length === 0) {
    if (stage === "types") return;
    if (isLost(target, name.from)) {
      scope.lost.add(name.to);
      return;
    }
    const offered = [...target.own, ...target.exported];
    const message = `module '${path}' declares no '${name.from}'${didYouMean(name.from, offered)}`;
    report(scope, "E0123", name.span, message);
    scope.lost.add(name.to);
    return;
  }
  if (scope.own.has(name.to)) return;
  if (spaces.some((space) => clashes(scope[space], target[space], name))) {
    report(scope, "E0105", name.span, `'${name.to}' is imported from two modules`);
    return;
  }
  for (const space of spaces) {
    if (space === "types") importType(scope, target, name);
    else enter(scope, target, space, name);
  }
}

/** Copies one entry; the key decides the type of both tables alike. */
function enter<K extends keyof Namespaces>(
  scope: Namespaces,
  target: Namespaces,
  space: K,
  name: Imported,
): void {
  const from: ReadonlyMap<string, unknown> = target[space];
  const to = scope[space] as Map<string, unknown>;
  to.set(name.to, from.get(name.from));
}

function clashes(
  here: ReadonlyMap<string, unknown>,
  there: ReadonlyMap<string, unknown>,
  name: Imported,
): boolean {
  const present = here.get(name.to);
  return present !== undefined && present !== there.get(name.from);
}

/** A type brings its methods with it, an enum its variants too. */
function importType(scope: ModuleScope, target: ModuleScope, name: Imported): void {
  const type = target.types.get(name.from);
  if (type === undefined) return;
  scope.types.set(name.to, type);
  if (type.kind === "alias") return;
  const prefix = `${type.symbol.name}.`;
  for (const [cellName, cell] of target.cells) {
    if (cellName.startsWith(prefix)) scope.cells.set(cellName, cell);
  }
  importVariants(scope, target, type);
}

/** Taken from the table of the other module: the enum itself may not be complete yet. */
function importVariants(scope: ModuleScope, target: ModuleScope, type: TypeSymbol): void {
  if (type.kind !== "enum") return;
  for (const [name, refs] of target.variants) {
    const own = refs.filter((ref) => ref.symbol === type.symbol);
    if (own.length === 0) continue;
    const known = (scope.variants.get(name) ?? []).filter((r) => r.symbol !== type.symbol);
    scope.variants.set(name, [...known, ...own]);
  }
}
