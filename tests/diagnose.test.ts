// A check without a program says the same as a compilation, for every fixture that has any:
// the shortcuts that it takes lose no diagnostic.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileProgram, diagnoseProgram, type ModuleSource } from "@lumen/compiler";
import { type FixtureSource, readFixture } from "@lumen/testkit";
import { evaluateComptime } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
const options = { project: "fixture", version: "0.1.0", comptime: evaluateComptime };

const moduleOf = (name: string, { text, extension }: FixtureSource): ModuleSource => ({
  name,
  path: `${name}.${extension}`,
  text,
});

const names = readdirSync(root)
  .sort()
  .flatMap((area) => readdirSync(join(root, area)).map((name) => `${area}/${name}`))
  .filter((name) => readFileSync(join(root, name), "utf8").includes("## Diagnostics"));

describe("a check", () => {
  it.each(names)("%s", (name) => {
    const fixture = readFixture(name, readFileSync(join(root, name), "utf8"));
    if (!fixture.ok) throw new Error(fixture.error.message);
    const { source, modules } = fixture.value;
    const resolve = (path: string): ModuleSource | null => {
      const found = modules.get(path);
      return found === undefined ? null : moduleOf(path, found);
    };
    const main = moduleOf("main", source);
    const compiled = compileProgram(main, { resolve }, options);
    const diagnosed = diagnoseProgram(main, { resolve }, options);
    expect(diagnosed.diagnostics).toEqual(compiled.diagnostics);
    const declared = compiled.value?.tiles.filter((t) => !/__e\d+$/.test(t.id)).length;
    expect(diagnosed.value?.tileCount).toBe(declared);
    expect(diagnosed.value?.sequenceCount).toBe(compiled.value?.sequences.length);
  });
});
