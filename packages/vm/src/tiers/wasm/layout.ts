// Where things stand in the memory that generated code shares with the machine, and the globals.
//
//   0      cycles, budget, stop, late, fuel   f64 each: in; the first two also out
//   40     top of the arena, end of the frames, calls that may nest   i32 each
//   64     a byte for each function: it was called
//   8 KiB  frames: layout i32, instruction i32, then 8 bytes for each register
//   256 KiB  the arena: lists
//
// Within a run, what stands at a place of the arena is read and written in one width always:
// engines rely on it, so that they need not read again what describes a list after each write of an
// item. In front of the arena places are used anew for everything, and their addresses are
// constants, or stand in globals.
//
// A function finds its arguments, a loop its registers, in the first frame, and a result stands in
// its first register.

/** Bytes of a page of memory. */
export const PAGE_BYTES: number = 2 ** 16;

/** Pages at first: as much for lists as stands before them. */
export const PAGES_MIN: number = 2 ** 3;
/** Pages at most: a gigabyte. */
export const PAGES_MAX: number = 2 ** 14;

/** Numbers that go in at an entry; cycles and budget come out as well. */
export const CELLS = { cycles: 0, budget: 8, stop: 16, late: 24, fuel: 32 } as const;

/** i32: the first free byte of the arena, in and out. */
export const TOP_AT = 40;
/** i32: the first byte behind the frames that were left, out. */
export const FRAMES_END_AT = 44;
/** i32: calls that may nest, in. */
export const DEPTH_AT = 48;

/** A byte for each function. */
export const CALLED_AT = 64;
/** Functions of a module, at most. */
export const FUNCTIONS_MAX: number = 4096;

/** The first frame. */
export const FRAMES_AT: number = 2 ** 13;
/** Of a frame, before its registers. */
export const FRAME_HEADER_BYTES = 8;
/** The arena. */
export const ARENA_AT: number = 2 ** 18;

/** Where a register of the first frame stands. */
export function firstFrameSlot(register: number): number {
  return FRAMES_AT + FRAME_HEADER_BYTES + 8 * register;
}

/** A list: its items, how many there are and fit, its flags, and who it is outside. */
export const LIST = { items: 0, length: 4, capacity: 8, flags: 12, origin: 16, bytes: 24 } as const;

/** Flags of a list. */
export const SHARED = 1;
/** Held in another way outside, where Floats are objects: it may only be read. */
export const FOREIGN = 2;

/** Of an iterator, in its high half: the machine made it, and goes on with the same one. */
export const FROM_OUTSIDE: number = 2 ** 31;

/** The globals of a module, in their order. */
export const GLOBALS = {
  /** Charged by functions that were left, or called another one. */
  cycles: { index: 0, type: "i64" },
  /** What may be allocated before memory is measured. */
  budget: { index: 1, type: "i64" },
  /** From so many cycles on, a loop is left at its head to be entered again. */
  stop: { index: 2, type: "i64" },
  /** From so many cycles on, any loop is left. */
  late: { index: 3, type: "i64" },
  fuel: { index: 4, type: "i64" },
  /** Why functions are being left, a {@link STATUS}. */
  status: { index: 5, type: "i32" },
  /** The first byte behind the frames that were left. */
  frames: { index: 6, type: "i32" },
  /** The first free byte of the arena. */
  top: { index: 7, type: "i32" },
} as const;

/** How a function ended; all but the first leave it in the middle, or before it began. */
export const STATUS = {
  done: 0,
  /** The interpreter has to do the next instruction. */
  exit: 1,
  /** Calls nest too deep. */
  depth: 2,
  /** A loop that was compiled alone has ended. */
  loopEnd: 3,
  /** At the head of the loop that was compiled: it may be entered again. */
  again: 4,
  /** At the head of another loop, for the interpreter to enter better code. */
  late: 5,
} as const;
