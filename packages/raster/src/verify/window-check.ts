// Checks a window document and replays it: its steps are those of the committed trace, and running
// their tiles again gives their records (spec/formats.md 19.2, 19.3).

import { resumeRun, StepVerifier } from "@lumen/core/cfs";
import {
  decodeRecord,
  decodeState,
  frontierAppend,
  frontierRoot,
  type GenesisRecord,
  leafOfBytes,
  type State,
  stateDigest,
  type TileRecord,
  verifyConsistency,
  type WindowDocument,
  windowId,
} from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import { type Disproved, disproved } from "./evidence-checks.ts";
import { type ExecutedTile, judgeStep, type Wrong } from "./judge-step.ts";
import { type EvidenceMaterial, schemaOf, sourceOf, wrongValue } from "./material.ts";
import { checkOpening } from "./proof-check.ts";

/** One step that was run again. */
export interface ReplayedStep extends Omit<ExecutedTile, "outcome"> {
  readonly index: number;
  readonly tileId: string;
}

/** What the replay of a window gave (19.3). */
export interface WindowReplay {
  readonly kind: "replayed";
  readonly matched: boolean;
  /** Bytes of the value of the run, where it ends within the window; else null. */
  readonly finalOutput: Uint8Array | null;
  readonly steps: readonly ReplayedStep[];
  /** The first step that is wrong; nothing behind it was run. */
  readonly firstMismatch: (Omit<Wrong, "kind"> & { readonly leafIndex: number }) | null;
}

/** The answer about a window. `undecided` says nothing about the trace. */
export type WindowVerdict =
  | WindowReplay
  | Disproved
  | { readonly kind: "undecided"; readonly failure: Failure };

/** Checks the document and runs its steps again. Never throws for what is in it. */
export async function replayWindow(
  window: WindowDocument,
  material: EvidenceMaterial,
): Promise<WindowVerdict> {
  const placed = checkPlace(window) ?? checkGenesis(window) ?? checkValues(window);
  if (placed !== null) return placed;
  const pre = checkPreState(window);
  if ("check" in pre) return pre;
  const schema = schemaOf(material, window);
  if (!schema.ok) return { kind: "undecided", failure: schema.error };
  const machine = resumeRun(schema.value, pre, {
    values: sourceOf(window.values),
    lists: window.lists,
    phase: "replay",
  });
  if (!machine.ok) return disproved("window-pre-state", machine.error.message);
  const codeOf = (tileId: string): Uint8Array | undefined => material.codes.get(tileId);
  return run(window, new StepVerifier(machine.value, { codeOf }), material);
}

async function run(
  window: WindowDocument,
  verifier: StepVerifier,
  material: EvidenceMaterial,
): Promise<WindowVerdict> {
  const steps: ReplayedStep[] = [];
  const replayed = { kind: "replayed", steps, finalOutput: null } as const;
  for (const [i, bytes] of window.records.entries()) {
    const judged = await judgeStep(verifier, bytes, material);
    if (judged.kind === "undecided") return { kind: "undecided", failure: judged.failure };
    if (judged.kind === "wrong") {
      const { reason, expected, found } = judged;
      const leafIndex = window.start + i + 1;
      const firstMismatch = { leafIndex, reason, expected, found };
      return { ...replayed, matched: false, firstMismatch };
    }
    if (judged.executed === null || judged.record.kind !== "Tile") continue;
    const { outcome: _outcome, ...how } = judged.executed;
    steps.push({ index: judged.record.index, tileId: judged.record.tileId, ...how });
  }
  const next = verifier.machine.next();
  const finalOutput = next.ok && next.value.kind === "done" ? next.value.outputBytes : null;
  return { ...replayed, matched: true, firstMismatch: null, finalOutput };
}

/** Range, id, and that the records stand in the trace where they are said to. */
function checkPlace(window: WindowDocument): Disproved | null {
  const { start, end, records, trace, prefixRoot, frontier } = window;
  const isRange = start < end && end < trace.size && records.length === end - start;
  if (!isRange) {
    const range = `steps ${start} to ${end} of ${trace.size} leaves, ${records.length} records`;
    return disproved("window-range", range);
  }
  const last = decodeRecord(records.at(-1) ?? new Uint8Array(0));
  if (last.ok && last.value.kind === "Final")
    return disproved("window-range", "the last record is Final, which is no step");
  const id = windowId({ root: trace.root, size: trace.size, start, end });
  if (!equalBytes(id, window.windowId)) return disproved("window-id", `it is ${toHex(id)}`);
  const before = start + 1;
  if (frontier.length !== setBits(before) || !equalBytes(frontierRoot(frontier), prefixRoot))
    return disproved("window-frontier", `it has the root ${toHex(frontierRoot(frontier))}`);
  const prefix = consistent(window, { size: before, root: prefixRoot, proof: window.prefixProof });
  if (!prefix.ok) return disproved("window-prefix", prefix.error.message);
  const root = rootWith(frontier, before, records);
  const whole = consistent(window, { size: end + 1, root, proof: window.endProof });
  if (!whole.ok) return disproved("window-records", whole.error.message);
  const opening = { record: window.preRecord, inclusion: window.preRecordProof };
  const included = checkOpening(opening, { leaf: start, tree: trace });
  return included.ok ? null : disproved("window-pre-record", included.error.message);
}

/** Leaf 0 says what ran: by another schema right steps could be called wrong. */
function checkGenesis(window: WindowDocument): Disproved | null {
  const { start, trace, preRecord, preRecordProof, genesis } = window;
  const opening = start === 0 ? { record: preRecord, inclusion: preRecordProof } : genesis;
  if (opening === null) return disproved("window-genesis", "it is not opened");
  const included = checkOpening(opening, { leaf: 0, tree: trace });
  if (!included.ok) return disproved("window-genesis", included.error.message);
  const record = decodeRecord(opening.record);
  if (!record.ok || record.value.kind !== "Genesis")
    return disproved("window-genesis", "leaf 0 is no Genesis record");
  const { entry, schemaHash, programId } = record.value;
  const names = `it names ${entry} of the schema ${toHex(schemaHash)}, program ${toHex(programId)}`;
  const isSame =
    entry === window.entry &&
    equalBytes(schemaHash, window.schemaHash) &&
    equalBytes(programId, window.programId ?? ZERO32);
  return isSame ? null : disproved("window-genesis", names);
}

function checkValues({ values }: WindowDocument): Disproved | null {
  const wrong = wrongValue(values);
  return wrong === null ? null : disproved("window-values", `the value ${wrong} has another`);
}

function checkPreState(window: WindowDocument): State | Disproved {
  const record = preRecord(window);
  if (!record.ok) return disproved("window-pre-record", record.error.message);
  if (record.value === null) return disproved("window-pre-record", "it has no state");
  const state = decodeState(window.preState);
  if (!state.ok) return disproved("window-pre-state", state.error.message);
  const found = stateDigest(state.value);
  if (equalBytes(found, record.value.postState)) return state.value;
  return disproved("window-pre-state", `its digest is ${toHex(found)}`);
}

/** The record before the window; null for one that has no state. */
function preRecord(window: WindowDocument): Result<GenesisRecord | TileRecord | null, Failure> {
  const record = decodeRecord(window.preRecord);
  if (!record.ok) return record;
  const { kind } = record.value;
  return ok(kind === "Genesis" || kind === "Tile" ? record.value : null);
}

function consistent(
  { trace }: WindowDocument,
  prefix: {
    readonly size: number;
    readonly root: Uint8Array;
    readonly proof: readonly Uint8Array[];
  },
): Result<null, Failure> {
  return verifyConsistency({
    size1: BigInt(prefix.size),
    size2: BigInt(trace.size),
    root1: prefix.root,
    root2: trace.root,
    proof: prefix.proof,
  });
}

function rootWith(
  frontier: readonly Uint8Array[],
  size: number,
  records: readonly Uint8Array[],
): Uint8Array {
  let grown: readonly Uint8Array[] = frontier;
  for (const [i, record] of records.entries())
    grown = frontierAppend(grown, size + i, leafOfBytes(record));
  return frontierRoot(grown);
}

/** Number of subtrees of a frontier: bits of the size that are set. */
function setBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
