// The tiles of a project on the back end that a run asks for.

import type { CostModel } from "@lumen/core/cost";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import { type Backend, ESTIMATE, type ExecutionMode, type LoadedTile } from "@lumen/raster";
import { type BackendEntry, backendNamed } from "./backends.ts";
import type { RunnableProject } from "./compile-project.ts";
import type { TierWatch } from "./tier-watch.ts";
import { projectTiles } from "./tiles.ts";

/** What a command says about the back end. */
export interface BackendRequest {
  readonly backend: string;
  /** The back ends that there are; those of this version when absent. */
  readonly backends?: readonly BackendEntry[];
  /** Told what people should know that changes no result, such as a damaged artifact. */
  readonly note: (text: string) => void;
  /** What is compiled, and who wants to know; the default when absent. */
  readonly tiers?: TierWatch;
}

/** `--prove` and `--verify`, which implies it. */
export interface ProofRequest {
  readonly prove: boolean;
  readonly verify: boolean;
}

/** How tiles are executed for a request. */
export function modeOf({ prove, verify }: ProofRequest): ExecutionMode {
  return prove || verify ? { kind: "prove", verify } : ESTIMATE;
}

/** The back end of a request, for a project that its user runs. */
export function openBackend(
  { backend, backends, note, tiers }: BackendRequest,
  model?: CostModel,
): Result<Backend, Failure> {
  const watched = tiers === undefined ? {} : { tiers };
  const counted = model === undefined ? {} : { model };
  return backendNamed(backend, { code: "own", warn: note, ...watched, ...counted }, backends);
}

/** Binds every tile to the back end of the request; what there is to say goes to `note`. */
export async function runTiles(
  project: RunnableProject,
  request: BackendRequest,
  mode: ExecutionMode = ESTIMATE,
): Promise<Result<ReadonlyMap<string, LoadedTile>, Failure>> {
  const backend = openBackend(request);
  if (!backend.ok) return backend;
  const tiles = await projectTiles(project, { backend: backend.value, mode, note: request.note });
  return tiles.ok ? ok(new Map([...tiles.value].map(([id, { tile }]) => [id, tile]))) : tiles;
}
