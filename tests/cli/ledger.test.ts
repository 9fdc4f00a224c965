// The example from the first command to the evidence: run, check, list, build, cfs, analyze,
// verify, replay, each on a fresh copy of examples/ledger.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readCfs } from "@lumen/core/cfs";
import { methodId } from "@lumen/core/commit";
import { parseDocument } from "@lumen/core/encoding";
import { sha256, toHex } from "@lumen/core/hash";
import { readProjectManifest, readTileManifest } from "@lumen/core/program";
import { readWholeTrace } from "@lumen/core/trace";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  jsonLines,
  ledger,
  lumen,
  namesIn,
  onlyProgram,
  onlyTrace,
  traceNames,
} from "./testing/lumen.ts";
import { type LedgerInput, reconcile } from "./testing/reconcile.ts";

const TILES = [
  "account_of",
  "counterparties",
  "main__e0",
  "main__e1",
  "match_payments",
  "parse_invoices",
  "parse_statement",
  "render",
];

function inputOf(folder: string): LedgerInput {
  return JSON.parse(readFileSync(join(folder, "input.json"), "utf8"));
}

let recorded = "";

beforeAll(async () => {
  recorded = ledger();
  expect(await lumen(recorded, "run", "--input", "@input.json")).toMatchObject({ status: 0 });
});

describe("run", () => {
  it("prints the report that the prose describes, and nothing else", async () => {
    const folder = ledger();
    const ran = await lumen(folder, "run", "--input", "@input.json");
    expect(ran).toEqual({ status: 0, stdout: `${reconcile(inputOf(folder))}\n`, stderr: "" });
    const head = "279 statement lines, 240 invoices, 206 of them settled";
    expect(ran.stdout.startsWith(`RECONCILIATION\n\n${head}\n`)).toBe(true);
  });

  it("follows a changed input, so the report is computed", async () => {
    const folder = ledger();
    const input = inputOf(folder);
    const fewer = { ...input, statement: input.statement.slice(0, 70) };
    writeFileSync(join(folder, "input.json"), JSON.stringify(fewer));
    const ran = await lumen(folder, "run", "--input", "@input.json");
    expect(ran.stdout).toBe(`${reconcile(fewer)}\n`);
    expect(ran.stdout).toContain("70 statement lines");
  });

  it("writes one trace and one program file, named by run and program", () => {
    const folder = recorded;
    expect(namesIn(join(folder, "target/raster"))).toEqual(["programs", "traces"]);
    const trace = readWholeTrace(bytesOf(onlyTrace(folder)), { subject: "run" });
    if (!trace.ok) throw new Error(trace.error.message);
    const { header, events } = trace.value;
    expect(basename(onlyTrace(folder))).toBe(`${header.runId}.rtrace`);
    expect(header.runId).toMatch(/^\d{10}-\d{9}-[0-9a-f]{8}$/);
    const program = toHex(header.programId ?? new Uint8Array());
    expect(basename(onlyProgram(folder))).toBe(`${program}.rbundle`);
    expect(events.at(-1)?.event).toMatchObject({ kind: "RunEnd", status: "Ok", steps: 29 });
  });

  it("writes nothing with --no-trace", async () => {
    const folder = ledger();
    const ran = await lumen(folder, "run", "--input", "@input.json", "--no-trace");
    expect(ran.status).toBe(0);
    expect(namesIn(join(folder, "target"))).toEqual([]);
  });

  it("gives the same trace twice in deterministic mode", async () => {
    const [one, two] = [ledger(), ledger()];
    for (const folder of [one, two])
      await lumen(folder, "run", "--input", "@input.json", "--deterministic");
    expect(traceNames(one)).toEqual(traceNames(two));
    expect(traceNames(one)[0]).toMatch(/^det-[0-9a-f]{16}\.rtrace$/);
    expect(toHex(sha256(bytesOf(onlyTrace(one))))).toBe(toHex(sha256(bytesOf(onlyTrace(two)))));
  });
});

describe("check and list", () => {
  it("finds no mistakes", async () => {
    const ran = await lumen(ledger(), "check");
    expect(ran).toEqual({
      status: 0,
      stdout: "ok  ledger: 6 tiles, 1 sequence, 1 document, no errors\n",
      stderr: "",
    });
  });

  it("lists tiles and the sequence with their types", async () => {
    const ran = await lumen(ledger(), "list", "--format", "json");
    const [listed] = jsonLines(ran.stdout);
    expect(listed).toMatchObject({ project: "ledger", entry: "main", sequences: [{ id: "main" }] });
    const { tiles } = JSON.parse(ran.stdout);
    const ids: readonly string[] = tiles.map((t: { id: string }) => t.id).sort();
    expect(ids).toEqual(TILES);
    const text = (await lumen(ledger(), "list")).stdout;
    for (const id of TILES.filter((t) => !t.includes("__"))) expect(text).toContain(id);
    expect(text).toContain("and 2 made from expressions of sequences");
  });
});

describe("build", () => {
  it("writes artifacts that the readers of core accept", async () => {
    const folder = ledger();
    expect((await lumen(folder, "build")).status).toBe(0);
    const target = join(folder, "target/raster");
    expect(namesIn(join(target, "tiles"))).toEqual(TILES);
    for (const id of TILES) {
      const place = join(target, "tiles", id, "native");
      const manifest = readTileManifest(readFileSync(join(place, "manifest.json"), "utf8"), id);
      if (!manifest.ok) throw new Error(manifest.error.message);
      const guest = bytesOf(join(place, "guest.lir"));
      expect(manifest.value).toMatchObject({ tileId: id, elfSize: guest.length });
      const id32 = toHex(methodId("native", guest));
      expect(toHex(manifest.value.methodId)).toBe(id32);
      expect(readFileSync(join(place, "method_id"), "utf8")).toBe(`${id32}\n`);
    }
    const cfs = parseDocument(readFileSync(join(target, "cfs.json"), "utf8"), { subject: "cfs" });
    expect(cfs.ok && readCfs(cfs.value).ok).toBe(true);
    const manifest = readProjectManifest(readFileSync(join(target, "manifest.json"), "utf8"), "m");
    expect(manifest).toMatchObject({ ok: true, value: { name: "ledger", entry: "main" } });
  });

  it("builds once, and again only what changed or when forced", async () => {
    const folder = ledger();
    const states = async (...words: readonly string[]): Promise<ReadonlySet<string>> => {
      const ran = await lumen(folder, "build", "--format", "json", ...words);
      expect(ran.status).toBe(0);
      const { tiles } = JSON.parse(ran.stdout);
      expect(tiles).toHaveLength(words.includes("--tile") ? 1 : TILES.length);
      return new Set(tiles.map((t: { state: string }) => t.state));
    };
    expect(await states()).toEqual(new Set(["built"]));
    expect(await states()).toEqual(new Set(["fresh"]));
    expect(await states("--force", "--tile", "render")).toEqual(new Set(["built"]));
    writeFileSync(join(folder, "target/raster/tiles/render/native/guest.lir"), "short");
    expect(await states()).toEqual(new Set(["fresh", "built"]));
    const document = readFileSync(join(folder, "main.lm.md"), "utf8");
    writeFileSync(join(folder, "main.lm.md"), document.replace("in full", "entirely"));
    expect(await states()).toEqual(new Set(["built"]));
  });

  it("refuses an unknown tile and an unknown back end by name", async () => {
    const tile = await lumen(ledger(), "build", "--tile", "nothing");
    expect(tile.status).toBe(1);
    expect(tile.stderr).toContain("error[E_TILE_NOT_FOUND]: there is no tile 'nothing'");
    const backend = await lumen(ledger(), "build", "--backend", "quantum");
    expect(backend.status).toBe(1);
    expect(backend.stderr).toContain("error[E_BACKEND_UNSUPPORTED]");
  });
});

describe("cfs", () => {
  it("writes the plan, and recognises it and its changes", async () => {
    const folder = ledger();
    const written = await lumen(folder, "cfs");
    expect(written.status).toBe(0);
    expect(written.stdout).toContain("main(statement, invoices, rates)");
    expect(written.stdout).toContain("3  match_payments!(item 2)");
    const file = join(folder, "target/raster/cfs.json");
    expect(await lumen(folder, "cfs", "--check", file)).toMatchObject({ status: 0 });
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"max_iterations": 1000', '"max_iterations": 1001'));
    const other = await lumen(folder, "cfs", "--check", file);
    expect(other.status).toBe(1);
    expect(other.stdout).toContain("is a valid schema, but not that of the sources");
    writeFileSync(file, text.replaceAll('"match_payments"', '"match_all"'));
    expect(await lumen(folder, "cfs", "--check", file)).toMatchObject({ status: 1 });
    writeFileSync(file, text.replace('"version": "1.1"', '"version": "9.9"'));
    const unknown = await lumen(folder, "cfs", "--check", file);
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain("E_UNSUPPORTED_VERSION");
    expect(unknown.stderr).toContain('"9.9"');
  });
});

describe("analyze, verify, replay", () => {
  it("shows where cycles went, as text and as JSON", async () => {
    const folder = recorded;
    const text = await lumen(folder, "analyze");
    expect(text.status).toBe(0);
    for (const id of TILES) expect(text.stdout).toContain(id);
    const json = await lumen(folder, "analyze", "--format", "json");
    expect(json.status).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ format_version: "1.0" });
  });

  it("accepts the run at the level of re-execution, by run id and by file", async () => {
    const folder = recorded;
    const path = onlyTrace(folder);
    const id = basename(path, ".rtrace");
    for (const trace of [id, path]) {
      const ran = await lumen(folder, "verify", trace);
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain("accepted");
      expect(ran.stdout).toContain("level       re-execution");
      expect(ran.stdout).toContain("steps       29\n");
      expect(ran.stdout).not.toContain("changed");
    }
    const json = await lumen(folder, "verify", id, "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: "accepted",
      level: "reexecute",
      steps: 29,
      workingCopy: { kind: "same" },
    });
  });

  it("replays to the same records", async () => {
    const folder = recorded;
    const ran = await lumen(folder, "replay", basename(onlyTrace(folder), ".rtrace"));
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("identical");
    expect(ran.stdout).toContain("29 steps were run again");
  });

  it("shows the events of the run, and lists it", async () => {
    const folder = recorded;
    const shown = await lumen(folder, "trace", "show", onlyTrace(folder));
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain("step 28  render");
    expect(shown.stdout).not.toContain("torn");
    const listed = await lumen(folder, "trace", "ls", "--format", "json");
    expect(jsonLines(listed.stdout)).toMatchObject([{ entry: "main", path: onlyTrace(folder) }]);
  });
});
