// Arithmetic of totals: sums that saturate, integer division and shares. No floats but in `share`.

/** The largest total: traces hold safe integers, and so does JSON (spec/formats.md 1.1). */
export const TOTAL_MAX: number = Number.MAX_SAFE_INTEGER;

/** `a + b`, saturating at {@link TOTAL_MAX}: a forged trace must not make totals inexact. */
export function addCapped(a: number, b: number): number {
  return Math.min(a + b, TOTAL_MAX);
}

/** `a * b`, saturating at {@link TOTAL_MAX}. */
export function multiplyCapped(a: number, b: number): number {
  return Math.min(a * b, TOTAL_MAX);
}

/** Integer division toward zero; null where there is nothing to divide by. */
export function average(total: number, count: number): number | null {
  return count === 0 ? null : Math.floor(total / count);
}

/** Part of a whole in 0 to 1; 0 of nothing is 0. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
