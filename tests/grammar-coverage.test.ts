// Every production of the grammar has a fixture: every kind of node, and every part of one that a
// program may leave out, is there in some fixture. Read from the declarations of the tree, so that
// a new production without a fixture fails here.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseModule } from "@lumen/syntax";
import { describe, expect, it } from "vitest";
import { fixtureTexts } from "./corpus.ts";

const SYNTAX = "packages/syntax/src";

/** Node or part of one → the values seen there: `null`, `none`, `some`, `true`, `false`. */
type Seen = Map<string, Set<string>>;

/** What stands for "left out" alone, or for one side of a choice alone. */
const HALVES: ReadonlySet<string> = new Set(["null", "none", "true", "false"]);

/** Parts that the grammar does not have: of a mistake, and of a signature, what items share. */
const NOT_IN_GRAMMAR: ReadonlySet<string> = new Set([
  "error.attributes",
  "error.doc",
  "error.isPublic",
  "signature.doc",
  "signature.isPublic",
]);

describe("the grammar", () => {
  const seen = seenIn(fixtureTexts().map((fixture) => fixture.text));

  it("has every kind of node in a fixture", () => {
    const missing = declaredKinds().filter((kind) => !seen.has(kind));
    expect(missing).toEqual([]);
  });

  it("has every part of a node in a fixture, and one without it where it may be left out", () => {
    const halves = [...seen].filter(
      ([key, values]) =>
        key.includes(".") && values.size === 1 && [...values].every((v) => HALVES.has(v)),
    );
    const missing = halves.map(([key]) => key).filter((key) => !NOT_IN_GRAMMAR.has(key));
    expect(missing.sort()).toEqual([]);
  });

  it("misses what a text does not have", () => {
    const few = seenIn(["let x = 1\n"]);
    expect(few.has("while")).toBe(false);
    expect([...(few.get("let.isMutable") ?? [])]).toHaveLength(1);
  });
});

/** The kinds that the declarations of the tree list. */
function declaredKinds(): readonly string[] {
  const files = readdirSync(SYNTAX).filter((name) => /^ast.*\.ts$/.test(name));
  const kinds = files.flatMap((name) => {
    const text = readFileSync(join(SYNTAX, name), "utf8");
    return [...text.matchAll(/\bkind: ((?:\s*\|?\s*"\w+")+)/g)].flatMap(([, list = ""]) =>
      [...list.matchAll(/"(\w+)"/g)].map(([, kind = ""]) => kind),
    );
  });
  return [...new Set(kinds)].sort();
}

function seenIn(texts: readonly string[]): Seen {
  const seen: Seen = new Map();
  for (const text of texts) visit(seen, parseModule("fixture.lm", text).module, "module");
  return seen;
}

/** `place` names a node that has no kind of its own by the part that it is. */
function visit(seen: Seen, part: unknown, place: string): void {
  if (Array.isArray(part)) {
    for (const item of part) visit(seen, item, place);
    return;
  }
  if (part === null || typeof part !== "object" || part instanceof Uint8Array) return;
  const entries = Object.entries(part);
  const kind = entries.find(([key]) => key === "kind")?.[1];
  const name = typeof kind === "string" ? kind : place;
  note(seen, name, "some");
  for (const [key, value] of entries) {
    if (key === "kind" || key === "span") continue;
    note(seen, `${name}.${key}`, halfOf(value));
    visit(seen, value, key);
  }
}

function note(seen: Seen, key: string, value: string): void {
  const values = seen.get(key);
  if (values === undefined) seen.set(key, new Set([value]));
  else values.add(value);
}

function halfOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) && value.length === 0 ? "none" : "some";
}
