// What one execution of a guest in the sandbox may use. The counts are those of the sandbox's
// engine, so that the same guest ends at the same place on every machine.

/** Limits of one execution. */
export interface SandboxLimits {
  /** How often the engine asks whether to go on: once for some 10 000 calls and turns of loops. */
  readonly pauses: number;
  readonly memoryBytes: number;
}

/** A limit of cycles as pauses: about as long as a machine takes for so many cycles. */
export const CYCLES_PER_PAUSE: number = 2 ** 21;
/** Some seconds of computing: the pauses of the cycles that `isolate` gives. */
export const PAUSES_MAX: number = 2 ** 15;
/** Memory of a tile that declares none, and the most that one gets. */
export const MEMORY_BYTES_MAX: number = 256 * 2 ** 20;

/** What an execution gets about which nobody says anything. */
export const DEFAULT_LIMITS: SandboxLimits = { pauses: PAUSES_MAX, memoryBytes: MEMORY_BYTES_MAX };

/** What the engine needs before a guest has asked for anything. */
export const ENGINE_BYTES: number = 4 * 2 ** 20;

/** Bytes of the stack of calls: less than any host gives, so that the guest ends, not the host. */
export const STACK_BYTES: number = 192 * 1024;

/** Longest message of an error that is passed on. */
export const MESSAGE_CHARS_MAX: number = 1000;
