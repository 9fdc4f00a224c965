// Ends this process, with a word about why, before a TypeScript tile that runs in it takes all the
// memory of the machine. The engine has no limit for what runs in it, and ends without a word; so a
// thread of its own looks at the process while a tile runs.

import { Worker } from "node:worker_threads";
import { type GuestWatch, watchGuests } from "@lumen/raster/backends/js";

/** What one execution of a tile may add to the memory of the process. */
export const GUEST_GROWTH_BYTES_MAX: number = 2 ** 30;

/** Bytes of the longest id of a tile (formats 1). */
const ID_BYTES_MAX = 128;
/** Words of the shared memory: how many executions began or ended, and bytes of the tile's id. */
const [MOVES, ID_BYTES, WORDS] = [0, 1, 2];
const SHARED_BYTES = WORDS * 4 + ID_BYTES_MAX;

const ENCODER = new TextEncoder();
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

/**
 * Watches every TypeScript tile that runs in this process from now on. Threads are started when
 * the first one runs.
 */
export function installMemoryGuard(growthBytesMax: number = GUEST_GROWTH_BYTES_MAX): void {
  let guard: GuestWatch | null = null;
  const started = (): GuestWatch => {
    guard ??= startGuard(growthBytesMax);
    return guard;
  };
  watchGuests({ began: (tileId) => started().began(tileId), ended: () => started().ended() });
}

function startGuard(growthBytesMax: number): GuestWatch {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const words = new Int32Array(shared, 0, WORDS);
  const id = new Uint8Array(shared, WORDS * 4);
  const workerData = { shared, growthBytesMax, words: WORDS };
  new Worker(`(${look})();`, { eval: true, workerData, resourceLimits: HEAP, env: {} }).unref();
  let named = "";
  return {
    began: (tileId) => {
      if (tileId !== named) {
        named = tileId;
        const { written } = ENCODER.encodeInto(tileId, id);
        Atomics.store(words, ID_BYTES, written);
      }
      Atomics.add(words, MOVES, 1);
    },
    ended: () => {
      Atomics.add(words, MOVES, 1);
    },
  };
}

/**
 * What the thread does, which has only this text: while one execution goes on, compares the
 * memory of the process with what it was when it was first seen. Odd counts of moves: a tile runs.
 */
const look = `() => {
  const { workerData } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  const { shared, growthBytesMax } = workerData;
  const words = new Int32Array(shared, 0, workerData.words);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let seen = 0;
  let before = 0;
  for (;;) {
    Atomics.wait(pause, 0, 0, 20);
    const moves = Atomics.load(words, ${MOVES});
    const now = process.memoryUsage.rss();
    if (moves !== seen || moves % 2 === 0) {
      seen = moves;
      before = now;
      continue;
    }
    if (now - before <= growthBytesMax) continue;
    const bytes = new Uint8Array(shared, workerData.words * 4, Atomics.load(words, ${ID_BYTES}));
    const tile = Buffer.from(bytes).toString("latin1");
    const mib = Math.floor(growthBytesMax / 2 ** 20);
    writeSync(
      2,
      "error[E_TRAP_MEMORY]: tile " + tile + " takes more than " + mib + " MiB: " +
        "the run is ended\\n" +
        "  help: --backend isolate gives a tile a limit, and records how it ended.\\n",
    );
    process.kill(process.pid, "SIGKILL");
  }
}`;
