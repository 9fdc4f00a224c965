// For tests: the `lumen` command in this process, on projects in temporary folders.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main, type Terminal } from "@lumen/cli";
import { installNodeHash } from "@lumen/toolchain";
import { afterAll } from "vitest";

// As the binary does: without it, hashing dominates these tests.
installNodeHash();

/** The repository. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "../../..");

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lumen-test-"));
  folders.push(folder);
  return folder;
}

/** A temporary folder with these files, by path. */
export function project(files: { readonly [path: string]: string }): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A fresh copy of examples/ledger, without what earlier runs left there. */
export function ledger(): string {
  const folder = temporaryFolder();
  for (const name of ["main.lm.md", "lumen.toml", "input.json"])
    cpSync(join(ROOT, "examples/ledger", name), join(folder, name));
  return folder;
}

/** A document with one block of code. */
export function document(code: string): string {
  return `# Document\n\n\`\`\`lumen\n${code.trim()}\n\`\`\`\n`;
}

/** How a command ended and what it wrote. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lumen WORDS` in a folder. */
export async function lumen(folder: string, ...words: readonly string[]): Promise<Ran> {
  return lumenWith({}, folder, ...words);
}

/** The same with another terminal: standard input, colour, or streams that fail. */
export async function lumenWith(
  terminal: Partial<Terminal>,
  folder: string,
  ...words: readonly string[]
): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const status = await main(words, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stdin: () => "",
    interactive: false,
    color: false,
    workingDirectory: folder,
    environment: {},
    ...terminal,
  });
  return { status, stdout, stderr };
}

/** Traces in `target/raster/traces` of a project; none when there is no such folder. */
export function traceNames(folder: string): readonly string[] {
  return namesIn(join(folder, "target/raster/traces")).filter((name) => !name.includes(".lock."));
}

/** Names in a folder, sorted; none when it is not there. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The only trace of a project. */
export function onlyTrace(folder: string): string {
  const names = traceNames(folder);
  if (names.length !== 1) throw new Error(`expected one trace, found ${names.length}`);
  return join(folder, "target/raster/traces", names[0] ?? "");
}

/** The only program file of a project. */
export function onlyProgram(folder: string): string {
  const programs = join(folder, "target/raster/programs");
  const names = namesIn(programs);
  if (names.length !== 1) throw new Error(`expected one program file, found ${names.length}`);
  return join(programs, names[0] ?? "");
}

/** Lines of JSON, parsed; a line that is no JSON throws. */
export function jsonLines(text: string): readonly unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

/** Bytes of a file. */
export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
