// Values that are there now or later: in-process back ends answer at once, others do not.

import type { Result } from "@lumen/core/result";

/** A value now or later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Goes on with a value when it is there: at once where it is, since a promise for each of a million
 * events costs as much as half of the checks.
 */
export function whenDone<T, U>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<U>,
): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Goes on with what succeeded; a failure stays what it is. */
export function whenOk<T, U, E>(
  value: Awaitable<Result<T, E>>,
  next: (value: T) => Awaitable<Result<U, E>>,
): Awaitable<Result<U, E>> {
  return whenDone(value, (result) => (result.ok ? next(result.value) : result));
}
