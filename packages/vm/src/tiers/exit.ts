// Why compiled code was left in the middle, where it is no error. An exit is also thrown, by what
// compiled code calls: nobody outside sees it.

/** A reason to leave compiled code. */
export class Exit extends Error {}

/** The next instruction is for the interpreter. */
export const EXIT: Exit = new Exit("compiled code was left");

/** Calls nest too deep for compiled code. */
export const DEPTH_EXIT: Exit = new Exit("compiled code was left");

/** A loop that was compiled alone has ended. */
export const LOOP_EXIT: Exit = new Exit("compiled code was left");

/** Better code may be there by now. */
export const LATE_EXIT: Exit = new Exit("compiled code was left");
