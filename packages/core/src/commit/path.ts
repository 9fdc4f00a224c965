// Paths of step records: where in the schema an execution stood, as elements and as text
// (spec/formats.md 13.1, 18.4).

import { type Failure, failure } from "../diagnostic/failure.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { PathElem } from "./step-record.ts";

const MARKS: { readonly [K in PathElem["kind"]]: string } = { Item: "/", Arm: "?", Iter: "#" };
const KINDS: { readonly [mark: string]: PathElem["kind"] } = {
  "/": "Item",
  "?": "Arm",
  "#": "Iter",
};
const U32_MAX = 0xffff_ffff;

/** Text of a path: `0/2#3?1/0`; the empty path is the empty text (13.1). */
export function formatPath(path: readonly PathElem[]): string {
  let text = "";
  for (const [position, elem] of path.entries()) {
    if (position > 0 || elem.kind !== "Item") text += MARKS[elem.kind];
    text += elem.index;
  }
  return text;
}

/** Reads the text of a path; only what {@link formatPath} writes, else `E_MALFORMED`. */
export function parsePath(text: string): Result<readonly PathElem[], Failure> {
  const path: PathElem[] = [];
  let rest = /^[0-9]/.test(text) ? `/${text}` : text;
  if (text.startsWith("/")) return err(badPath(text));
  while (rest !== "") {
    const [whole, mark = "", digits = ""] = /^([/?#])(0|[1-9][0-9]{0,15})/.exec(rest) ?? [""];
    const kind = KINDS[mark];
    const index = Number(digits);
    const max = kind === "Iter" ? Number.MAX_SAFE_INTEGER : U32_MAX;
    if (kind === undefined || index > max) return err(badPath(text));
    path.push({ kind, index });
    rest = rest.slice(whole.length);
  }
  return ok(path);
}

function badPath(text: string): Failure {
  return failure("E_MALFORMED", "load", `not a path: ${JSON.stringify(text.slice(0, 80))}`);
}
