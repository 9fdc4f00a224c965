// Makes folders, on whatever file system.

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder with those above it; one that is there stays. Raises errors of the system. Not by
 * `recursive` of the engine, which tries for ever where a file system says that a folder to be made
 * does not exist, as those of the kernel do.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let above = folder;
  while (!made(above)) {
    missing.push(above);
    above = dirname(above);
  }
  for (const path of missing.reverse()) {
    // Another process may make the same one meanwhile.
    if (!made(path)) mkdirSync(path);
  }
}

/** False where the folder above is missing. */
function made(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ENOENT" && dirname(folder) !== folder) return false;
    // What is there may say so in many ways: it exists, it is a folder, nothing is written here.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return true;
    throw error;
  }
}
