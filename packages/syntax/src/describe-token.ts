// How diagnostics name a token in plain words.

import type { Token } from "./token.ts";

/** "`x`", "a number", "the end of the file". */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case "int":
    case "float":
      return "a number";
    case "string":
    case "interpolated":
      return "a string";
    case "bytes":
      return "a bytes literal";
    case "role":
      return "a role";
    case "doc":
      return "a markdown block";
    case "blockEnd":
      return "the end of the code block";
    case "eof":
    case "stop":
      // The end of an interpolation is the brace or colon that stands there.
      return token.text === "" ? "the end of the input" : `\`${token.text}\``;
    default:
      return `\`${token.text}\``;
  }
}
