// `lumen bundle` and `lumen migrate` (formats 10.2, 2.3): what is packed comes out again byte for
// byte, what is damaged is rejected, documents change their version and say so.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  lumen,
  namesIn,
  onlyProgram,
  project,
  type Ran,
} from "../cli/testing/lumen.ts";
import { flipped } from "./testing/forge.ts";

const CODE = `
@tile(iter)
cell twice(n: Int) -> Int = n * 2

@sequence
cell main(n: Int) -> Int = twice(n)
`;

function folderOf(code = CODE): string {
  const manifest = '[package]\nname = "p"\nversion = "1.2.0"\n';
  return project({ "lumen.toml": manifest, "main.lm.md": document(code) });
}

const json = (ran: Ran) => JSON.parse(ran.stdout);
const BUNDLE = "target/raster/bundles/p-1.2.0.rbundle";

describe("lumen bundle", () => {
  it("packs program and artifacts, checks them, and gives the files back", async () => {
    const folder = folderOf();
    const made = await lumen(folder, "bundle", "create", "--format", "json");
    expect(json(made)).toMatchObject({ backends: ["native"], artifacts: 1 });
    const checked = json(await lumen(folder, "bundle", "check", BUNDLE, "--format", "json"));
    expect(checked).toMatchObject({
      project: "p",
      version: "1.2.0",
      entry: "main",
      programId: json(made).programId,
      artifacts: [{ backend: "native", tiles: ["twice"] }],
    });
    const out = await lumen(folder, "bundle", "extract", BUNDLE);
    expect(out).toMatchObject({ status: 0, stdout: expect.stringContaining("p-1.2.0") });
    const own = (path: string): Uint8Array => bytesOf(join(folder, path));
    expect(own("p-1.2.0/main.lm.md")).toEqual(own("main.lm.md"));
    expect(own("p-1.2.0/artifacts/native/twice/guest.lir")).toEqual(
      own("target/raster/tiles/twice/native/guest.lir"),
    );
  });

  it("gives equal bytes for equal programs, and the program id of runs", async () => {
    const folder = folderOf();
    await lumen(folder, "bundle", "create", "--out", "a.rbundle");
    await lumen(folder, "bundle", "create", "--out", "b.rbundle");
    expect(bytesOf(join(folder, "a.rbundle"))).toEqual(bytesOf(join(folder, "b.rbundle")));
    await lumen(folder, "run", "--input", "1");
    const ran = json(
      await lumen(folder, "bundle", "check", onlyProgram(folder), "--format", "json"),
    );
    const packed = json(await lumen(folder, "bundle", "check", "a.rbundle", "--format", "json"));
    expect(packed.programId).toBe(ran.programId);
    expect(ran.artifacts).toEqual([]);
    // A run can be checked with the bundle in place of its program file.
    expect((await lumen(folder, "verify", "--program", "a.rbundle")).status).toBe(0);
  });

  it("rejects every damage, and does not extract it", async () => {
    const folder = folderOf();
    await lumen(folder, "bundle", "create");
    const whole = bytesOf(join(folder, BUNDLE));
    const path = join(folder, "bad.rbundle");
    for (let at = 0; at < whole.length; at += 397) {
      writeFileSync(path, flipped(whole, at));
      const ran = await lumen(folder, "bundle", "check", path, "--format", "json");
      const { code } = json(ran);
      // A version may be hit: then the bundle cannot be judged.
      expect([1, 3]).toContain(ran.status);
      expect(code).toBe(ran.status === 3 ? "E_ARTIFACT_CORRUPT" : "E_UNSUPPORTED_VERSION");
      expect((await lumen(folder, "bundle", "extract", path)).status).toBe(1);
    }
    expect(namesIn(folder)).not.toContain("p-1.2.0");
  });

  it.each([
    [[], 2, "E_USAGE"],
    [["burn"], 2, "E_USAGE"],
    [["check"], 2, "E_USAGE"],
    [["check", "a", "--out", "b"], 2, "E_USAGE"],
    [["check", "nowhere"], 1, "E_IO"],
    [["create", "nowhere.lm.md"], 1, "E_IO"],
    [["create", "--backend", "nope"], 1, "E_BACKEND_UNSUPPORTED"],
  ] as const)("%s is refused", async (words, status, code) => {
    const ran = await lumen(folderOf(), "bundle", ...words, "--format", "json");
    expect([ran.status, json(ran).code]).toEqual([status, code]);
  });

  it("goes nowhere by the name of its project", async () => {
    const manifest = '[package]\nname = "../p"\nversion = "1.2.0"\n';
    const folder = project({ "a/b/lumen.toml": manifest, "a/b/main.lm.md": document(CODE) });
    const inner = join(folder, "a/b");
    const unnamed = await lumen(inner, "bundle", "create");
    expect([unnamed.status, unnamed.stderr]).toEqual([1, expect.stringContaining("--out")]);
    expect((await lumen(inner, "bundle", "create", "--out", "p.rbundle")).status).toBe(0);
    const extracted = await lumen(inner, "bundle", "extract", "p.rbundle");
    expect([extracted.status, extracted.stderr]).toEqual([1, expect.stringContaining("--out")]);
    expect(namesIn(join(folder, "a"))).toEqual(["b"]);
    expect((await lumen(inner, "bundle", "extract", "p.rbundle", "--out", "x")).status).toBe(0);
  });

  it("neither packs what does not compile nor writes into a folder with files", async () => {
    const broken = await lumen(folderOf("cell main() -> Int = x"), "bundle", "create");
    expect(broken).toMatchObject({ status: 1, stderr: expect.stringContaining("E0201") });
    const folder = folderOf();
    await lumen(folder, "bundle", "create");
    const full = await lumen(folder, "bundle", "extract", BUNDLE, "--out", ".", "--format", "json");
    expect([full.status, json(full).code]).toEqual([1, "E_IO"]);
  });
});

describe("lumen migrate", () => {
  async function schema(): Promise<string> {
    const folder = folderOf();
    await lumen(folder, "cfs", "--output", "cfs.json");
    return folder;
  }

  it("takes a schema to 1.1 and back, and keeps its history", async () => {
    const folder = await schema();
    const up = await lumen(folder, "migrate", "cfs.json", "--to", "1.1", "--out", "new.json");
    expect(up).toMatchObject({ status: 0, stdout: expect.stringContaining("cfs 1.0 to 1.1") });
    const back = json(await lumen(folder, "migrate", "new.json", "--to", "1.0"));
    expect(back.version).toBe("1.0");
    expect(back.history).toMatchObject([
      { from: "1.0", to: "1.1" },
      { from: "1.1", to: "1.0" },
    ]);
    expect(readFileSync(join(folder, "cfs.json"), "utf8")).not.toContain("history");
  });

  it("gives an old manifest its version, and leaves a new document as it is", async () => {
    const folder = await schema();
    writeFileSync(
      join(folder, "m.json"),
      JSON.stringify({ tile_id: "a", backend: "native", method_id: "00", elf_size: 0 }),
    );
    const manifest = json(await lumen(folder, "migrate", "m.json", "--to", "1.0"));
    expect(manifest).toMatchObject({ format_version: "1.0", encoding: "postcard" });
    const same = json(await lumen(folder, "migrate", "cfs.json", "--to", "1.0"));
    expect(same).toEqual(JSON.parse(readFileSync(join(folder, "cfs.json"), "utf8")));
  });

  it("refuses what it has no way for", async () => {
    const folder = await schema();
    writeFileSync(join(folder, "x.json"), '{"a":1}');
    const codeOf = async (...words: readonly string[]): Promise<readonly unknown[]> => {
      const ran = await lumen(folder, "migrate", ...words, "--format", "json");
      return [ran.status, json(ran).code];
    };
    expect(await codeOf("cfs.json", "--to", "7.0")).toEqual([1, "E_NO_MIGRATION"]);
    expect(await codeOf("x.json", "--to", "1.0")).toEqual([1, "E_MALFORMED"]);
    expect(await codeOf("main.lm.md", "--to", "1.0")).toEqual([1, "E_MALFORMED"]);
    expect(await codeOf("nowhere", "--to", "1.0")).toEqual([1, "E_IO"]);
    expect(await codeOf("cfs.json")).toEqual([2, "E_USAGE"]);
    expect(await codeOf()).toEqual([2, "E_USAGE"]);
  });

  it("says what a version cannot express", async () => {
    const loop = CODE.replace(
      "= twice(n)",
      "\n  let all = for x in [n, n]\n    twice(x)\n  end\n  n\nend",
    );
    const folder = folderOf(loop);
    await lumen(folder, "cfs", "--output", "cfs.json");
    const ran = await lumen(folder, "migrate", "cfs.json", "--to", "1.0", "--format", "json");
    expect([ran.status, json(ran).code]).toEqual([1, "E_NOT_EXPRESSIBLE"]);
  });
});
