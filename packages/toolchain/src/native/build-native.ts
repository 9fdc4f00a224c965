// `lumen build --aot`: native code of all numeric cells and loops of a program, ahead of its runs.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { tileCode } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { metadataOf } from "@lumen/raster";
import { lirEngine } from "@lumen/raster/backends";
import { type LinkedProgram, linkProgram, numericModules } from "@lumen/vm";
import type { RunnableProject } from "../compile-project.ts";
import { type ObjectSetting, writingStore } from "./object-store.ts";

/** What a build made, or found. */
export interface NativeReport {
  readonly folder: string;
  /** Objects that belong to the program, and how many of them were made now. */
  readonly count: number;
  readonly newCount: number;
  readonly bytes: number;
}

/** Makes the objects that `--tier t3` would make. `E_BACKEND_UNSUPPORTED`, `E_IO`. */
export async function buildNative(
  project: RunnableProject,
  setting: ObjectSetting,
): Promise<Result<NativeReport, Failure>> {
  const programs = await linkedPrograms(project);
  if (!programs.ok) return programs;
  const failed: string[] = [];
  const { openLlvmEngine } = await import("@lumen/runtime/llvm");
  const engine = openLlvmEngine(writingStore(setting, (key) => failed.push(key)));
  if (!engine.ok) return err(unsupported(engine.error));
  const objects = new Map<string, { readonly bytes: number; readonly isNew: boolean }>();
  for (const program of programs.value)
    for (const module of numericModules(program, isOwn)) {
      const made = engine.value.prepare(module);
      if (made === null || objects.has(made.key)) continue;
      objects.set(made.key, { bytes: made.object.length, isNew: made.isNew });
    }
  const [first] = failed;
  if (first !== undefined) return err(unwritten(setting.folder));
  const all = [...objects.values()];
  return ok({
    folder: setting.folder,
    count: all.length,
    newCount: all.filter(({ isNew }) => isNew).length,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  });
}

/** What `std` has and nobody calls is not made. */
function isOwn(moduleName: string): boolean {
  return !moduleName.startsWith("std.");
}

/** The program as its cells run it, and as its tiles do, each of which is a program of its own. */
async function linkedPrograms({
  program,
}: RunnableProject): Promise<Result<readonly LinkedProgram[], Failure>> {
  const whole = linkProgram(program.modules);
  if (!whole.ok) return whole;
  const found = [whole.value];
  const engine = lirEngine({ linked: (tile) => found.push(tile) });
  for (const entry of program.tiles.filter(({ guest }) => guest.kind === engine.kind)) {
    const code = tileCode(program.modules, entry);
    if (!code.ok) return code;
    const opened = await engine.open(metadataOf(entry), code.value);
    if (!opened.ok) return opened;
  }
  return ok(found);
}

function unsupported(reason: string): Failure {
  const hint = "Native code needs libLLVM 19 (Debian: libllvm19) and the package koffi.";
  return failure("E_BACKEND_UNSUPPORTED", "compile", `no native code: ${reason}`, { hint });
}

function unwritten(folder: string): Failure {
  const message = `cannot write native code to '${folder}'`;
  return failure("E_IO", "compile", message, { path: folder });
}
