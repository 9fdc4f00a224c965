// Bounds of what a compilation computes, in one place (style 2.3). Each is tested at the bound and
// one past it.

/** Wire bytes of one constant, and of the value of one `comptime` block (language 14: E0500). */
export const CONSTANT_BYTES_MAX: number = 2 ** 20;

/** Wire bytes of all values that the compiler computed for one program (language 14: E0500). */
export const CONSTANTS_BYTES_MAX: number = 4 * 2 ** 20;

/** Steps of the search for the name that one misspelt name could mean. */
export const SUGGEST_STEPS_MAX: number = 2 ** 16;

/** Reports of a module in which names of the module are suggested for unknown ones. */
export const SUGGESTED_REPORTS_MAX = 100;
