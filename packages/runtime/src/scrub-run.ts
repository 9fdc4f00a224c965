// A run without secrets in what it tells other than through its host (language 11.7): a program may
// have put one together from pieces that nobody could tell.

import type { Value } from "@lumen/core/value";
import type { Request, TaskView } from "@lumen/vm";
import type {
  CellOutcome,
  CellRunOptions,
  TaskMove,
  TileAnswer,
  TileRequest,
  WaitingMachine,
} from "./run-cell.ts";
import type { Scrub } from "./secrets.ts";

/** What tasks and processes tell, without secrets; tiles get none (language 11.7). */
export function scrubbing(options: CellRunOptions, scrub: Scrub): CellRunOptions {
  const { onTask, onWait, runTile } = options;
  return {
    ...options,
    ...(onTask === undefined ? {} : { onTask: (move) => onTask(scrubbedMove(move, scrub)) }),
    ...(onWait === undefined
      ? {}
      : { onWait: (waiting) => onWait(scrubbedWaiting(waiting, scrub)) }),
    runTile: runTile === null ? null : (tile) => refusedSecret(tile, scrub) ?? runTile(tile),
  };
}

function scrubbedMove(move: TaskMove, scrub: Scrub): TaskMove {
  switch (move.kind) {
    case "spawned":
      return move;
    case "ended":
      return { ...move, message: scrub.text(move.message) };
    case "moved": {
      const { state } = move;
      const named = state === null ? null : [...state];
      const kept = named?.map(([name, value]): [string, Value] => [name, scrub.value(value)]);
      return { ...move, given: scrub.value(move.given), state: kept ? new Map(kept) : null };
    }
  }
}

/** Input and output of a tile are evidence: another input would be another run. */
function refusedSecret({ name, args }: TileRequest, scrub: Scrub): Promise<TileAnswer> | null {
  if (args.every((value) => scrub.value(value) === value)) return null;
  const message = `policy violation for '${name}': the input of a tile holds the value of a secret`;
  return Promise.resolve({ kind: "faulted", code: "E_POLICY", message });
}

/** How the run ended, without secrets. */
export function scrubbedOutcome(outcome: CellOutcome, scrub: Scrub): CellOutcome {
  switch (outcome.kind) {
    case "finished":
      return { ...outcome, value: scrub.value(outcome.value) };
    case "faulted": {
      const { fault } = outcome;
      return { ...outcome, fault: { ...fault, message: scrub.text(fault.message) } };
    }
    case "exited":
    case "stopped":
      return outcome;
  }
}

function scrubbedWaiting({ tasks, requests }: WaitingMachine, scrub: Scrub): WaitingMachine {
  return {
    tasks: () => tasks().map((task) => scrubbedTask(task, scrub)),
    requests: requests.map((request) => scrubbedQuestion(request, scrub)),
  };
}

function scrubbedTask(task: TaskView, scrub: Scrub): TaskView {
  const frames = task.frames.map((frame) => ({
    ...frame,
    variables: frame.variables.map(({ name, value }) => ({ name, value: scrub.value(value) })),
  }));
  return { ...task, frames };
}

function scrubbedQuestion(request: Request, scrub: Scrub): Request {
  return request.kind === "tool"
    ? { ...request, input: scrub.value(request.input) }
    : { ...request, args: request.args.map(scrub.value) };
}
