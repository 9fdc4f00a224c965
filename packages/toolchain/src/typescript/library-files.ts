// The library that TypeScript sources import, as files in memory: so it is found in a project
// without node_modules, and is the same for everybody who has this version.

import { LIBRARY_SOURCES } from "./library-sources.ts";

/** How a bundle uses the library: to read what is declared, or as the code of one tile. */
export type LibraryUse = "registrations" | "guest";

/** Names under which sources import the library. */
export const LIBRARY_NAMES: readonly string[] = ["@lumen/raster", "@lumen/raster/authoring"];

/** Entry of the library for a use. */
export function libraryEntry(use: LibraryUse): string {
  return use === "guest" ? "authoring/guest.ts" : "authoring/index.ts";
}

/** The types alone, which sources of guests import one by one. */
export const LIBRARY_TYPES = "authoring/types.ts";

/**
 * Functions of Math that engines compute differently, by the file that computes them (language
 * 21.5).
 */
const MATH: readonly (readonly [name: string, file: string])[] = [
  ["exp", "exp"],
  ["sinh", "hyperbolic"],
  ["cosh", "hyperbolic"],
  ["tanh", "hyperbolic"],
  ["asin", "inverse-trig"],
  ["acos", "inverse-trig"],
  ["atan", "inverse-trig"],
  ["log", "log"],
  ["log2", "log"],
  ["log10", "log"],
  ["sin", "trig"],
  ["cos", "trig"],
  ["tan", "trig"],
  ["expm1", "exp"],
  ["log1p", "log"],
  ["asinh", "inverse-hyperbolic"],
  ["acosh", "inverse-hyperbolic"],
  ["atanh", "inverse-hyperbolic"],
  ["cbrt", "cbrt"],
];

/** File of the library that exports the functions below `__lumen_math_`. */
export const MATH_FILE = "math.js";

const own = (name: string): string => `__lumen_math_${name}`;

/** What calls of `Math.…` mean in guests: names that {@link MATH_FILE} exports. */
export const MATH_NAMES: { readonly [call: string]: string } = Object.fromEntries(
  [...MATH.map(([name]) => name), "atan2", "pow", "hypot"].map((name) => [
    `Math.${name}`,
    own(name),
  ]),
);

/**
 * `**` of bigints is that of the engine; of numbers it is pow, but for what JavaScript makes
 * NaN.
 */
const MORE_MATH: readonly string[] = [
  'import { atan2Float } from "./arithmetic/float-inverse-trig.ts";',
  'import { hypotFloat } from "./arithmetic/float-hypot.ts";',
  'import { powFloat } from "./arithmetic/float-pow.ts";',
  `export function ${own("atan2")}(y, x) { return atan2Float(+y, +x); }`,
  `export function ${own("hypot")}(...xs) {`,
  "  return xs.map((x) => Math.abs(+x)).reduce((a, b) => hypotFloat(a, b), 0);",
  "}",
  `export function ${own("pow")}(a, b) {`,
  '  if (typeof a === "bigint" && typeof b === "bigint") return bigPower(a, b);',
  "  const [x, y] = [+a, +b];",
  "  if (y !== y || ((x === 1 || x === -1) && (y === Infinity || y === -Infinity))) return NaN;",
  "  return powFloat(x, y);",
  "}",
  "function bigPower(base, exponent) {",
  '  if (exponent < 0n) throw new RangeError("the exponent of a bigint is not negative");',
  "  let power = 1n;",
  "  for (let b = base, e = exponent; e > 0n; e >>= 1n) {",
  "    if ((e & 1n) === 1n) power *= b;",
  "    if (e > 1n) b *= b;",
  "  }",
  "  return power;",
  "}",
];

function mathText(): string {
  const lines = MATH.map(
    ([name, file]) =>
      `import { ${name}Float } from "./arithmetic/float-${file}.ts";\n` +
      `export function ${own(name)}(x) { return ${name}Float(+x); }`,
  );
  return [...lines, ...MORE_MATH, ""].join("\n");
}

/** Text of a file of the library; null where there is none. */
export function libraryText(path: string): string | null {
  if (path === MATH_FILE) return mathText();
  return Object.hasOwn(LIBRARY_SOURCES, path) ? (LIBRARY_SOURCES[path]?.() ?? null) : null;
}
