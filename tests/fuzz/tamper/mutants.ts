// Ten kinds of tampering with a run. What a mutant says fits together as far as its forger can make
// it: indices, digests of stored bytes, and, for a forged output, everything that follows from it.

import { encodeRecord, type PathElem, type TileRecord } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import { concatBytes, equalBytes } from "@lumen/core/hash";
import type { LoadedTile } from "@lumen/raster";
import type { Random } from "../random.ts";
import type { TamperProgram } from "./programs.ts";
import { recordRun, type Step, type TamperRun } from "./record.ts";
import { NUMBER_TILES, otherOutput, tileOf } from "./tiles.ts";

/** What a tampering may look at. */
export interface Subject {
  readonly program: TamperProgram;
  readonly run: TamperRun;
  readonly random: Random;
}

/** The run tampered with; null where this run has no place for it. */
type Tamper = (subject: Subject) => TamperRun | null | Promise<TamperRun | null>;

/** The ten kinds. */
export const TAMPERS = {
  changed: ({ run, random }) => changed(run, random),
  dropped: ({ run, random }) => {
    const at = random.below(run.steps.length);
    return renumbered(run, run.steps.toSpliced(at, 1));
  },
  duplicated: ({ run, random }) => {
    const at = random.below(run.steps.length);
    return renumbered(run, run.steps.toSpliced(at, 0, ...run.steps.slice(at, at + 1)));
  },
  reordered: ({ run, random }) => reordered(run, random),
  "forged output": forgedOutput,
  "wrong tile": ({ run, random }) => wrongTile(run, random),
  "wrong path": ({ run, random }) => atSome(run, random, wrongPath),
  "wrong iteration": ({ run, random }) => atSome(run, random, wrongIteration),
  cut: ({ run, random }) => renumbered(run, run.steps.slice(0, random.below(run.steps.length))),
  extra: ({ run, random }) => extra(run, random),
} as const satisfies { readonly [name: string]: Tamper };

/** Name of a kind of tampering. */
export type TamperName = keyof typeof TAMPERS;

/** Whether two runs say the same: then the one is no mutant of the other. */
export function saysTheSame(a: TamperRun, b: TamperRun): boolean {
  return equalBytes(textOf(a), textOf(b));
}

function textOf({ genesis, steps, final, output }: TamperRun): Uint8Array {
  const empty = new Uint8Array(0);
  const parts = steps.flatMap((s) => [encodeRecord(s.record), s.input, s.output ?? empty]);
  return concatBytes(encodeRecord(genesis), ...parts, encodeRecord(final), output ?? empty);
}

/** Steps with indices in their order, and a Final that counts them. */
function renumbered(run: TamperRun, steps: readonly Step[]): TamperRun {
  const numbered = steps.map((step, index) => ({ ...step, record: { ...step.record, index } }));
  return { ...run, steps: numbered, final: { ...run.final, steps: steps.length } };
}

function withStep(run: TamperRun, at: number, step: Step): TamperRun {
  return { ...run, steps: run.steps.with(at, step) };
}

/** One step of the run changed, the first from a random one on that has a place for it. */
function atSome(
  run: TamperRun,
  random: Random,
  change: (record: TileRecord, random: Random) => TileRecord | null,
): TamperRun | null {
  const from = random.below(run.steps.length);
  for (let i = 0; i < run.steps.length; i += 1) {
    const at = (from + i) % run.steps.length;
    const step = run.steps[at];
    const record = step === undefined ? null : change(step.record, random);
    if (step !== undefined && record !== null) return withStep(run, at, { ...step, record });
  }
  return null;
}

const WRONG = new Uint8Array(32).fill(0xee);

/** One thing that a record, or the bytes beside it, say. */
const CHANGES: readonly [
  (step: Step) => Partial<Step> | null,
  ...((step: Step) => Partial<Step> | null)[],
] = [
  ({ record }) => ({ record: { ...record, inputDigest: WRONG } }),
  ({ record }) => ({ record: { ...record, code: WRONG } }),
  ({ record }) => ({ record: { ...record, postState: WRONG } }),
  ({ record }) => ({ record: { ...record, index: record.index + 1 } }),
  ({ record }) => ({ record: { ...record, outcome: { kind: "Ok", outputDigest: WRONG } } }),
  ({ record }) => ({
    record: { ...record, outcome: { kind: "Err", code: "E_TRAP_INDEX", errorDigest: WRONG } },
  }),
  ({ record }) => ({ record: { ...record, control: changedControl(record) } }),
  ({ input }) => ({ input: concatBytes(input, Uint8Array.of(1)) }),
  ({ output }) => (output === null ? null : { output: concatBytes(output, Uint8Array.of(1)) }),
];

function changedControl({ control }: TileRecord): TileRecord["control"] {
  if (control === null) return { done: true, nextDigest: WRONG };
  return { ...control, done: !control.done };
}

function changed(run: TamperRun, random: Random): TamperRun {
  if (random.below(10) === 0) return changedFrame(run, random);
  const at = random.below(run.steps.length);
  const step = run.steps[at];
  const change = step === undefined ? null : random.pick(CHANGES)(step);
  if (step === undefined || change === null) return changedFrame(run, random);
  return withStep(run, at, { ...step, ...change });
}

/** Genesis or Final changed. */
function changedFrame(run: TamperRun, random: Random): TamperRun {
  const { genesis, final } = run;
  switch (random.below(4)) {
    case 0:
      return { ...run, genesis: { ...genesis, postState: WRONG } };
    case 1:
      return { ...run, genesis: { ...genesis, inputDigests: [WRONG] } };
    case 2:
      return { ...run, final: { ...final, steps: final.steps + 1 } };
    default:
      return { ...run, final: { ...final, outcome: { kind: "Ok", outputDigest: WRONG } } };
  }
}

/** Two neighbours that differ, in the other order. */
function reordered(run: TamperRun, random: Random): TamperRun | null {
  const from = random.below(run.steps.length);
  for (let i = 0; i < run.steps.length - 1; i += 1) {
    const at = (from + i) % (run.steps.length - 1);
    const [a, b] = run.steps.slice(at, at + 2);
    if (a === undefined || b === undefined) continue;
    return renumbered(run, run.steps.toSpliced(at, 2, b, a));
  }
  return null;
}

/** One output replaced, and the rest of the run as it follows from that: all of it fits. */
async function forgedOutput({ program, run, random }: Subject): Promise<TamperRun | null> {
  const lieAt = random.below(run.steps.length);
  let executed = 0;
  const lie = (id: string, output: Uint8Array): Uint8Array => {
    executed += 1;
    return executed - 1 === lieAt ? otherOutput(id, output) : output;
  };
  const tiles = (id: string): LoadedTile | undefined => tileOf(id, lie);
  return (await recordRun(program, tiles)).run;
}

/** Another tile with its own code, which even gives what it would give. */
function wrongTile(run: TamperRun, random: Random): TamperRun | null {
  const other = random.pick(NUMBER_TILES);
  return atSome(run, random, (record) => {
    const tile = tileOf(other);
    if (record.tileId === other || tile === undefined) return null;
    return { ...record, tileId: other, code: tile.code };
  });
}

function wrongPath(record: TileRecord, random: Random): TileRecord | null {
  const { path } = record;
  const at = random.below(path.length);
  const elem = path[at];
  if (elem === undefined || random.below(5) === 0)
    return { ...record, path: [...path, { kind: "Item", index: 0 }] };
  if (random.below(5) === 0) return { ...record, path: path.toSpliced(at, 1) };
  return { ...record, path: path.with(at, { ...elem, index: elem.index + 1 + random.below(2) }) };
}

/** Of a recursion its number, with the path that belongs to it; of a loop that in the path. */
function wrongIteration(record: TileRecord, random: Random): TileRecord | null {
  const more = 1 + random.below(3);
  const moved = ({ kind, index }: PathElem): PathElem => ({ kind, index: index + more });
  const { path, iteration } = record;
  const at = path.findLastIndex(({ kind }) => kind === "Iter");
  const elem = path[at];
  if (elem === undefined) return iteration === null ? null : { ...record, iteration: more };
  const shifted = path.with(at, moved(elem));
  if (iteration === null) return { ...record, path: shifted };
  return { ...record, path: shifted, iteration: iteration + more };
}

/** A step that nobody called for: right in itself, where nothing has to run or something else. */
function extra(run: TamperRun, random: Random): TamperRun | null {
  const at = random.below(run.steps.length + 1);
  const like = run.steps[random.below(run.steps.length)];
  if (like === undefined) return null;
  const input = run.inputs[0] ?? like.input;
  const tile = tileOf("inc");
  const result = tile?.execute(input);
  if (tile === undefined || result === undefined || result instanceof Promise) return null;
  if (!result.ok || result.value.kind !== "finished") return null;
  const { output } = result.value;
  const record: TileRecord = {
    ...like.record,
    tileId: tile.id,
    code: tile.code,
    iteration: null,
    inputDigest: valueDigest(input),
    outcome: { kind: "Ok", outputDigest: valueDigest(output) },
    control: null,
  };
  return renumbered(run, run.steps.toSpliced(at, 0, { record, input, output }));
}
