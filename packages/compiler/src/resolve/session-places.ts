// Endpoints in the middle of a session, `Login.Client@Ok` (language 19.5): the place is the name of
// a `state`, of a loop or of a case.

import type { TypeExpr } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import { ERROR } from "../types/simple-types.ts";
import { didYouMean, type ModuleScope, report } from "./scope.ts";

/** The endpoint at the place that is written, by default at the start; other names are E0600. */
export function atPlace(
  scope: ModuleScope,
  { typestate }: TypeExpr & { kind: "name" },
  endpoint: Type & { kind: "endpoint" },
): Type {
  if (typestate === null) return endpoint;
  const { from, to } = typestate;
  const { name, places } = endpoint.session;
  if (to !== null) {
    const help = "An endpoint is given away; let the cell return it at its new place.";
    report(scope, "E0600", to.span, "an endpoint has one place in a type", { help });
    return ERROR;
  }
  const [state, ...others] = places.get(from.text) ?? [];
  if (state !== undefined && others.length === 0) return { ...endpoint, state };
  if (state === undefined) {
    const known = [...places.keys()];
    const message = `session '${name}' has no place '${from.text}'${didYouMean(from.text, known)}`;
    report(scope, "E0600", from.span, message, {
      expected: known.length === 0 ? "a session with named places" : known.join(", "),
      help: "Name the place: put a `state` line before the step.",
    });
  } else {
    const message = `'${from.text}' names several places of session '${name}'`;
    const help = "Give the place a name of its own: put a `state` line before the step.";
    report(scope, "E0600", from.span, message, { help });
  }
  return ERROR;
}
