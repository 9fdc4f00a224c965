// One program of what both front ends made: one name space of ids, one schema.

import type { ProgramSummary } from "@lumen/compiler";
import { readCfs, writeCfs } from "@lumen/core/cfs";
import {
  DIAGNOSTICS,
  type Diagnostic,
  type DiagnosticCode,
  makeSourceText,
} from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { NO_POLICY, type Program, type ProgramCell, programCfs } from "@lumen/core/program";
import type { Project } from "../project.ts";
import { duplicate, type TypeScriptPart } from "./front-end.ts";
import type { Place } from "./positions.ts";
import { made } from "./registrations.ts";

/** The program of a project without a Lumen document. */
export function emptyProgram({ name, version }: Pick<Project, "name" | "version">): Program {
  return {
    project: name,
    version,
    modules: [],
    tiles: [],
    sequences: [],
    cells: [],
    cfs: programCfs({ project: name, tiles: [], sequences: [] }),
    entry: null,
    fieldDefaults: [],
    recordChecks: [],
    policy: NO_POLICY,
  };
}

/** What is joined, and what stands in the way. */
export interface Joined<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Both parts as one program; E0803 for an id of both, and what the checks of schemas find. */
export function joinPrograms(
  program: Program,
  part: TypeScriptPart,
  sources: ReadonlyMap<string, string>,
): Joined<Program> {
  const tiles = byId([...program.tiles, ...part.tiles]);
  const sequences = byId([...program.sequences, ...part.sequences]);
  const documents = byId([...program.cfs.sequences, ...part.documents]);
  const cfs = programCfs({ project: program.project, tiles, sequences: documents });
  const joined = { ...program, tiles, sequences, cfs, entry: cfs.entry ?? null };
  const twice = duplicates(program, part, sources);
  const diagnostics = twice.length > 0 ? twice : schemaDiagnostics(joined, part);
  return { value: joined, diagnostics };
}

/** The counts of both parts. */
export function joinSummaries(summary: ProgramSummary, part: TypeScriptPart): ProgramSummary {
  return {
    tileCount: summary.tileCount + part.tiles.length,
    sequenceCount: summary.sequenceCount + part.sequences.length,
  };
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): readonly T[] {
  return [...entries].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Ids of both front ends; cells that a run can enter have names of the same space. */
function duplicates(
  program: Program,
  part: TypeScriptPart,
  sources: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const cells = new Map<string, ProgramCell | null>();
  for (const { name, cell } of program.cells) cells.set(name, cell);
  for (const { id, cell } of program.sequences) cells.set(id, cell);
  for (const { id, guest } of program.tiles)
    cells.set(id, guest.kind === "lir" ? guest.cell : null);
  return part.declarations.flatMap(({ id, place }): readonly Diagnostic[] => {
    const cell = cells.get(id);
    if (cell === undefined) return [];
    return [duplicate(id, place, (cell && placeOfCell(program, cell, sources)) ?? place)];
  });
}

/** Where a cell of Lumen begins. */
function placeOfCell(
  program: Program,
  { module, name }: ProgramCell,
  sources: ReadonlyMap<string, string>,
): Place | null {
  const owner = program.modules.find((m) => m.name === module);
  const index = owner?.cells.findIndex((c) => c.name === name) ?? -1;
  const path = owner?.debug?.path;
  const span = owner?.debug?.cells[index]?.spans[0];
  const text = path === undefined ? undefined : sources.get(path);
  if (path === undefined || text === undefined || span === undefined) return null;
  return { source: makeSourceText(path, text), span };
}

/** The checks of 9.3 over the joined schema: what only shows when all sequences are there. */
function schemaDiagnostics(program: Program, part: TypeScriptPart): readonly Diagnostic[] {
  const document = parseDocument(writeCfs(program.cfs), { subject: "cfs.json" });
  const read = document.ok ? readCfs(document.value, { subject: "cfs.json" }) : document;
  if (read.ok || part.sequences.length === 0) return [];
  const { code, message, path = "" } = read.error;
  const [, at] = /^\/sequences\/(\d+)/.exec(path) ?? [];
  const id = at === undefined ? undefined : program.sequences[Number(at)]?.id;
  const declaration =
    part.declarations.find((d) => d.id === id) ??
    part.declarations.find((d) => part.sequences.some((s) => s.id === d.id));
  if (declaration === undefined) return [];
  return [made({ code: numbered(code), message, help: null }, declaration.place)];
}

/** The numbered code of a named one; E0809 for what no row of the table names. */
function numbered(name: string): DiagnosticCode {
  if (name === "E_CYCLE") return "E0811";
  const rows = Object.entries(DIAGNOSTICS);
  const row = rows.find(([, { name: other }]) => other === name);
  return row === undefined ? "E0809" : (row[0] as DiagnosticCode);
}
