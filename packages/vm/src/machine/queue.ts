// First in, first out, in amortised constant time: arrays move all their items when the first
// leaves.

/** A queue. */
export class Queue<T> {
  private items: T[] = [];
  /** Items before it have left. */
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  /** The item that leaves next, which stays. */
  get first(): T | undefined {
    return this.items[this.head];
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (this.head < this.items.length) this.head += 1;
    if (2 * this.head >= this.items.length) this.keep(this.items.slice(this.head));
    return item;
  }

  /** Takes everything out, in order. */
  drain(): readonly T[] {
    const all = this.items.slice(this.head);
    this.keep([]);
    return all;
  }

  /** Takes out what the test holds for. O(length). */
  remove(test: (item: T) => boolean): void {
    this.keep(this.items.slice(this.head).filter((item) => !test(item)));
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.head; i < this.items.length; i += 1) yield this.items[i] as T;
  }

  private keep(items: T[]): void {
    this.items = items;
    this.head = 0;
  }
}
