// Runs the guests of TypeScript tiles: in the sandbox, or in this process.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { TileMetadata } from "../../backend.ts";
import type { GuestEngine, GuestLimits, OpenGuest } from "../guest-engine.ts";
import { guestResult } from "./guest-outcome.ts";
import { InProcess } from "./in-process.ts";
import { CYCLES_PER_PAUSE, MEMORY_BYTES_MAX, PAUSES_MAX, type SandboxLimits } from "./limits.ts";
import { Sandbox } from "./sandbox.ts";

/**
 * Where guests run: `sandbox` for code that comes from somebody else, as with a program file;
 * `process`, without limits, only for the code of one's own project.
 */
export type GuestPlace = "sandbox" | "process";

/** The engine of TypeScript tiles. Cycles are null: no two engines count them in the same way. */
export function jsEngine(place: GuestPlace): GuestEngine {
  const sandbox = new Sandbox();
  const process = place === "process" ? new InProcess() : null;
  return {
    kind: "js",
    open: (metadata, code): Result<OpenGuest, Failure> => {
      const source = utf8Decode(code);
      if (source === null) return err(noText(metadata));
      const guest = { source, tileId: metadata.id };
      const execute: OpenGuest["execute"] = (input, limits) => {
        if (process !== null) return ok(finished(metadata, process.run(guest, input)));
        return sandbox
          .run(guest, input, sandboxLimits(metadata, limits))
          .then((answer) => (answer.ok ? ok(finished(metadata, answer.value)) : answer));
      };
      return ok({ execute });
    },
  };
}

function finished(
  metadata: TileMetadata,
  answer: Parameters<typeof guestResult>[1],
): { readonly result: ReturnType<typeof guestResult>; readonly allocatedBytes: null } {
  return { result: guestResult(metadata, answer), allocatedBytes: null };
}

/** Without limits the same as those of the back end `isolate`, so that outcomes agree. */
function sandboxLimits(
  { maxMemory }: TileMetadata,
  { cyclesMax, memoryBytesMax }: GuestLimits,
): SandboxLimits {
  const pauses = cyclesMax === undefined ? PAUSES_MAX : Math.ceil(cyclesMax / CYCLES_PER_PAUSE);
  const most = Math.min(maxMemory ?? MEMORY_BYTES_MAX, MEMORY_BYTES_MAX);
  return { pauses, memoryBytes: memoryBytesMax ?? most };
}

function noText({ id }: TileMetadata): Failure {
  const message = `the code of tile "${id}" is no UTF-8 text`;
  return failure("E_ARTIFACT_CORRUPT", "load", message, { subject: id });
}
