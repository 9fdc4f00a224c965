// Analyses of checked cells that follow values through the code (language 19.5, 19.6, 19.8).

import type { HirModule } from "../hir/hir.ts";
import type { ModuleScope } from "../resolve/scope.ts";
import { calleesOf } from "./callees.ts";
import { checkEndpoints } from "./linear-endpoints.ts";
import { checkOwnership, hasOwned } from "./ownership.ts";
import { checkTypestates, typestatesOf } from "./typestates.ts";

/** False where nothing that an analysis follows is declared: it would find nothing. */
export function needsAnalyses(scopes: readonly ModuleScope[]): boolean {
  return scopes.some(
    (scope) =>
      scope.sessions.size > 0 || scope.typestates.size > 0 || hasOwned(scope.cells.values()),
  );
}

/** Reports into the modules' scopes. Cells are free of errors so far. */
export function analyseModules(
  modules: readonly HirModule[],
  scopes: ReadonlyMap<string, ModuleScope>,
): void {
  const callees = calleesOf(scopes);
  const typestates = typestatesOf(scopes.values());
  const owns = hasOwned(callees.values());
  for (const module of modules) {
    const scope = scopes.get(module.name);
    if (scope === undefined) continue;
    const cells = new Map(module.cells.map((cell) => [cell.name, cell]));
    for (const cell of module.cells) {
      checkEndpoints(scope, cell, callees);
      checkTypestates(scope, cell, callees, typestates);
      if (owns) checkOwnership(scope, cell, callees, cells);
    }
  }
}
