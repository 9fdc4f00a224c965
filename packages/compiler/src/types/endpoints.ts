// Endpoint types of sessions (language 19.5): where they start, and what their state is.

import type { SessionState, SessionSymbol, Type } from "../hir/type.ts";
import { bindParams, substitute } from "./relations.ts";

/** The type of an endpoint by role, `Login.Client`, at the start; null for another role. */
export function endpointOf(
  symbol: SessionSymbol,
  role: string,
  args: readonly Type[],
): (Type & { kind: "endpoint" }) | null {
  const index = symbol.roles.indexOf(role);
  if (index < 0 || role === "") return null;
  return {
    kind: "endpoint",
    session: symbol,
    role: index === 0 ? 0 : 1,
    state: symbol.start,
    args,
  };
}

/** The state that an endpoint is in, its message type instantiated. */
export function stateOf(type: Type & { kind: "endpoint" }): SessionState {
  const state = type.session.states[type.state] ?? { kind: "end" };
  if (state.kind !== "message") return state;
  const bindings = bindParams(type.session.generics, type.args);
  return { ...state, type: substitute(state.type, bindings) };
}
