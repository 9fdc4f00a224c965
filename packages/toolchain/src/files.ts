// Reading and writing files with failures as values; a file is complete or not there at all.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure, type Phase } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";

/** Bytes of a file, or E_IO. */
export function readBytes(path: string, phase: Phase): Result<Uint8Array, Failure> {
  return attempt(path, phase, "read", () => new Uint8Array(readFileSync(path)));
}

/** Text of a file, or E_IO; bytes that are no UTF-8 are refused, never replaced. */
export function readText(path: string, phase: Phase): Result<string, Failure> {
  const bytes = readBytes(path, phase);
  return bytes.ok ? textOfBytes(bytes.value, path, phase) : bytes;
}

/** The text that bytes are, or E_IO. `subject` names where they come from. */
export function textOfBytes(
  bytes: Uint8Array,
  subject: string,
  phase: Phase,
): Result<string, Failure> {
  const text = utf8Decode(bytes);
  if (text !== null) return ok(text);
  return err(failure("E_IO", phase, `'${subject}' is not valid UTF-8`, { subject }));
}

/** Whether there is a file (not a folder) at the path. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Writes beside the target and renames, so that no reader meets half a file. */
export function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  phase: Phase,
): Result<null, Failure> {
  return attempt(path, phase, "write", () => replaceFile(path, content, { durable: false }));
}

/** The same, and what was written survives a power cut. */
export function writeFileDurably(
  path: string,
  content: Uint8Array,
  phase: Phase,
): Result<null, Failure> {
  return attempt(path, phase, "write", () => replaceFile(path, content, { durable: true }));
}

function replaceFile(
  path: string,
  content: string | Uint8Array,
  { durable }: { readonly durable: boolean },
): null {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { flush: durable });
  renameSync(temporary, path);
  if (durable) syncFolder(dirname(path));
  return null;
}

/** A name is in its folder for good when the folder is synced; Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function attempt<T>(path: string, phase: Phase, verb: string, action: () => T): Result<T, Failure> {
  try {
    return ok(action());
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = REASONS[String(error.code)] ?? error.message;
    return err(failure("E_IO", phase, `cannot ${verb} '${path}': ${reason}`, { subject: path }));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};
