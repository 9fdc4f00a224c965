// The tiles of a project on the back end that a run asks for.

import type { Failure } from "@lumen/core/diagnostic";
import type { Result } from "@lumen/core/result";
import type { LoadedTile } from "@lumen/raster";
import { backendNamed } from "./backends.ts";
import type { RunnableProject } from "./compile-project.ts";
import type { RunRequest } from "./run-report.ts";
import { projectTiles } from "./tiles.ts";

/** Binds every tile to the back end of the request; what there is to say goes to `notes`. */
export async function runTiles(
  project: RunnableProject,
  { backend: name, note }: Pick<RunRequest, "backend" | "note">,
): Promise<Result<ReadonlyMap<string, LoadedTile>, Failure>> {
  const backend = backendNamed(name, { code: "own", warn: note });
  return backend.ok ? projectTiles(project, { backend: backend.value, note }) : backend;
}
