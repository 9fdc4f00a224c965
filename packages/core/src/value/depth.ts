// The bounds for what visits all of a value: how deep it may nest, and how many parts it may have
// written out (language 15.6).

/**
 * Levels of containers that text, comparison, equality and keys descend into. Fixed, so that a run
 * ends at the same place on every engine; small enough for the stack of every engine.
 */
export const VALUE_DEPTH_MAX: number = 1024;

/**
 * Parts that one comparison or key visits. What stands in a value twice is visited twice, so that a
 * small value can have more parts than any machine has memory; the bound is that of one list.
 */
export const VALUE_PARTS_MAX: number = 2 ** 26;

/**
 * Parts of one key: a text is made of each, all of which are in memory until the key is whole.
 */
export const KEY_PARTS_MAX: number = 2 ** 22;

/** UTF-16 units of the text or key of a value; the bound of any text. */
export const VALUE_TEXT_UNITS_MAX: number = 2 ** 26;

/** A value nests deeper than {@link VALUE_DEPTH_MAX}. The VM turns it into `E_TRAP_STACK`. */
export class ValueDepthError extends Error {
  override readonly name: string = "ValueDepthError";

  constructor() {
    super(`value nested deeper than ${VALUE_DEPTH_MAX} levels`);
  }
}

/**
 * A value has more parts than {@link VALUE_PARTS_MAX} or {@link KEY_PARTS_MAX}, or its text more
 * units than {@link VALUE_TEXT_UNITS_MAX}. The VM turns it into `E_TRAP_MEMORY`.
 */
export class ValueSizeError extends Error {
  override readonly name: string = "ValueSizeError";

  constructor() {
    super("value with too many parts, written out");
  }
}

/** One visit of a value, or of two side by side. */
export class Visit {
  readonly #partsMax: number;
  #depth = 0;
  #parts = 0;
  #units = 0;

  constructor(partsMax: number = VALUE_PARTS_MAX) {
    this.#partsMax = partsMax;
  }

  /** Into a container; `leave` leads out again. Throws {@link ValueDepthError} at the bound. */
  enter(): void {
    if (this.#depth >= VALUE_DEPTH_MAX) throw new ValueDepthError();
    this.#depth += 1;
    this.pass(1);
  }

  /** Out of the container that was entered last. */
  leave(): void {
    this.#depth -= 1;
  }

  /** Past so many parts. Throws {@link ValueSizeError} at the bound. */
  pass(partCount: number): void {
    this.#parts += partCount;
    if (this.#parts > this.#partsMax) throw new ValueSizeError();
  }

  /** Past a text of so many units that becomes part of another. */
  passText(units: number): void {
    this.#units += units;
    if (this.#units > VALUE_TEXT_UNITS_MAX) throw new ValueSizeError();
  }
}

/** The depth inside a container that is at `depth`; throws {@link ValueDepthError} at the bound. */
export function deeper(depth: number): number {
  if (depth >= VALUE_DEPTH_MAX) throw new ValueDepthError();
  return depth + 1;
}

/**
 * What a run says where the text of a value passes a bound (language 15.6); null for other errors.
 */
export function displayFault(
  error: unknown,
): { readonly code: "E_TRAP_STACK" | "E_TRAP_MEMORY"; readonly message: string } | null {
  if (error instanceof ValueSizeError)
    return { code: "E_TRAP_MEMORY", message: "memory limit exceeded" };
  if (!(error instanceof ValueDepthError)) return null;
  return { code: "E_TRAP_STACK", message: "runtime error: value nested too deeply to display" };
}
