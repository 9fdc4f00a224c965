// Tile manifests, project manifests, source hashes and artifact integrity.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { methodId } from "../commit/commitment.ts";
import { fromHex, sha256, toHex, utf8Decode, utf8Encode } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { Float } from "../value/index.ts";
import { checkArtifact } from "./artifact.ts";
import { readPolicy, writePolicy } from "./policy.ts";
import {
  type ProjectManifest,
  readProjectManifest,
  writeProjectManifest,
} from "./project-manifest.ts";
import { sourceHash, sourceHashPayload } from "./source-hash.ts";
import {
  readProgramTile,
  readTileManifest,
  tileTypeHash,
  writeProgramTile,
  writeTileManifest,
} from "./tile-manifest.ts";
import type { ToolEntry } from "./tool-entry.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const textOf = (path: string): string =>
  required(utf8Decode(required(fromHex(worked.program_bundle.files[path]), "hex")), "text");

const GREET = {
  tile_id: "greet",
  backend: "native",
  method_id: worked.method_id[0].method_id,
  elf_size: 11,
  source_hash: worked.source_hash[0].source_hash,
  format_version: "1.0",
  encoding: "postcard",
  guest_file: "guest.lir",
  abi: {
    inputs: [{ name: "name", type: "string" }],
    output: "string",
    type_hash: toHex(tileTypeHash(["string"], "string")),
  },
  kind: "iter",
  code: worked.code[0].code,
  compiler: { name: "lumen", version: "0.1.0" },
  created_by_run: [1, { x: null }],
};
const pretty = (doc: object): string => `${JSON.stringify(doc, null, 2)}\n`;

describe("tile manifests", () => {
  it("are written as they were read, unknown keys included", () => {
    const read = readTileManifest(pretty(GREET), "m");
    if (!read.ok) throw new Error(read.error.message);
    expect(read.value).toMatchObject({ tileId: "greet", elfSize: 11, kind: "iter" });
    expect(read.value.extra).toEqual({ created_by_run: [1, { x: null }] });
    expect(writeTileManifest(read.value)).toBe(pretty(GREET));
  });

  it("need four keys only, and then say their version", () => {
    const { tile_id, backend, method_id, elf_size } = GREET;
    const least = readTileManifest(JSON.stringify({ tile_id, backend, method_id, elf_size }), "m");
    if (!least.ok) throw new Error(least.error.message);
    expect(least.value).toMatchObject({ sourceHash: null, code: null, abi: null, compiler: null });
    const written = { tile_id, backend, method_id, elf_size };
    expect(writeTileManifest(least.value)).toBe(
      pretty({ ...written, format_version: "1.0", encoding: "postcard" }),
    );
  });

  it.each([
    ["tile_id", undefined, "/tile_id"],
    ["backend", 1, "/backend"],
    ["method_id", "0G", "/method_id"],
    ["method_id", "C6", "/method_id"],
    ["elf_size", "x", "/elf_size"],
    ["elf_size", -1, "/elf_size"],
    ["elf_size", 1.5, "/elf_size"],
    ["source_hash", 1, "/source_hash"],
    ["guest_file", 1, "/guest_file"],
    ["kind", "other", "/kind"],
    ["code", "00", "/code"],
    ["compiler", {}, "/compiler/name"],
    ["encoding", 1, "/encoding"],
    ["format_version", 1, "/format_version"],
    ["abi", { ...GREET.abi, output: "text" }, "/abi/output"],
    ["abi", { ...GREET.abi, inputs: [{ name: "x" }] }, "/abi/inputs/0/type"],
    ["abi", { ...GREET.abi, type_hash: "00".repeat(32) }, "/abi/type_hash"],
  ])("with %s = %j are refused", (key, value, path) => {
    const text = JSON.stringify({ ...GREET, [key]: value });
    expect(readTileManifest(text, "m")).toMatchObject({
      ok: false,
      error: { code: "E_MALFORMED", path, subject: "m" },
    });
  });

  it("of unknown versions and encodings are refused as such", () => {
    const version = readTileManifest(JSON.stringify({ format_version: "1.1" }), "m");
    expect(version).toMatchObject({ error: { code: "E_UNSUPPORTED_VERSION", found: "1.1" } });
    const encoding = readTileManifest(JSON.stringify({ ...GREET, encoding: "bincode" }), "m");
    expect(encoding).toMatchObject({ error: { code: "E_UNSUPPORTED_VERSION", format: "tile-io" } });
  });

  it("that are no JSON object or repeat a key are refused", () => {
    for (const text of ["", "[]", "null", '{"tile_id":"a","tile_id":"b"}']) {
      expect(readTileManifest(text, "m")).toMatchObject({ error: { code: "E_MALFORMED" } });
    }
  });

  it.each(["greet", "exclaim"])("of %s in the program file is written as in the vectors", (id) => {
    const text = textOf(`tiles/${id}/manifest.json`);
    const read = readProgramTile(text, "m");
    if (!read.ok) throw new Error(read.error.message);
    expect(writeProgramTile(read.value)).toBe(text);
  });

  it("hash types as 8.2 says, with unit for no parameter", () => {
    const stated = JSON.parse(textOf("tiles/greet/manifest.json")).abi.type_hash;
    expect(toHex(tileTypeHash(["string"], "string"))).toBe(stated);
    const none = `raster.type.v1\0${'{"tuple":["unit","i64"]}'}`;
    expect(tileTypeHash([], "i64")).toEqual(sha256(utf8Encode(none)));
  });
});

describe("project manifests", () => {
  it("are written as in the vectors", () => {
    const text = textOf("manifest.json");
    const read = readProjectManifest(text, "m");
    if (!read.ok) throw new Error(read.error.message);
    expect(writeProjectManifest(read.value)).toEqual({ ok: true, value: text });
  });

  const manifest: ProjectManifest = {
    name: "p",
    version: "1.0.0",
    tiles: [],
    sequences: [
      {
        name: "a",
        version: "1.0.0",
        tiles: ["t"],
        controlFlow: { kind: "Conditional", branches: [{ condition: "x > 1", tiles: ["t"] }] },
      },
      {
        name: "b",
        version: "2.0.0",
        tiles: ["t"],
        controlFlow: { kind: "Loop", body: ["t"], maxIterations: null },
      },
      {
        name: "c",
        version: "2.0.0",
        tiles: [],
        controlFlow: { kind: "Loop", body: [], maxIterations: 9 },
      },
    ],
    entry: null,
  };

  it("keep every kind of control flow", () => {
    const text = writeProjectManifest(manifest);
    if (!text.ok) throw new Error(text.error.message);
    expect(text.value).toContain('"type": "Conditional"');
    expect(text.value).toContain('"max_iterations": null');
    expect(readProjectManifest(text.value, "m")).toEqual({ ok: true, value: manifest });
  });

  it("refuse versions that are not SemVer, on writing and reading", () => {
    const bad = { ...manifest, version: "1.0" };
    expect(writeProjectManifest(bad)).toMatchObject({
      error: { code: "E_BAD_PROJECT_VERSION", path: "/version" },
    });
    const doc = JSON.parse(textOf("manifest.json"));
    doc.sequences[0].version = "one";
    expect(readProjectManifest(JSON.stringify(doc), "m")).toMatchObject({
      error: { code: "E_BAD_PROJECT_VERSION", path: "/sequences/0/version", subject: "m" },
    });
  });

  it.each([
    [{ name: 1 }, "/name"],
    [{ tiles: {} }, "/tiles"],
    [{ tiles: [{ id: "a" }] }, "/tiles/0/name"],
    [{ sequences: [{ name: "a", version: "1.0.0", tiles: [] }] }, "/sequences/0/control_flow"],
    [
      { sequences: [{ name: "a", version: "1.0.0", tiles: [], control_flow: { type: "If" } }] },
      "/sequences/0/control_flow/type",
    ],
  ])("with %j are refused", (more, path) => {
    const doc = { ...JSON.parse(textOf("manifest.json")), ...more };
    expect(readProjectManifest(JSON.stringify(doc), "m")).toMatchObject({
      error: { code: "E_MALFORMED", path, format: "project-manifest" },
    });
  });

  it("may lack the version field, but not have another", () => {
    const { format_version: _version, ...doc } = JSON.parse(textOf("manifest.json"));
    expect(readProjectManifest(JSON.stringify(doc), "m").ok).toBe(true);
    const newer = JSON.stringify({ ...doc, format_version: "2.0" });
    expect(readProjectManifest(newer, "m")).toMatchObject({
      error: { code: "E_UNSUPPORTED_VERSION", format: "project-manifest", found: "2.0" },
    });
  });
});

describe("source hashes", () => {
  const [row] = worked.source_hash;
  const inputs = {
    files: row.files.map((file: { path: string; utf8: string }) => ({
      ...{ path: file.path, sha256: sha256(utf8Encode(file.utf8)) },
    })),
    compiler: row.compiler,
    backend: row.backend,
    options: new Map(Object.entries<string>(row.options)),
  };

  it("have the worked value, in whatever order the files come", () => {
    expect(worked.source_hash).toHaveLength(1);
    expect(toHex(sourceHashPayload(inputs))).toBe(row.payload);
    expect(sourceHash(inputs)).toBe(row.source_hash);
    expect(sourceHash({ ...inputs, files: [...inputs.files].reverse() })).toBe(row.source_hash);
  });

  it("order paths by their UTF-8 bytes", () => {
    const file = (path: string): { path: string; sha256: Uint8Array } => ({
      ...{ path, sha256: new Uint8Array(32) },
    });
    // By UTF-16 units the second would come first.
    const ordered = [file("\uffff"), file("\u{10000}")];
    const payload = toHex(sourceHashPayload({ ...inputs, files: [...ordered].reverse() }));
    expect(payload.startsWith("0203efbfbf")).toBe(true);
  });
});

describe("artifacts", () => {
  const guest = utf8Encode("guest:greet");
  const files = (
    manifest: object,
    more: readonly [string, string][] = [],
  ): Map<string, Uint8Array> =>
    new Map([
      ["guest.lir", guest],
      ["method_id", utf8Encode(`${GREET.method_id}\n`)],
      ["manifest.json", utf8Encode(pretty({ ...GREET, ...manifest }))],
      ...more.map(([name, text]): [string, Uint8Array] => [name, utf8Encode(text)]),
    ]);
  const check = (table: Map<string, Uint8Array>) =>
    checkArtifact({ tileId: "greet", backend: "native", files: table, subject: "a" });

  it("pass with and without the name of the guest", () => {
    const found = { file: "guest.lir", bytes: guest };
    expect(check(files({}))).toMatchObject({ ok: true, value: { guest: found } });
    expect(check(files({ guest_file: undefined }))).toMatchObject({ value: { guest: found } });
    const two = files({}, [["guest.old", "x"]]);
    expect(check(two)).toMatchObject({ ok: true, value: { guest: found } });
  });

  it("may have no guest", () => {
    const table = files({ guest_file: undefined, elf_size: 0 });
    table.delete("guest.lir");
    expect(check(table)).toMatchObject({ ok: true, value: { guest: null } });
  });

  it("with an image id of the backend keep it as it is", () => {
    const table = files({ backend: "risc0", method_id: "00ff" }, [["method_id", "00ff\n"]]);
    const artifact = { tileId: "greet", backend: "risc0", files: table, subject: "a" };
    expect(checkArtifact(artifact).ok).toBe(true);
  });

  it.each<[string, Map<string, Uint8Array>]>([
    ["another tile", files({ tile_id: "Greet" })],
    ["another backend", files({ backend: "isolate" })],
    ["another size", files({ elf_size: 12 })],
    ["another method id in the file", files({}, [["method_id", "00"]])],
    ["a method id with digits between spaces", files({}, [["method_id", `${GREET.method_id} 0`]])],
    [
      "a method id that is not of the guest",
      files({ method_id: "00".repeat(32) }, [["method_id", "00".repeat(32)]]),
    ],
    ["another guest", files({}, [["guest.lir", "guest:gree2"]])],
    ["two guests and no name", files({ guest_file: undefined }, [["guest.old", "x"]])],
    ["a name of no guest", files({ guest_file: "guest.wasm" })],
    ["a broken manifest", files({}, [["manifest.json", "{"]])],
    ["a manifest without its tile", files({ tile_id: undefined })],
  ])("with %s are corrupt", (_what, table) => {
    expect(check(table)).toMatchObject({ error: { code: "E_ARTIFACT_CORRUPT" } });
  });

  it("without a method id file are corrupt, without a manifest missing", () => {
    const table = files({});
    table.delete("method_id");
    expect(check(table)).toMatchObject({ error: { code: "E_ARTIFACT_CORRUPT" } });
    table.delete("manifest.json");
    expect(check(table)).toMatchObject({ error: { code: "E_ARTIFACT_MISSING" } });
  });

  it("of an unknown version say so", () => {
    expect(check(files({ format_version: "3" }))).toMatchObject({
      error: { code: "E_UNSUPPORTED_VERSION", format: "tile-manifest" },
    });
  });

  it("have the worked method id", () => {
    expect(toHex(methodId("native", guest))).toBe(GREET.method_id);
  });
});

describe("policies of a program", () => {
  const POLICY = {
    budgets: [{ name: "http", limit: 3, effects: ["http"], operations: ["tool:web.get"] }],
    tools: [],
  };

  const TOOL: ToolEntry = {
    ref: "main#Chat",
    alias: "Chat",
    id: "llm.chat",
    version: "1.2",
    provider: null,
    mcp: null,
    grant: {
      domains: ["*.a.org"],
      paths: null,
      timeoutMs: 5,
      maxima: [{ name: "max_tokens", value: 9223372036854775807n }],
      fixed: [{ name: "temperature", value: new Float(1) }],
    },
    result: { list: "string" },
    retry: { max: 2, baseMs: 50 },
  };

  it("keep Ints whole and Floats apart from them", () => {
    const text = writePolicy({ ...POLICY, tools: [TOOL] });
    const [tool] = JSON.parse(text).tools;
    expect(tool.grant).toEqual({
      domains: ["*.a.org"],
      timeout_ms: 5,
      maxima: [{ name: "max_tokens", value: "9223372036854775807" }],
      fixed: [{ name: "temperature", value: "1.0" }],
    });
    expect(readPolicy(text, "policy.json")).toEqual({
      ok: true,
      value: { ...POLICY, tools: [TOOL] },
    });
  });

  it.each([
    ["/tools/0/grant/maxima/0/value", { maxima: [{ name: "max_n", value: "1.5" }] }],
    ["/tools/0/grant/maxima/0/value", { maxima: [{ name: "max_n", value: 1 }] }],
    ["/tools/0/grant/fixed/0/value", { fixed: [{ name: "n", value: "{" }] }],
    ["/tools/0/grant/timeout_ms", { timeout_ms: -1 }],
    ["/tools/0/result", null],
  ])("with a mistake at %s are refused", (path, grant) => {
    const doc = JSON.parse(writePolicy({ ...POLICY, tools: [TOOL] }));
    const [tool] = doc.tools;
    doc.tools = [
      grant === null ? { ...tool, result: "int" } : { ...tool, grant: { ...tool.grant, ...grant } },
    ];
    expect(readPolicy(JSON.stringify(doc), "policy.json")).toMatchObject({
      ok: false,
      error: { code: "E_MALFORMED", path },
    });
  });

  it("without a table of tools have none", () => {
    const text = JSON.stringify({ format_version: "1.0", budgets: POLICY.budgets });
    expect(readPolicy(text, "policy.json")).toEqual({ ok: true, value: POLICY });
  });

  it("are written with their version and read back", () => {
    const text = writePolicy(POLICY);
    expect(JSON.parse(text)).toEqual({ format_version: "1.0", ...POLICY });
    expect(readPolicy(text, "policy.json")).toEqual({ ok: true, value: POLICY });
  });

  it.each([
    ["E_MALFORMED", { format_version: "1.0" }],
    ["E_MALFORMED", { budgets: [] }],
    ["E_MALFORMED", { format_version: "1.0", budgets: [{ ...POLICY.budgets[0], limit: -1 }] }],
    ["E_UNSUPPORTED_VERSION", { format_version: "1.1", budgets: [] }],
  ])("are refused with %s", (code, doc) => {
    expect(readPolicy(JSON.stringify(doc), "policy.json")).toMatchObject({
      ok: false,
      error: { code, subject: "policy.json" },
    });
  });
});
