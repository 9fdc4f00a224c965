// Files: `read_file` and its kin (language 16.8). Paths are relative to the working directory.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { compareStrings, makeList, type Value } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";
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
    "fs.read_file": on("read_file", (path) => readFileSync(path, "utf8")),
    "fs.read_lines": on("read_lines", (path) => makeList(linesOf(readFileSync(path, "utf8")))),
    "fs.write_file": on("write_file", (path, args) => {
      writeFileSync(path, textArgument(args, 1));
      return null;
    }),
    "fs.append_file": on("append_file", (path, args) => {
      appendFileSync(path, textArgument(args, 1));
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
      mkdirSync(path, { recursive: true });
      return null;
    }),
    "fs.remove_file": on("remove_file", (path) => {
      unlinkSync(path);
      return null;
    }),
  };
}

/** What the file system refuses is the program's runtime error; anything else is our defect. */
function attempt(name: string, shown: string, act: () => Value): DoorAnswer {
  try {
    return answer(act());
  } catch (error) {
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
