// Bytes of a file of native code (formats 28): a line with the version, a line with the key, a line
// with the SHA-256 of what follows, and the object code. The key says what decided the code, so one
// of another program, processor or library is never found; the hash finds damage.

import { concatBytes, sha256, toHex, utf8Decode, utf8Encode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";

const VERSION_LINE = "lumen-object 1";
const NEWLINE = 10;
const HEAD_LINES = 3;

/** The file of an object. */
export function encodeObject(key: string, object: Uint8Array): Uint8Array {
  const head = [VERSION_LINE, key, toHex(sha256(object))];
  return concatBytes(utf8Encode(`${head.join("\n")}\n`), object);
}

/** The object in a file, or in plain words what is wrong with the file. */
export function decodeObject(bytes: Uint8Array, key: string): Result<Uint8Array, string> {
  const head = headOf(bytes);
  if (head === null) return err(NO_OBJECT);
  const [version = "", named = "", hash = ""] = head.lines;
  if (version !== VERSION_LINE)
    return err(version.startsWith("lumen-object ") ? `its version is '${version}'` : NO_OBJECT);
  if (named !== key) return err("it is the code of something else");
  const object = bytes.subarray(head.end);
  return hash === toHex(sha256(object)) ? ok(object) : err("it is damaged");
}

const NO_OBJECT = "it is no native code of Lumen";

function headOf(
  bytes: Uint8Array,
): { readonly lines: readonly string[]; readonly end: number } | null {
  let end = 0;
  for (let line = 0; line < HEAD_LINES; line += 1) {
    const at = bytes.indexOf(NEWLINE, end);
    if (at < 0) return null;
    end = at + 1;
  }
  const text = utf8Decode(bytes.subarray(0, end));
  return text === null ? null : { lines: text.split("\n"), end };
}
