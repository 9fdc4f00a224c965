// Files: `read_file` and its kin (language 16.8). Paths are relative to the working directory.

import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { compareStrings, makeList, type Value } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";
import { makeFolder } from "../make-folder.ts";
import { globPaths } from "./glob.ts";
import {
  answer,
  failed,
  type Provider,
  type ProviderTable,
  systemError,
  textArgument,
} from "./provider.ts";

/** Providers of files below a working directory, as far as paths do not lead elsewhere. */
export function fileProviders(workingDirectory: string): ProviderTable {
  const on = (name: string, act: (path: string, args: readonly Value[]) => Value): Provider => {
    return (args) => {
      const shown = textArgument(args, 0);
      return attempt(name, shown, () => act(resolve(workingDirectory, shown), args));
    };
  };
  return {
    "fs.read_file": on("read_file", (path) => textOf(path)),
    "fs.read_lines": on("read_lines", (path) => makeList(linesOf(textOf(path)))),
    "fs.write_file": on("write_file", (path, args) => {
      writeFileSync(unlessPipe(path), textArgument(args, 1));
      return null;
    }),
    "fs.append_file": on("append_file", (path, args) => {
      appendFileSync(unlessPipe(path), textArgument(args, 1));
      return null;
    }),
    "fs.read_dir": on("read_dir", (path) => makeList(namesIn(path))),
    "fs.walk_dir": on("walk_dir", (path, args) =>
      makeList(walk(path, withSlash(textArgument(args, 0)))),
    ),
    "fs.glob": (args) => {
      const pattern = textArgument(args, 0);
      return attempt("glob", pattern, () => makeList([...globPaths(workingDirectory, pattern)]));
    },
    "fs.exists": on("exists", (path) => existsSync(path)),
    "fs.mkdir": on("mkdir", (path) => {
      makeFolder(path);
      return null;
    }),
    "fs.remove_file": on("remove_file", (path) => {
      unlinkSync(path);
      return null;
    }),
  };
}

/** Bytes of a file that is read, at most (docs/limits.md). */
export const FILE_BYTES_MAX: number = 64 * 2 ** 20;

/** Why a file is left alone that the system would read or write. */
class Unreadable extends Error {}

/** The text of a file. A pipe or a device may never give anything, or never end. */
function textOf(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() && !stat.isDirectory()) throw new Unreadable("it is no regular file");
  if (stat.size > FILE_BYTES_MAX) throw new Unreadable(`it has more than ${FILE_BYTES_MAX} bytes`);
  const bytes = readFileSync(path);
  // Files of the kernel tell no size, and others grow.
  if (bytes.length > FILE_BYTES_MAX)
    throw new Unreadable(`it has more than ${FILE_BYTES_MAX} bytes`);
  return bytes.toString("utf8");
}

/** A pipe would be waited for until somebody reads it. */
function unlessPipe(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true)
    throw new Unreadable("it is a pipe");
  return path;
}

/** What the file system refuses is the program's runtime error; anything else is our defect. */
function attempt(name: string, shown: string, act: () => Value): DoorAnswer {
  try {
    return answer(act());
  } catch (error) {
    if (error instanceof Unreadable) return failed(name, `${shown}: ${error.message}`);
    if (!(error instanceof Error && "code" in error)) throw error;
    return failed(name, `${shown}: ${systemError(error)}`);
  }
}

/** As `lines` of language 16.2. */
function linesOf(text: string): string[] {
  const parts = text.split("\n");
  if (parts.at(-1) === "") parts.pop();
  return parts.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).sort(compareStrings);
}

function withSlash(path: string): string {
  return path === "" || path.endsWith("/") ? path : `${path}/`;
}

/** Every path below a folder, depth first; links are named, not followed. */
function walk(folder: string, prefix: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => compareStrings(a.name, b.name));
  return entries.flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    return entry.isDirectory() ? [path, ...walk(resolve(folder, entry.name), `${path}/`)] : [path];
  });
}
