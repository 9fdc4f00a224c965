// What the codecs of values share on the way in: the bytes, the nesting, and the limits.

import { VALUE_DEPTH_MAX } from "./value-writer.ts";
import { WireReader, ZERO_SIZE_COUNT_MAX } from "./wire-reader.ts";

/** A reader that bounds what a few bytes may expand to (formats 4.2 rule 6). */
export class ValueReader extends WireReader {
  private depth = 0;
  private zeroSizeCount = 0;

  /** Opens a container. */
  enter(): void {
    if (this.depth >= VALUE_DEPTH_MAX) this.fail("too-deep", this.offset);
    this.depth += 1;
  }

  /** Closes a container. */
  leave(): void {
    this.depth -= 1;
  }

  /** The count of a list, set or map whose items have at least `itemBytesMin` bytes. */
  itemCount(itemBytesMin: number): number {
    const start = this.offset;
    const count = this.count(itemBytesMin);
    if (itemBytesMin === 0) this.addZeroSize(count, start);
    return count;
  }

  /** Checks, before anything is allocated, that `count` items of an array can follow. */
  arrayCount(count: number, itemBytesMin: number): void {
    if (itemBytesMin === 0) this.addZeroSize(count, this.offset);
    else if (count * itemBytesMin > this.remaining) this.fail("end-of-input", this.offset);
  }

  /** All items without bytes count together, or nested ones would multiply. */
  private addZeroSize(count: number, offset: number): void {
    this.zeroSizeCount += count;
    if (this.zeroSizeCount > ZERO_SIZE_COUNT_MAX) this.fail("too-large", offset);
  }
}
