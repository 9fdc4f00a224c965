// Artifacts of tiles (formats 8): whatever is wrong with one, build and run make it anew and say so
// once; they are the same bytes wherever the project lies; and a run commits to the same on every
// back end.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { document, jsonLines, ledger, lumen, namesIn, project } from "../cli/testing/lumen.ts";

const MAIN = document(`
import units: double

# A tile of this module.
@tile(iter)
cell plus_one(n: Int) -> Int = n + 1

@sequence
cell main(n: Int) -> Int
  let more = plus_one(n)
  return twice(more)
end

@tile(iter)
cell twice(n: Int) -> Int = double(n)
`);

const UNITS = document(`
pub cell double(n: Int) -> Int = n * 2
`);

const OTHER = document(`
pub cell unused(n: Int) -> Int = n
`);

function twoTiles(): string {
  return project({
    "lumen.toml": '[package]\nname = "two"\nversion = "0.1.0"\n',
    "main.lm.md": MAIN,
    "units.lm.md": UNITS,
    "other.lm.md": OTHER,
  });
}

const artifactOf = (folder: string, tile = "plus_one", backend = "native"): string =>
  join(folder, "target/raster/tiles", tile, backend);

/** What a build says about each tile. */
async function statesOf(folder: string, ...words: readonly string[]): Promise<unknown> {
  const built = await lumen(folder, "build", "--format", "json", ...words);
  expect(built.status).toBe(0);
  const [report] = jsonLines(built.stdout) as readonly [
    { readonly tiles: readonly { readonly tileId: string; readonly state: string }[] },
  ];
  return Object.fromEntries(report.tiles.map((t) => [t.tileId, t.state]));
}

describe("what makes an artifact stale (8.4)", () => {
  it("is a file that the tile depends on, the manifest, or another back end", async () => {
    const folder = twoTiles();
    const states = (state: string): unknown => ({ plus_one: state, twice: state });
    expect(await statesOf(folder)).toEqual(states("built"));
    expect(await statesOf(folder)).toEqual(states("fresh"));
    expect(await statesOf(folder, "--force")).toEqual(states("built"));
    expect(await statesOf(folder, "--backend", "isolate")).toEqual(states("built"));
    writeFileSync(join(folder, "units.lm.md"), UNITS.replace("n * 2", "n + n"));
    expect(await statesOf(folder)).toEqual(states("built"));
    writeFileSync(join(folder, "other.lm.md"), OTHER.replace("= n", "= n + 0"));
    expect(await statesOf(folder)).toEqual(states("fresh"));
    const toml = join(folder, "lumen.toml");
    writeFileSync(toml, `${readFileSync(toml, "utf8")}# a comment\n`);
    expect(await statesOf(folder)).toEqual(states("built"));
  });

  it("does not include a module that only the importing one needs", async () => {
    const folder = project({
      "lumen.toml": '[package]\nname = "inner"\nversion = "0.1.0"\n',
      "main.lm.md": document(
        "import inner: half\nimport side: text\n@sequence\ncell main(n: Int) -> Int\n  return half(n)\nend\ncell say() -> String = text()\n",
      ),
      "inner.lm.md": document("@tile(iter)\npub cell half(n: Int) -> Int = n / 2\n"),
      "side.lm.md": document('pub cell text() -> String = "a"\n'),
    });
    expect(await statesOf(folder)).toEqual({ half: "built" });
    writeFileSync(join(folder, "side.lm.md"), document('pub cell text() -> String = "b"\n'));
    expect(await statesOf(folder)).toEqual({ half: "fresh" });
    writeFileSync(
      join(folder, "inner.lm.md"),
      document("# Prose.\n@tile(iter)\npub cell half(n: Int) -> Int = n / 2\n"),
    );
    expect(await statesOf(folder)).toEqual({ half: "built" });
  });
});

/** Damage to an artifact, and what the note says of it. */
const DAMAGES: readonly (readonly [string, (folder: string) => void, string])[] = [
  ["a short guest", (at) => writeFileSync(join(at, "guest.lir"), "short"), "the guest has 5 bytes"],
  ["no guest", (at) => rmSync(join(at, "guest.lir")), "the guest file guest.lir is missing"],
  [
    "one bit of the guest",
    (at) => flip(join(at, "guest.lir")),
    "the method id is not that of the guest",
  ],
  ["no method id", (at) => rmSync(join(at, "method_id")), "method_id is missing"],
  [
    "another method id",
    (at) => writeFileSync(join(at, "method_id"), "00\n"),
    "the file method_id and the manifest disagree",
  ],
  ["no JSON", (at) => writeFileSync(join(at, "manifest.json"), "{"), "manifest.json"],
  [
    "an unknown version",
    (at) => edit(at, (m) => ({ ...m, format_version: "2.0" })),
    'unsupported tile-manifest version "2.0"',
  ],
  ["a key of another type", (at) => edit(at, (m) => ({ ...m, elf_size: "big" })), "elf_size"],
  [
    "a manifest of another tile",
    (at) => edit(at, (m) => ({ ...m, tile_id: "twice" })),
    "the manifest is that of twice",
  ],
  [
    "a manifest of another back end",
    (at) => edit(at, (m) => ({ ...m, backend: "isolate" })),
    "the manifest is that of backend isolate",
  ],
];

/** What makes an artifact stale without being wrong: no note. */
const STALE: readonly (readonly [string, (folder: string) => void])[] = [
  ["no manifest, which is written last", (at) => rmSync(join(at, "manifest.json"))],
  ["no source hash", (at) => edit(at, ({ source_hash: _, ...rest }) => rest)],
  ["an older source hash", (at) => edit(at, (m) => ({ ...m, source_hash: "0123" }))],
  ["another code", (at) => edit(at, (m) => ({ ...m, code: "00".repeat(32) }))],
  ["no code", (at) => edit(at, ({ code: _, ...rest }) => rest)],
];

type Manifest = { readonly [key: string]: unknown };

function edit(folder: string, change: (manifest: Manifest) => Manifest): void {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  writeFileSync(path, JSON.stringify(change(manifest)));
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe("an artifact that cannot be used (8.2)", () => {
  it.each(DAMAGES)("%s: run and build say so and make it anew", async (_, damage, reason) => {
    const folder = twoTiles();
    await statesOf(folder);
    const before = contentOf(artifactOf(folder));
    for (const words of [["run", "--input", "4"], ["build"]]) {
      damage(artifactOf(folder));
      const ran = await lumen(folder, ...words);
      expect(ran.status).toBe(0);
      expect(ran.stderr.split("\n").filter((line) => line.startsWith("note: "))).toEqual([
        expect.stringContaining(reason),
      ]);
      expect(ran.stderr).toContain("plus_one");
      expect(contentOf(artifactOf(folder))).toEqual(before);
    }
  });

  it.each(STALE)("%s: made anew without a word", async (_, damage) => {
    const folder = twoTiles();
    await statesOf(folder);
    const before = contentOf(artifactOf(folder));
    damage(artifactOf(folder));
    expect(await lumen(folder, "build")).toMatchObject({ status: 0, stderr: "" });
    expect(contentOf(artifactOf(folder))).toEqual(before);
  });

  it("a folder where a file should be is read as damage", async () => {
    const folder = twoTiles();
    await statesOf(folder);
    rmSync(join(artifactOf(folder), "guest.lir"));
    mkdirSync(join(artifactOf(folder), "guest.lir"));
    const built = await lumen(folder, "build");
    expect(built).toMatchObject({ status: 0, stderr: expect.stringContaining("note: ") });
  });

  it("a run leaves no artifacts where nobody has built", async () => {
    const folder = twoTiles();
    expect(await lumen(folder, "run", "--input", "4")).toMatchObject({ stdout: "10\n" });
    expect(namesIn(join(folder, "target/raster"))).toEqual(["programs", "traces"]);
  });
});

describe("reproducible builds", () => {
  it.each(["native", "isolate"])("gives the same bytes in two folders: %s", async (backend) => {
    const folders = [ledger(), ledger()];
    const contents: unknown[] = [];
    for (const folder of folders) {
      await statesOf(folder, "--backend", backend);
      contents.push(
        Object.fromEntries(
          namesIn(join(folder, "target/raster/tiles")).map((tile) => [
            tile,
            contentOf(artifactOf(folder, tile, backend)),
          ]),
        ),
      );
    }
    expect(contents[1]).toEqual(contents[0]);
    const documents = folders.map((folder) =>
      ["cfs.json", "manifest.json"].map((name) =>
        readFileSync(join(folder, "target/raster", name), "utf8"),
      ),
    );
    expect(documents[1]).toEqual(documents[0]);
  });
});

/** Files of a folder, as text by name. */
function contentOf(folder: string): unknown {
  return Object.fromEntries(
    namesIn(folder).map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}
