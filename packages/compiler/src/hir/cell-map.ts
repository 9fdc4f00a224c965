// A map by cell. Two plain maps by names that exist already: a key made of both names would be a
// new text, hashed anew, at every question, and rows ask for every call of a program.

import type { CellRef } from "./type.ts";

/** Values of cells. */
export class CellMap<T> {
  readonly #modules = new Map<string, Map<string, T>>();
  /** The module asked for last: the next question is most often about the same. */
  #name: string | null = null;
  #cells = new Map<string, T>();

  /** The value of a cell, if it has one. */
  get(cell: CellRef): T | undefined {
    if (cell.module !== this.#name) {
      const cells = this.#modules.get(cell.module);
      if (cells === undefined) return undefined;
      this.#name = cell.module;
      this.#cells = cells;
    }
    return this.#cells.get(cell.name);
  }

  /** Sets the value of a cell. */
  set(cell: CellRef, value: T): void {
    const cells = this.#modules.get(cell.module);
    if (cells === undefined) this.#modules.set(cell.module, new Map([[cell.name, value]]));
    else cells.set(cell.name, value);
  }
}
