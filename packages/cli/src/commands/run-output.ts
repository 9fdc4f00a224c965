// How runs show their failures, whatever command they are of.

import { toHex } from "@lumen/core/hash";
import type { RunFailure, RunnableProject } from "@lumen/toolchain";
import { EXIT, type Invocation, type OptionTable } from "../command.ts";
import { paintFor } from "../render/paint.ts";
import { renderRunFailure } from "../render/run.ts";

/** `--prove` and `--verify`. */
export const PROOF_OPTIONS: OptionTable = {
  prove: { help: "prove each execution, where the back end can" },
  verify: { help: "prove, and check the receipts" },
};

/** What is asked for by them. */
export function proofOf({ flags }: Invocation): {
  readonly prove: boolean;
  readonly verify: boolean;
} {
  return { prove: flags.has("prove"), verify: flags.has("verify") };
}

/** Shows why a program failed and ends with 1. `more`: further fields of the JSON form. */
export function showRunFailure(
  { terminal, format }: Invocation,
  failure: RunFailure,
  project: RunnableProject,
  more: object = {},
): number {
  if (format === "json") {
    const head = { type: "error", domain: "verifiable", phase: "execute" };
    terminal.stdout(`${JSON.stringify({ ...head, ...failureJson(failure), ...more })}\n`);
  } else terminal.stderr(renderRunFailure(failure, project, paintFor(terminal)));
  return EXIT.failed;
}

function failureJson({ code, message, tileId, path, stack, error }: RunFailure): object {
  return { code, message, tileId, path, stack, error: { $hex: toHex(error) } };
}
