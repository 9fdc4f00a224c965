// Why a snapshot cannot be made, or cannot be read. Thrown in this folder only: its entry points
// give Results.

/** Bytes that are no snapshot of this program. */
export class SnapshotError extends Error {
  /** Byte offset of what is refused. */
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Something in the machine that cannot be written down: `live actor`. */
export class NotStorable extends Error {
  readonly what: string;
  constructor(what: string) {
    super(what);
    this.what = what;
  }
}
