// Loads the modules that a program needs and puts them in order: root first, imports by first use.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { type ImportDecl, parseModule } from "@lumen/syntax";
import type { ModuleHost, ModuleSource } from "../module-host.ts";
import { PRELUDE } from "../prelude/prelude.ts";
import { PROB } from "../prelude/prob.ts";
import { makeScope } from "./declare.ts";
import { didYouMean, type ModuleScope, report } from "./scope.ts";
import { STANDARD_MODULES, STANDARD_PREFIX, standardModule } from "./standard-modules.ts";

/**
 * Modules of a program. `order`: root first; `importsFirst`: each after those that it imports;
 * `prelude` is `std.prelude`, always present.
 */
export interface ModuleGraph {
  readonly root: ModuleScope;
  readonly order: readonly ModuleScope[];
  readonly importsFirst: readonly ModuleScope[];
  readonly prelude: ModuleScope;
  readonly diagnostics: readonly Diagnostic[];
}

function importOf(path: string): ImportDecl {
  const span = { start: 0, end: 0 };
  const module = { parts: path.split(".").map((text) => ({ text, span })), span };
  const head = { attributes: [], doc: null, isPublic: false, span } as const;
  return { kind: "import", ...head, module, names: "*", granting: null };
}

/** Parses the root and everything it imports; a missing module is E0122, a cycle E0121. */
export function loadModules(root: ModuleSource, host: ModuleHost): ModuleGraph {
  const loaded = new Map<string, ModuleScope>();
  const order: ModuleScope[] = [];
  const importsFirst: ModuleScope[] = [];
  const load = (source: ModuleSource, chain: readonly string[]): ModuleScope => {
    const parsed = parseModule(source.path, source.text);
    const scope = makeScope(source, parsed);
    scope.diagnostics.push(...parsed.diagnostics);
    loaded.set(source.name, scope);
    order.push(scope);
    if (scope.features.has("prob_types")) {
      // Distributions are a module that nobody has to import (language 19.4).
      scope.modules.set(PROB.name, loaded.get(PROB.name) ?? load(PROB, []));
      scope.ast = { ...scope.ast, items: [importOf(PROB.name), ...scope.ast.items] };
    }
    for (const item of parsed.module.items) {
      if (item.kind === "import") loadImport(scope, item, [...chain, source.name]);
    }
    importsFirst.push(scope);
    return scope;
  };
  const loadImport = (scope: ModuleScope, item: ImportDecl, chain: readonly string[]): void => {
    const path = item.module.parts.map((p) => p.text).join(".");
    const isStandard = path.startsWith(STANDARD_PREFIX);
    const found = isStandard ? standardModule(path) : host.resolve(path, scope.source);
    if (found === null) {
      reportMissing(scope, item, path);
      noteLost(scope, item);
      return;
    }
    if (chain.includes(found.name)) {
      const cycle = [...chain.slice(chain.indexOf(found.name)), found.name].join(" -> ");
      report(scope, "E0121", item.module.span, `import cycle: ${cycle}`);
      noteLost(scope, item);
      return;
    }
    const target = loaded.get(found.name) ?? load(found, chain);
    scope.modules.set(path, target);
  };
  const rootScope = load(root, []);
  const prelude = load(PRELUDE, []);
  const diagnostics = order.flatMap((s) => s.diagnostics);
  return { root: rootScope, order, importsFirst, prelude, diagnostics };
}

/** What the standard library has is listed; what a project has, only the disk knows. */
function reportMissing(scope: ModuleScope, { module }: ImportDecl, path: string): void {
  const isStandard = path.startsWith(STANDARD_PREFIX);
  const near = isStandard ? didYouMean(path, STANDARD_MODULES) : "";
  const more = {
    expected: STANDARD_MODULES.join(", "),
    found: path,
    help: "Name a module of the standard library: files of the project are not below `std`.",
  };
  report(scope, "E0122", module.span, `no module '${path}'${near}`, isStandard ? more : {});
}

/** The import is reported; uses of what it should have brought are not reported again. */
function noteLost(scope: ModuleScope, { names }: ImportDecl): void {
  if (names === null || names === "*") scope.lost.add("*");
  else for (const { name, alias } of names) scope.lost.add((alias ?? name).text);
}
