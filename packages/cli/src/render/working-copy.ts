// The note that the sources have changed since a run was recorded.

import type { WorkingCopy } from "@lumen/toolchain";
import type { Invocation } from "../command.ts";
import { paintFor } from "./paint.ts";
import { visible } from "./visible.ts";

/** Says so when the working copy is another program than the trace's; silent otherwise. */
export function workingCopyNote(invocation: Invocation, copy: WorkingCopy): void {
  if (copy.kind !== "changed" || invocation.flags.has("quiet")) return;
  const paint = paintFor(invocation.terminal);
  invocation.terminal.stdout(
    `  ${paint.yellow("note")}        the working copy has changed since this run: ${visible(copy.files.join(", "))}; the program file was used\n`,
  );
}
