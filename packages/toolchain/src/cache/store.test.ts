// The bound of the cache folder, and which files are its own.

import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CACHE_ENTRY_BYTES_MAX, shrink, storedFiles, writeEntry } from "./store.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lumen-cache-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const key = (i: number): string => String(i).padStart(64, "0");

/** Four entries of ten bytes, the one with the highest number written first. */
function fill(): void {
  for (let i = 0; i < 4; i++) {
    expect(writeEntry(folder, key(i), new Uint8Array(10))).toBe(true);
    utimesSync(join(folder, `${key(i)}.entry`), 1000 - i, 1000 - i);
  }
}

it("keeps everything at the bound, and removes the oldest down to 3/4 one past it", () => {
  fill();
  shrink(folder, 40);
  expect(storedFiles(folder)).toHaveLength(4);
  shrink(folder, 39);
  expect(storedFiles(folder).map((f) => f.name)).toEqual([`${key(1)}.entry`, `${key(0)}.entry`]);
});

it("counts what a process left unfinished, and no file of others", () => {
  fill();
  writeFileSync(join(folder, `${key(7)}.entry.123.tmp`), "half");
  writeFileSync(join(folder, "README"), "not ours");
  expect(storedFiles(folder)).toHaveLength(5);
  shrink(folder, 0);
  expect(readdirSync(folder)).toEqual(["README"]);
});

it("does not write an entry that is larger than an entry may be", () => {
  expect(writeEntry(folder, key(1), new Uint8Array(CACHE_ENTRY_BYTES_MAX + 1))).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});
