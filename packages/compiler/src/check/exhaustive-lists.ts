// List patterns for exhaustiveness (language 8.3): the lists of a type fall into finitely many
// lengths that the patterns of a match can tell apart, each of them a form like a variant.

/** A list pattern: exactly `before`, or with a rest at least `before` and `after`. */
export interface ListShape<P> {
  readonly before: readonly P[];
  readonly after: readonly P[];
  readonly hasRest: boolean;
}

/**
 * Lists of one length, whose parts are all elements, or the lists from a length on, whose parts
 * are the first `before` and the last `after` elements.
 */
export type ListLength =
  | { readonly kind: "exact"; readonly count: number }
  | {
      readonly kind: "atLeast";
      readonly count: number;
      readonly before: number;
      readonly after: number;
    };

/** Elements of the longest list pattern that is looked into; longer ones cover nothing. */
export const LIST_PATTERN_MAX = 64;

/**
 * The lengths to tell apart, ascending. From the last on, no pattern asks for an exact length and
 * the elements in front and those behind are others.
 */
export function listLengths<P>(shapes: readonly ListShape<P>[]): readonly ListLength[] {
  const most = (counts: readonly number[]): number => Math.max(0, ...counts);
  const open = shapes.filter((s) => s.hasRest);
  const exact = shapes.filter((s) => !s.hasRest);
  const before = most(open.map((s) => s.before.length));
  const after = most(open.map((s) => s.after.length));
  const count = Math.max(before + after, most(exact.map((s) => s.before.length + 1)));
  const shorter = Array.from(
    { length: count },
    (_, i): ListLength => ({ kind: "exact", count: i }),
  );
  return [...shorter, { kind: "atLeast", count, before, after }];
}

/** Number of parts of a form. */
export function partCount(length: ListLength): number {
  return length.kind === "exact" ? length.count : length.before + length.after;
}

/**
 * What a pattern asks of the parts of such lists, null for "anything"; null when it matches none.
 */
export function partsAt<P>(
  { before, after, hasRest }: ListShape<P>,
  length: ListLength,
): readonly (P | null)[] | null {
  const total = partCount(length);
  const own = before.length + after.length;
  if (length.kind === "exact" && (hasRest ? own > total : own !== total)) return null;
  if (length.kind === "atLeast" && !hasRest) return null;
  const open = Array.from({ length: total - own }, () => null);
  return [...before, ...open, ...after];
}

/** The form as a pattern, `[]`, `[true, _]`, `[_, ...]`. */
export function describeLength(length: ListLength, parts: readonly string[]): string {
  if (length.kind === "exact") return `[${parts.join(", ")}]`;
  const { count, before } = length;
  const open = Array.from({ length: count - parts.length }, () => "_");
  const behind = parts.slice(before);
  const isOpen = behind.every((part) => part === "_");
  const items = isOpen
    ? [...parts, ...open, "..."]
    : [...parts.slice(0, before), ...open, "...", ...behind];
  return `[${items.join(", ")}]`;
}
