// Whoever watches the guests that run in this process: nothing bounds them there, and a guest that
// takes all memory takes the process with it.

/** Told before and after every execution of a guest in this process. */
export interface GuestWatch {
  readonly began: (tileId: string) => void;
  readonly ended: () => void;
}

let watch: GuestWatch | null = null;

/** Makes every execution of a guest in this process known to `given`; null: to nobody. */
export function watchGuests(given: GuestWatch | null): void {
  watch = given;
}

/** Runs a guest under the eyes of the watch. */
export function watched<T>(tileId: string, run: () => T): T {
  if (watch === null) return run();
  watch.began(tileId);
  try {
    return run();
  } finally {
    watch.ended();
  }
}
