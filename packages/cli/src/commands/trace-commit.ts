// lumen trace commit, prove and check

import { type CommittedClaim, claimOf, recordToJson } from "@lumen/core/commit";
import { fromHex, toHex } from "@lumen/core/hash";
import type { Proven } from "@lumen/raster/verify";
import { checkProofFile, commitTrace, proveTrace, type TraceLeaves } from "@lumen/toolchain";
import { EXIT, type Invocation } from "../command.ts";
import { showFailure } from "../render/failures.ts";
import { paintFor } from "../render/paint.ts";
import { countOf, grouped } from "../render/table.ts";
import { visible } from "../render/visible.ts";
import { fromWorkingDirectory, traceArgument, wholeNumber } from "./inputs.ts";
import { conclude, usageError } from "./outcome.ts";

/** Shows what a trace commits to; ends with 3 where its own end says something else. */
export function commitCommand(invocation: Invocation, trace: string | undefined): Promise<number> {
  const request = {
    trace: traceArgument(invocation, trace),
    projectFolder: invocation.project,
  };
  return conclude(invocation, commitTrace(request), (leaves) => {
    if (leaves.mismatch !== null) {
      showFailure(invocation, leaves.mismatch);
      return EXIT.rejected;
    }
    showLeaves(invocation, leaves);
    return EXIT.ok;
  });
}

function showLeaves(invocation: Invocation, leaves: TraceLeaves): void {
  const { terminal, format } = invocation;
  const { path, steps, genesis, whole } = leaves;
  const claim = claimTexts(leaves);
  const programId = genesis.programId.some((byte) => byte !== 0) ? toHex(genesis.programId) : null;
  if (format === "json") {
    terminal.stdout(`${JSON.stringify({ path, steps, ...claim, programId, whole })}\n`);
    return;
  }
  const paint = paintFor(terminal);
  terminal.stdout(`${paint.bold(visible(path))}\n`);
  terminal.stdout(`  size        ${grouped(claim.size)} leaves (${countOf(steps, "step")})\n`);
  terminal.stdout(`  root        ${claim.root}\n`);
  terminal.stdout(`  schema      ${claim.schemaHash}\n`);
  terminal.stdout(`  program     ${programId ?? "code not bound"}\n`);
  terminal.stdout(`  commitment  ${paint.bold(claim.commitment)}\n`);
  unfinishedNote(invocation, leaves);
}

/** A commitment to a part of a run is one to that part only. */
function unfinishedNote({ terminal }: Invocation, { whole, torn }: TraceLeaves): void {
  const paint = paintFor(terminal);
  if (torn !== null) terminal.stderr(`${paint.yellow("torn")}: ${visible(torn.message)}\n`);
  if (!whole)
    terminal.stderr(`${paint.yellow("note")}: the run has no end: this is its beginning\n`);
}

function claimTexts(claim: Omit<CommittedClaim, "traceCommitment">): {
  readonly size: number;
  readonly root: string;
  readonly schemaHash: string;
  readonly commitment: string;
} {
  const { size, root, schemaHash, traceCommitment } = claimOf(claim);
  return {
    size,
    root: toHex(root),
    schemaHash: toHex(schemaHash),
    commitment: toHex(traceCommitment),
  };
}

/** Writes a proof that a record is in the trace, or that the trace continues a shorter one. */
export async function proveCommand(
  invocation: Invocation,
  trace: string | undefined,
): Promise<number> {
  const { options, project, terminal, format, flags } = invocation;
  const { leaf, from, output } = options;
  if ((leaf === undefined) === (from === undefined))
    return usageError(invocation, "trace", "prove needs either --leaf K or --from M");
  const number = wholeNumber(leaf ?? from ?? "");
  if (number === null)
    return usageError(invocation, "trace", `expected a whole number, found '${leaf ?? from}'`);
  const out = output === undefined ? undefined : fromWorkingDirectory(invocation, output);
  const report = proveTrace({
    trace: traceArgument(invocation, trace),
    projectFolder: project,
    what: leaf === undefined ? { kind: "from", size: number } : { kind: "leaf", leaf: number },
    out,
  });
  return conclude(invocation, report, ({ leaves, proof, text }) => {
    if (format !== "json") unfinishedNote(invocation, leaves);
    if (out === undefined) terminal.stdout(text);
    else if (format === "json")
      terminal.stdout(`${JSON.stringify({ path: out, kind: proof.kind })}\n`);
    else if (!flags.has("quiet")) {
      const commitment = toHex(proof.claim.traceCommitment);
      terminal.stdout(`${visible(out)}  ${proof.kind}, of the commitment ${commitment}\n`);
    }
    return EXIT.ok;
  });
}

/** Checks a proof; a wrong one ends with 3. */
export async function checkProofCommand(
  invocation: Invocation,
  file: string | undefined,
): Promise<number> {
  const { commitment } = invocation.options;
  if (file === undefined) return usageError(invocation, "trace", "check needs a FILE");
  const held = commitment === undefined ? undefined : fromHex(commitment);
  if (held === null || (held !== undefined && held.length !== 32))
    return usageError(invocation, "trace", "--commitment is 64 lowercase hex digits");
  const request = { file: fromWorkingDirectory(invocation, file), commitment: held };
  return conclude(invocation, checkProofFile(request), (checked) => {
    if (!checked.ok) {
      showFailure(invocation, checked.error);
      return EXIT.rejected;
    }
    showProven(invocation, checked.value, held !== undefined);
    return EXIT.ok;
  });
}

function showProven(invocation: Invocation, proven: Proven, isHeld: boolean): void {
  const { terminal, format } = invocation;
  const { commitment } = claimTexts(proven.claim);
  if (format === "json") {
    terminal.stdout(
      `${JSON.stringify({ kind: proven.kind, ...provenJson(proven), commitment })}\n`,
    );
    return;
  }
  const paint = paintFor(terminal);
  terminal.stdout(`${paint.green(paint.bold("proven"))}  ${visible(sentence(proven))}\n`);
  terminal.stdout(`  commitment  ${commitment}\n`);
  if (!isHeld)
    terminal.stdout(
      `  ${paint.yellow("note")}        the commitment is that of the file; compare it, or give --commitment\n`,
    );
}

function sentence(proven: Proven): string {
  if (proven.kind === "consistency")
    return `the trace of ${proven.claim.size} leaves begins with ${proven.from.size} leaves of root ${toHex(proven.from.root)}`;
  const { record, leafIndex, claim } = proven;
  const what =
    record === null
      ? "data that is no record"
      : record.kind === "Tile"
        ? `a record of the tile ${record.tileId}`
        : `a ${record.kind} record`;
  return `leaf ${leafIndex} of ${claim.size} is ${what}`;
}

function provenJson(proven: Proven): object {
  if (proven.kind === "consistency")
    return {
      from: { size: proven.from.size, root: toHex(proven.from.root) },
      size: proven.claim.size,
    };
  const { leafIndex, record, claim } = proven;
  return { leafIndex, size: claim.size, record: record === null ? null : recordToJson(record) };
}
