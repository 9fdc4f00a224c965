// Paths of tools (language 11.4): the file that a path means, whatever it looks like.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MapValue, mapFromEntries, mapGet } from "@lumen/core/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHost, realPath, toolPathLayer, toolPolicyLayer } from "../index.ts";
import { toolNamed } from "./testing/tool-entry.ts";

let base = "";

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "lumen-paths-")));
  for (const folder of ["in/deep", "out", "inside"])
    mkdirSync(join(base, folder), { recursive: true });
  writeFileSync(join(base, "in/file"), "x");
  writeFileSync(join(base, "out/file"), "x");
  symlinkSync(join(base, "out"), join(base, "in/escape"));
  symlinkSync("../out/new", join(base, "in/dangling"));
  symlinkSync("loop", join(base, "in/loop"));
  symlinkSync("in", join(base, "alias"));
  symlinkSync("deep", join(base, "in/same"));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

/** What the provider gets as path, or the refusal. */
async function ask(path: string, granted: readonly string[]): Promise<string> {
  let seen = "";
  const tool = toolNamed("fs.read", { paths: granted });
  const host = makeHost(
    [
      toolPolicyLayer(),
      toolPathLayer(base),
      {
        name: "provider",
        handle: async ({ args: [input] }) => {
          seen = input instanceof MapValue ? String(mapGet(input, "path")) : "";
          return { ok: true, value: null };
        },
      },
    ],
    {},
    [tool],
  );
  const input = mapFromEntries([{ key: "path", value: path }]);
  const answer = await host({ effect: "tool", operation: tool.ref, args: [input] });
  return answer.ok ? seen : `${answer.code} ${answer.message}`;
}

describe("a path that is granted", () => {
  it.each([
    ["in", "in"],
    ["in/", "in"],
    ["in/file", "in/file"],
    ["./in//deep/../file", "in/file"],
    ["in/new/file.txt", "in/new/file.txt"],
    ["alias/file", "in/file"],
    ["in/same/x", "in/deep/x"],
    ["in/same/../file", "in/file"],
    ["in/escape/../in/file", "in/file"],
  ])("%s is passed on as it is found", async (path, found) => {
    expect(await ask(path, ["in"])).toBe(join(base, found));
    expect(await ask(`${base}/${path}`, ["in"])).toBe(join(base, found));
    expect(await ask(path, ["elsewhere", join(base, "alias")])).toBe(join(base, found));
  });

  it("may be any with the root", async () => {
    expect(await ask("/etc", ["/"])).toBe(realPath("/", "/etc"));
  });
});

describe("a path that is not granted", () => {
  it.each([
    "out/file",
    "in/../out/file",
    "inside",
    "inside/x",
    "in/escape",
    "in/escape/file",
    "in/escape/new",
    "in/dangling",
    "in/loop",
    "in/loop/x",
    "in/escape/../out/file",
    "in/new/../../out",
    "IN/file",
    "..",
    ".",
    "/",
    "",
    "in/file\u0000/../x",
  ])("%j is refused", async (path) => {
    expect(await ask(path, ["in"])).toBe(
      `E_POLICY policy violation for 'read': '${path}' is not in a granted path: the grant allows in`,
    );
  });

  it("is any where nothing is granted, and where what is granted leads nowhere", async () => {
    expect(await ask("in", [])).toContain("the grant allows none");
    expect(await ask("in/dangling", ["in/dangling"])).toContain("E_POLICY");
  });
});
