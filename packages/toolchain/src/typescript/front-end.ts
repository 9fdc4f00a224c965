// The TypeScript front end: from the sources that lumen.toml lists to tiles, sequences and their
// schema. Like the compiler of Lumen, it collects diagnostics and throws at nobody.

import type { SequenceDocument } from "@lumen/core/cfs";
import { codeDigest } from "@lumen/core/commit";
import { type Diagnostic, type Failure, hasErrors } from "@lumen/core/diagnostic";
import { checkTypeDescriptor } from "@lumen/core/encoding";
import { utf8Encode } from "@lumen/core/hash";
import type { ProgramParam, SequenceEntry, TileEntry } from "@lumen/core/program";
import { err, ok, type Result, required } from "@lumen/core/result";
import type { TypeDescriptor } from "@lumen/core/value";
import type { Registrations } from "@lumen/raster/authoring";
import type { SeenFile } from "../module-host.ts";
import { type Project, projectPath } from "../project.ts";
import { bundle, guestEntry } from "./bundle.ts";
import type { Place } from "./positions.ts";
import { made, readRegistrations, unreadable } from "./registrations.ts";
import { TypeScriptSources } from "./sources.ts";

/** A declaration of TypeScript, and where it stands. */
export interface Declaration {
  readonly id: string;
  readonly place: Place;
}

/** What the TypeScript of a project adds to its program. */
export interface TypeScriptPart {
  readonly tiles: readonly TileEntry[];
  readonly sequences: readonly SequenceEntry[];
  readonly documents: readonly SequenceDocument[];
  /** Every tile and sequence that is declared, also where there are errors. */
  readonly declarations: readonly Declaration[];
  readonly diagnostics: readonly Diagnostic[];
  /** By project path. */
  readonly sources: ReadonlyMap<string, string>;
  readonly seen: readonly SeenFile[];
  readonly isCacheable: boolean;
}

/**
 * Compiles the sources that a project lists. Failures concern files and tools, never the source.
 */
export async function compileTypeScript(
  project: Project,
): Promise<Result<TypeScriptPart, Failure>> {
  const { root } = project;
  const paths = project.typescript.map((path) => projectPath(project, path));
  const sources = new TypeScriptSources(project);
  const missing = paths.find((path) => sources.text(path) === null);
  if (missing !== undefined) return err(sources.unreadable ?? unreadable(missing));
  const read = await readRegistrations(sources, { root, paths });
  if (!read.ok) return read;
  const { registrations, placeOf } = read.value;
  const diagnostics = [
    ...read.value.diagnostics,
    ...typeDiagnostics(registrations, placeOf),
    ...duplicates(registrations, placeOf),
  ];
  const guests = hasErrors(diagnostics)
    ? ok(new Map<string, Uint8Array>())
    : await bundleGuests(registrations, { sources, root, paths });
  if (!guests.ok) return guests;
  const { tiles, sequences } = registrations;
  return ok({
    tiles: tiles.flatMap((tile) => {
      const source = guests.value.get(tile.id);
      return source === undefined ? [] : [tileEntry(tile, source)];
    }),
    sequences: sequences.map(sequenceEntry),
    documents: sequences.map((s) => s.document),
    declarations: [...tiles, ...sequences].map(({ id, stack }) => ({ id, place: placeOf(stack) })),
    diagnostics,
    sources: textsOf(sources, project),
    seen: sources.seen,
    isCacheable: sources.isCacheable,
  });
}

type Tile = Registrations["tiles"][number];
type Sequence = Registrations["sequences"][number];

/** Types that core refuses, as an E0806 of their declaration. */
function typeDiagnostics(
  { tiles, sequences }: Registrations,
  placeOf: (stack: string) => Place,
): readonly Diagnostic[] {
  return [...tiles, ...sequences].flatMap((declared): readonly Diagnostic[] => {
    const error = "error" in declared && declared.error !== null ? [declared.error] : [];
    const types = [...declared.params.map((p) => p.type), declared.output, ...error];
    const bad = types.map(refusalOf).find((message) => message !== null);
    if (bad === undefined || bad === null) return [];
    const message = `'${declared.id}': ${bad}`;
    return [made({ code: "E0806", message, help: null }, placeOf(declared.stack))];
  });
}

function refusalOf(type: TypeDescriptor): string | null {
  const checked = checkTypeDescriptor(type);
  return checked.ok ? null : checked.error.message;
}

/** Ids are one name space (E_DUPLICATE_ID). */
function duplicates(
  { tiles, sequences }: Registrations,
  placeOf: (stack: string) => Place,
): readonly Diagnostic[] {
  const first = new Map<string, Place>();
  return [...tiles, ...sequences].flatMap(({ id, stack }): readonly Diagnostic[] => {
    const place = placeOf(stack);
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, place);
      return [];
    }
    return [duplicate(id, place, before)];
  });
}

/** E0803 with both places. */
export function duplicate(id: string, place: Place, before: Place): Diagnostic {
  const message = `'${id}' is already the id of a tile or sequence`;
  const text = "the other one";
  const label =
    before.source.path === place.source.path
      ? { span: before.span, text }
      : { span: before.span, text, source: before.source };
  return { ...made({ code: "E0803", message, help: null }, place), labels: [label] };
}

/** One self-contained guest for each tile. */
async function bundleGuests(
  { tiles }: Registrations,
  {
    sources,
    root,
    paths,
  }: {
    readonly sources: TypeScriptSources;
    readonly root: string;
    readonly paths: readonly string[];
  },
): Promise<Result<ReadonlyMap<string, Uint8Array>, Failure>> {
  if (tiles.length === 0) return ok(new Map());
  const entries = new Map(
    tiles.map(({ id, source, exported }): [string, string] => {
      const path = required(paths[source], "a tile stands in a listed source");
      return [id, guestEntry(id, path, exported)];
    }),
  );
  const bundled = await bundle({ sources, root, use: "guest", entries });
  if (!bundled.ok) return bundled;
  if (bundled.value.kind === "refused") {
    const [message] = bundled.value.messages;
    throw new Error(`sources that were bundled once cannot be bundled again: ${message?.text}`);
  }
  const { texts } = bundled.value;
  return ok(
    new Map(
      tiles.map(({ id }): [string, Uint8Array] => {
        const text = required(texts.get(`${id}.js`), "every entry has a bundle");
        return [id, utf8Encode(text)];
      }),
    ),
  );
}

function paramsOf(params: Tile["params"]): readonly ProgramParam[] {
  return params.map(({ name, type }) => ({ name, type, default: null }));
}

function tileEntry(tile: Tile, source: Uint8Array): TileEntry {
  const { id, kind, description, estimatedCycles, maxMemory, maxIterations } = tile;
  return {
    id,
    kind,
    guest: { kind: "js", source },
    description,
    estimatedCycles,
    maxMemory,
    maxIterations,
    params: paramsOf(tile.params),
    output: tile.output,
    error: tile.error,
    code: codeDigest(source),
  };
}

function sequenceEntry({ id, description, params, output }: Sequence): SequenceEntry {
  return { id, cell: null, description, params: paramsOf(params), output };
}

function textsOf(sources: TypeScriptSources, project: Project): ReadonlyMap<string, string> {
  return new Map(
    sources.seen.flatMap(({ path, text }): [string, string][] =>
      text === null ? [] : [[projectPath(project, path), text]],
    ),
  );
}
