// Judges one record against the state before it, by running the tile again (spec/formats.md 18.3,
// 20.2): what windows and fraud proofs have in common.

import type { MismatchReason, StepVerifier, TileOutcome } from "@lumen/core/cfs";
import { decodeRecord, type Outcome, type StepRecord } from "@lumen/core/commit";
import { type Failure, failure, type PlainJson } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { Awaitable } from "./awaitable.ts";

/** Why a leaf is wrong: the reasons of 18.3, and those of 20.2. */
export type WrongReason = MismatchReason | "malformed" | "premature-end" | "overrun";

/** What running a tile again gave, and how it ran. */
export interface ExecutedTile {
  readonly outcome: TileOutcome;
  readonly mode: "estimate" | "prove";
  readonly cycles: number | null;
  readonly receipt: Uint8Array | null;
  readonly verified: boolean | null;
}

/** Runs a tile of this code on input bytes. An error means that it could not be run. */
export type ExecuteStep = (call: {
  readonly tileId: string;
  readonly code: Uint8Array;
  readonly input: Uint8Array;
}) => Awaitable<Result<ExecutedTile, Failure>>;

/** Both sides of a wrong record. */
export interface Wrong {
  readonly kind: "wrong";
  readonly reason: WrongReason;
  readonly expected: PlainJson;
  readonly found: PlainJson;
}

/** The answer about one record; `executed` is null where no tile had to be run. */
export type Judgement = (
  | { readonly kind: "right"; readonly record: StepRecord }
  | Wrong
  | { readonly kind: "undecided"; readonly failure: Failure }
) & { readonly executed: ExecutedTile | null };

/** What the program file says: code digests by tile id, and how to run them. */
export interface StepMaterial {
  readonly codes: ReadonlyMap<string, Uint8Array>;
  readonly execute: ExecuteStep;
  /** Tiles run within the limits that were agreed on: a failure by a limit can be judged. */
  readonly limited?: boolean;
  /** Tiles for which the depth of calls is a limit too: no part of their language says it. */
  readonly isShallow?: (tileId: string) => boolean;
}

/** Failures by limits of a back end, which is no part of what is committed (12). */
const LIMIT_CODES: readonly string[] = ["E_TRAP_FUEL", "E_TRAP_MEMORY"];
/** Those of tiles whose depth of calls is bounded by what runs them. */
const SHALLOW_CODES: readonly string[] = [...LIMIT_CODES, "E_TRAP_STACK"];

/**
 * Judges the record that these bytes are said to be; the machine of `verifier` stands before it.
 */
export async function judgeStep(
  verifier: StepVerifier,
  bytes: Uint8Array,
  material: StepMaterial,
): Promise<Judgement> {
  const decoded = decodeRecord(bytes);
  if (!decoded.ok) return wrong("malformed", "a step record", toHex(bytes));
  const record = decoded.value;
  const next = verifier.machine.next();
  if (!next.ok) return undecided(next.error);
  if (next.value.kind !== "tile") return judgeEnd(verifier, record);
  if (record.kind === "Final")
    return wrong("premature-end", `a record of ${next.value.tile.id}`, "Final");
  const called = verifier.call(record);
  if (!called.ok) return mismatched(called.error, null);
  const executed = await runTile(next.value, material);
  if (!executed.ok) return undecided(executed.error);
  const applied = verifier.apply(record, { executed: executed.value.outcome });
  if (applied.ok) return { kind: "right", record, executed: executed.value };
  const { id } = next.value.tile;
  const isShallow = material.isShallow?.(id) === true;
  const { outcome } = called.value.record;
  const isLimit = endsAtLimit(outcome, executed.value.outcome, { isShallow });
  if (isLimit && material.limited !== true) return undecided(unknownLimit(id));
  return mismatched(applied.error, executed.value);
}

/** One side failed by a limit, and the other ended otherwise. */
export function endsAtLimit(
  stated: Outcome,
  given: Outcome | TileOutcome,
  { isShallow }: { readonly isShallow: boolean },
): boolean {
  const limits = isShallow ? SHALLOW_CODES : LIMIT_CODES;
  const codes = [stated, given].map((end) => (end.kind === "Err" ? end.code : null));
  const [a, b] = codes;
  return a !== b && codes.some((code) => code !== null && limits.includes(code));
}

/** That a tile ended at a limit which the recorded run did not have. */
export function confinedLimit(tileId: string, phase: "verify" | "replay"): Failure {
  const message = `"${tileId}" ended at a limit that only one of its runs had: it cannot be checked`;
  const hint = "A run with --backend isolate has the limits that a check has.";
  return failure("E_VERIFY_HOST", phase, message, { subject: tileId, hint });
}

/** That a step cannot be judged without the limits that it ran within. */
export function unknownLimit(tileId: string): Failure {
  const message = `"${tileId}" failed by a limit on one side: limits are those of a back end`;
  const hint = "Name the back end that both agreed on with --backend.";
  return failure("E_VERIFY_HOST", "dispute", message, { subject: tileId, hint });
}

/** The run is over: Final must say how. */
function judgeEnd(verifier: StepVerifier, record: StepRecord): Judgement {
  if (record.kind !== "Final") return wrong("overrun", "Final", `a ${record.kind} record`);
  const finished = verifier.finish(record);
  if (finished.ok) return { kind: "right", record, executed: null };
  return mismatched(finished.error, null);
}

async function runTile(
  next: { readonly tile: { readonly id: string }; readonly inputBytes: Uint8Array | null },
  { codes, execute }: StepMaterial,
): Promise<Result<ExecutedTile, Failure>> {
  const tileId = next.tile.id;
  const code = codes.get(tileId);
  if (code === undefined) {
    const message = `the program has no tile "${tileId}"`;
    return err(failure("E_TILE_NOT_FOUND", "dispute", message, { subject: tileId }));
  }
  if (next.inputBytes === null) {
    const message = `the input bytes of "${tileId}" are missing`;
    return err(failure("E_MISSING_VALUE", "dispute", message, { subject: tileId }));
  }
  const ran = await execute({ tileId, code, input: next.inputBytes });
  if (ran.ok) return ok(ran.value);
  const message = `a tile could not be run again: ${ran.error.message}`;
  return err(failure("E_VERIFY_HOST", "dispute", message, { cause: ran.error }));
}

function mismatched(cause: Failure, executed: ExecutedTile | null): Judgement {
  const { reason, expected = null, found = null } = cause.details ?? {};
  if (cause.code !== "E_STEP_MISMATCH") return { kind: "undecided", failure: cause, executed };
  // Decoder: `stepMismatch` puts a reason into each of its failures.
  return { kind: "wrong", reason: reason as MismatchReason, expected, found, executed };
}

function wrong(reason: WrongReason, expected: PlainJson, found: PlainJson): Judgement {
  return { kind: "wrong", reason, expected, found, executed: null };
}

function undecided(cause: Failure): Judgement {
  return { kind: "undecided", failure: cause, executed: null };
}
