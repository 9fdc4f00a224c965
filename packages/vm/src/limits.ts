// Limits of a machine (language 15.6, lir.md 6).

/** Deepest call stack, in frames of one fiber; the entry is frame 1. */
export const CALL_DEPTH_MAX: number = 4096;

/** Memory limit of a machine whose host names none, in the units of `memory.ts`. */
export const MEMORY_BYTES_DEFAULT: number = 2 ** 30;

/** Most items of a container and UTF-16 units of a string: what every JavaScript engine holds. */
export const CONTAINER_ITEMS_MAX: number = 2 ** 28;
