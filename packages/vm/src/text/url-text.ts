// Percent-encoding of RFC 3986.

import { utf8Encode } from "@lumen/core/hash";
import { TextWriter } from "@lumen/core/value";
import { lossyUtf8 } from "./lossy-utf8.ts";

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** UTF-8 bytes as `%XX`, except unreserved characters. */
export function percentEncode(text: string): string {
  const writer = new TextWriter();
  for (const byte of utf8Encode(text)) {
    const character = String.fromCharCode(byte);
    const isPlain = UNRESERVED.test(character);
    writer.write(isPlain ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  }
  return writer.text();
}

/** The reverse, `+` being a blank; a `%` without two digits stays, ill-formed UTF-8 is U+FFFD. */
export function percentDecode(text: string): string {
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
      lossyUtf8(Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16))),
    );
}
