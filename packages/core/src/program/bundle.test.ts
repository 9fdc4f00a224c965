// The worked program file, and one bundle with a fault for every check of 10.2.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeDigest, methodId } from "../commit/commitment.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { fromHex, sha256, toHex, utf8Decode, utf8Encode } from "../hash/index.ts";
import { type Result, required } from "../result/result.ts";
import { type FileTable, type RecomputeCode, readBundle, writeBundle } from "./bundle.ts";
import { compareTexts } from "./bundle-index.ts";
import { writeTileManifest } from "./tile-manifest.ts";
import { type ArchiveFile, readUstar, writeUstar } from "./ustar.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const vector = worked.program_bundle;
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");
const file = bytes(vector.file);
const files: FileTable = new Map(
  Object.entries<string>(vector.files).map(([path, hex]) => [path, bytes(hex)]),
);
const content = { project: "hello-tiles", version: "0.1.0", files, artifacts: null };

function value<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Stands for LIR slicing: the code of tile T is the text guest:T. */
const recomputeCode: RecomputeCode = (tileId, program) =>
  program.has("modules/main.lir") ? codeDigest(utf8Encode(`guest:${tileId}`)) : null;
const options = { subject: "b", recomputeCode };

/** The archive again with some files of it changed (null removes one). Nothing else is adapted. */
function repacked(changes: { readonly [path: string]: Uint8Array | null }): Uint8Array {
  const entries: ArchiveFile[] = [];
  for (const entry of value(readUstar(file, "b"))) {
    const change = changes[entry.path];
    if (change !== null) entries.push({ path: entry.path, content: change ?? entry.content });
  }
  return value(writeUstar(entries));
}

type Index = { [key: string]: unknown };

/** The bundle with another index; by default the program id is made to fit. */
function reindexed(change: (index: Index) => void, fit = true): Uint8Array {
  const index: Index = structuredClone(vector.index);
  change(index);
  if (fit) index.program_id = programId(index);
  return repacked({ "index.json": utf8Encode(JSON.stringify(index)) });
}

/** The definition of the program id, by an independent sorting of keys. */
function programId(index: Index): string {
  const { program_id: _id, artifacts: _artifacts, ...rest } = index;
  const sorted = (doc: unknown): unknown =>
    Array.isArray(doc)
      ? doc.map(sorted)
      : typeof doc === "object" && doc !== null
        ? Object.fromEntries(
            Object.entries(doc)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, part]) => [key, sorted(part)]),
          )
        : doc;
  return toHex(sha256(utf8Encode(`raster.bundle.v1\0${JSON.stringify(sorted(rest))}`)));
}

/** A bundle whose index fits its files, whatever these are: only their meaning can be wrong. */
function consistent(changes: { readonly [path: string]: string | null }, more = {}): Uint8Array {
  const table = new Map(files);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) table.delete(path);
    else table.set(path, utf8Encode(text));
  }
  const sorted = [...table].sort(([a], [b]) => compareTexts(a, b));
  const rows = sorted.map(([path, part]) => ({
    ...{ path, size: part.length, sha256: toHex(sha256(part)) },
  }));
  const index: Index = { ...structuredClone(vector.index), files: rows, ...more };
  index.program_id = programId(index);
  const first = { path: "index.json", content: utf8Encode(JSON.stringify(index)) };
  const rest = sorted.map(([path, part]) => ({ path, content: part }));
  return value(writeUstar([first, ...rest]));
}

function refusal(bundle: Uint8Array, recompute: RecomputeCode | null = recomputeCode): Failure {
  const read = readBundle(bundle, { subject: "b", recomputeCode: recompute });
  if (read.ok) throw new Error("the bundle is accepted");
  return read.error;
}

describe("the worked program file", () => {
  it("is written byte for byte", () => {
    const written = value(writeBundle(content));
    expect(written.bytes.length).toBe(vector.file_length);
    expect(toHex(sha256(written.bytes))).toBe(vector.sha256);
    expect(toHex(written.bytes)).toBe(vector.file);
    expect(toHex(written.programId)).toBe(vector.program_id);
  });

  it("does not depend on the order in which the files are given", () => {
    const reversed = new Map([...files].reverse());
    expect(value(writeBundle({ ...content, files: reversed })).bytes).toEqual(file);
  });

  it("is read with all that is in it", () => {
    const bundle = value(readBundle(file, options));
    expect([...bundle.files.keys()]).toEqual(Object.keys(vector.files).sort());
    for (const [path, part] of bundle.files) expect(toHex(part)).toBe(vector.files[path]);
    expect(toHex(bundle.index.programId)).toBe(vector.program_id);
    expect(bundle.index.entry).toBe("main");
    expect([...bundle.tiles.keys()]).toEqual(["exclaim", "greet"]);
    expect(toHex(bundle.cfs.schemaHash)).toBe(vector.index.schema_hash);
    expect(toHex(required(bundle.tiles.get("greet"), "there").code)).toBe(worked.code[0].code);
    expect(bundle.artifacts.size).toBe(0);
  });

  it("has the index of the vectors", () => {
    const [index] = value(readUstar(file, "b"));
    expect(JSON.parse(required(utf8Decode(required(index, "there").content), "text"))).toEqual(
      vector.index,
    );
    expect(programId(vector.index)).toBe(vector.program_id);
  });

  it("may have an index with other white space and unknown fields, which count", () => {
    const spaced = repacked({ "index.json": utf8Encode(JSON.stringify(vector.index)) });
    expect(toHex(value(readBundle(spaced, options)).index.programId)).toBe(vector.program_id);
    const extended = reindexed((index) => {
      index.later = { a: [1] };
    });
    expect(toHex(value(readBundle(extended, options)).index.programId)).not.toBe(vector.program_id);
  });
});

describe("the index", () => {
  const row = (list: string, position: number, more: object) => (index: Index) => {
    const rows = index[list];
    if (!Array.isArray(rows)) throw new Error("it is a list");
    rows[position] = { ...rows[position], ...more };
  };

  it.each<[string, (index: Index) => void]>([
    ["a missing project", (index) => delete index.project],
    ["a missing version", (index) => delete index.format_version],
    ["a number for a version", (index) => Object.assign(index, { format_version: 1 })],
    ["a fraction anywhere", (index) => Object.assign(index, { later: [1.5] })],
    ["a missing encoding", (index) => delete index.encoding],
    ["another schema hash", (index) => Object.assign(index, { schema_hash: "00".repeat(32) })],
    ["another entry", (index) => Object.assign(index, { entry: "other" })],
    ["no entry", (index) => Object.assign(index, { entry: null })],
    ["another size", row("files", 0, { size: 1211 })],
    ["another hash", row("files", 0, { sha256: "00".repeat(32) })],
    ["another path", row("files", 0, { path: "cfs.jsom" })],
    ["another code", row("tiles", 0, { code: "00".repeat(32) })],
    ["another tile", row("tiles", 0, { id: "exclaimed" })],
    ["tiles out of order", (index) => (index.tiles as unknown[]).reverse()],
    ["files out of order", (index) => (index.files as unknown[]).reverse()],
    [
      "a tile twice",
      (index) =>
        Object.assign(index, { tiles: [...Array(2)].map(() => (index.tiles as unknown[])[0]) }),
    ],
    ["a tile too few", (index) => (index.tiles as unknown[]).pop()],
    ["a file too few", (index) => (index.files as unknown[]).pop()],
    [
      "an artifact that is not there",
      (index) =>
        Object.assign(index, {
          artifacts: [
            {
              path: "artifacts/native/greet/method_id",
              size: 0,
              sha256: toHex(sha256(new Uint8Array(0))),
            },
          ],
        }),
    ],
  ])("with %s is refused", (_what, change) => {
    expect(refusal(reindexed(change)).code).toBe("E_ARTIFACT_CORRUPT");
  });

  it("with another program id is refused", () => {
    const wrong = reindexed(
      (index) => Object.assign(index, { program_id: "00".repeat(32) }),
      false,
    );
    expect(refusal(wrong)).toMatchObject({ code: "E_ARTIFACT_CORRUPT" });
    expect(refusal(wrong).message).toContain(vector.program_id);
  });

  it("of an unknown version is refused as such, before any other field", () => {
    const newer = reindexed((index) => Object.assign(index, { format_version: "2.0", files: 1 }));
    expect(refusal(newer)).toMatchObject({ code: "E_UNSUPPORTED_VERSION", format: "bundle" });
    const encoding = reindexed((index) => Object.assign(index, { encoding: "json" }));
    expect(refusal(encoding)).toMatchObject({ code: "E_UNSUPPORTED_VERSION", format: "tile-io" });
  });

  it("with a project version that is not SemVer is refused as such", () => {
    const wrong = reindexed((index) => Object.assign(index, { version: "1.0" }));
    expect(refusal(wrong).code).toBe("E_BAD_PROJECT_VERSION");
    expect(writeBundle({ ...content, version: "1" })).toMatchObject({
      error: { code: "E_BAD_PROJECT_VERSION" },
    });
  });

  it("that is missing, late or not JSON is refused", () => {
    for (const changes of [
      { "index.json": null },
      { "index.json": utf8Encode("{") },
      { "index.json": Uint8Array.of(0xff) },
    ]) {
      expect(refusal(repacked(changes)).code).toBe("E_ARTIFACT_CORRUPT");
    }
    const [index, ...rest] = value(readUstar(file, "b"));
    const late = value(writeUstar([...rest, required(index, "there")]));
    expect(refusal(late).code).toBe("E_ARTIFACT_CORRUPT");
    expect(refusal(value(writeUstar([]))).code).toBe("E_ARTIFACT_CORRUPT");
  });
});

describe("the files", () => {
  it.each(Object.keys(vector.files))("%s cannot be changed or left out", (path) => {
    const other = required(files.get(path), "there").slice();
    other[0] = (other[0] ?? 0) ^ 1;
    expect(refusal(repacked({ [path]: other })).code).toBe("E_ARTIFACT_CORRUPT");
    expect(refusal(repacked({ [path]: null })).code).toBe("E_ARTIFACT_CORRUPT");
  });

  const greet = JSON.parse(
    required(utf8Decode(required(files.get("tiles/greet/manifest.json"), "")), ""),
  );
  const cfs = JSON.parse(required(utf8Decode(required(files.get("cfs.json"), "")), ""));
  const tile = (more: object): { [path: string]: string } => ({
    "tiles/greet/manifest.json": JSON.stringify({ ...greet, ...more }),
  });

  it("that only look different are accepted", () => {
    expect(readBundle(consistent({}), options).ok).toBe(true);
    expect(readBundle(consistent(tile({})), options).ok).toBe(true);
  });

  it.each<[string, { [path: string]: string | null }]>([
    ["no cfs.json", { "cfs.json": null }],
    ["a cfs.json that is not JSON", { "cfs.json": "{" }],
    ["a cfs.json that fails its checks", { "cfs.json": JSON.stringify({ ...cfs, tiles: [] }) }],
    ["a cfs.json of another hash", { "cfs.json": JSON.stringify({ ...cfs, project: "other" }) }],
    ["a manifest without code", tile({ code: undefined })],
    ["a manifest of another tile", tile({ tile_id: "other" })],
    ["a manifest of other code", tile({ code: "00".repeat(32) })],
    ["a manifest of a wrong kind", tile({ kind: "other" })],
    [
      "a manifest with another type hash",
      tile({ abi: { ...greet.abi, type_hash: "00".repeat(32) } }),
    ],
    ["a manifest with a backend", tile({ backend: "native" })],
    ["a manifest with a method id", tile({ method_id: "00" })],
    ["a manifest with a guest size", tile({ elf_size: 0 })],
    ["a manifest with a source hash", tile({ source_hash: "00" })],
    ["a manifest with a guest file", tile({ guest_file: "guest.lir" })],
    ["a manifest that is not JSON", { "tiles/greet/manifest.json": "" }],
    ["another file below tiles/", { "tiles/greet/notes.txt": "x" }],
    ["a tile id that is none", { "tiles/1a/manifest.json": "{}" }],
    ["a file below artifacts/", { "artifacts/native/greet/method_id": "00" }],
    ["a file called index.json", { "index.json": "{}" }],
    ["no module", { "modules/main.lir": null }],
    ["a script that is not the code", { "modules/greet.js": "other" }],
  ])("with %s are refused", (_what, changes) => {
    expect(refusal(consistent(changes)).code).toBe("E_ARTIFACT_CORRUPT");
  });

  it("of unknown versions are refused as such", () => {
    const schema = consistent({ "cfs.json": JSON.stringify({ ...cfs, version: "9" }) });
    expect(refusal(schema)).toMatchObject({ code: "E_UNSUPPORTED_VERSION", format: "cfs" });
    const manifest = consistent(tile({ format_version: "9" }));
    expect(refusal(manifest)).toMatchObject({
      code: "E_UNSUPPORTED_VERSION",
      format: "tile-manifest",
    });
  });
});

describe("the code of tiles", () => {
  it("is recomputed from the modules", () => {
    const other: RecomputeCode = () => new Uint8Array(32);
    expect(refusal(file, other)).toMatchObject({ code: "E_ARTIFACT_CORRUPT" });
    expect(refusal(file, () => null).message).toContain("do not hold the tile");
  });

  it("is left unchecked against LIR where nobody can slice it", () => {
    expect(readBundle(file, { subject: "b", recomputeCode: null }).ok).toBe(true);
  });

  it("of a TypeScript tile is its bundled source", () => {
    const scripts = { "modules/greet.js": "guest:greet", "modules/exclaim.js": "guest:exclaim" };
    const bundle = consistent({ ...scripts, "modules/main.lir": null });
    expect(readBundle(bundle, { subject: "b", recomputeCode: () => null }).ok).toBe(true);
    const wrong = consistent({ ...scripts, "modules/greet.js": "guest:greet " });
    expect(refusal(wrong, null).code).toBe("E_ARTIFACT_CORRUPT");
  });
});

describe("artifacts", () => {
  const guest = utf8Encode("guest:greet");
  const code = codeDigest(guest);
  const manifest = {
    tileId: "greet",
    backend: "native",
    methodId: methodId("native", guest),
    elfSize: guest.length,
    sourceHash: null,
    guestFile: "guest.lir",
    abi: null,
    kind: "iter",
    code,
    compiler: null,
    extra: {},
  } as const;
  const directory = (more: object = {}): Map<string, Uint8Array> =>
    new Map([
      ["artifacts/native/greet/guest.lir", guest],
      [
        "artifacts/native/greet/manifest.json",
        utf8Encode(writeTileManifest({ ...manifest, ...more })),
      ],
      ["artifacts/native/greet/method_id", utf8Encode(`${toHex(manifest.methodId)}\n`)],
    ]);

  it("stand in the bundle without being part of the program id", () => {
    const written = value(writeBundle({ ...content, artifacts: directory() }));
    expect(toHex(written.programId)).toBe(vector.program_id);
    const bundle = value(readBundle(written.bytes, options));
    const artifact = bundle.artifacts.get("native")?.get("greet");
    expect(artifact?.guest).toEqual({ file: "guest.lir", bytes: guest });
    expect(bundle.index.artifacts).toHaveLength(3);
    expect(bundle.files.size).toBe(7);
  });

  it.each<[string, () => Map<string, Uint8Array>]>([
    ["no manifest", () => directory()],
    ["other code", () => directory({ code: new Uint8Array(32) })],
    ["no code", () => directory({ code: null })],
    ["another tile", () => directory({ tileId: "exclaim" })],
    ["another method id", () => directory({ methodId: new Uint8Array(32) })],
    ["another file", () => directory().set("artifacts/native/greet/other", guest)],
    ["a path of its own", () => new Map([["artifacts/method_id", guest]])],
    [
      "a tile of no program",
      () => new Map([...directory()].map(([path, part]) => [path.replace("greet", "other"), part])),
    ],
  ])("with %s are refused by the writer", (what, make) => {
    const artifacts = make();
    if (what === "no manifest") artifacts.delete("artifacts/native/greet/manifest.json");
    expect(writeBundle({ ...content, artifacts })).toMatchObject({
      ok: false,
      error: { code: "E_ARTIFACT_CORRUPT" },
    });
  });

  it("that were changed are refused by the reader", () => {
    const written = value(writeBundle({ ...content, artifacts: directory() })).bytes;
    for (const path of directory().keys()) {
      const entries = value(readUstar(written, "b")).map((entry) =>
        entry.path === path ? { path, content: entry.content.map((byte) => byte ^ 1) } : entry,
      );
      expect(refusal(value(writeUstar(entries))).code).toBe("E_ARTIFACT_CORRUPT");
    }
  });
});
