// The program file: equal programs give equal bytes, and reading gives the program back.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@lumen/core/hash";
import { encodeModule } from "@lumen/core/lir";
import { afterAll, describe, expect, it } from "vitest";
import { compileProject, type RunnableProject, requireProgram } from "./compile-project.ts";
import { cfsText, packProgram, readProgramFile } from "./program-file.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const SOURCE = `# Program

\`\`\`lumen
import shapes: Item

@tile(iter)
cell price(item: Item, count: Int) -> result[Int, String]
  return if count < 0 then err("negative") else ok(item.cents * count)
end

@tile(recur, max_iterations: 50)
cell down(n: Int) -> (Bool, Int) = (n <= 1, n - 1)

@sequence
cell main(item: Item, count: Int) -> Int
  let (_, n) = down!(count)
  return price(item, n + 1)
end

cell report(item: Item) -> String
  print("side")
  return item.name
end
\`\`\`
`;
const SHAPES =
  'record Item\n  name: String\n  cents: Int where cents >= 0\n  tag: String = "-"\nend\n';
const MANIFEST = '[package]\nname = "packed"\nversion = "2.0.1"\n';

async function compiled(files: { readonly [path: string]: string } = {}): Promise<RunnableProject> {
  const folder = mkdtempSync(join(tmpdir(), "lumen-pack-"));
  folders.push(folder);
  const all = { "main.lm.md": SOURCE, "shapes.lm": SHAPES, "lumen.toml": MANIFEST, ...files };
  for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text);
  const project = await compileProject(folder);
  if (!project.ok) throw new Error(project.error.message);
  const runnable = requireProgram(project.value);
  const messages = project.value.diagnostics.map((d) => d.message).join("; ");
  if (!runnable.ok) throw new Error(`${runnable.error.message}: ${messages}`);
  return runnable.value;
}

function packed(project: RunnableProject): { readonly bytes: Uint8Array; readonly id: string } {
  const file = packProgram(project);
  if (!file.ok) throw new Error(file.error.message);
  return { bytes: file.value.bytes, id: toHex(file.value.programId) };
}

describe("packProgram", () => {
  it("gives the same bytes for the same program, wherever it stands", async () => {
    expect(packed(await compiled())).toEqual(packed(await compiled()));
  });

  it.each([
    ["the document", { "main.lm.md": `${SOURCE}\nMore prose.\n` }],
    ["an imported module", { "shapes.lm": `# a remark\n${SHAPES}` }],
    ["the manifest", { "lumen.toml": `${MANIFEST}description = "x"\n` }],
    ["a lock file", { "lumen.lock": "" }],
  ])("another %s is another program", async (_, files) => {
    expect(packed(await compiled(files)).id).not.toBe(packed(await compiled()).id);
  });
});

describe("readProgramFile", () => {
  it("gives tiles, codes, schema, modules, cells and entry back", async () => {
    const project = await compiled();
    const { bytes, id } = packed(project);
    const read = readProgramFile(bytes, "p.rbundle");
    if (!read.ok) throw new Error(read.error.message);
    const { bundle, program } = read.value;
    const before = project.program;
    expect(toHex(bundle.index.programId)).toBe(id);
    const essence = (p: typeof before): unknown =>
      [...p.tiles]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((t) => [
          t.id,
          t.kind,
          t.guest,
          toHex(t.code),
          t.output,
          t.error,
          t.params.map((q) => q.type),
        ]);
    expect(essence(program)).toEqual(essence(before));
    expect(program.tiles.map((t) => t.id)).toContain("price");
    expect(program.entry).toBe("main");
    expect(program).toMatchObject({ project: "packed", version: "2.0.1" });
    expect(cfsText(program)).toBe(cfsText(before));
    const modules = (p: typeof before): unknown =>
      p.modules.map((m) => [m.name, toHex(encodeModule(m))]);
    expect(modules(program)).toEqual(modules(before));
    expect(program.cells).toEqual(before.cells);
    const sequence = (p: typeof before): unknown =>
      p.sequences.map((s) => [s.id, s.cell, s.params.map((q) => [q.name, q.type]), s.output]);
    expect(sequence(program)).toEqual(sequence(before));
  });

  it("holds the sources", async () => {
    const read = readProgramFile(packed(await compiled()).bytes, "p.rbundle");
    if (!read.ok) throw new Error(read.error.message);
    const paths = read.value.bundle.index.files.map((f) => f.path);
    for (const path of ["main.lm.md", "shapes.lm", "lumen.toml", "cfs.json"])
      expect(paths).toContain(path);
  });

  it("refuses a file in which any one byte of content differs", async () => {
    const { bytes } = packed(await compiled());
    const step = Math.floor(bytes.length / 60);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += step) {
      const copy = new Uint8Array(bytes);
      copy[at] = (copy[at] ?? 0) ^ 0x10;
      const read = readProgramFile(copy, "p.rbundle");
      if (!read.ok) refused += 1;
      expect({ at, ok: read.ok }).toEqual({ at, ok: false });
    }
    expect(refused).toBeGreaterThan(50);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a text", new TextEncoder().encode("no archive")],
  ])("refuses %s", (_, bytes) => {
    expect(readProgramFile(bytes, "p").ok).toBe(false);
  });
});
