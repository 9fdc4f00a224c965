// The program file as checks of windows and fraud proofs need it: schema, code, and a way to run
// it.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { err, ok, type Result } from "@lumen/core/result";
import { type LoadedTile, machineOutcome } from "@lumen/raster";
import type { EvidenceMaterial, ExecuteStep } from "@lumen/raster/verify";
import { readBytes } from "./files.ts";
import { cfsText, type ReadProgram, readProgramFile } from "./program-file.ts";
import { isSandboxed, loadEvidenceTiles } from "./program-of-trace.ts";
import { findProgram } from "./trace-store.ts";

/** Material with what a fraud proof is checked with besides. */
export interface ProgramMaterial extends EvidenceMaterial {
  readonly programId: Uint8Array;
  readonly cells: ReadonlySet<string>;
  readonly program: ReadProgram;
}

/** The program of evidence, ready to be run. */
export function materialOf(
  program: ReadProgram,
  tiles: ReadonlyMap<string, LoadedTile>,
  /** `--backend`: the one whose limits count. */
  backend: string | undefined,
): Result<ProgramMaterial, Failure> {
  const schema = parseDocument(cfsText(program.program), {
    subject: "cfs.json of the program file",
  });
  if (!schema.ok) return schema;
  return ok({
    schema: schema.value,
    codes: new Map([...tiles.values()].map(({ id, code }) => [id, code])),
    execute: executeWith(tiles),
    limited: backend !== undefined,
    isShallow: (id) => isSandboxed(program, id),
    programId: program.bundle.index.programId,
    cells: new Set(program.program.cells.map(({ name }) => name)),
    program,
  });
}

function executeWith(tiles: ReadonlyMap<string, LoadedTile>): ExecuteStep {
  return async ({ tileId, input }) => {
    const tile = tiles.get(tileId);
    if (tile === undefined) {
      const message = `the program file has no tile '${tileId}'`;
      return err(failure("E_TILE_NOT_FOUND", "dispute", message, { subject: tileId }));
    }
    const ran = await tile.execute(input);
    if (!ran.ok) return ran;
    const proof = ran.value.kind === "finished" ? ran.value.proof : null;
    return ok({
      outcome: machineOutcome(ran.value),
      mode: proof === null ? "estimate" : "prove",
      cycles: ran.value.cycles,
      receipt: proof?.receipt ?? null,
      verified: proof?.verified ?? null,
    });
  };
}

/** Evidence in a file: where its program may be. */
export interface EvidenceFile {
  readonly file: string;
  readonly projectFolder: string;
  /** `--program FILE`. */
  readonly program: string | undefined;
  readonly backend: string | undefined;
}

/**
 * The program that a document of evidence names; null: it names none, so one must be given. What
 * runs is bound by the records, whatever the document says.
 */
export async function materialOfFile(
  request: EvidenceFile,
  programId: Uint8Array | null,
): Promise<Result<ProgramMaterial, Failure>> {
  const program = programOf(request, programId);
  if (!program.ok) return program;
  const tiles = await loadEvidenceTiles(program.value, request.backend);
  return tiles.ok ? materialOf(program.value, tiles.value, request.backend) : tiles;
}

function programOf(
  { file, projectFolder, program: given }: EvidenceFile,
  programId: Uint8Array | null,
): Result<ReadProgram, Failure> {
  if (programId !== null) return findProgram({ programId, tracePath: file, projectFolder, given });
  if (given === undefined) {
    const message = "the document names no program file";
    const hint = "Give it with --program FILE.";
    return err(failure("E_ARTIFACT_MISSING", "load", message, { subject: file, hint }));
  }
  const bytes = readBytes(given, "load");
  return bytes.ok ? readProgramFile(bytes.value, given) : bytes;
}
