// The container of a program file: a POSIX ustar archive with nothing left to choose
// (spec/formats.md 10.2). One rule gives the bytes; a reader accepts only those.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { equalBytes, isWellFormed, utf8Decode, utf8Encode } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";

/** A file in an archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const NAME_BYTES_MAX = 100;
const PREFIX_BYTES_MAX = 155;
/** Largest size that 11 octal digits can write. */
const SIZE_MAX = 8 ** 11 - 1;

/**
 * Why a path cannot stand in a bundle, or null: it must be relative, `/`-separated, without `.`,
 * `..`, `.git`, empty parts, backslash, control characters or a drive letter, and fit into a
 * header.
 */
export function pathFault(path: string): string | null {
  if (!isWellFormed(path)) return "it is not valid Unicode";
  if (/[\u0000-\u001f\u007f-\u009f\\]/.test(path)) return "it has a backslash or control character";
  if (/^[A-Za-z]:/.test(path)) return "it begins with a drive letter";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return "it has an empty, . or .. part";
  }
  // Whoever extracts a bundle may call git there, which runs what its folder says.
  if (parts.some((part) => part.toLowerCase() === ".git")) return "it has a .git part";
  return splitPath(path) === null ? "it is too long" : null;
}

/** A path that stands there twice, or as file and as folder of another; null without one. */
function clash(files: readonly ArchiveFile[]): string | null {
  const taken = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of files) {
    if (taken.has(path)) return path;
    taken.add(path);
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1))
      folders.add(path.slice(0, at));
  }
  return files.find(({ path }) => folders.has(path))?.path ?? null;
}

/** Bytes of the archive of these files, in their order; `E_MALFORMED` for a refused path. */
export function writeUstar(files: readonly ArchiveFile[]): Result<Uint8Array, Failure> {
  const blocks = files.reduce((sum, { content }) => sum + 1 + blocksOf(content.length), 2);
  const bytes = new Uint8Array(blocks * BLOCK);
  let at = 0;
  for (const { path, content } of files) {
    const header = headerOf(path, content.length);
    if (!header.ok) return header;
    bytes.set(header.value, at);
    bytes.set(content, at + BLOCK);
    at += (1 + blocksOf(content.length)) * BLOCK;
  }
  return ok(bytes);
}

/**
 * The files of an archive, as views of `bytes`. Anything but the bytes that {@link writeUstar}
 * gives for them is `E_ARTIFACT_CORRUPT` with the offset of the first header or padding at fault.
 */
export function readUstar(
  bytes: Uint8Array,
  subject: string,
): Result<readonly ArchiveFile[], Failure> {
  const files: ArchiveFile[] = [];
  let at = 0;
  for (;;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) return corrupt(subject, at, "the archive ends without its end mark");
    if (isZero(header)) return readEnd(bytes, { subject, at, files });
    const file = readHeader(header);
    if (file === null) return corrupt(subject, at, "a header is not that of a bundle");
    const start = at + BLOCK;
    const end = start + file.size;
    const next = start + blocksOf(file.size) * BLOCK;
    if (next > bytes.length) return corrupt(subject, at, `${file.path} is cut off`);
    if (!isZero(bytes.subarray(end, next))) {
      return corrupt(subject, end, `the padding of ${file.path} is not zero`);
    }
    files.push({ path: file.path, content: bytes.subarray(start, end) });
    at = next;
  }
}

function readEnd(
  bytes: Uint8Array,
  found: { readonly subject: string; readonly at: number; readonly files: readonly ArchiveFile[] },
): Result<readonly ArchiveFile[], Failure> {
  const isEnd = bytes.length === found.at + 2 * BLOCK && isZero(bytes.subarray(found.at));
  const twice = clash(found.files);
  if (isEnd && twice !== null)
    return corrupt(found.subject, found.at, `${twice} stands there twice, or is a folder, too`);
  if (isEnd) return ok(found.files);
  return corrupt(found.subject, found.at, "the archive does not end with two zero blocks");
}

/** Path and size of a header block, if it is exactly the one that is written for them. */
function readHeader(block: Uint8Array): { readonly path: string; readonly size: number } | null {
  const name = fieldText(block.subarray(0, NAME_BYTES_MAX));
  const prefix = fieldText(block.subarray(345, 345 + PREFIX_BYTES_MAX));
  const digits = fieldText(block.subarray(124, 136));
  if (name === null || prefix === null || digits === null) return null;
  if (!/^[0-7]{11}$/.test(digits)) return null;
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const size = Number.parseInt(digits, 8);
  const canonical = headerOf(path, size);
  return canonical.ok && equalBytes(canonical.value, block) ? { path, size } : null;
}

function headerOf(path: string, size: number): Result<Uint8Array, Failure> {
  const fault = pathFault(path);
  const parts = fault === null ? splitPath(path) : null;
  if (parts === null) {
    const shown = JSON.stringify(path);
    return err(failure("E_MALFORMED", "load", `${shown} cannot stand in a bundle: ${fault}`));
  }
  if (size > SIZE_MAX) return err(failure("E_MALFORMED", "load", `${path} is too large`));
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => block.set(utf8Encode(text), offset);
  block.set(parts.name, 0);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size, 11));
  put(136, "00000000000");
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\0" + "00");
  put(329, "0000000");
  put(337, "0000000");
  block.set(parts.prefix, 345);
  // The checksum counts its own field as blanks.
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return ok(block);
}

/** The path in its two fields, split at the first `/` that leaves a short enough name. */
function splitPath(
  path: string,
): { readonly prefix: Uint8Array; readonly name: Uint8Array } | null {
  const bytes = utf8Encode(path);
  if (bytes.length <= NAME_BYTES_MAX) return { prefix: new Uint8Array(0), name: bytes };
  const slash = bytes.indexOf(0x2f, bytes.length - 1 - NAME_BYTES_MAX);
  if (slash < 0 || slash > PREFIX_BYTES_MAX) return null;
  return { prefix: bytes.subarray(0, slash), name: bytes.subarray(slash + 1) };
}

/** Text of a field up to its first zero byte; null if it is not UTF-8. */
function fieldText(field: Uint8Array): string | null {
  const end = field.indexOf(0);
  return utf8Decode(end < 0 ? field : field.subarray(0, end));
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function blocksOf(size: number): number {
  return Math.ceil(size / BLOCK);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function corrupt<T>(subject: string, offset: number, what: string): Result<T, Failure> {
  return err(failure("E_ARTIFACT_CORRUPT", "load", what, { subject, offset }));
}
