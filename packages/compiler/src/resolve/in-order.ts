// Declarations that need each other's meaning, in an order in which each comes after what it needs.
// Finding out what one needs on the way to its own meaning would recurse as deep as the chain is
// long, and programs may have chains of any length.

/**
 * Everything that `start` needs, itself last. `needs` is asked once for each. O(what is needed).
 * Where declarations need each other in a circle `closes` is told by which of them it closes, and
 * which one that needs; without it, the answer is null.
 */
export function inOrder<T>(
  start: T,
  needs: (declaration: T) => readonly T[],
  closes: ((last: T, first: T) => void) | null = null,
): readonly T[] | null {
  const order: T[] = [];
  const states = new Map<T, "open" | "done">([[start, "open"]]);
  const path = [{ declaration: start, rest: needs(start).values() }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.rest.next();
    if (next.done === true) {
      states.set(top.declaration, "done");
      order.push(top.declaration);
      path.pop();
      continue;
    }
    const state = states.get(next.value);
    if (state === "open") {
      if (closes === null) return null;
      closes(top.declaration, next.value);
    }
    if (state !== undefined) continue;
    states.set(next.value, "open");
    path.push({ declaration: next.value, rest: needs(next.value).values() });
  }
  return order;
}
