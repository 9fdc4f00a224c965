// What a schema machine enters and leaves between two tiles, kept until the record of the step has
// been written: events of a step come before those of what follows it (spec/formats.md 13.2).

import type { Machine, Move } from "@lumen/core/cfs";
import type { PathElem, State } from "@lumen/core/commit";
import type { ErrorInfo } from "@lumen/core/trace";
import type { RunRecorder } from "./recorder.ts";

/**
 * A move that waits. Iterations of a loop that runs no tile follow each other and share one entry.
 */
type WaitingMove =
  | {
      readonly kind: "enter";
      readonly sequence: string;
      readonly path: readonly PathElem[] | number;
    }
  | { readonly kind: "leave"; readonly failed: boolean }
  | { readonly kind: "iterations"; readonly loop: string; readonly first: number; last: number };

/** Collects the moves of one run. */
export class MoveLog {
  #waiting: WaitingMove[] = [];
  #machine: Machine | null = null;

  /** For `MachineOptions.onMove`. */
  readonly take: (move: Move) => void = (move) => this.#take(move);

  /** Number of waiting entries: what the log's memory depends on. */
  get size(): number {
    return this.#waiting.length;
  }

  /** The machine, as soon as there is one: it knows where sequences stand. */
  attach(machine: Machine): void {
    this.#machine = machine;
  }

  /** Writes the waiting moves. `error` is that of sequences which failed. */
  flush(recorder: RunRecorder, error: ErrorInfo): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const move of waiting) {
      switch (move.kind) {
        case "enter":
          recorder.startSequence(move.sequence, this.#pathOf(move.path));
          break;
        case "leave":
          if (move.failed) recorder.failSequence(error);
          else recorder.endSequence();
          break;
        case "iterations":
          for (let i = move.first; i <= move.last; i += 1) recorder.markIteration(move.loop, i);
          break;
      }
    }
  }

  #take(move: Move): void {
    switch (move.kind) {
      case "enter":
        this.#waiting.push({
          kind: "enter",
          sequence: move.sequence,
          path: this.#place(move.depth),
        });
        break;
      case "leave":
        this.#waiting.push({ kind: "leave", failed: move.failed });
        break;
      case "iteration":
        this.#iteration(move.loop, move.iteration);
        break;
    }
  }

  #iteration(loop: string, iteration: number): void {
    const last = this.#waiting.at(-1);
    if (last?.kind === "iterations" && last.loop === loop && last.last + 1 === iteration) {
      last.last = iteration;
    } else {
      this.#waiting.push({ kind: "iterations", loop, first: iteration, last: iteration });
    }
  }

  /** Path of a sequence that is being entered, or its depth while there is no machine to ask. */
  #place(depth: number): readonly PathElem[] | number {
    const state = this.#machine?.state() ?? null;
    return state === null ? depth : pathBelow(state, depth);
  }

  #pathOf(place: readonly PathElem[] | number): readonly PathElem[] {
    if (typeof place !== "number") return place;
    // Entered before the first tile: where that tile stands says where.
    const next = this.#machine?.next();
    const path = next?.ok && next.value.kind === "tile" ? next.value.path : [];
    return prefixOf(path, place);
  }
}

/** Path of the item that the frame number `depth` executes (18.4). */
function pathBelow(state: State, depth: number): PathElem[] {
  const path: PathElem[] = [];
  for (const { kind, item } of state.stack.slice(0, depth)) {
    if (kind.kind === "Arm") path.push({ kind: "Arm", index: kind.arm });
    if (kind.kind === "Loop") {
      path.push({ kind: "Iter", index: kind.iteration });
      path.push({ kind: "Arm", index: kind.inHead ? 0 : 1 });
    }
    path.push({ kind: "Item", index: item });
  }
  return path;
}

/** The part of a path that `depth` frames make: each ends in one Item. */
function prefixOf(path: readonly PathElem[], depth: number): readonly PathElem[] {
  let items = 0;
  for (const [i, elem] of path.entries()) {
    if (items === depth) return path.slice(0, i);
    if (elem.kind === "Item") items += 1;
  }
  return items === depth ? path : [];
}
