// Has the working copy changed since a trace was recorded? Says which sources differ.

import { equalBytes, sha256, toHex, utf8Encode } from "@lumen/core/hash";
import type { Bundle } from "@lumen/core/program";
import { compileProject, requireProgram } from "./compile-project.ts";
import { packProgram } from "./program-file.ts";

/** How the working copy compares with the program that a trace names. */
export type WorkingCopy =
  | { readonly kind: "same" }
  /** `files`: sources that differ, are new or are gone, by project path. */
  | { readonly kind: "changed"; readonly files: readonly string[] }
  /** There is no project here, or it does not compile now. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Compares the project of a folder with a program file. Never fails: the answer is only a note. */
export async function workingCopyOf(projectFolder: string, bundle: Bundle): Promise<WorkingCopy> {
  const compiled = await compileProject(projectFolder, { allowUnstable: true });
  if (!compiled.ok) return { kind: "unknown", reason: compiled.error.message };
  const files = changedSources(compiled.value.sources, bundle);
  const runnable = requireProgram(compiled.value);
  if (!runnable.ok)
    return files.length > 0
      ? { kind: "changed", files }
      : { kind: "unknown", reason: runnable.error.message };
  const packed = packProgram(runnable.value);
  if (!packed.ok) return { kind: "unknown", reason: packed.error.message };
  if (equalBytes(packed.value.programId, bundle.index.programId)) return { kind: "same" };
  return {
    kind: "changed",
    files: files.length > 0 ? files : [`program ${toHex(packed.value.programId).slice(0, 16)}`],
  };
}

function changedSources(sources: ReadonlyMap<string, string>, bundle: Bundle): readonly string[] {
  const recorded = new Map(bundle.index.files.map((f): [string, Uint8Array] => [f.path, f.sha256]));
  const changed: string[] = [];
  for (const [path, text] of sources) {
    const before = recorded.get(path) ?? recorded.get(`sources/${path}`);
    if (before === undefined || !equalBytes(before, sha256(utf8Encode(text)))) changed.push(path);
  }
  return changed.sort();
}
