// Lists of the tree without room to grow: a list that was appended to keeps up to sixteen places
// free, and trees live as long as their module is checked.

/** The empty list, of which there is one. */
export const NOTHING: readonly never[] = [];

/** The same items in no more memory than they need. */
export function packed<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NOTHING : items.slice();
}
