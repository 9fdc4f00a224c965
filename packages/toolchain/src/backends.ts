// The back ends of the command, by name (spec/formats.md 12).

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { Backend } from "@lumen/raster";
import { NativeBackend } from "@lumen/raster/backends/native";

/** A back end that can be asked for. */
export interface BackendEntry {
  readonly name: string;
  readonly open: () => Backend;
}

/** Every back end, the default first. */
export const BACKENDS: readonly BackendEntry[] = [
  { name: "native", open: () => new NativeBackend() },
];

/** A back end by name. `E_BACKEND_UNSUPPORTED` names the ones there are. */
export function backendNamed(name: string): Result<Backend, Failure> {
  const entry = BACKENDS.find((b) => b.name === name);
  if (entry !== undefined) return ok(entry.open());
  const hint = `This version has ${BACKENDS.map((b) => b.name).join(", ")}.`;
  const message = `there is no back end '${name}'`;
  return err(failure("E_BACKEND_UNSUPPORTED", "compile", message, { subject: name, hint }));
}
