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
        alias: writtenAlias(item.tool.parts),
      });
    }
  }
}

/** The tool of an alias, or `server.tool` of an MCP server that has one. */
export function toolNamed(scope: ModuleScope, alias: string): ToolSymbol | null {
  const known = scope.tools.get(alias);
  if (known !== undefined) return known;
  const [server, ...rest] = alias.split(".");
  const symbol = scope.tools.get(server ?? "");
  if (server === undefined || rest.length === 0 || symbol?.role !== "server") return null;
  return { ...symbol, alias, id: alias, role: { server } };
}

/** True when a grant or binding under this alias concerns the tool: by itself or by its server. */
export function coversTool(alias: string, tool: ToolSymbol): boolean {
  return alias === tool.alias || (typeof tool.role === "object" && alias === tool.role.server);
}

/** A tool under its alias; the same alias twice for different tools is E0105. */
export function declareTool(scope: ModuleScope, item: UseToolDecl): void {
  const id = toolId(item);
  const isServer = item.tool.kind === "mcp";
  const last = isServer ? serverName(id) : (id.split(".").at(-1) ?? id);
  const alias = item.alias === null || item.alias === "*" ? last : item.alias.text;
  const version = item.tool.kind === "id" ? item.tool.version : null;
  const role = isServer ? "server" : "tool";
  const symbol: ToolSymbol = {
    alias,
    id,
    role,
    version,
    provider: item.provider,
    scope,
    span: item.span,
  };
  const known = scope.tools.get(alias);
  if (known !== undefined && scope.own.has(alias) && known.id !== id) {
    report(scope, "E0105", item.span, `tool '${alias}' is declared twice in this module`);
    return;
  }
  enter(scope, symbol);
  if (item.isPublic) scope.exported.add(alias);
}

/** The last word of a URI or command: `github` of `npx -y server-github`. */
function serverName(uri: string): string {
  return uri.match(/[A-Za-z_][A-Za-z0-9_]*/g)?.at(-1) ?? uri;
}

/** A grant; one for an alias that no tool has declares the tool with the lower-cased id. */
export function declareGrant(scope: ModuleScope, item: GrantDecl, owner: string | null): void {
  scope.grants.push({ alias: writtenAlias(item.tool.parts), decl: item, owner });
}

/**
 * After imports are known: `server.tool` is told from an id of which the last part is the alias,
 * and tools that only their grants declare are entered (language 11.2).
 */
export function declareGrantedTools(scope: ModuleScope): void {
  scope.grants.forEach((grant, i) => {
    scope.grants[i] = { ...grant, alias: settledAlias(scope, grant.alias) };
  });
  scope.binds.forEach((bind, i) => {
    scope.binds[i] = { ...bind, alias: settledAlias(scope, bind.alias) };
  });
  for (const { alias, decl } of scope.grants) {
    if (toolNamed(scope, alias) !== null) continue;
    const id = alias.toLowerCase();
    const symbol = { alias, id, role: "tool", version: null, provider: null } as const;
    enter(scope, { ...symbol, scope, span: decl.span });
  }
}

function settledAlias(scope: ModuleScope, written: string): string {
  return toolNamed(scope, written) === null ? (written.split(".").at(-1) ?? written) : written;
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

function writtenAlias(parts: readonly { readonly text: string }[]): string {
  return parts.map((p) => p.text).join(".");
}
