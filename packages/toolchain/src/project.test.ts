// Finding a project: parents, lone files, missing entries, manifests that are wrong.
// Language 17.2 and 17.4.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type DiskHost, makeDiskHost } from "./module-host.ts";
import { openProject, type Project } from "./project.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: { readonly [path: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "lumen-project-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function opened(target: string): Project {
  const project = openProject(target);
  if (!project.ok) throw new Error(project.error.message);
  return project.value;
}

const MANIFEST = '[package]\nname = "p"\nversion = "1.2.3"\n';

describe("openProject", () => {
  it("finds the manifest in a parent folder", () => {
    const root = folderWith({ "lumen.toml": MANIFEST, "main.lm.md": "", "src/deep/a.lm": "" });
    expect(opened(join(root, "src/deep"))).toMatchObject({
      root,
      name: "p",
      version: "1.2.3",
      isProject: true,
      entryPath: join(root, "main.lm.md"),
      capabilities: null,
      manifestText: MANIFEST,
      lockText: null,
    });
    const file = opened(join(root, "src/deep/a.lm"));
    expect(file).toMatchObject({ root, isProject: true, entryPath: join(root, "src/deep/a.lm") });
  });

  it("takes the nearest of two manifests", () => {
    const inner = MANIFEST.replace('"p"', '"inner"');
    const root = folderWith({
      "lumen.toml": MANIFEST,
      "main.lm": "",
      "in/lumen.toml": inner,
      "in/main.lm": "",
    });
    expect(opened(join(root, "in"))).toMatchObject({ name: "inner", root: join(root, "in") });
  });

  it.each([
    "main.lm",
    "main.lumen",
    "main.lm.md",
    "main.lumen.md",
    "src/main.lm.md",
  ])("takes %s as entry when the manifest names none", (entry) => {
    const root = folderWith({ "lumen.toml": MANIFEST, [entry]: "" });
    expect(opened(root).entryPath).toBe(join(root, entry));
  });

  it("lets a file without a manifest stand alone", () => {
    const root = folderWith({ "note.lm.md": "" });
    expect(opened(join(root, "note.lm.md"))).toMatchObject({
      root,
      name: "note",
      version: "0.0.0",
      isProject: false,
      capabilities: null,
      manifestText: null,
    });
  });

  it("takes a folder with a main document as a lone file named by the folder", () => {
    const root = folderWith({ "main.lm.md": "" });
    expect(opened(root)).toMatchObject({ name: basename(root), isProject: false });
  });

  it("reads capabilities: all without the table, none from an empty one", () => {
    const of = (text: string): readonly string[] | null =>
      opened(folderWith({ "lumen.toml": MANIFEST + text, "main.lm": "" })).capabilities;
    expect(of("")).toBeNull();
    expect(of("[capabilities]\n")).toEqual([]);
    expect(of("[capabilities]\nnetwork = true\nfilesystem = true\n")).toEqual([
      "network",
      "filesystem",
    ]);
  });
});

describe("openProject refuses", () => {
  it.each([
    ["a folder without a program", {}, "E_PROJECT", "no lumen.toml and no main document"],
    ["a missing entry", { "lumen.toml": MANIFEST }, "E_PROJECT", "no entry document"],
    [
      "an entry that is not there",
      { "lumen.toml": `${MANIFEST}entry = "gone.lm"\n` },
      "E_PROJECT",
      "looked for gone.lm",
    ],
    [
      "bad TOML",
      { "lumen.toml": '[package]\nname = "a"\nversion = = "1"\n' },
      "E_PROJECT",
      "(line 3, column 11)",
    ],
    [
      "a name that is no text",
      { "lumen.toml": "[package]\nname = 7\n" },
      "E_PROJECT",
      "[package] name: expected a string, found 7",
    ],
    [
      "a slip in a key",
      { "lumen.toml": `${MANIFEST}entri = "main.lm"\n`, "main.lm": "" },
      "E_PROJECT",
      "there is no [package] entri; did you mean [package] entry?",
    ],
    [
      "a slip in a table",
      { "lumen.toml": `${MANIFEST}[rastr]\n`, "main.lm": "" },
      "E_PROJECT",
      "there is no [rastr]; did you mean [raster]?",
    ],
    [
      "a slip in another table",
      { "lumen.toml": `${MANIFEST}[raster]\ntypescripts = []\n`, "main.lm": "" },
      "E_PROJECT",
      "did you mean [raster] typescript?",
    ],
    ["a package that is no table", { "lumen.toml": "package = 1\n" }, "E_PROJECT", "not a table"],
    [
      "capabilities that are no table",
      { "lumen.toml": `capabilities = ["network"]\n${MANIFEST}` },
      "E_PROJECT",
      "[capabilities] is not a table",
    ],
    [
      "a version that is none",
      { "lumen.toml": MANIFEST.replace("1.2.3", "one") },
      "E_BAD_PROJECT_VERSION",
      "one",
    ],
  ] as const)("%s", (_, files, code, part) => {
    const project = openProject(folderWith(files));
    if (project.ok) throw new Error("it was accepted");
    expect(project.error.code).toBe(code);
    expect(project.error.message).toContain(part);
  });

  it.each([
    ["without a manifest", {}, '[raster] typescript = ["a.ts"] in a lumen.toml'],
    [
      "that its manifest does not list",
      { "lumen.toml": `${MANIFEST}[raster]\ntypescript = ["b.ts"]\n`, "b.ts": "" },
      '[raster] typescript = ["a.ts"] in ',
    ],
  ])("a TypeScript source %s, and says what makes it one of a project", (_, files, hint) => {
    const project = openProject(join(folderWith({ ...files, "a.ts": "" }), "a.ts"));
    if (project.ok) throw new Error("it was accepted");
    expect(project.error).toMatchObject({ code: "E_PROJECT" });
    expect(project.error.hint).toContain(hint);
  });

  it("no TypeScript source that its manifest lists: it stands for the project", () => {
    const manifest = `${MANIFEST}[raster]\ntypescript = ["src/a.ts", "src/b.ts"]\n`;
    const folder = folderWith({ "lumen.toml": manifest, "src/a.ts": "", "src/b.ts": "" });
    const project = openProject(join(folder, "src/b.ts"));
    expect(project).toEqual(openProject(folder));
    expect(project.ok).toBe(true);
  });

  it("not what it does not know", () => {
    const unknown = "homepage = 'x'\n[tool.other]\na = 1\n[secrets]\nnam = 'A'\n";
    const folder = folderWith({ "lumen.toml": MANIFEST + unknown, "main.lm": "" });
    expect(openProject(folder).ok).toBe(true);
  });

  it("a path that is not there", () => {
    const missing = join(folderWith({}), "nothing");
    expect(openProject(missing)).toMatchObject({ ok: false, error: { code: "E_IO" } });
  });
});

describe("makeDiskHost", () => {
  const all = {
    "lumen.toml": `${MANIFEST}entry = "app/main.lm"\n`,
    "app/main.lm": "root",
    "app/a.lm": "near",
    "src/a.lm": "src",
    "a.lm": "far",
  };

  function diskOf(files: { readonly [path: string]: string }): DiskHost {
    const disk = makeDiskHost(opened(folderWith(files)));
    if (!disk.ok) throw new Error(disk.error.message);
    return disk.value;
  }

  function resolved(files: { readonly [path: string]: string }, path: string): string | undefined {
    const disk = diskOf(files);
    return disk.host.resolve(path, disk.root)?.path;
  }

  it("looks beside the importing file, then in src, then at the root", () => {
    expect(resolved(all, "a")).toBe("app/a.lm");
    const { "app/a.lm": _near, ...withoutNear } = all;
    expect(resolved(withoutNear, "a")).toBe("src/a.lm");
    const { "src/a.lm": _src, ...atRoot } = withoutNear;
    expect(resolved(atRoot, "a")).toBe("a.lm");
    expect(resolved(atRoot, "b")).toBeUndefined();
  });

  it("tries extensions in their order, and folders by mod and main", () => {
    const base = { "lumen.toml": MANIFEST, "main.lm": "" };
    const inOrder = ["x.lm", "x.lumen", "x.lm.md", "x.lumen.md", "x/mod.lm", "x/main.lm"];
    for (let i = 0; i < inOrder.length; i++) {
      const files = Object.fromEntries(inOrder.slice(i).map((path) => [path, ""]));
      expect(resolved({ ...base, ...files }, "x")).toBe(inOrder[i]);
    }
    expect(resolved({ ...base, "deep/er/x.lm": "" }, "deep.er.x")).toBe("deep/er/x.lm");
  });

  it("remembers what was read, by project path", () => {
    const disk = diskOf(all);
    const first = disk.host.resolve("a", disk.root);
    expect(disk.host.resolve("a", disk.root)).toBe(first);
    expect([...disk.sources]).toEqual([
      ["app/main.lm", "root"],
      ["app/a.lm", "near"],
    ]);
  });
});
