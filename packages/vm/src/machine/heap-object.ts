// What references refer to: things with identity that live in a machine (language 15.2).

import type { Value } from "@lumen/core/value";

/** Target of an Opaque that holds other values. */
export abstract class HeapObject {
  /** Its own weight, without the values that it keeps alive (`memory.ts`). */
  abstract ownBytes(): number;
  /** The values that it keeps alive, for the memory limit. */
  abstract reachable(): Iterable<Value>;
}
