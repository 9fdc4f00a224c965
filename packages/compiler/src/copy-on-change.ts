// Copies on change: a node or list of which no part changes stays itself, so that a walk that only
// reads allocates nothing.

/** The node with one property set; itself where that is its value already. */
export function set1<N, A extends keyof N>(node: N, a: A, x: N[A]): N {
  return node[a] === x ? node : { ...node, [a]: x };
}

/** As {@link set1} with two properties. */
export function set2<N, A extends keyof N, B extends keyof N>(
  node: N,
  a: A,
  x: N[A],
  b: B,
  y: N[B],
): N {
  return node[a] === x && node[b] === y ? node : { ...node, [a]: x, [b]: y };
}

/** The mapped list; itself where every item is mapped to itself. */
export function mapSame<T>(list: readonly T[], map: (x: T) => T): readonly T[] {
  let index = 0;
  for (const before of list) {
    const after = map(before);
    if (after !== before)
      return [...list.slice(0, index), after, ...list.slice(index + 1).map((x) => map(x))];
    index += 1;
  }
  return list;
}

/** The mapped value, or null where there is none. */
export function maybe<T>(value: T | null, map: (x: T) => T): T | null {
  return value === null ? null : map(value);
}
