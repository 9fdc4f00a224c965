// The disk cache as the use cases see it: asked before a compilation, told after it. The key of an
// entry is what was asked for; whether it still holds is decided by every file that the compilation
// read or looked for, so that no clock and no dates of files take part.

import { sha256, toHex, utf8Encode } from "@lumen/core/hash";
import { isFile, readBytes, textOfBytes } from "../files.ts";
import type { SeenFile } from "../module-host.ts";
import { type Project, projectPath } from "../project.ts";
import { type CacheEntry, type CacheInput, decodeEntry, encodeEntry } from "./entry.ts";
import { readEntry, writeEntry } from "./store.ts";

/** Where compilations are kept, and by whom. */
export interface CacheSetting {
  readonly folder: string;
  /** Identifies the compiler: another one must not find the entry. */
  readonly build: string;
  /** Somebody named the folder, and wants to hear that it cannot be used. */
  readonly isNamed: boolean;
  /** Takes a line for people, without its newline. */
  readonly warn: (line: string) => void;
}

/** What is asked for. */
export interface CacheQuestion {
  readonly project: Project;
  readonly kind: CacheEntry["outcome"]["kind"];
  readonly options: readonly string[];
}

/** An entry that holds, with the sources by project path in the order in which they were read. */
export interface CacheHit {
  readonly entry: CacheEntry;
  readonly sources: ReadonlyMap<string, string>;
}

/** The entry of a question, if it is there and every file is what it was. */
export function lookUp(setting: CacheSetting, question: CacheQuestion): CacheHit | null {
  const key = keyOf(setting, question);
  const bytes = readEntry(setting.folder, key);
  if (bytes === null) return null;
  let sources: ReadonlyMap<string, string> | null = null;
  const entry = decodeEntry(bytes, (inputs) => {
    sources = confirm(question.project, inputs);
    return sources;
  });
  if (!entry.ok) {
    setting.warn(`warning: the cache entry ${key.slice(0, 16)} is not used: ${entry.error}`);
    return null;
  }
  return entry.value === null || sources === null ? null : { entry: entry.value, sources };
}

/** Keeps the outcome of a compilation that saw these files. */
export function keep(
  setting: CacheSetting,
  question: CacheQuestion,
  result: Pick<CacheEntry, "warnings" | "outcome"> & { readonly seen: readonly SeenFile[] },
): void {
  const { project } = question;
  const { warnings, outcome, seen } = result;
  const inputs = seen.map(
    ({ path, text }): CacheInput => ({ path, sha256: text === null ? null : hashOf(text) }),
  );
  const texts = new Map(
    seen.flatMap(({ path, text }): [string, string][] =>
      text === null ? [] : [[projectPath(project, path), text]],
    ),
  );
  const entry = { target: project.entryPath, project: project.name, inputs, warnings, outcome };
  const bytes = encodeEntry(entry, texts);
  if (bytes === null || writeEntry(setting.folder, keyOf(setting, question), bytes)) return;
  if (setting.isNamed) setting.warn(`warning: cannot write to the cache '${setting.folder}'`);
}

function keyOf(setting: CacheSetting, { project, kind, options }: CacheQuestion): string {
  const { root, entryPath, name, version } = project;
  const asked = [setting.build, kind, root, entryPath, name, version, ...options];
  return toHex(sha256(utf8Encode(JSON.stringify(asked))));
}

/** The sources among the inputs by project path; null where one is not what it was. */
function confirm(
  project: Project,
  inputs: readonly CacheInput[],
): ReadonlyMap<string, string> | null {
  const sources = new Map<string, string>();
  for (const { path, sha256: hash } of inputs) {
    if (hash === null) {
      if (isFile(path)) return null;
      continue;
    }
    const bytes = isFile(path) ? readBytes(path, "load") : null;
    const text = bytes?.ok === true ? textOfBytes(bytes.value, path, "load") : null;
    if (text?.ok !== true || hashOf(text.value) !== hash) return null;
    sources.set(projectPath(project, path), text.value);
  }
  return sources;
}

function hashOf(text: string): string {
  return toHex(sha256(utf8Encode(text)));
}
