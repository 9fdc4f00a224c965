// Counts what a machine allocates and stops it at its memory limit (language 15.6).

import { type Held, heldBytes } from "../memory.ts";
import { EXIT } from "../tiers/exit.ts";
import { memoryTrap } from "../trap.ts";

/** A measurement buys at least this share of the limit before the next one. */
const LEAST_SHARE = 16;

/**
 * The allocation counter of one machine. Weights are those of `memory.ts`; the same program counts
 * the same everywhere. The reachable size may pass the limit by a sixteenth before it is noticed.
 */
export class Memory {
  readonly bytesMax: number;
  private readonly held: () => Held;
  /**
   * What may be allocated before reachable memory is measured again. Compiled code counts it down
   * itself, and leaves where it is used up. Part of a snapshot.
   */
  budgetBytes: number;
  /** Allocated before memory was measured the last time, and the budget that it gave then. */
  private spentBytes = 0;
  private grantedBytes: number;
  /** The budget was used up once: from then on it matters when registers let go of a value. */
  wasMeasured = false;
  /**
   * Above 0 while compiled code runs, whose registers cannot be seen, so that nothing can be
   * measured: it is left where the budget falls below this. The frames of its calls do not count
   * meanwhile; what is kept back here has room for all of them.
   */
  reserveBytes = 0;

  constructor(bytesMax: number, held: () => Held) {
    this.bytesMax = bytesMax;
    this.held = held;
    this.budgetBytes = bytesMax;
    this.grantedBytes = bytesMax;
  }

  /** Bytes that a machine has allocated since it was made; frames that were left are not in it. */
  get allocatedBytes(): number {
    return this.spentBytes + this.grantedBytes - this.budgetBytes;
  }

  /** Counts an allocation before it is made, or reachable at least; faults above the limit. */
  charge(bytes: number): void {
    this.budgetBytes -= bytes;
    if (this.budgetBytes >= this.reserveBytes) return;
    if (this.reserveBytes === 0) return this.measure(bytes);
    this.budgetBytes += bytes;
    throw EXIT;
  }

  private measure(pendingBytes: number): void {
    this.wasMeasured = true;
    this.spentBytes += this.grantedBytes - this.budgetBytes;
    this.grantedBytes = this.budgetBytes;
    // What alone passes the limit needs no walk.
    if (pendingBytes > this.bytesMax) throw memoryTrap();
    const live = pendingBytes + heldBytes(this.held(), this.bytesMax);
    if (live > this.bytesMax) throw memoryTrap();
    this.budgetBytes = Math.max(this.bytesMax - live, Math.floor(this.bytesMax / LEAST_SHARE));
    this.grantedBytes = this.budgetBytes;
  }
}
