// Snapshots (language 14): `checkpoint` writes down the machine where it waits for the answer.

import type { Failure } from "@lumen/core/diagnostic";
import { err, type Result } from "@lumen/core/result";
import type { Machine } from "@lumen/vm";
import type { DoorAnswer } from "../door.ts";
import { answer, failed, type ProviderTable } from "./provider.ts";

/** `checkpoint` without a store gives null: there is no snapshot. */
export const NO_CHECKPOINTS: ProviderTable = { "state.checkpoint": () => answer(null) };

/** Where snapshots go. */
export interface CheckpointStore {
  readonly programId: Uint8Array;
  /** Keeps the bytes for good; the id under which a run can go on with them. */
  readonly save: (bytes: Uint8Array) => Result<string, Failure>;
  /** What makes a snapshot useless at the moment, `open socket`, or null. */
  readonly obstacle: () => string | null;
  /** Why these bytes may not be kept, or null. */
  readonly refusal: (bytes: Uint8Array) => string | null;
}

/** Answers `checkpoint` for one machine. */
export interface Checkpoints {
  readonly providers: ProviderTable;
  /** To be called when the machine has suspended and all that it asks was asked. */
  readonly suspended: (machine: Pick<Machine, "snapshot">) => void;
}

/**
 * Checkpoints that are asked while the machine runs are made when it has suspended: those of one
 * suspension are one snapshot, and each of them is answered with its id.
 */
export function makeCheckpoints(store: CheckpointStore): Checkpoints {
  let waiting: ((answer: DoorAnswer) => void)[] = [];
  return {
    providers: {
      "state.checkpoint": () => new Promise((resolve) => waiting.push(resolve)),
    },
    suspended: (machine) => {
      if (waiting.length === 0) return;
      const found = answerOf(store, machine);
      for (const resolve of waiting) resolve(found);
      waiting = [];
    },
  };
}

function answerOf(store: CheckpointStore, machine: Pick<Machine, "snapshot">): DoorAnswer {
  const obstacle = store.obstacle();
  const bytes = obstacle === null ? machine.snapshot(store.programId) : err(obstacle);
  const refused = bytes.ok ? store.refusal(bytes.value) : bytes.error;
  if (!bytes.ok || refused !== null) {
    const message = `runtime error: cannot checkpoint: ${refused}`;
    return { ok: false, code: "E_TRAP_OTHER", message };
  }
  const saved = store.save(bytes.value);
  return saved.ok ? answer(saved.value) : failed("checkpoint", saved.error.message, "E_IO");
}
