// What the door has to know about a call of a tool (formats 10.3): the reference that stands in the
// code, and behind it the tool, the grants in force at the place of the call, the type expected.

import { typeHash } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { ToolEntry, ToolRetry } from "@lumen/core/program";
import { compareStrings, type TypeDescriptor } from "@lumen/core/value";
import type { HirExpr, HirModule } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { partsOf } from "../hir/visit.ts";
import type { GrantSymbol, ModuleScope, ToolSymbol } from "../resolve/scope.ts";
import { coversTool } from "../resolve/tools.ts";
import { describeType } from "../tiles/descriptor.ts";
import { mergeGrants } from "./grants.ts";

/** Where a tool is called, and what for. */
export interface ToolUse {
  readonly tool: ToolSymbol;
  /** The module of the call. */
  readonly scope: ModuleScope;
  /** The agent or process whose cell calls; empty for other cells. */
  readonly owner: string;
  /** Type of the result; null for Any. */
  readonly result: TypeDescriptor | null;
  readonly retry: ToolRetry | null;
}

/**
 * The entry of a call. Calls of one tool share it where the same grants, the same type and the same
 * `@retry` are in force: `main#Chat`, `main#Helper.Chat`, `main#Chat: 1f9a…` with a type.
 */
export function toolEntry(use: ToolUse): ToolEntry {
  const { tool, scope, owner, result, retry } = use;
  const alias = localAlias(scope, tool);
  const { role } = tool;
  const server = typeof role === "object" ? serverOf(scope, tool, role.server) : undefined;
  const own = scope.grants.filter((g) => coversTool(g.alias, { ...tool, alias }));
  const ofOwner = own.filter((g) => owner !== "" && g.owner === owner);
  const ofOthers = tool.scope === scope ? [] : tool.scope.grants.filter((g) => isOf(g, tool));
  const grants = [...ofOthers, ...own.filter((g) => g.owner === null), ...ofOwner];
  const place = ofOwner.length === 0 ? "" : `${owner}.`;
  const typed = result === null ? "" : `: ${toHex(typeHash(result)).slice(0, 16)}`;
  const retried = retry === null ? "" : ` @retry(${retry.max}, ${retry.baseMs})`;
  return {
    ref: `${scope.source.name}#${place}${alias}${typed}${retried}`,
    alias,
    id: tool.id,
    version: tool.version,
    provider: tool.provider,
    mcp: server?.id ?? null,
    grant: mergeGrants(grants.map((g) => g.decl)),
    result,
    retry,
  };
}

/** The server of a tool, under the name that the module of the call has for it. */
function serverOf(scope: ModuleScope, tool: ToolSymbol, name: string): ToolSymbol | undefined {
  return scope.tools.get(name) ?? tool.scope.tools.get(name);
}

/** What an answer is checked against: null where all Json will do, or where it cannot be. */
export function resultDescriptor(type: Type): TypeDescriptor | null {
  const described = describeType(type);
  return described.ok && described.value !== "json" ? described.value : null;
}

/** A grant that comes with the tool where it is imported. */
function isOf(grant: GrantSymbol, tool: ToolSymbol): boolean {
  return grant.owner === null && coversTool(grant.alias, tool);
}

/** The name that the module has for the tool: an import may have given it another one. */
function localAlias(scope: ModuleScope, tool: ToolSymbol): string {
  for (const [alias, symbol] of scope.tools) if (symbol === tool) return alias;
  return tool.alias;
}

/** The entries of all calls in a program, ascending by reference. */
export function toolEntries(modules: readonly HirModule[]): readonly ToolEntry[] {
  const entries = new Map<string, ToolEntry>();
  const visit = (e: HirExpr): void => {
    if (e.kind === "callTool") entries.set(e.tool.ref, e.tool);
    partsOf(e).forEach(visit);
  };
  for (const module of modules) for (const cell of module.cells) visit(cell.body);
  return [...entries.values()].sort((a, b) => compareStrings(a.ref, b.ref));
}
