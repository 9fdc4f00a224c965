// Providers of tools whose answers a test writes down.

import { ok } from "@lumen/core/result";
import type { ProviderKinds, ToolAnswer, ToolCall } from "@lumen/runtime";

/** What a fake answers; a rejected promise is a defect of a provider. */
export type FakeTool = (call: ToolCall) => ToolAnswer | Promise<ToolAnswer>;

/** Kinds with one provider, `fake`, and what it was asked. */
export interface FakeTools {
  readonly kinds: ProviderKinds;
  /** In the order of asking. */
  readonly calls: readonly ToolCall[];
  /** How many providers were made and not yet closed. */
  readonly openCount: () => number;
}

/** Tools by id; one that is not listed is `NotFound`. */
export function fakeTools(tools: { readonly [id: string]: FakeTool }): FakeTools {
  const calls: ToolCall[] = [];
  let open = 0;
  const provider = (name: string): ReturnType<ProviderKinds["byKind"][string]> => {
    open += 1;
    return ok({
      name,
      call: async (call) => {
        calls.push(call);
        const tool = tools[call.id];
        if (tool !== undefined) return tool(call);
        return { ok: false, kind: "NotFound", message: `there is no tool '${call.id}'` };
      },
      close: async () => {
        open -= 1;
      },
    });
  };
  return {
    kinds: {
      byKind: { fake: ({ name }) => provider(name) },
      server: ({ name }) => provider(`mcp:${name}`),
    },
    calls,
    openCount: () => open,
  };
}
