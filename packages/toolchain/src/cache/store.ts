// The folder of the disk cache (formats 28): what is kept are files named by their key, entries of
// compilations and objects of native code. Whatever goes wrong here costs time, never a result: a
// cache that cannot be used is as good as an empty one.

import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "@lumen/runtime";

/** Total size of all entries; a write that goes beyond it removes the oldest, down to 3/4. */
export const CACHE_BYTES_MAX: number = 256 * 2 ** 20;
/** A larger entry is not written. */
export const CACHE_ENTRY_BYTES_MAX: number = 64 * 2 ** 20;

/** Files that are ours, and what a process that was killed left of one. */
const OWN_FILE = /^[0-9a-f]{64}\.(entry|object)(\.\d+\.tmp)?$/;

/** A file of the cache. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: number;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/** What a file holds: a compilation, or native code. */
export type FileKind = "entry" | "object";

/** Bytes of a file, or null where there is none that can be read. */
export function readEntry(
  folder: string,
  key: string,
  kind: FileKind = "entry",
): Uint8Array | null {
  return attempt(() => new Uint8Array(readFileSync(pathOf(folder, key, kind))));
}

/**
 * Whether nobody but the user of this process can have written the file, the administrator apart.
 * Where users have no numbers, the folder has to say so.
 */
export function isOwnFile(folder: string, key: string, kind: FileKind): boolean {
  const stat = attempt(() => statSync(pathOf(folder, key, kind)));
  if (stat === null) return false;
  return (
    process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0)
  );
}

/** Writes an entry beside its place and renames it; false when that is not possible. */
export function writeEntry(
  folder: string,
  key: string,
  bytes: Uint8Array,
  kind: FileKind = "entry",
): boolean {
  if (bytes.length > CACHE_ENTRY_BYTES_MAX) return true;
  const path = pathOf(folder, key, kind);
  const temporary = `${path}.${process.pid}.tmp`;
  const written = attempt(() => {
    makeFolder(folder);
    // Code that will run: nobody else may write it.
    writeFileSync(temporary, bytes, kind === "object" ? { mode: 0o600 } : {});
    renameSync(temporary, path);
    return true;
  });
  if (written === null) attempt(() => rmSync(temporary, { force: true }));
  else shrink(folder, CACHE_BYTES_MAX);
  return written ?? false;
}

/** The files of the cache, oldest first, then by name; none where there is no folder. */
export function storedFiles(folder: string): readonly StoredFile[] {
  const names = attempt(() => readdirSync(folder)) ?? [];
  const files = names
    .filter((name) => OWN_FILE.test(name))
    .flatMap((name) => {
      // Another process may have removed it meanwhile.
      const stat = attempt(() => statSync(join(folder, name)));
      return stat === null ? [] : [{ name, bytes: stat.size, writtenMs: stat.mtimeMs }];
    });
  return files.sort((a, b) => a.writtenMs - b.writtenMs || (a.name < b.name ? -1 : 1));
}

/** Removes files of the cache and nothing else. Gives those that are gone. */
export function removeFiles(folder: string, files: readonly StoredFile[]): readonly StoredFile[] {
  return files.filter(({ name }) => attempt(() => removed(join(folder, name))) ?? false);
}

/** Removes the oldest files where all together have more than `bytesMax`. */
export function shrink(folder: string, bytesMax: number): void {
  const files = storedFiles(folder);
  let total = files.reduce((sum, f) => sum + f.bytes, 0);
  if (total <= bytesMax) return;
  const superfluous = files.filter((file) => {
    const isOver = total > bytesMax * 0.75;
    if (isOver) total -= file.bytes;
    return isOver;
  });
  removeFiles(folder, superfluous);
}

function removed(path: string): true {
  rmSync(path, { force: true });
  return true;
}

function pathOf(folder: string, key: string, kind: FileKind): string {
  return join(folder, `${key}.${kind}`);
}

/** What an action on files gives, or null where the system refuses it. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
