// Which code may import what: the table of architecture.md 4 as data; the order of core's parts.

/** What the files below a folder may import. The longest matching prefix counts. */
export interface ImportRule {
  readonly prefix: string;
  /** Workspace packages (`core`) or single entry points (`core/value`). */
  readonly lumen: readonly string[];
  readonly npm: readonly string[];
  /** Whether `node:` modules are allowed; without them the code runs in a browser. */
  readonly node: boolean;
  /** Relative imports may not leave the folder. Always so at the border of a package. */
  readonly closed: boolean;
}

const LIBRARIES = ["core", "syntax", "compiler", "vm", "runtime", "raster", "analysis"];
/** The parts of core that the verifier is made of: small enough to audit. */
const TRUSTED = ["result", "diagnostic", "value", "encoding", "hash", "cfs", "trace", "commit"];

const row = (
  prefix: string,
  lumen: readonly string[],
  npm: readonly string[],
  more: { readonly node?: boolean; readonly closed?: boolean } = {},
): ImportRule => ({ prefix, lumen, npm, node: more.node ?? false, closed: more.closed ?? false });

/** The import table. A new arrow is a new entry here, with its reason in the commit. */
export const IMPORT_RULES: readonly ImportRule[] = [
  row("packages/core/src/", [], ["@noble/hashes"]),
  row("packages/syntax/src/", ["core"], ["@lezer/markdown"]),
  row("packages/compiler/src/", ["core", "syntax"], []),
  row("packages/vm/src/", ["core"], []),
  row("packages/runtime/src/", ["core", "vm"], [], { node: true }),
  row("packages/runtime/src/tools/mcp/", ["core", "vm"], ["@modelcontextprotocol/sdk"], {
    node: true,
  }),
  // Loads koffi, where it is installed, by a name that no import has.
  row("packages/runtime/src/llvm/", ["core", "vm"], ["koffi"], { node: true, closed: true }),
  row("packages/raster/src/", ["core"], []),
  // What authors import, and what becomes part of the guest of every tile: types of core, no code.
  row("packages/raster/src/authoring/", ["core/cfs", "core/value"], [], { closed: true }),
  row("packages/raster/src/backends/", ["core", "vm", "runtime"], [], { node: true }),
  row(
    "packages/raster/src/backends/js/",
    ["core"],
    ["quickjs-emscripten-core", "@jitl/quickjs-singlefile-mjs-release-sync"],
    { node: true },
  ),
  row(
    "packages/raster/src/verify/",
    TRUSTED.map((part) => `core/${part}`),
    [],
    { closed: true },
  ),
  row("packages/analysis/src/", ["core"], []),
  row("packages/toolchain/src/", LIBRARIES, ["smol-toml"], { node: true }),
  row("packages/toolchain/src/typescript/", LIBRARIES, ["acorn", "esbuild"], { node: true }),
  row("packages/cli/src/", [...LIBRARIES, "toolchain"], [], { node: true }),
  row("packages/testkit/src/", [...LIBRARIES, "toolchain", "cli"], ["fast-check"], { node: true }),
  row("tests/", [...LIBRARIES, "toolchain", "cli"], [], { node: true }),
  row("bench/", [...LIBRARIES, "toolchain"], [], { node: true }),
  row("tools/", [...LIBRARIES, "toolchain"], ["esbuild"], { node: true }),
];

/** What tests may import besides the row of their folder. */
export const TEST_EXTRAS: {
  readonly lumen: readonly string[];
  readonly npm: readonly string[];
} = { lumen: ["testkit"], npm: ["vitest", "fast-check"] };

/** A part of core imports only parts that stand before it. */
export const CORE_PARTS: readonly string[] = [
  "result",
  "diagnostic",
  "value",
  "hash",
  "encoding",
  "builtins",
  "lir",
  "cost",
  "commit",
  "cfs",
  "trace",
  "program",
];

/** Where clock, random, environment and locale are unknown: equal input, equal output. */
export const DETERMINISTIC: readonly string[] = [
  "packages/core/src/",
  "packages/syntax/src/",
  "packages/compiler/src/",
  "packages/vm/src/",
  "packages/raster/src/verify/",
];

/** The row with the longest prefix, or null for files that no row covers. */
export function ruleFor(path: string): ImportRule | null {
  const matching = IMPORT_RULES.filter((rule) => path.startsWith(rule.prefix));
  return matching.reduce<ImportRule | null>(
    (best, rule) => (best === null || rule.prefix.length > best.prefix.length ? rule : best),
    null,
  );
}
