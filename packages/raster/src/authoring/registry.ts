// What the modules of a project declare: collected once they are loaded, recorded, and told as
// plain data to whoever loaded them.

import type { SequenceDocument } from "@lumen/core/cfs";
import type { TypeDescriptor } from "@lumen/core/value";
import type { TileBody } from "./abi.ts";
import { Misuse, type MisuseCode } from "./misuse.ts";
import { recordSequence, type SequenceBody } from "./recording.ts";

/** A declaration, of which the id may still be unknown. */
export interface Declared<B> {
  id: string | null;
  readonly description: string | null;
  readonly body: B;
  /** The stack of the declaration, for its position. */
  readonly stack: string;
}

/** A tile as declared. */
export interface DeclaredTile extends Declared<TileBody> {
  readonly kind: "iter" | "recur";
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
  readonly maxIterations: number | null;
}

/** A sequence as declared. */
export type DeclaredSequence = Declared<SequenceBody>;

const TILES = new Map<unknown, DeclaredTile>();
const SEQUENCES = new Map<unknown, DeclaredSequence>();

/** Notes what a function that authors hold declares. */
export function registerTile(value: object, declared: DeclaredTile): void {
  TILES.set(value, declared);
}

/** Notes what a function that authors hold declares. */
export function registerSequence(value: object, declared: DeclaredSequence): void {
  SEQUENCES.set(value, declared);
}

/** The tile or sequence of an id, among all that are declared in this process. */
export function lookup(id: string): { readonly execute: unknown } | object | null {
  for (const [value, declared] of [...TILES, ...SEQUENCES])
    if (declared.id === id && typeof value === "function") return value;
  return null;
}

/** A parameter, in the order of the declaration. */
export interface ParamData {
  readonly name: string;
  readonly type: TypeDescriptor;
}

/** Where something is declared: the export that holds it, and the stack of its declaration. */
interface Place {
  /** Position of the source in the list of sources. */
  readonly source: number;
  readonly exported: string;
  readonly stack: string;
}

/** A tile as data. */
export interface TileData extends Place {
  readonly id: string;
  readonly kind: "iter" | "recur";
  readonly description: string | null;
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
  readonly maxIterations: number | null;
  readonly params: readonly ParamData[];
  readonly output: TypeDescriptor;
  readonly error: TypeDescriptor | null;
}

/** A sequence as data. */
export interface SequenceData extends Place {
  readonly id: string;
  readonly description: string | null;
  readonly params: readonly ParamData[];
  readonly output: TypeDescriptor;
  readonly document: SequenceDocument;
}

/** Something that is wrong with a declaration. */
export interface ProblemData {
  /** Null for an error of the author's own code. */
  readonly code: MisuseCode | null;
  readonly message: string;
  readonly help: string | null;
  readonly stack: string;
}

/** Everything that the sources of a project declare. */
export interface Registrations {
  readonly tiles: readonly TileData[];
  readonly sequences: readonly SequenceData[];
  readonly problems: readonly ProblemData[];
}

/** The exports of a source. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Reads what the sources export, and records their sequences. Sequences, and what is not exported,
 * are told once; tiles stay known.
 */
export function collectRegistrations(sources: readonly Exports[]): Registrations {
  const problems: ProblemData[] = [];
  const places = placesOf(sources);
  name(TILES, places, problems, "tile");
  name(SEQUENCES, places, problems, "sequence");
  const tiles = [...TILES].flatMap(([value, declared]): readonly TileData[] => {
    const place = places.get(value);
    return place === undefined ? [] : [tileData(declared, place)];
  });
  // A sequence of which a tile is broken would be told of it once more.
  const isBroken = problems.length > 0;
  const sequences = [...SEQUENCES].flatMap(([value, declared]): readonly SequenceData[] => {
    const place = places.get(value);
    if (place === undefined || isBroken) return [];
    const data = attempt(declared.stack, () => sequenceData(declared, place));
    if ("id" in data) return [data];
    problems.push(data);
    return [];
  });
  SEQUENCES.clear();
  for (const value of TILES.keys()) if (!places.has(value)) TILES.delete(value);
  return { tiles, sequences, problems };
}

type ExportPlace = Omit<Place, "stack">;

/** The first export that holds each function; sources and names in their order. */
function placesOf(sources: readonly Exports[]): ReadonlyMap<unknown, ExportPlace> {
  const places = new Map<unknown, ExportPlace>();
  sources.forEach((exports, source) => {
    for (const exported of Object.keys(exports).sort()) {
      const value = exports[exported];
      if (!places.has(value)) places.set(value, { source, exported });
    }
  });
  return places;
}

/** Ids of those that have none yet; refuses those that nothing exports. */
function name(
  declarations: ReadonlyMap<unknown, Declared<unknown>>,
  places: ReadonlyMap<unknown, ExportPlace>,
  problems: ProblemData[],
  what: string,
): void {
  for (const [value, declared] of declarations) {
    const { stack } = declared;
    const place = places.get(value);
    if (place === undefined) {
      const named = declared.id === null ? `a ${what}` : `the ${what} '${declared.id}'`;
      const help = "Write `export const … =` in a source that [raster] typescript lists.";
      problems.push({ code: "E0804", message: `${named} is not exported`, help, stack });
      continue;
    }
    declared.id ??= place.exported;
    const message = idProblem(declared.id);
    if (message !== null) problems.push({ code: "E0804", message, help: null, stack });
  }
}

function idProblem(id: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(id) || id.length > 128)
    return `'${id}' is no id: letters, digits and _, at most 128 of them`;
  return /__e[0-9]+$/.test(id) ? `the id '${id}' is reserved: it ends like a lifted tile` : null;
}

function tileData(declared: DeclaredTile, place: ExportPlace): TileData {
  const { description, kind, estimatedCycles, maxMemory, maxIterations, body, stack } = declared;
  const costs = { estimatedCycles, maxMemory, maxIterations };
  const params = body.inputs.map(([name, type]) => ({ name, type: type.descriptor }));
  const output = body.output.descriptor;
  const error = body.error?.descriptor ?? null;
  const id = declared.id ?? place.exported;
  return { id, kind, description, ...costs, params, output, error, ...place, stack };
}

function sequenceData(declared: DeclaredSequence, place: ExportPlace): SequenceData {
  const { description, body, stack } = declared;
  const id = declared.id ?? place.exported;
  const params = Object.entries(body.inputs).map(([name, type]) => {
    return { name, type: type.descriptor };
  });
  const document = recordSequence(id, body);
  return { id, description, params, output: body.output.descriptor, document, ...place, stack };
}

/** What an action gives, or what its error says. */
function attempt<T extends object>(stack: string, action: () => T): T | ProblemData {
  try {
    return action();
  } catch (error) {
    return problemOf(error, stack);
  }
}

/** An error as a problem; where its own stack leads to no source, at the one that is given. */
export function problemOf(error: unknown, stack: string): ProblemData {
  if (error instanceof Misuse) {
    const { code, message, help } = error;
    return { code, message, help, stack: `${error.stack ?? ""}\n${stack}` };
  }
  if (error instanceof Error) {
    const message = `${error.name}: ${error.message}`;
    return { code: null, message, help: null, stack: `${error.stack ?? ""}\n${stack}` };
  }
  return { code: null, message: String(error), help: null, stack };
}
