// Bounds of a regular expression: matching takes at most program size times text length.

/** Deepest nesting of groups. */
export const REGEX_DEPTH_MAX: number = 250;

/** Largest count of a repetition, counts inside counts multiplied. */
export const REGEX_REPEAT_MAX: number = 1000;

/** Most instructions of a compiled pattern. */
export const REGEX_PROGRAM_MAX: number = 20_000;

/** Compiled patterns that are kept. */
export const REGEX_KEPT_MAX: number = 64;

/** Most groups: every place where a match may go on keeps where they began and ended. */
export const REGEX_GROUPS_MAX: number = 500;

/** Steps of one search, each an instruction at a place in the text: some seconds. */
export const REGEX_STEPS_MAX: number = 2 ** 27;
