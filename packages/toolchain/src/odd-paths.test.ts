// Paths that exist and hold no document: pipes, links in a circle, names that are too long.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { documentsOf } from "./documents.ts";
import { writeFileWhole } from "./files.ts";
import { openProject } from "./project.ts";

const folder = mkdtempSync(join(tmpdir(), "lumen-paths-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

symlinkSync(join(folder, "b.lm"), join(folder, "a.lm"));
symlinkSync(join(folder, "a.lm"), join(folder, "b.lm"));

const failed = (result: ReturnType<typeof openProject | typeof documentsOf>): string | null =>
  result.ok ? null : result.error.code;

it.each([
  ["links in a circle", join(folder, "a.lm")],
  ["a name that is too long", join(folder, `${"x".repeat(5000)}.lm`)],
])("%s is no file", (_, path) => {
  expect(failed(openProject(path))).toBe("E_IO");
  expect(failed(documentsOf([path]))).toBe("E_IO");
});

it("a folder with the name of a document is no document", () => {
  mkdirSync(join(folder, "folder.lm"));
  expect(failed(openProject(join(folder, "folder.lm")))).toBe("E_PROJECT");
});

it.skipIf(process.platform === "win32")("a socket and a device are not read", async () => {
  const path = join(folder, "socket.lm");
  const server = createServer();
  await new Promise<void>((ready) => server.listen(path, ready));
  symlinkSync("/dev/zero", join(folder, "device.lm"));
  for (const odd of [path, join(folder, "device.lm")]) {
    expect(failed(openProject(odd))).toBe("E_IO");
    expect(failed(documentsOf([odd]))).toBe("E_IO");
  }
  server.close();
});

it.skipIf(process.platform === "win32")("a write that fails leaves nothing behind", () => {
  const place = join(folder, "place");
  mkdirSync(place);
  // A folder stands where the file is to be: the last step of the writing fails.
  mkdirSync(join(place, "target"));
  const written = writeFileWhole(join(place, "target"), "text", "execute");
  expect(written.ok ? null : written.error.code).toBe("E_IO");
  expect(readdirSync(place)).toEqual(["target"]);
});

it.skipIf(process.platform === "win32")("a pipe is not waited for", () => {
  const path = join(folder, "pipe.lm");
  execFileSync("mkfifo", [path]);
  expect(failed(openProject(path))).toBe("E_IO");
  expect(failed(documentsOf([path]))).toBe("E_IO");
});
