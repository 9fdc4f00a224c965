// `lumen build --aot`, and what runs of tier T3 do with the native code that it left: they take it
// where it is what was written, and by nobody else (formats 28).

import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { openLlvmEngine } from "@lumen/runtime/llvm";
import { describe, expect, it } from "vitest";
import { document, lumen, project, type Ran, temporaryFolder } from "./testing/lumen.ts";

/** A program of its own for each place: equal code is in the process once, wherever it is from. */
const mainOf = (place: number): string =>
  document(`@tile(iter)
cell squares(n: Int) -> Int
  let total = 0
  for i in 0..n
    total = total + i * i + ${place} - ${place}
  end
  total
end

cell twice(x: Float) -> Float = x * 2.0 + ${place}.0 - ${place}.0

cell main() -> Int / {emit}
  let sum = 0
  for i in 0..10
    sum = sum + i + ${place} - ${place}
  end
  print(twice(1.5))
  squares(100) + sum
end
`);
const OUT = "3.0\n328395\n";

const opened = openLlvmEngine();
if (!opened.ok) console.info(`tier T3 is not tested: ${opened.error}`);

interface Native {
  readonly count: number;
  readonly newCount: number;
  readonly bytes: number;
  readonly folder: string;
}

let places = 0;

/** A project and the cache of its user. */
class Place {
  readonly folder: string = project({ "main.lm.md": mainOf(++places) });
  readonly cache: string = temporaryFolder();

  run(...words: readonly string[]): Promise<Ran> {
    return lumen(this.folder, ...words, "--cache-dir", this.cache, "main.lm.md");
  }

  async build(): Promise<Native> {
    const { status, stdout } = await this.run("build", "--aot", "--format", "json");
    expect(status).toBe(0);
    const found: { native: Native } = JSON.parse(stdout);
    return found.native;
  }

  /** The files of native code. */
  objects(): readonly string[] {
    const names = readdirSync(this.cache).filter((name) => name.endsWith(".object"));
    return names.map((name) => join(this.cache, name));
  }
}

describe.skipIf(!opened.ok)("native code ahead of time", () => {
  it("is made once, for its user only, and taken without a word", async () => {
    const place = new Place();
    const first = await place.build();
    expect(first.newCount).toBe(first.count);
    expect(place.objects()).toHaveLength(first.count);
    // The cells `squares`, which is the tile too, and `twice`, and the loop of `main`.
    expect(first.count).toBe(3);
    for (const path of place.objects()) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await place.build()).toEqual({ ...first, newCount: 0 });
    const { status, stdout, stderr } = await place.run("run", "--tier", "t3");
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: OUT, stderr: "" });
  });

  it("is not taken where it is damaged, or of something else, and is made again", async () => {
    const place = new Place();
    const { count } = await place.build();
    for (const path of place.objects()) appendFileSync(path, "x");
    const damaged = await place.run("run", "--tier", "t3");
    expect(damaged).toMatchObject({ status: 0, stdout: OUT });
    expect(damaged.stderr).toMatch(/^warning: the native code [0-9a-f]{16} is not used: it is dam/);
    expect((await place.build()).newCount).toBe(count);
    const [one = "", other = ""] = place.objects();
    writeFileSync(one, readFileSync(other));
    expect((await place.build()).newCount).toBe(1);
  });

  it("is not taken where others can have written it", async () => {
    const place = new Place();
    await place.build();
    for (const path of place.objects()) chmodSync(path, 0o622);
    const { status, stdout, stderr } = await place.run("run", "--tier", "t3");
    expect({ status, stdout }).toEqual({ status: 0, stdout: OUT });
    expect(stderr).toContain("is not used: others can have written it");
  });

  it("is of numbers only: of other programs there is none", async () => {
    const folder = project({ "main.lm.md": document('cell main() -> String = "a"') });
    const words = ["--aot", "--cache-dir", temporaryFolder(), "main.lm.md"];
    const { status, stdout } = await lumen(folder, "build", ...words);
    expect(status).toBe(0);
    expect(stdout).toContain("native code: none,");
  });

  it("has no place in a cache that a project names, nor without one", async () => {
    const place = new Place();
    writeFileSync(join(place.folder, "lumen.toml"), '[build]\ncache = "kept"\n');
    await place.build();
    expect(readdirSync(place.folder)).not.toContain("kept");
    const none = await place.run("build", "--aot", "--no-cache");
    expect(none).toMatchObject({ status: 2 });
    expect(none.stderr).toContain("--aot keeps native code in the cache");
  });

  it("is listed and removed with the cache", async () => {
    const place = new Place();
    const { count } = await place.build();
    const [damaged = ""] = place.objects();
    writeFileSync(damaged, "hello");
    const words = ["--cache-dir", place.cache];
    const listed = await lumen(place.folder, "cache", "ls", ...words, "--format", "json");
    const entries = listed.stdout.split("\n").filter((line) => line.includes('"type":"entry"'));
    const kinds = entries.map((line): string => JSON.parse(line).kind ?? JSON.parse(line).note);
    expect(kinds.filter((kind) => kind === "native")).toHaveLength(count - 1);
    expect(kinds).toContain("it is no native code of Lumen");
    await lumen(place.folder, "cache", "clear", ...words);
    expect(readdirSync(place.cache)).toEqual([]);
  });
});

it("native code is made, or what it needs is said", async () => {
  const { status, stderr } = await new Place().run("build", "--aot");
  expect(status).toBe(opened.ok ? 0 : 1);
  if (!opened.ok) expect(stderr).toContain(`no native code: ${opened.error}`);
});
