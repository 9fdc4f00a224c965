// The policy layer: ambient requests that the package was not granted are refused (language 11.8).

import { type DoorAnswer, type Layer, operationName } from "./door.ts";

/** The capability that an effect needs; effects without one are always allowed. */
const CAPABILITY_OF: { readonly [effect: string]: string } = {
  fs: "filesystem",
  http: "network",
  net: "network",
  process: "process",
  env: "environment",
};

/** Refuses what `capabilities` does not list; null allows everything (a lone file, or no table). */
export function policyLayer(capabilities: readonly string[] | null): Layer {
  return {
    name: "policy",
    handle: async (request, next): Promise<DoorAnswer> => {
      const needed = CAPABILITY_OF[request.effect];
      if (capabilities === null || needed === undefined || capabilities.includes(needed))
        return next(request);
      const what = operationName(request);
      const message = `policy violation for '${what}': [capabilities] does not list ${needed}`;
      return { ok: false, code: "E_POLICY", message };
    },
  };
}
