// Reading and writing files with failures as values; a file is complete or not there at all.

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure, type Phase } from "@lumen/core/diagnostic";
import { concatBytes, utf8Decode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import { makeFolder } from "@lumen/runtime";

/** Bytes of a document at most. */
export const DOCUMENT_BYTES_MAX: number = 16 * 2 ** 20;

/** Bytes of a document of evidence at most: it is in memory at once, as text and as data. */
export const EVIDENCE_BYTES_MAX: number = 64 * 2 ** 20;

/** Bytes of an input at most, from whatever place. */
export const INPUT_BYTES_MAX: number = 64 * 2 ** 20;

/** Bytes of a file, or E_IO; what is no file, such as a pipe or a device, may have no end. */
export function readBytes(path: string, phase: Phase): Result<Uint8Array, Failure> {
  return attempt(path, phase, "read", () => {
    if (!statSync(path).isFile()) throw new NoFile(path);
    return new Uint8Array(readFileSync(path));
  });
}

/** An input: a file, pipe or device by its path, up to {@link INPUT_BYTES_MAX} bytes, or E_IO. */
export function readInputFile(path: string): Result<Uint8Array, Failure> {
  return attempt(path, "decode", "read the input", () => {
    const descriptor = openSync(path, "r");
    try {
      return readUpTo(descriptor, INPUT_BYTES_MAX);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Standard input up to its end, at most {@link INPUT_BYTES_MAX} bytes, or E_IO. */
export function readStandardInput(): Result<Uint8Array, Failure> {
  const subject = "standard input";
  try {
    return ok(readUpTo(0, INPUT_BYTES_MAX));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot read standard input: ${error.message}`;
    return err(failure("E_IO", "decode", message, { subject }));
  }
}

/** Bytes that are read at a time. */
const PIECE_BYTES = 2 ** 20;

function readUpTo(descriptor: number, bytesMax: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const piece = new Uint8Array(PIECE_BYTES);
    const count = readSync(descriptor, piece);
    if (count === 0) return concatBytes(...pieces);
    length += count;
    if (length > bytesMax) throw new TooLong(bytesMax);
    pieces.push(piece.subarray(0, count));
  }
}

/** Why something is not read that the system would read; as the system's own errors. */
class NoFile extends Error {
  readonly code = "ENOFILE";
  constructor(path: string) {
    super(statSync(path).isDirectory() ? "it is a folder" : "it is no regular file");
  }
}

class TooLong extends Error {
  readonly code = "ETOOLONG";
  constructor(bytesMax: number) {
    super(`it has more than ${bytesMax} bytes`);
  }
}

/** Text of a file, or E_IO; bytes that are no UTF-8 are refused, never replaced. */
export function readText(path: string, phase: Phase): Result<string, Failure> {
  const bytes = readBytes(path, phase);
  return bytes.ok ? textOfBytes(bytes.value, path, phase) : bytes;
}

/** Text of a document, at most {@link DOCUMENT_BYTES_MAX} bytes. */
export function readDocument(path: string, phase: Phase): Result<string, Failure> {
  const bytes = readBytes(path, phase);
  if (!bytes.ok) return bytes;
  if (bytes.value.length <= DOCUMENT_BYTES_MAX) return textOfBytes(bytes.value, path, phase);
  const message = `'${path}' has ${bytes.value.length} bytes, a document at most ${DOCUMENT_BYTES_MAX}`;
  return err(failure("E_IO", phase, message, { subject: path }));
}

/** Text of evidence about a trace, at most {@link EVIDENCE_BYTES_MAX} bytes. */
export function readEvidence(path: string): Result<string, Failure> {
  const bytes = readBytes(path, "load");
  if (!bytes.ok) return bytes;
  if (bytes.value.length <= EVIDENCE_BYTES_MAX) return textOfBytes(bytes.value, path, "load");
  const message = `'${path}' has ${bytes.value.length} bytes, evidence at most ${EVIDENCE_BYTES_MAX}`;
  return err(failure("E_IO", "load", message, { subject: path }));
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
  makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  let isWhole = false;
  try {
    writeFileSync(temporary, content, { flush: durable });
    renameSync(temporary, path);
    isWhole = true;
  } finally {
    // Half of a file is of no use, least of all on a full disk.
    if (!isWhole) rmSync(temporary, { force: true });
  }
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
