// `lumen cache ls` and `lumen cache clear`.

import { decodeObject } from "../native/object-file.ts";
import { describeEntry } from "./entry.ts";
import { CACHE_BYTES_MAX, readEntry, removeFiles, storedFiles } from "./store.ts";

/** An entry; `target` null for a file that cannot be read as one, `note` says why. */
export interface ListedEntry {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly writtenMs: number;
  /** `program` of run and build, `summary` of check, `native` of `build --aot`. */
  readonly kind: string | null;
  readonly project: string | null;
  readonly target: string | null;
  readonly note: string | null;
}

/** What is in a cache, oldest first, and how much may be. */
export interface CacheListing {
  readonly folder: string;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly entries: readonly ListedEntry[];
}

/** Lists a cache; a folder that is not there has no entries. */
export function listCache(folder: string): CacheListing {
  const files = storedFiles(folder);
  const entries = files.map(({ name, bytes, writtenMs }): ListedEntry => {
    const key = name.slice(0, 64);
    const none = { key, bytes, writtenMs, kind: null, project: null, target: null };
    const kind = name.slice(65);
    if (kind === "object") return nativeEntry(folder, none);
    const content = kind === "entry" ? readEntry(folder, key) : null;
    const described = content === null ? null : describeEntry(content);
    if (described?.ok === true) return { key, bytes, writtenMs, ...described.value, note: null };
    const note = described === null ? "it was not finished" : described.error;
    return { ...none, note };
  });
  const bytes = files.reduce((sum, f) => sum + f.bytes, 0);
  return { folder, bytes, bytesMax: CACHE_BYTES_MAX, entries };
}

/** Native code belongs to no document: equal cells of several have the same. */
function nativeEntry(folder: string, none: Omit<ListedEntry, "note">): ListedEntry {
  const content = readEntry(folder, none.key, "object");
  const object = content === null ? null : decodeObject(content, none.key);
  if (object?.ok === true) return { ...none, kind: "native", note: null };
  return { ...none, note: object?.error ?? "it cannot be read" };
}

/** Removes every entry, and nothing else that may stand in the folder. Gives what is gone. */
export function clearCache(folder: string): { readonly count: number; readonly bytes: number } {
  const gone = removeFiles(folder, storedFiles(folder));
  return { count: gone.length, bytes: gone.reduce((sum, f) => sum + f.bytes, 0) };
}
