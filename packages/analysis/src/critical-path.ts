// The critical path of a run: from the outermost span down, at each level the span inside that took
// longest. Kept while the trace goes by, with the open spans only.

import { addCapped } from "@lumen/core/cost";
import type { CriticalStep } from "./report.ts";

/** A span and, inside it, the heaviest chain of spans. */
export interface Chain {
  readonly step: CriticalStep;
  readonly inner: Chain | null;
}

/** The heaviest span that has ended inside another one, or at the outermost level. */
export class Heaviest {
  #chain: Chain | null = null;

  /** The chain of the heaviest so far. */
  get chain(): Chain | null {
    return this.#chain;
  }

  /** Of equally heavy spans the first stays. */
  offer(chain: Chain): void {
    this.#chain = heavier(this.#chain, chain);
  }
}

/** An open span at the moment of a report. */
export interface OpenChain {
  readonly span: number;
  readonly parent: number;
  /** As if it ended now. */
  readonly step: CriticalStep;
  readonly inner: Chain | null;
}

/**
 * The critical path, outermost first: `ended` is the heaviest span of the outermost level that has
 * ended, `open` are the spans still open (of a run that goes on or was cut off), in any order.
 */
export function criticalPath(
  ended: Chain | null,
  open: readonly OpenChain[],
): readonly CriticalStep[] {
  const inner = new Map<number, Chain | null>();
  const known = new Set(open.map((span) => span.span));
  const cyclesInside = new Map<number, number>();
  let root = ended;
  // A span starts after its parent and so has a larger number: innermost first.
  for (const span of [...open].sort((a, b) => b.span - a.span)) {
    const cycles = addCapped(span.step.cycles, cyclesInside.get(span.span) ?? 0);
    const deepest = heavier(span.inner, inner.get(span.span) ?? null);
    const chain: Chain = { step: { ...span.step, cycles }, inner: deepest };
    if (known.has(span.parent)) {
      inner.set(span.parent, heavier(inner.get(span.parent) ?? null, chain));
      cyclesInside.set(span.parent, addCapped(cyclesInside.get(span.parent) ?? 0, cycles));
    } else {
      root = heavier(root, chain);
    }
  }
  return steps(root);
}

function heavier(a: Chain | null, b: Chain | null): Chain | null {
  if (a === null || b === null) return a ?? b;
  return isHeavier(b.step, a.step) ? b : a;
}

/** By time; by cycles where times are equal, as they all are in deterministic mode. */
function isHeavier(a: CriticalStep, b: CriticalStep): boolean {
  if (a.durationNs !== b.durationNs) return a.durationNs > b.durationNs;
  return a.cycles > b.cycles;
}

function steps(chain: Chain | null): CriticalStep[] {
  const path: CriticalStep[] = [];
  for (let at = chain; at !== null; at = at.inner) path.push(at.step);
  return path;
}
