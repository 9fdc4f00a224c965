// Limits of a machine (language 15.6, lir.md 6).

/** Deepest call stack, in frames of one fiber; the entry is frame 1. */
export const CALL_DEPTH_MAX: number = 4096;

/** Memory limit of a machine whose host names none, in the units of `memory.ts`. */
export const MEMORY_BYTES_DEFAULT: number = 512 * 2 ** 20;

/** Blocks that one activation may have registered to be run when it is left. */
export const DEFERRED_COUNT_MAX: number = 2 ** 16;

/**
 * Most items of a list and UTF-16 units of a string. V8 aborts the process, rather than throwing,
 * when an array grows beyond about 2^27.
 */
export const CONTAINER_ITEMS_MAX: number = 2 ** 26;
