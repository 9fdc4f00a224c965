// Section 16 of the language and the builtin table name the same builtins, aliases included.

import { readFileSync } from "node:fs";
import { BUILTINS, type BuiltinRow, builtinByName } from "@lumen/core/builtins";
import { describe, expect, it } from "vitest";

const text = readFileSync("spec/language.md", "utf8");
const section = text.slice(text.indexOf("\n## 16. "), text.indexOf("\n## 17. "));

/**
 * Named in the section, but not a row: constructs with a syntax or a lowering of their own, and
 * what this version does not have.
 */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "assert_matches",
  "channel",
  "parallel",
  "race",
  "select",
  "spawn",
  "timeout",
  "vote",
]);

/** Names in the first column of the tables, and in the lists of 16.6 and 16.9; `a_b/c` is two. */
function namesOfSection(): ReadonlySet<string> {
  const rows = section.split("\n").filter((line) => /^\| `/.test(line));
  const cells = rows.map((row) => /^\| (.*?)(?<!\\) \|/.exec(row)?.[1] ?? "");
  const lists = [...section.matchAll(/### 16\.[69] [^\n]*\n\n([\s\S]*?)\n\n/g)].map((m) => m[1]);
  const codes = [...cells, ...lists].flatMap((cell) => [...(cell ?? "").matchAll(/`([^`]+)`/g)]);
  const words = codes.flatMap(([, code = ""]) =>
    /^\{|:/.test(code) ? [] : code.replace(/\([^)]*\)?/g, " ").split(/[\s,]+/),
  );
  const expanded = words.flatMap((word) => {
    const [, stem, first, second] = /^([a-z0-9]+_)([a-z]+)\/([a-z]+)$/.exec(word) ?? [];
    return stem === undefined ? [word] : [stem + first, stem + second];
  });
  return new Set(expanded.filter((word) => /^[a-z][a-z0-9_]*$/.test(word)));
}

const named = namesOfSection();
const rows: readonly (readonly [string, BuiltinRow])[] = Object.entries<BuiltinRow>(BUILTINS);
const spelled = rows.flatMap(([name, row]) => [name, ...row.aliases]);

describe("language 16", () => {
  it("is read whole", () => {
    expect(named.size).toBeGreaterThan(200);
    for (const name of ["print", "base64_decode", "hkdf", "udp_recv", "and_then", "sorted"]) {
      expect(named).toContain(name);
    }
  });

  it("names no builtin that the table does not have", () => {
    const absent = [...named].filter((name) => builtinByName(name) === undefined);
    expect(absent.filter((name) => !ELSEWHERE.has(name))).toEqual([]);
  });

  it("has no row for what is said to be elsewhere", () => {
    for (const name of ELSEWHERE) {
      expect(named).toContain(name);
      expect(builtinByName(name), name).toBeUndefined();
    }
  });

  it("names every builtin that source can name", () => {
    const visible = spelled.filter((name) => !name.includes("$"));
    expect(visible.filter((name) => !named.has(name))).toEqual([]);
  });

  it("gives the same aliases", () => {
    const groups = [...section.matchAll(/`([a-z_0-9]+)` \(((?:`[a-z_0-9]+`(?:, )?)+)\)/g)];
    expect(groups.length).toBeGreaterThan(10);
    for (const [, name = "", aliases = ""] of groups) {
      for (const [, alias = ""] of aliases.matchAll(/`([a-z_0-9]+)`/g)) {
        // `count` is a builtin of its own, since it also counts matches.
        if (alias !== "count") expect(builtinByName(alias), alias).toBe(builtinByName(name));
      }
    }
  });
});
