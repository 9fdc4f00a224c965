// The modules `std.…` (Language 17.2): each cell marked @test below stdlib/tests runs in a machine
// of its own, with a clock and a disk, and with servers of a few lines in the place of the network.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileProgram } from "@lumen/compiler";
import { builtinByName } from "@lumen/core/builtins";
import { valueToJsonText } from "@lumen/core/encoding";
import type { Program } from "@lumen/core/program";
import { displayValue, mapFromEntries, type Value } from "@lumen/core/value";
import {
  clockProviders,
  deterministicSources,
  fileProviders,
  makeHost,
  type ProviderTable,
  runCell,
} from "@lumen/runtime";
import { parseModule } from "@lumen/syntax";
import { linkProgram } from "@lumen/vm";
import { afterAll, describe, expect, it } from "vitest";

const STDLIB = join(dirname(fileURLToPath(import.meta.url)), "../stdlib");
const MODULES = namesIn("std");
const OPTIONS = { project: "stdlib", version: "0.0.0" };
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function namesIn(folder: string): readonly string[] {
  const names = readdirSync(join(STDLIB, folder)).map((file) => file.replace(/\.lm\.md$/, ""));
  return names.sort();
}

function textOf(folder: string, name: string): string {
  return readFileSync(join(STDLIB, folder, `${name}.lm.md`), "utf8");
}

function compile(text: string): Program {
  const root = { name: "main", path: "main.lm.md", text };
  const { value, diagnostics } = compileProgram(root, { resolve: () => null }, OPTIONS);
  expect(diagnostics).toEqual([]);
  if (value === null) throw new Error("no program");
  return value;
}

function answerMap(parts: { readonly [name: string]: Value }): { ok: true; value: Value } {
  return {
    ok: true,
    value: mapFromEntries(Object.entries(parts).map(([key, value]) => ({ key, value }))),
  };
}

/** A server that echoes, as the tests of std.http describe it. */
function httpServer(): ProviderTable {
  let flakyCount = 0;
  return {
    "http.http_request": ([method = null, url = null, body = null, headers = null]) => {
      const path = String(url);
      if (path.startsWith("http://nowhere"))
        return answerMap({ ok: false, status: 0, body: "", error: "nobody answers" });
      const status = /\/status\/(\d+)$/.exec(path)?.[1];
      if (status !== undefined) return answerMap({ ok: false, status: Number(status), body: "" });
      if (path.endsWith("/flaky")) {
        flakyCount += 1;
        return answerMap({ ok: true, status: flakyCount > 1 ? 200 : 503, body: "" });
      }
      const asked = mapFromEntries(
        Object.entries({ method, url, body, headers }).map(([key, value]) => ({ key, value })),
      );
      return answerMap({ ok: true, status: 200, body: jsonOf(asked) });
    },
  };
}

/** The peer that the tests of std.net describe. */
function netServer(): ProviderTable {
  const connections = new Map<bigint, string[]>();
  const partsOf = (handle: Value): string[] | undefined => connections.get(BigInt(Number(handle)));
  return {
    "net.tcp_connect": ([address = null]) => {
      if (address !== "good:7") return answerMap({ ok: false, error: "refused" });
      const handle = BigInt(connections.size + 1);
      connections.set(handle, ["ab;c", "d"]);
      return answerMap({ ok: true, handle: Number(handle) });
    },
    "net.tcp_listen": () => answerMap({ ok: false, error: "in use" }),
    "net.tcp_send": ([handle = null, text = null]) =>
      partsOf(handle) === undefined
        ? answerMap({ ok: false, error: "closed" })
        : { ok: true, value: String(text).length },
    "net.tcp_recv": ([handle = null]) => {
      const data = partsOf(handle)?.shift() ?? "";
      return answerMap({ ok: true, data, bytes_read: data.length });
    },
    "net.tcp_close": ([handle = null]) => {
      connections.delete(BigInt(Number(handle)));
      return { ok: true, value: null };
    },
  };
}

/** Runs a cell without parameters; a fault is told by its message. */
async function run(program: Program, name: string): Promise<string> {
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const folder = mkdtempSync(join(tmpdir(), "lumen-stdlib-"));
  folders.push(folder);
  const host = makeHost([], {
    ...clockProviders(deterministicSources(0n)),
    ...fileProviders(folder),
    ...httpServer(),
    ...netServer(),
  });
  const entry = { module: "main", name };
  const ended = await runCell({ program: linked.value, entry, args: [], host, runTile: null });
  if (ended.kind === "faulted") return ended.fault.message;
  return ended.kind === "finished" ? displayValue(ended.value) : ended.kind;
}

/** Names of the cells marked `@test`. */
function testsOf(text: string): readonly string[] {
  return parseModule("tests.lm.md", text).module.items.flatMap((item) =>
    item.kind === "cell" && item.attributes.some((a) => a.name.text === "test")
      ? [item.name.text]
      : [],
  );
}

function jsonOf(value: Value): string {
  const text = valueToJsonText("json", value);
  if (!text.ok) throw new Error(text.error.message);
  return text.value;
}

describe.each(MODULES)("std.%s", (name) => {
  const text = textOf("tests", name);
  const program = compile(text);

  it.each(testsOf(text))("%s", async (test) => {
    expect(await run(program, test)).toBe("null");
  });

  it("hides no builtin, and all that it offers is used by a test", () => {
    const { items } = parseModule("m.lm.md", textOf("std", name)).module;
    const offered = items.flatMap((item) =>
      item.kind === "cell" && item.isPublic ? [item.name.text] : [],
    );
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((cell) => builtinByName(cell) !== undefined)).toEqual([]);
    const missing = offered.filter((cell) => !new RegExp(`\\b${cell}\\(`).test(text));
    expect(missing).toEqual([]);
  });
});

describe("the standard library", () => {
  it("has the modules of the reference, each with tests", () => {
    const reference = readFileSync(join(STDLIB, "../spec/language.md"), "utf8");
    const listed = /`std\.collections ([a-z ]+)`/.exec(reference)?.[1] ?? "";
    expect(["collections", ...listed.split(" ")].sort()).toEqual(MODULES);
    expect(namesIn("tests")).toEqual(MODULES);
  });

  it("costs a program that imports nothing of it nothing", () => {
    const { modules } = compile("```lumen\ncell main() -> Int = 1\n```\n");
    expect(modules.map((m) => m.name)).toEqual(["main"]);
  });

  it("is not hidden by files below `std`, and knows what it has", () => {
    const asked: string[] = [];
    const host = {
      resolve: (path: string) => {
        asked.push(path);
        return { name: path, path: "std/text.lm", text: "pub cell wrap() -> Int = 1" };
      },
    };
    const text = 'import std.text: wrap\nimport std.tex: wrap as other\ncell f() = wrap("a", 1)\n';
    const root = { name: "main", path: "main.lm", text };
    const { diagnostics } = compileProgram(root, host, OPTIONS);
    expect(asked).toEqual([]);
    expect(diagnostics).toMatchObject([
      {
        code: "E0122",
        message: "no module 'std.tex'; did you mean 'std.text'?",
        expected: MODULES.map((name) => `std.${name}`).join(", "),
      },
    ]);
  });
});
