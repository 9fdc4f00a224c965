// Tools, grants and bindings as declared (language 11): names and where they are in force.

import type { BindDecl, GrantDecl, Item, UseToolDecl } from "@lumen/syntax";
import { type ModuleScope, report, type ToolSymbol } from "./scope.ts";

/** Enters a `use tool`, `grant` or `bind effect` of the module's top level. */
export function declareToolItem(
  scope: ModuleScope,
  item: Extract<Item, UseToolDecl | GrantDecl | BindDecl>,
): void {
  switch (item.kind) {
    case "useTool":
      declareTool(scope, item);
      break;
    case "grant":
      declareGrant(scope, item, null);
      break;
    case "bind": {
      const [effect, operation] = item.effect.parts;
      scope.binds.push({
        decl: item,
        effect: effect?.text ?? "",
        operation: operation?.text ?? null,
        alias: lastPart(item.tool.parts),
      });
    }
  }
}

/** A tool under its alias; the same alias twice for different tools is E0105. */
export function declareTool(scope: ModuleScope, item: UseToolDecl): void {
  const id = toolId(item);
  const last = id.split(".").at(-1) ?? id;
  const alias = item.alias === null ? last : item.alias === "*" ? `${last}.*` : item.alias.text;
  const version = item.tool.kind === "id" ? item.tool.version : null;
  const symbol = { alias, id, version, provider: item.provider, scope, span: item.span };
  const known = scope.tools.get(alias);
  if (known !== undefined && scope.own.has(alias) && known.id !== id) {
    report(scope, "E0105", item.span, `tool '${alias}' is declared twice in this module`);
    return;
  }
  enter(scope, symbol);
  if (item.isPublic) scope.exported.add(alias);
}

/** A grant; one for an alias that no tool has declares the tool with the lower-cased id. */
export function declareGrant(scope: ModuleScope, item: GrantDecl, owner: string | null): void {
  scope.grants.push({ alias: lastPart(item.tool.parts), decl: item, owner });
}

/** After imports are known: tools that only their grants declare (language 11.2). */
export function declareGrantedTools(scope: ModuleScope): void {
  for (const { alias, decl } of scope.grants) {
    if (scope.tools.has(alias)) continue;
    const id = alias.toLowerCase();
    enter(scope, { alias, id, version: null, provider: null, scope, span: decl.span });
  }
}

function enter(scope: ModuleScope, symbol: ToolSymbol): void {
  scope.tools.set(symbol.alias, symbol);
  scope.own.add(symbol.alias);
}

function toolId(item: UseToolDecl): string {
  switch (item.tool.kind) {
    case "id":
      return item.tool.id.parts.map((p) => p.text).join(".");
    case "text":
      return item.tool.id;
    case "mcp":
      return item.tool.uri;
  }
}

function lastPart(parts: readonly { readonly text: string }[]): string {
  return parts.at(-1)?.text ?? "";
}
