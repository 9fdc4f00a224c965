// Files of snapshots (spec/formats.md 29): texts by name in a Markdown document beside the source,
// so that a change of one is read like any other change.

import { basename, dirname, join } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { checkVersion } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import { isFile, readText } from "../files.ts";

/** Texts by name. */
export type Snapshots = ReadonlyMap<string, string>;

/** Where the snapshots of a document are. */
export function snapshotPath(document: string): string {
  return join(dirname(document), "__snapshots__", `${basename(document)}.snap.md`);
}

/** What is stored; empty without a file. E_IO, E_MALFORMED with the line, E_UNSUPPORTED_VERSION. */
export function readSnapshots(path: string): Result<Snapshots, Failure> {
  if (!isFile(path)) return ok(new Map());
  const text = readText(path, "load");
  return text.ok ? parseSnapshots(text.value, path) : text;
}

const HEAD = /^<!-- Lumen snapshots, format ([^\s]+?)\. .*-->$/;

/** Reads the text of a file; `subject` is its path. */
export function parseSnapshots(text: string, subject: string): Result<Snapshots, Failure> {
  const lines = text.split("\n");
  const version = HEAD.exec(lines[0] ?? "")?.[1];
  if (version === undefined) return malformed(subject, 1, "`<!-- Lumen snapshots, format … -->`");
  const readable = checkVersion("snapshots", version, subject);
  if (!readable.ok) return readable;
  const found = new Map<string, string>();
  let at = 1;
  for (;;) {
    while (lines[at] === "") at += 1;
    const heading = lines[at];
    if (heading === undefined) return ok(found);
    if (!heading.startsWith("## ")) return malformed(subject, at + 1, "`## ` and a name");
    const name = heading.slice(3);
    if (found.has(name)) return malformed(subject, at + 1, "a name that is new");
    const fence = /^(`{3,})text$/.exec(lines[at + 2] ?? "")?.[1];
    if (lines[at + 1] !== "" || fence === undefined)
      return malformed(subject, at + 2, "an empty line and a block of `text`");
    const start = at + 3;
    const end = lines.indexOf(fence, start);
    if (end < 0) return malformed(subject, at + 3, `the end of the block, ${fence}`);
    found.set(name, lines.slice(start, end).join("\n"));
    at = end + 1;
  }
}

function malformed(subject: string, line: number, expected: string): Result<never, Failure> {
  const message = `line ${line} of '${subject}': expected ${expected}`;
  const hint = "Run `lumen test --update` to write the file anew after removing it.";
  return err(failure("E_MALFORMED", "load", message, { subject, hint }));
}

/** The text of a file, names ascending. */
export function renderSnapshots(snapshots: Snapshots, document: string): string {
  const head = `<!-- Lumen snapshots, format 1. Of ${basename(document)}; written by \`lumen test --update\`. -->`;
  const parts = [...snapshots]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => {
      const fence = fenceFor(text);
      return `\n## ${name}\n\n${fence}text\n${text}\n${fence}\n`;
    });
  return `${head}\n${parts.join("")}`;
}

/** Longer than any run of backticks in the text. */
function fenceFor(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  return "`".repeat(Math.max(2, ...runs) + 1);
}

/** A name as it fits on one line. */
export function snapshotName(owner: string, name: string): string {
  return `${owner}: ${name}`.replace(/\s+/g, " ").trim();
}
