// The whole state of a machine, as snapshots hold it.

import type { FaultExit, Fiber } from "./fiber.ts";
import type { Request } from "./requests.ts";

/** What a machine consists of, its program apart. */
export interface MachineParts {
  readonly cycles: number;
  /** Infinite where there is no limit. */
  readonly fuel: number;
  readonly memoryBytes: number;
  /** What may be allocated before memory is measured again. */
  readonly budgetBytes: number;
  readonly suspendTiles: boolean;
  readonly door: boolean;
  readonly main: Fiber;
  /** Fibers that can go on, first come first served. */
  readonly ready: readonly Fiber[];
  /** Fibers that have not ended, in the order in which they began. */
  readonly live: readonly Fiber[];
  /** Requests that are not answered, by id. */
  readonly pending: readonly { readonly fiber: Fiber; readonly request: Request }[];
  readonly requestCount: number;
  readonly taskCount: number;
  readonly orderCount: number;
  /** Instances of processes whose state moved. */
  readonly instanceCount: number;
  /** Raised in the entry when every task waited for ever. */
  readonly deadlock: FaultExit | null;
}
