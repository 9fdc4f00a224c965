// Equal input gives equal output: bytes of modules, programs and diagnostics do not depend on the
// order in which files are written, listed or loaded, on the folder, the locale or the time zone.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileProgram, type ModuleHost, type ModuleSource } from "@lumen/compiler";
import { sha256, toHex } from "@lumen/core/hash";
import { encodeModule } from "@lumen/core/lir";
import { describe, expect, it } from "vitest";
import { ROOT, temporaryFolder } from "../cli/testing/lumen.ts";
import { type Random, randomOf } from "../fuzz/random.ts";
import { edited, programOf, type Texts } from "./projects.ts";
import { wellTypedProject } from "./well-typed.ts";

const PROJECTS = 8;
const BUNDLE = join(ROOT, "dist/lumen.js");

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.below(left.length), 1));
}

interface Outcome {
  /** Digests of the modules' files by name, in program order. */
  readonly modules: readonly string[];
  readonly program: unknown;
  readonly diagnostics: unknown;
}

function outcomeOf(root: ModuleSource, host: ModuleHost): Outcome {
  const options = { project: "p", version: "1.0.0" };
  const { value, diagnostics } = compileProgram(root, host, options);
  const modules = (value?.modules ?? []).map((m) => `${m.name} ${toHex(sha256(encodeModule(m)))}`);
  return { modules, program: value, diagnostics };
}

/** The project as another loader would hand it over: listed, read and asked in another order. */
function otherwise(texts: Texts, random: Random): Outcome {
  const { root, host } = programOf(new Map(shuffled([...texts], random)));
  for (const name of shuffled([...texts.keys()], random)) host.resolve(name, root);
  // Each answer is a new object: nothing may hang on which one it is.
  const again = (source: ModuleSource | null) => (source === null ? null : { ...source });
  return outcomeOf(
    { ...root },
    { resolve: (path, from) => again(host.resolve(path, { ...from })) },
  );
}

describe("a generated project", () => {
  it("compiles, with several modules", () => {
    for (let seed = 1; seed <= PROJECTS; seed++) {
      const texts = wellTypedProject(randomOf(2027, seed));
      const { root, host } = programOf(texts);
      const { modules, diagnostics } = outcomeOf(root, host);
      expect(diagnostics, `seed ${seed}\n${[...texts].flat().join("\n")}`).toEqual([]);
      expect(modules.length).toBeGreaterThanOrEqual(4);
    }
  });

  it("is the same in whatever order its files come, right or wrong", () => {
    let refused = 0;
    for (let seed = 1; seed <= PROJECTS; seed++) {
      const random = randomOf(2027, seed);
      let texts: Texts = wellTypedProject(random);
      for (let i = 0; i < 4; i++) {
        const { root, host } = programOf(texts);
        const first = outcomeOf(root, host);
        expect(otherwise(texts, random), `seed ${seed}, edit ${i}`).toEqual(first);
        if (first.program === null) refused += 1;
        for (let k = 0; k < 3; k++) texts = edited(texts, random);
      }
    }
    expect(refused).toBeGreaterThan(PROJECTS);
  });

  it("has the same code in whatever order its imports stand", () => {
    for (let seed = 1; seed <= PROJECTS; seed++) {
      const random = randomOf(2028, seed);
      const texts = wellTypedProject(random);
      const lines = (texts.get("main") ?? "").split("\n");
      const imports = lines.filter((line) => line.startsWith("import "));
      const rest = lines.slice(imports.length);
      const turned = new Map(texts).set("main", [...shuffled(imports, random), ...rest].join("\n"));
      const [one, other] = [texts, turned].map((t) => {
        const { root, host } = programOf(t);
        return [...outcomeOf(root, host).modules].sort();
      });
      expect(other, `seed ${seed}`).toEqual(one);
    }
  });
});

/** Runs the bundle; what it writes and how it ends. */
function lumen(folder: string, environment: Readonly<Record<string, string>>, words: string[]) {
  try {
    const options = { cwd: folder, env: environment, encoding: "utf8", stdio: "pipe" } as const;
    return execFileSync(process.execPath, [BUNDLE, ...words], options);
  } catch (error) {
    if (error instanceof Error && "stdout" in error) return `refused\n${String(error.stdout)}`;
    throw error;
  }
}

/** Writes the files of a project in this order. */
function write(folder: string, files: readonly (readonly [string, string])[]): void {
  for (const [name, text] of files) {
    const path = join(folder, `${name.replaceAll(".", "/")}.lm`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Path and digest of every file below a folder, ascending. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => `${path} ${toHex(sha256(new Uint8Array(readFileSync(join(folder, path)))))}`);
}

const MANIFEST = '[package]\nname = "p"\nversion = "0.1.0"\nentry = "main.lm"\n';

const PLACES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["a", { LANG: "C", TZ: "UTC" }],
  ["Ünï çödé/deep/er", { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Apia" }],
  ["z", { LANG: "de_DE.UTF-8", LC_NUMERIC: "de_DE.UTF-8", TZ: "America/St_Johns" }],
];

describe("a project on the disk", () => {
  it.each([1, 2])("is built to the same bytes everywhere, seed %i", (seed) => {
    const random = randomOf(2029, seed);
    const right = wellTypedProject(random);
    const wrong = edited(edited(edited(right, random), random), random);
    const found = PLACES.map(([place, environment]) => {
      const [folder, broken] = [join(temporaryFolder(), place), join(temporaryFolder(), place)];
      for (const [where, texts] of [
        [folder, right],
        [broken, wrong],
      ] as const) {
        write(where, shuffled([...texts], random));
        writeFileSync(join(where, "lumen.toml"), MANIFEST);
      }
      const built = lumen(folder, environment, ["build", "--no-cache"]).replaceAll(folder, "");
      const said = lumen(broken, environment, ["check", "--no-cache", "--format", "json"]);
      return { built, files: contents(join(folder, "target")), said: said.replaceAll(broken, "") };
    });
    expect(found[0]?.files.length).toBeGreaterThan(3);
    for (const other of found) expect(other).toEqual(found[0]);
  });
});
