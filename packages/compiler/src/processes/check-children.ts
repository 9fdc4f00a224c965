// Children of supervisors (language 13.5): each is an actor or a supervisor.

import type { SupervisorDecl } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { type CellSymbol, type ModuleScope, report } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";
import { childCell } from "./supervisors.ts";

/** Reports children that nothing could restart (E0200). */
export function checkChildren(
  scope: ModuleScope,
  item: SupervisorDecl,
  resultOf: (cell: CellSymbol) => Type,
): void {
  const seen = new Set<string>();
  for (const child of item.children) {
    const { text, span } = child.name;
    if (seen.has(text)) {
      report(scope, "E0105", span, `child '${text}' is declared twice`);
      continue;
    }
    seen.add(text);
    const starter = scope.cells.get(`${item.name.text}.${childCell(text)}`);
    const type = starter === undefined ? null : resultOf(starter);
    if (type === null || type.kind === "error" || isSupervised(type)) continue;
    const found = renderType(type);
    const message = `type mismatch in child '${text}': expected an actor, got ${found}`;
    report(scope, "E0200", child.value.span, message, { expected: "an actor", found });
  }
}

function isSupervised(type: Type): boolean {
  if (type.kind !== "process") return false;
  const { kind } = type.decl.decl;
  return kind === "actor" || kind === "supervisor";
}
