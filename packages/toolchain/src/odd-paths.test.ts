// Paths that exist and hold no document: pipes, links in a circle, names that are too long.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { documentsOf } from "./documents.ts";
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

it.skipIf(process.platform === "win32")("a pipe is not waited for", () => {
  const path = join(folder, "pipe.lm");
  execFileSync("mkfifo", [path]);
  expect(failed(openProject(path))).toBe("E_IO");
  expect(failed(documentsOf([path]))).toBe("E_IO");
});
