// Analyses of checked cells that follow values through the code (language 19.5, 19.6, 19.8).

import type { HirModule } from "../hir/hir.ts";
import type { ModuleScope } from "../resolve/scope.ts";
import { checkEndpoints } from "./linear-endpoints.ts";

/** Reports into the modules' scopes. Cells are free of errors so far. */
export function analyseModules(
  modules: readonly HirModule[],
  scopes: ReadonlyMap<string, ModuleScope>,
): void {
  for (const module of modules) {
    const scope = scopes.get(module.name);
    if (scope === undefined) continue;
    for (const cell of module.cells) checkEndpoints(scope, cell);
  }
}
