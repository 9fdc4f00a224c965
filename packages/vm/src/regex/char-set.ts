// Sets of Unicode scalar values: ranges, properties, complement, simple case folding. Membership in
// properties and case folding are asked of the engine, one scalar value at a time.

/** First and last scalar value, both included. */
export type Range = readonly [number, number];

/** A property like `Lu` or `Greek`, or its complement. */
export interface Property {
  /** What stands in `\p{…}` of the engine. */
  readonly source: string;
  readonly negated: boolean;
}

/** A set as the pattern writes it. */
export interface SetSource {
  readonly ranges: readonly Range[];
  readonly properties: readonly Property[];
  readonly negated: boolean;
  /** A member in one case stands for all cases. */
  readonly fold: boolean;
}

const CATEGORY = /^(?:C[cfno]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;

/** The property of that name: a general category, a script, or `Any`; null when there is none. */
export function propertyNamed(name: string, negated: boolean): Property | null {
  if (name === "Any") return { source: "Any", negated };
  if (CATEGORY.test(name)) return { source: `General_Category=${name}`, negated };
  const source = `Script=${name}`;
  return /^[A-Z][A-Za-z_]*$/.test(name) && isProperty(source) ? { source, negated } : null;
}

/** Whether the engine knows the property. Its constructor is the only way to ask, and throws. */
function isProperty(source: string): boolean {
  try {
    return new RegExp(`\\p{${source}}`, "u").source !== "";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** A set that can be asked. Answers are kept: a text has few different characters. */
export class CharSet {
  private readonly source: SetSource;
  private readonly tests: readonly ((text: string) => boolean)[];
  private readonly known = new Map<number, boolean>();

  constructor(source: SetSource) {
    this.source = source;
    this.tests = hostTests(source);
  }

  /** Whether the scalar value is a member. */
  has(point: number): boolean {
    const found = this.known.get(point);
    if (found !== undefined) return found;
    const member = this.isListed(point) !== this.source.negated;
    this.known.set(point, member);
    return member;
  }

  private isListed(point: number): boolean {
    for (const [first, last] of this.source.ranges) {
      if (point >= first && point <= last) return true;
    }
    if (this.tests.length === 0) return false;
    const text = String.fromCodePoint(point);
    return this.tests.some((test) => test(text));
  }
}

/** What ranges alone cannot tell. Each expression is one class, so that asking takes no time. */
function hostTests({ ranges, properties, fold }: SetSource): ((text: string) => boolean)[] {
  const flags = fold ? "iu" : "u";
  const tests = properties.map(({ source, negated }) => {
    const regex = new RegExp(`^\\p{${source}}$`, flags);
    return (text: string): boolean => regex.test(text) !== negated;
  });
  if (!fold || ranges.length === 0) return tests;
  const hex = (point: number): string => `\\u{${point.toString(16)}}`;
  const listed = ranges.map(([first, last]) => `${hex(first)}-${hex(last)}`).join("");
  const regex = new RegExp(`^[${listed}]$`, flags);
  return [...tests, (text) => regex.test(text)];
}

const DIGITS: Range = [48, 57];
const UPPER: Range = [65, 90];
const LOWER: Range = [97, 122];
const UNDERSCORE: Range = [95, 95];
const BLANK: Range = [32, 32];

/** Ranges of the classes `\d \s \w` and `[:name:]`, which are ASCII in RE2; ascending. */
export const NAMED_RANGES: ReadonlyMap<string, readonly Range[]> = new Map<
  string,
  readonly Range[]
>([
  ["d", [DIGITS]],
  ["s", [[9, 10], [12, 13], BLANK]],
  ["w", [DIGITS, UPPER, UNDERSCORE, LOWER]],
  ["alnum", [DIGITS, UPPER, LOWER]],
  ["alpha", [UPPER, LOWER]],
  ["ascii", [[0, 127]]],
  ["blank", [[9, 9], BLANK]],
  [
    "cntrl",
    [
      [0, 31],
      [127, 127],
    ],
  ],
  ["digit", [DIGITS]],
  ["graph", [[33, 126]]],
  ["lower", [LOWER]],
  ["print", [[32, 126]]],
  [
    "punct",
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
  ["space", [[9, 13], BLANK]],
  ["upper", [UPPER]],
  ["word", [DIGITS, UPPER, UNDERSCORE, LOWER]],
  ["xdigit", [DIGITS, [65, 70], [97, 102]]],
]);

const LAST = 0x10ffff;

/** Everything that is in none of the ranges, which ascend and do not touch. */
export function complementRanges(ranges: readonly Range[]): readonly Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  return next <= LAST ? [...gaps, [next, LAST]] : gaps;
}
