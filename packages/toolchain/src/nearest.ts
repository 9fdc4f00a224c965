// The name that a mistyped word is nearest to.

/** More edits than this are another word, not a slip. */
const EDITS_MAX = 2;

/** The first name with the fewest edits (Levenshtein), at most 2 and fewer than its letters. */
export function nearest(word: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = EDITS_MAX + 1;
  for (const name of names) {
    const count = edits(word, name);
    if (count < fewest && count < name.length) [best, fewest] = [name, count];
  }
  return best;
}

/** Row by row; `above` holds the distances of the word's beginning to every beginning of `name`. */
function edits(word: string, name: string): number {
  let above = Array.from({ length: name.length + 1 }, (_, i) => i);
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    for (let j = 1; j <= name.length; j++) {
      const same = word[i - 1] === name[j - 1] ? 0 : 1;
      const replaced = (above[j - 1] ?? 0) + same;
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[name.length] ?? 0;
}
