// Bounds on outside input, in one place (style 2.3). Each is tested at the bound and one past it.

/** Brackets, blocks, prefix operands, types, patterns, interpolations (language 3.9: E0016). */
export const NESTING_DEPTH_MAX = 256;

/**
 * Operators of one left-leaning chain (`a + b + c`, `a.b.c`). Later phases recurse over the tree,
 * and a chain is a tree as deep as it is long; past the bound the expression is E0016.
 */
export const CHAIN_LENGTH_MAX = 1000;

/** Syntax errors reported for one module (language 3, rule 10). */
export const SYNTAX_ERROR_COUNT_MAX = 10;
