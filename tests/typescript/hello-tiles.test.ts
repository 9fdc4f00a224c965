// examples/hello-tiles-lumen and examples/hello-tiles-typescript are one program in two languages:
// the same outputs, and the same digest of every value on the way.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  jsonLines,
  lumen,
  onlyTrace,
  project,
  ROOT,
  temporaryFolder,
} from "../cli/testing/lumen.ts";

const LANGUAGES = ["lumen", "typescript"] as const;
const INPUT = '[["Ann","Grace","Ada Lovelace"],3]';

/** A copy of an example. */
function example(language: string): string {
  const folder = join(temporaryFolder(), language);
  mkdirSync(folder);
  cpSync(join(ROOT, `examples/hello-tiles-${language}`), folder, { recursive: true });
  return folder;
}

/** What a step says about its values: all but the code, which is another in each language. */
interface Step {
  readonly tile_id: string;
  readonly path: string;
  readonly input_digest: string;
  readonly outcome: unknown;
}

/** The tile records of a trace, in their order. */
async function stepsOf(folder: string): Promise<readonly Step[]> {
  const lines = join(folder, "trace.jsonl");
  const ran = await lumen(
    folder,
    "trace",
    "export",
    onlyTrace(folder),
    "--to",
    "jsonl",
    "-o",
    lines,
  );
  expect(ran.status).toBe(0);
  return jsonLines(readFileSync(lines, "utf8")).flatMap((event) => {
    const { record } = event as { readonly record?: Step & { readonly kind: string } };
    if (record?.kind !== "Tile") return [];
    const { tile_id, path, input_digest, outcome } = record;
    return [{ tile_id, path, input_digest, outcome }];
  });
}

describe("hello-tiles", () => {
  const folders = new Map<string, string>();
  beforeAll(() => {
    for (const language of LANGUAGES) folders.set(language, example(language));
  });
  const folderOf = (language: string): string => folders.get(language) ?? "";

  it.each(LANGUAGES)("in %s prints its lines", async (language) => {
    const ran = await lumen(folderOf(language), "run", "--input", INPUT);
    expect(ran).toMatchObject({
      status: 0,
      stdout: '["Hello, Ann (3)", "HELLO, GRACE! (3)", "HELLO, ADA LOVELACE! (3)"]\n',
    });
  });

  it("gives the same digests in both languages", async () => {
    const [one, other] = await Promise.all(LANGUAGES.map((l) => stepsOf(folderOf(l))));
    expect(one).toHaveLength(1 + 4 + 3 * 3 + 2);
    expect(other).toEqual(one);
  });

  it.each(LANGUAGES)("in %s is verified, replayed and analysed", async (language) => {
    const folder = folderOf(language);
    const verified = await lumen(folder, "verify");
    expect(verified.stdout).toContain("re-execution");
    expect(verified.status).toBe(0);
    expect((await lumen(folder, "replay")).stdout).toContain("identical");
    expect((await lumen(folder, "analyze")).status).toBe(0);
  });

  it.each(LANGUAGES)("in %s fails as its tile says", async (language) => {
    const ran = await lumen(example(language), "run", "--input", '[["Ann",""],1]');
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(
      "error[E_TILE_FAILED]: tile known failed: there is nobody to greet",
    );
  });

  it("gives the same commitment in process and in the sandbox", async () => {
    const commitments: string[] = [];
    for (const backend of ["native", "isolate"]) {
      const folder = example("typescript");
      const ran = await lumen(folder, "run", "--backend", backend, "--input", INPUT);
      expect(ran.status).toBe(0);
      const verified = await lumen(folder, "verify", "--format", "json");
      commitments.push(/"commitment":"([0-9a-f]{64})"/.exec(verified.stdout)?.[1] ?? "none");
    }
    expect(commitments[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(commitments[1]).toBe(commitments[0]);
  });

  it("says what runs its tiles where no back end counts their cycles", async () => {
    const ran = await lumen(example("typescript"), "preview", "--input", INPUT);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(
      /does not run TypeScript tiles[\s\S]*help: native and isolate run them/,
    );
  });

  it("keeps its old traces after the source was edited", async () => {
    const folder = example("typescript");
    await lumen(folder, "run", "--input", INPUT);
    const trace = onlyTrace(folder);
    const source = join(folder, "src/tiles.ts");
    writeFileSync(source, readFileSync(source, "utf8").replace("Hello, ", "Hallo, "));
    const verified = await lumen(folder, "verify", trace);
    // The old trace holds, with the program that it names; the sources are others now.
    expect(verified.status).toBe(0);
    expect(verified.stdout).toContain("changed since this run: src/tiles.ts");
  });
});

describe("a run that the sandbox cannot follow", () => {
  const DEEP = `import { sequence, t, tile } from "@lumen/raster";
const io = { inputs: { n: t.u32 }, output: t.u32 };
export const deep = tile({ kind: "iter", ...io }, ({ n }) => {
  const sum = (k: number): number => (k === 0 ? 0 : 1 + sum(k - 1));
  return sum(n);
});
export const main = sequence(io, ({ n }) => deep({ n }));
`;

  it("is undecided by every check; within the limits all is right", async () => {
    const manifest = '[package]\nname = "deep"\nversion = "1.0.0"\n';
    const folder = project({
      "lumen.toml": `${manifest}[raster]\ntypescript = ["tiles.ts"]\n`,
      "tiles.ts": DEEP,
    });
    expect((await lumen(folder, "run", "--input", "2000")).stdout).toBe("2000\n");
    const verified = await lumen(folder, "verify");
    expect([verified.status, verified.stdout]).toEqual([1, expect.stringContaining("undecided")]);
    expect(verified.stdout).toContain("E_VERIFY_HOST");
    expect(verified.stdout).toContain("--backend isolate");
    const replayed = await lumen(folder, "replay");
    expect([replayed.status, replayed.stderr]).toEqual([1, expect.stringContaining("isolate")]);
    const args = [onlyTrace(folder), "--leaf", "1", "--out", "proof.json"];
    const free = await lumen(folder, "dispute", "prove", ...args);
    expect([free.status, free.stderr]).toEqual([1, expect.stringContaining("E_VERIFY_HOST")]);
    const bound = await lumen(folder, "dispute", "prove", ...args, "--backend", "isolate");
    expect(bound.stdout).toContain("leaf 1 is wrong");
    expect((await lumen(folder, "dispute", "check", "proof.json")).status).toBe(2);
    const isolated = await lumen(folder, "run", "--input", "2000", "--backend", "isolate");
    expect(isolated.stderr).toContain("E_TRAP_STACK");
    expect((await lumen(folder, "verify")).status).toBe(0);
  });
});
