// `lumen trace show --state PROCESS[@N]`: a version of the state of a process (formats 13.4), read
// from the machine of a replay.

import { failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { ok } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { Value } from "@lumen/core/value";
import type { LocatedFrame } from "./located-frames.ts";
import { openTrace, type TraceRequest } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { openCellRun, replayOf } from "./replay-cell.ts";
import { rerunCell } from "./rerun-cell.ts";
import { shownValue } from "./shown-value.ts";
import { placer } from "./state-at.ts";

/** Which version. `process`: `Door#1`, or `Door` where one instance moved. */
export interface StateRequest extends TraceRequest {
  readonly process: string;
  /** Null: the last. */
  readonly version: number | null;
}

/** A version of the state of a process. */
export interface ShownState {
  readonly process: string;
  readonly version: number;
  /** Number of the last version. */
  readonly versions: number;
  /** The move that made it; null for version 0. */
  readonly move: {
    readonly kind: string;
    readonly given: string;
    readonly before: string;
    readonly after: string;
    readonly place: LocatedFrame;
  } | null;
  /** Its named values in the order in which they were first set. */
  readonly state: readonly { readonly name: string; readonly value: string }[];
}

type Transition = TraceEvent & { readonly kind: "StateTransition" };

/**
 * Shows a version. E_USAGE names the processes and versions that there are; E_DIVERGENCE where the
 * replay does not give what the trace has.
 */
export async function showState(request: StateRequest): Promise<UseCase<ShownState>> {
  const opened = await openTrace(request);
  if (!opened.ok) return refuse(opened.error);
  const cell = openCellRun(opened.value);
  if (!cell.ok) return refuse(cell.error);
  const { trace, entry, inputs, recorded } = cell.value;
  const moves = recorded.events.filter((event) => event.kind === "StateTransition");
  const own = movesOf(moves, request);
  if (!own.ok) return own;
  const { process, versions, version, move } = own.value;
  if (move === null) return ok({ process, version, versions, move, state: [] });
  let number = 0;
  const found: Omit<ShownState, "process" | "version" | "versions">[] = [];
  const place = placer(trace.program);
  const again = await rerunCell(trace, entry, inputs, recorded, {
    keepStates: true,
    onMove: (done) => {
      if (done.kind !== "moved" || done.process !== process) return;
      number += 1;
      if (number !== version) return;
      const given = shownValue(done.given);
      const digests = { before: toHex(move.before), after: toHex(move.after) };
      found.push({
        move: { kind: done.move, given, ...digests, place: place(done.at) },
        state: visibleState(done.state ?? new Map()),
      });
    },
  });
  if (!again.ok) return refuse(again.error);
  const compared = replayOf(cell.value, again.value);
  if (!compared.ok) return refuse(compared.error);
  const [shown] = found;
  if (compared.value.kind === "identical" && shown !== undefined)
    return ok({ process, version, versions, ...shown });
  const message =
    compared.value.kind === "diverged"
      ? compared.value.message
      : "the program does not move so far";
  return refuse(failure("E_DIVERGENCE", "replay", message, { domain: "verifiable" }));
}

interface Chosen {
  readonly process: string;
  readonly versions: number;
  readonly version: number;
  readonly move: Transition | null;
}

function movesOf(moves: readonly Transition[], request: StateRequest): UseCase<Chosen> {
  const names = [...new Set(moves.map((m) => m.process))];
  const asked = names.filter((n) => n === request.process || n.startsWith(`${request.process}#`));
  const [process] = asked;
  const usage = (message: string): UseCase<Chosen> =>
    refuse(failure("E_USAGE", "load", message, { subject: request.process }));
  if (process === undefined || asked.length > 1) {
    const list = (asked.length > 1 ? asked : names).join(", ");
    const there = names.length === 0 ? "no process moved in this run" : `there are ${list}`;
    return usage(`${asked.length > 1 ? "which" : "no"} process '${request.process}': ${there}`);
  }
  const own = moves.filter((m) => m.process === process);
  const versions = own.length;
  const version = request.version ?? versions;
  if (version > versions)
    return usage(`${process} has no version ${version}: its versions are 0 to ${versions}`);
  return ok({ process, versions, version, move: own[version - 1] ?? null });
}

/** Names with a `$` are the compiler's; the log of a memory is what the versions are. */
function visibleState(state: ReadonlyMap<string, Value>): ShownState["state"] {
  return [...state]
    .filter(([name]) => !name.includes("$") && name !== "log")
    .map(([name, value]) => ({ name, value: shownValue(value) }));
}
