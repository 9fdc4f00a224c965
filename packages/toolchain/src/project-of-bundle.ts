// The project that a program file was made from, as far as a run needs it: never the working copy.

import type { Failure } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import type { RunnableProject } from "./compile-project.ts";
import { type ReadProgram, sourcesOf } from "./program-file.ts";
import { type Project, settingsOf } from "./project.ts";

/** `root`: the folder that the run belongs to. E_PROJECT. */
export function projectOfBundle(
  { bundle, program }: ReadProgram,
  root: string,
): Result<RunnableProject, Failure> {
  const text = (name: string): string | null => {
    const bytes = bundle.files.get(name);
    return bytes === undefined ? null : utf8Decode(bytes);
  };
  const manifestText = text("lumen.toml");
  const settings = settingsOf(manifestText, "lumen.toml of the program file");
  if (!settings.ok) return settings;
  const project: Project = {
    root,
    name: bundle.index.project,
    version: bundle.index.version,
    entryPath: root,
    hasDocument: true,
    typescript: [],
    isProject: manifestText !== null,
    manifestText,
    lockText: text("lumen.lock"),
    stableOnly: false,
    ...settings.value,
    cache: null,
  };
  return ok({ project, program, diagnostics: [], sources: sourcesOf(bundle) });
}
