// The bound on how deep a value may nest for what visits all of it (language 15.6).

/**
 * Levels of containers that text, comparison, equality and keys descend into. Fixed, so that a run
 * ends at the same place on every engine; small enough for the stack of every engine.
 */
export const VALUE_DEPTH_MAX: number = 1024;

/** A value nests deeper than {@link VALUE_DEPTH_MAX}. The VM turns it into `E_TRAP_STACK`. */
export class ValueDepthError extends Error {
  override readonly name: string = "ValueDepthError";

  constructor() {
    super(`value nested deeper than ${VALUE_DEPTH_MAX} levels`);
  }
}

/** The depth inside a container that is at `depth`; throws {@link ValueDepthError} at the bound. */
export function deeper(depth: number): number {
  if (depth >= VALUE_DEPTH_MAX) throw new ValueDepthError();
  return depth + 1;
}
