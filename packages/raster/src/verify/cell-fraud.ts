// Judges a record of a run entered by a cell, as far as the record itself says (spec/formats.md
// 15.4): a tile is run again. What the cell asks for, and what it is told, only a replay can judge.

import { outcomeOf, type TileOutcome } from "@lumen/core/cfs";
import {
  decodeRecord,
  type FraudProofDocument,
  formatPath,
  type Outcome,
  type StepRecord,
  type TileRecord,
} from "@lumen/core/commit";
import { type Failure, failure, type PlainJson } from "@lumen/core/diagnostic";
import { valueDigest } from "@lumen/core/encoding";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import {
  type ExecutedTile,
  endsAtLimit,
  type Judgement,
  type StepMaterial,
  unknownLimit,
  type WrongReason,
} from "./judge-step.ts";

/** Judges a record of a cell run; `pre` is the record before it. */
export async function judgeCellStep(
  proof: FraudProofDocument,
  pre: StepRecord,
  material: StepMaterial,
): Promise<Judgement> {
  const decoded = decodeRecord(proof.step.record);
  if (!decoded.ok) return wrong("malformed", "a step record", toHex(proof.step.record));
  const record = decoded.value;
  const steps = pre.kind === "Tile" || pre.kind === "Request" ? pre.index + 1 : 0;
  if (record.kind === "Genesis") return wrong("tile", "a step", "Genesis");
  const count = record.kind === "Final" ? record.steps : record.index;
  if (count !== steps) return wrong("length", steps, count);
  if (record.kind !== "Tile") return byReplay(`a ${record.kind} record`);
  const placed = checkPlace(record, pre, material);
  if (placed !== null) return placed;
  const input = proof.values.get(toHex(record.inputDigest));
  if (input === undefined) return missing(record);
  const code = material.codes.get(record.tileId) ?? record.code;
  const ran = await material.execute({ tileId: record.tileId, code, input });
  if (!ran.ok) return undecided(ran.error);
  const isShallow = material.isShallow?.(record.tileId) === true;
  const isLimit = endsAtLimit(record.outcome, ran.value.outcome, { isShallow });
  if (isLimit && material.limited !== true) return undecided(unknownLimit(record.tileId));
  return judgeOutcome(record, ran.value) ?? { kind: "right", record, executed: ran.value };
}

/** What a record of a tile says without its values. */
function checkPlace(
  record: TileRecord,
  pre: StepRecord,
  { codes }: StepMaterial,
): Judgement | null {
  const { tileId, path, code, iteration, postState } = record;
  const known = codes.get(tileId);
  if (known === undefined) return wrong("tile", "a tile of the program", tileId);
  if (path.length > 0) return wrong("path", "", formatPath(path));
  const open = pre.kind === "Tile" && pre.control?.done === false ? pre : null;
  const expected = open === null ? null : (open.iteration ?? 0) + 1;
  // A call that begins may be one of either kind; one that is not done goes on.
  const starts = open === null && (iteration === null || iteration === 0);
  if (open !== null && tileId !== open.tileId) return wrong("tile", open.tileId, tileId);
  if (!starts && iteration !== expected) return wrong("iteration", expected, iteration);
  if (!equalBytes(known, code)) return wrong("artifact", toHex(known), toHex(code));
  const next = open?.control?.nextDigest ?? record.inputDigest;
  if (!equalBytes(next, record.inputDigest))
    return wrong("input", toHex(next), toHex(record.inputDigest));
  if (equalBytes(postState, ZERO32)) return null;
  return wrong("state", toHex(ZERO32), toHex(postState));
}

function judgeOutcome(record: TileRecord, executed: ExecutedTile): Judgement | null {
  const { outcome, control, iteration } = record;
  const again = outcomeOf(executed.outcome);
  const found = outcomeText(outcome);
  if (outcomeText(again) !== found) return wrong("output", outcomeText(again), found, executed);
  const expected = iteration === null ? null : controlText(executed.outcome);
  const stated = control === null ? null : `${control.done} ${toHex(control.nextDigest)}`;
  return stated === expected ? null : wrong("control", expected, stated, executed);
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === "Ok"
    ? `ok ${toHex(outcome.outputDigest)}`
    : `err ${outcome.code} ${toHex(outcome.errorDigest)}`;
}

function controlText(outcome: TileOutcome): string | null {
  if (outcome.kind === "Err") return null;
  const next = valueDigest(outcome.output.subarray(1));
  return `${outcome.output[0] === 1} ${toHex(next)}`;
}

function byReplay(what: string): Judgement {
  const message = `${what} of a cell is judged by replaying the run, not by one step`;
  const hint = "lumen replay TRACE says which records the program gives.";
  return undecided(failure("E_NOT_EXPRESSIBLE", "dispute", message, { hint }));
}

function missing({ inputDigest, tileId }: TileRecord): Judgement {
  const message = `the input bytes of "${tileId}" (${toHex(inputDigest)}) are missing`;
  return undecided(failure("E_MISSING_VALUE", "dispute", message, { subject: tileId }));
}

function undecided(cause: Failure): Judgement {
  return { kind: "undecided", failure: cause, executed: null };
}

function wrong(
  reason: WrongReason,
  expected: PlainJson,
  found: PlainJson,
  executed: ExecutedTile | null = null,
): Judgement {
  return { kind: "wrong", reason, expected, found, executed };
}
