// Top-level handlers and bindings against the effects that they name (language 10.3).

import type { HandlerDecl, HandlerOperation } from "@lumen/syntax";
import type { CellSymbol, ModuleScope } from "../resolve/scope.ts";
import { didYouMean, report } from "../resolve/scope.ts";
import { toolNamed } from "../resolve/tools.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { NULL } from "../types/simple-types.ts";
import type { Session } from "./context.ts";

/** Handlers and bindings of all modules: known effects, fitting operations, known tools. */
export function checkHandlers(session: Session, scopes: readonly ModuleScope[]): void {
  for (const scope of scopes) {
    for (const item of scope.ast.items) {
      if (item.kind !== "handler") continue;
      for (const operation of item.operations) checkOperation(session, scope, item, operation);
    }
    checkBinds(scope);
  }
}

function checkOperation(
  session: Session,
  scope: ModuleScope,
  item: HandlerDecl,
  operation: HandlerOperation,
): void {
  const path = operation.name.parts.map((p) => p.text).join(".");
  const declared = operationNamed(scope, operation);
  const cell = scope.cells.get(`${item.name.text}.${path}`);
  if (declared === null || cell === undefined) return;
  const expected = declared.params.map((p) => renderType(p.type)).join(", ");
  const found = cell.params.map((p) => renderType(p.type)).join(", ");
  const fits =
    cell.params.length === declared.params.length &&
    cell.params.every((p, i) => isCompatible(declared.params[i]?.type ?? NULL, p.type));
  if (!fits) {
    report(
      scope,
      "E0200",
      operation.span,
      `type mismatch in handler of '${path}': expected (${expected}), got (${found})`,
      {
        expected: `(${expected})`,
        found: `(${found})`,
        help: "Give the parameters that the effect declares.",
      },
    );
    return;
  }
  const wanted = declared.declaredResult ?? NULL;
  const result = session.rules.cellResult(session, cell);
  if (isCompatible(result, wanted)) return;
  report(
    scope,
    "E0200",
    operation.span,
    `type mismatch in the result of handler '${path}': expected ${renderType(wanted)}, got ${renderType(result)}`,
    {
      expected: renderType(wanted),
      found: renderType(result),
    },
  );
}

function operationNamed(scope: ModuleScope, operation: HandlerOperation): CellSymbol | null {
  const [owner, name] = operation.name.parts;
  const effect = scope.effects.get(owner?.text ?? "");
  if (effect === undefined) {
    const near = didYouMean(owner?.text ?? "", scope.effects.keys());
    report(scope, "E0102", operation.name.span, `unknown effect '${owner?.text}'${near}`, {
      help: "Declare the effect, import it, or correct its name.",
    });
    return null;
  }
  const found = effect.operations.get(name?.text ?? "");
  if (found === undefined) {
    const near = didYouMean(name?.text ?? "", effect.operations.keys());
    const message = `effect '${owner?.text}' has no operation '${name?.text ?? ""}'${near}`;
    report(scope, "E0102", operation.name.span, message, {
      help: "Declare the operation in the effect, or correct its name.",
    });
    return null;
  }
  return found;
}

/** A binding names a tool; its effect may be one of the host's, which no module declares. */
function checkBinds(scope: ModuleScope): void {
  for (const bind of scope.binds) {
    const effect = scope.effects.get(bind.effect);
    const { operation } = bind;
    if (effect !== undefined && operation !== null && !effect.operations.has(operation)) {
      const near = didYouMean(operation, effect.operations.keys());
      const message = `effect '${bind.effect}' has no operation '${operation}'${near}`;
      report(scope, "E0102", bind.decl.effect.span, message, {
        help: "Declare the operation in the effect, or correct its name.",
      });
    }
    if (toolNamed(scope, bind.alias) === null) {
      const near = didYouMean(bind.alias, scope.tools.keys());
      report(scope, "E0104", bind.decl.tool.span, `unknown tool '${bind.alias}'${near}`);
    }
  }
}
