// The budget layer: after the allowed number of uses a request is refused (language 10.4).

import type { Budget } from "@lumen/core/program";
import { type DoorAnswer, type DoorRequest, type Layer, recordedName } from "./door.ts";

/**
 * Counts the requests of one run. It stands behind the policy, so that what was refused is no use,
 * and in front of the journal, so that a replay counts the same. A request that one budget refuses
 * is a use of no other. `used`: requests of the run that were made before.
 */
export function budgetLayer(
  budgets: readonly Budget[],
  used: readonly Pick<DoorRequest, "effect" | "operation">[] = [],
): Layer {
  const counters = budgets.map((budget) => ({
    budget,
    uses: used.filter((request) => counts(budget, request)).length,
  }));
  return {
    name: "budget",
    handle: async (request, next): Promise<DoorAnswer> => {
      const counting = counters.filter(({ budget }) => counts(budget, request));
      const spent = counting.find(({ budget, uses }) => uses >= budget.limit);
      if (spent !== undefined)
        return { ok: false, code: "E_POLICY", message: textOf(spent.budget) };
      for (const counter of counting) counter.uses += 1;
      return next(request);
    },
  };
}

function counts(
  { effects, operations }: Budget,
  request: Pick<DoorRequest, "effect" | "operation">,
): boolean {
  return (
    effects.includes(request.effect.toLowerCase()) || operations.includes(recordedName(request))
  );
}

function textOf({ name, limit }: Budget): string {
  return `effect budget exceeded for '${name}': limit ${limit} reached`;
}
