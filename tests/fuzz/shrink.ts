// Makes an input that breaks a property smaller: lines first, then pieces of lines.

/** The smallest text found, in a bounded number of attempts, for which `isBroken` still holds. */
export function shrink(text: string, isBroken: (text: string) => boolean): string {
  const byLines = reduce(text.split("\n"), "\n", isBroken);
  return reduce([...byLines], "", isBroken);
}

const ATTEMPTS_MAX = 600;

function reduce(
  parts: readonly string[],
  glue: string,
  isBroken: (text: string) => boolean,
): string {
  let current = parts;
  let attempts = 0;
  for (let size = current.length >> 1; size > 0 && attempts < ATTEMPTS_MAX; size >>= 1) {
    for (let at = 0; at < current.length && attempts < ATTEMPTS_MAX; attempts += 1) {
      const smaller = [...current.slice(0, at), ...current.slice(at + size)];
      if (isBroken(smaller.join(glue))) current = smaller;
      else at += size;
    }
  }
  return current.join(glue);
}
