// `lumen run-tile`: one execution of one tile on a back end, without a trace (spec/formats.md 6).

import type { Diagnostic } from "@lumen/core/diagnostic";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { abiInputBytes } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { TileEntry } from "@lumen/core/program";
import { err, ok, type Result, required } from "@lumen/core/result";
import type { TileResult } from "@lumen/raster";
import type { ProjectOptions, RunnableProject } from "./compile-project.ts";
import { type InputSource, readInput } from "./input.ts";
import { locateFault } from "./locate-fault.ts";
import { openProgramFor } from "./open-program.ts";
import { programRules } from "./program-rules.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { outputOf, type RunReport } from "./run-report.ts";
import { type BackendRequest, modeOf, openBackend, type ProofRequest } from "./run-tiles.ts";
import { projectScrub } from "./secret-guard.ts";
import { noTile, projectTiles } from "./tiles.ts";

/** Which tile is run, on what. */
export interface TileRunRequest extends BackendRequest, ProofRequest {
  readonly target: string;
  readonly options?: ProjectOptions;
  /** undefined: the only one of the program. */
  readonly tile: string | undefined;
  readonly input: InputSource;
}

/** What a tile gave, and what it took. */
export interface TileRunReport {
  readonly tileId: string;
  readonly backend: string;
  readonly methodId: string;
  readonly outcome: RunReport["outcome"];
  /** Null where the back end does not count them. */
  readonly cycles: number | null;
  readonly proofCycles: number | null;
  /** Hexadecimal; null where nothing was proved. */
  readonly receipt: string | null;
  readonly verified: boolean | null;
  readonly warnings: readonly Diagnostic[];
  readonly project: RunnableProject;
}

/** Runs one tile. A failure of the tile is an outcome; a refusal means that it did not run. */
export async function runTile(request: TileRunRequest): Promise<UseCase<TileRunReport>> {
  const opened = await openProgramFor("--tile", request);
  if (!opened.ok) return opened;
  const project = opened.value;
  const entry = chosenTile(project.program.tiles, request.tile);
  if (!entry.ok) return refuse(entry.error);
  const input = inputOf(project, entry.value, request.input);
  if (!input.ok) return refuse(input.error);
  const backend = openBackend(request);
  if (!backend.ok) return refuse(backend.error);
  const tiles = await projectTiles(project, {
    backend: backend.value,
    mode: modeOf(request),
    note: request.note,
    entries: [entry.value],
  });
  if (!tiles.ok) return refuse(tiles.error);
  const { tile } = required(tiles.value.get(entry.value.id), "the tile that was asked for");
  const ran = await tile.execute(input.value);
  if (!ran.ok) return refuse(ran.error);
  const proof = ran.value.kind === "finished" ? ran.value.proof : null;
  const receipt = proof?.receipt ?? null;
  return ok({
    tileId: tile.id,
    backend: tile.backend,
    methodId: toHex(tile.methodId),
    outcome: await outcomeOf(project, entry.value, input.value, ran.value),
    cycles: ran.value.cycles,
    proofCycles: proof?.proofCycles ?? null,
    receipt: receipt === null ? null : toHex(receipt),
    verified: proof?.verified ?? null,
    warnings: project.diagnostics,
    project,
  });
}

function chosenTile(
  tiles: readonly TileEntry[],
  id: string | undefined,
): Result<TileEntry, Failure> {
  const [only, second] = tiles;
  if (id !== undefined) {
    const entry = tiles.find((tile) => tile.id === id);
    return entry === undefined ? err(noTile(tiles, id)) : ok(entry);
  }
  if (only !== undefined && second === undefined) return ok(only);
  if (only === undefined)
    return err(failure("E_TILE_NOT_FOUND", "load", "the program has no tiles"));
  const hint = `Name one with --tile: ${tiles.map((tile) => tile.id).join(", ")}.`;
  const message = `the program has ${tiles.length} tiles`;
  return err(failure("E_USAGE", "load", message, { subject: "--tile", hint }));
}

/** ABI input bytes; several parameters are encoded as one tuple. */
function inputOf(
  { program, project }: RunnableProject,
  entry: TileEntry,
  source: InputSource,
): Result<Uint8Array, Failure> {
  const rules = programRules(program);
  if (!rules.ok) return rules;
  const guarded = { ...source, scrub: projectScrub(project) };
  const input = readInput(entry.params, guarded, rules.value);
  if (!input.ok) return input;
  return abiInputBytes(
    entry.params.map((p) => p.type),
    input.value.values,
  );
}

async function outcomeOf(
  project: RunnableProject,
  entry: TileEntry,
  input: Uint8Array,
  result: TileResult,
): Promise<RunReport["outcome"]> {
  if (result.kind === "finished") return outputOf(entry.output, result.output);
  const { code, message, error, stack } = result.failure;
  const located = await locateFault(project, { tileId: entry.id, input, code });
  return {
    kind: "failed",
    failure: {
      code,
      message,
      error,
      tileId: entry.id,
      path: null,
      stack: located.length === 0 ? stack : located,
    },
  };
}
