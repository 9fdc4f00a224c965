// Where in a TypeScript source a tile threw. Guests carry no positions, so that nothing that is
// committed to depends on how a source is laid out; but a tile is pure, so running it again, in a
// bundle whose map leads back to the source, finds the place.

import type { FaultFrame } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import type { TileEntry } from "@lumen/core/program";
import { DEFAULT_LIMITS, GUEST_FILE, Sandbox } from "@lumen/raster/backends/js";
import { type Project, projectPath } from "../project.ts";
import { bundle, guestEntry } from "./bundle.ts";
import { type MappedBundle, Places } from "./positions.ts";
import { readRegistrations } from "./registrations.ts";
import { TypeScriptSources } from "./sources.ts";

/** A tile of TypeScript that failed. */
export interface FailedGuest {
  readonly entry: Pick<TileEntry, "id" | "guest">;
  readonly input: Uint8Array;
}

/**
 * The calls in sources of the project that led to the exception, outermost first. They are those
 * of the sandbox, whichever engine ran the tile first. Empty where the exception is not repeated,
 * and where the sources are not those of the tile any more.
 */
export async function locateException(
  project: Project,
  { entry, input }: FailedGuest,
): Promise<readonly FaultFrame[]> {
  const source = entry.guest.kind === "js" ? utf8Decode(entry.guest.source) : null;
  if (source === null) return [];
  const sources = new TypeScriptSources(project);
  const mapped = await mappedGuest(project, sources, entry.id);
  if (mapped === null || mapped.text !== source) return [];
  const guest = { source, tileId: entry.id };
  const ran = await new Sandbox().run(guest, input, DEFAULT_LIMITS);
  const answer = ran.ok ? ran.value : null;
  if (answer?.kind !== "trap" || answer.stack === undefined) return [];
  const frames = new Places(sources, mapped.bundle).framesOf(answer.stack);
  return frames.toReversed().map(({ name, place }) => {
    const cell = name === "" ? entry.id : name;
    return { module: place.source.path, cell, span: place.span };
  });
}

/** The guest of a tile once more, with its map; null where it cannot be made. */
async function mappedGuest(
  project: Project,
  sources: TypeScriptSources,
  id: string,
): Promise<{ readonly text: string; readonly bundle: MappedBundle } | null> {
  const { root } = project;
  const paths = project.typescript.map((path) => projectPath(project, path));
  const read = await readRegistrations(sources, { root, paths });
  const tile = read.ok ? read.value.registrations.tiles.find((t) => t.id === id) : undefined;
  const path = tile === undefined ? undefined : paths[tile.source];
  if (tile === undefined || path === undefined) return null;
  const entries = new Map([[id, guestEntry(id, path, tile.exported)]]);
  const bundled = await bundle({ sources, root, use: "guest", withMaps: true, entries });
  if (!bundled.ok || bundled.value.kind === "refused") return null;
  const { texts, prepared } = bundled.value;
  const [text, map] = [texts.get(`${id}.js`), texts.get(`${id}.js.map`)];
  if (text === undefined || map === undefined) return null;
  return { text, bundle: { file: GUEST_FILE, map, prepared } };
}
