// Keeps the sorted list of a map's entries or a set's items through writes where that is cheap, and
// drops it (null) where sorting again on the next iteration costs less.

/** Longer lists are dropped by an insertion that is not at their end. */
const INSERT_MAX = 64;

type Order<T> = (a: T, b: T) => number;

/** The list with `item`, which is not in it, at its place; null when it must be sorted again. */
export function insertSorted<T>(sorted: T[] | null, item: T, order: Order<T>): T[] | null {
  if (sorted === null) return null;
  const last = sorted.at(-1);
  if (last === undefined || order(last, item) < 0) {
    sorted.push(item);
    return sorted;
  }
  if (sorted.length > INSERT_MAX) return null;
  sorted.splice(lowerBound(sorted, item, order), 0, item);
  return sorted;
}

/** The list without the one that is equal to `item`. */
export function removeSorted<T>(sorted: T[] | null, item: T, order: Order<T>): T[] | null {
  if (sorted === null) return null;
  const at = lowerBound(sorted, item, order);
  const found = sorted[at];
  if (found === undefined || order(found, item) !== 0) return null;
  sorted.splice(at, 1);
  return sorted;
}

/** First position whose item is not below `item`. O(log n) comparisons. */
function lowerBound<T>(sorted: readonly T[], item: T, order: Order<T>): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle];
    if (at !== undefined && order(at, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
