// A host: layers and providers put together. What is not in the table has no provider.

import { EXTERN_EFFECT } from "@lumen/core/lir";
import type { ToolEntry } from "@lumen/core/program";
import { displayFault, type Value } from "@lumen/core/value";
import {
  type DoorRequest,
  type Layer,
  makeDoor,
  type Next,
  operationName,
  TOOL_EFFECT,
  toolOperation,
} from "./door.ts";
import { OPERATIONS } from "./operations.ts";
import type { ProviderTable } from "./providers/provider.ts";

/** Answers the requests of one machine. */
export type Host = Next;

/**
 * Layers outermost first: secrets in questions, policies, budget, journal, secrets in answers; then
 * those of tools: paths, drift, calls. `tools`: what the program says about its calls of tools; a
 * reference that is not listed is the id of a tool without grants.
 */
export function makeHost(
  layers: readonly Layer[],
  providers: ProviderTable,
  tools: readonly ToolEntry[] = [],
): Host {
  const entries = new Map(tools.map((tool) => [tool.ref, tool]));
  const door = makeDoor(layers, async (request) => {
    const name = operationName(request);
    const provider = providers[name];
    if (provider === undefined) {
      return { ok: false, code: "E_NO_PROVIDER", message: withoutProvider(request) };
    }
    return provider(request.args);
  });
  return (request) => {
    if (request.effect !== TOOL_EFFECT) return answerPrepared(request, door);
    const tool = entries.get(request.operation) ?? toolWithoutGrants(request.operation);
    return door({ ...request, operation: toolOperation(tool), tool });
  };
}

/** A tool of which the program says no more than its id. */
function toolWithoutGrants(id: string): ToolEntry {
  const grant = { domains: null, paths: null, timeoutMs: null, maxima: [], fixed: [] };
  const none = { version: null, provider: null, mcp: null, result: null, retry: null };
  return { ref: id, alias: id, id, ...none, grant };
}

/** An effect that the program declares is not provided for: the program should handle it. */
function withoutProvider(request: DoorRequest): string {
  const name = operationName(request);
  if (request.effect === TOOL_EFFECT) {
    return `no provider for '${request.tool?.id ?? request.operation}'`;
  }
  if (request.effect === EXTERN_EFFECT) return `undefined cell: ${request.operation}`;
  return OPERATIONS[name] === undefined ? `unhandled effect: ${name}` : `no provider for '${name}'`;
}

/** Arguments are prepared before any layer sees them; some operations give their argument back. */
async function answerPrepared(request: DoorRequest, door: Next): ReturnType<Next> {
  const operation = OPERATIONS[operationName(request)];
  const args = prepared(operation?.prepare, request.args);
  if ("code" in args) return { ok: false, ...args };
  const found = await door({ ...request, args });
  if (!found.ok || operation?.seen === undefined) return found;
  return { ...found, value: operation.seen(found.value, request.args) };
}

/** The arguments, or why one of them has no text. */
function prepared(
  prepare: ((args: readonly Value[]) => readonly Value[]) | undefined,
  args: readonly Value[],
): readonly Value[] | NonNullable<ReturnType<typeof displayFault>> {
  try {
    return prepare?.(args) ?? args;
  } catch (error) {
    const fault = displayFault(error);
    if (fault === null) throw error;
    return fault;
  }
}
