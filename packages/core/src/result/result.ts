// The value of an operation that may fail for reasons outside this code: bad input, disk, network.

/** Either a value or a typed error. Errors are data: nothing throws across a package boundary. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** Wraps a value as a success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps an error as a failure. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/**
 * A defect of this software, never of a user: caught only by `cli` and `lsp`, which exit with 70.
 */
export class Defect extends Error {
  override readonly name = "Defect";
}

/** Throws a {@link Defect} unless `condition` holds. `fact` states, positively, what must hold. */
export function assert(condition: boolean, fact: string): asserts condition {
  if (!condition) throw new Defect(`invariant does not hold: ${fact}`);
}

/** Marks code that no value can reach; makes a missing union case a compile error. */
export function assertNever(value: never): never {
  throw new Defect(`unreachable case: ${JSON.stringify(value)}`);
}

/** Returns `value`, which an invariant says is present. `fact` states that invariant. */
export function required<T>(value: T | undefined | null, fact: string): T {
  if (value === undefined || value === null) throw new Defect(`invariant does not hold: ${fact}`);
  return value;
}
