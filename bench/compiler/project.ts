// A generated project to measure the compiler with: modules that import each other, written as
// people write them (sections.ts). Equal sizes give equal text.

import type { ModuleHost, ModuleSource } from "@lumen/compiler";
import { declarations, entryCell, section } from "./sections.ts";

/** How much is generated. */
export interface ProjectSize {
  readonly moduleCount: number;
  readonly linesPerModule: number;
}

/** Modules by name, the root first. `lineCount` counts the lines of all. */
export interface GeneratedProject {
  readonly root: ModuleSource;
  readonly modules: ReadonlyMap<string, ModuleSource>;
  readonly lineCount: number;
}

/** The project of a size. */
export function generateProject(size: ProjectSize): GeneratedProject {
  const sources = Array.from({ length: size.moduleCount }, (_, i) =>
    moduleSource(i, size.linesPerModule),
  );
  const root: ModuleSource = { name: "main", path: "main.lm", text: rootText(size.moduleCount) };
  const modules = new Map([root, ...sources].map((s): [string, ModuleSource] => [s.name, s]));
  const lineCount = [...modules.values()].reduce((n, s) => n + s.text.split("\n").length - 1, 0);
  return { root, modules, lineCount };
}

/** Answers imports from the project. */
export function hostOf({ modules }: GeneratedProject): ModuleHost {
  return { resolve: (path) => modules.get(path) ?? null };
}

/** The project after an edit of one line of one module: another value in the body of a cell. */
export function editModule(
  project: GeneratedProject,
  name: string,
  value: number | string,
): GeneratedProject {
  const source = project.modules.get(name);
  if (source === undefined) throw new Error(`the project has no module ${name}`);
  const text = source.text.replace(/let bias = \d+/, `let bias = ${value}`);
  return { ...project, modules: new Map(project.modules).set(name, { ...source, text }) };
}

function rootText(moduleCount: number): string {
  const indices = Array.from({ length: moduleCount }, (_, i) => i);
  return [
    ...indices.map((i) => `import mod_${i}: run_mod_${i}`),
    "",
    "cell main() -> Int",
    "  let total = 0",
    ...indices.map((i) => `  total = total + run_mod_${i}(${i % 7})`),
    "  total",
    "end",
    "",
  ].join("\n");
}

function moduleSource(index: number, lineCount: number): ModuleSource {
  const name = `mod_${index}`;
  // Each module imports a few earlier ones, as the layers of a program do.
  const earlier = [index - 1, index - 7, index - 31].filter((i) => i >= 0);
  const lines = earlier.map((i) => `import mod_${i}: Entry_${i}, Shown_${i}, run_mod_${i}`);
  lines.push("", ...declarations(index));
  for (let k = 0; lines.length < lineCount - 12; k += 1) lines.push(...section(index, k, earlier));
  lines.push(...entryCell(index, earlier));
  return { name, path: `${name}.lm`, text: lines.join("\n") };
}
