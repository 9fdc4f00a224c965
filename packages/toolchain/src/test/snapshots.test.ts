// Files of snapshots: what is written is read back, and whatever deviates is refused with its line.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SnapshotSession } from "./snapshot-session.ts";
import { parseSnapshots, renderSnapshots, snapshotName, snapshotPath } from "./snapshots.ts";

const HEAD = "<!-- Lumen snapshots, format 1. Of a.lm; written by `lumen test --update`. -->\n";

describe("a file", () => {
  it("stands beside its document", () => {
    expect(snapshotPath("/p/a.lm.md")).toBe("/p/__snapshots__/a.lm.md.snap.md");
  });

  it("is a document that people read, names ascending", () => {
    const text = renderSnapshots(
      new Map([
        ["t: b", "2"],
        ["t: a", "x\n```\ny"],
      ]),
      "/p/a.lm",
    );
    expect(text).toBe(
      `${HEAD}\n## t: a\n\n\`\`\`\`text\nx\n\`\`\`\ny\n\`\`\`\`\n\n## t: b\n\n\`\`\`text\n2\n\`\`\`\n`,
    );
  });

  it("is read back as it was written", () => {
    const text = fc.string({ unit: fc.constantFrom("`", "\n", "a", "#", " ", "\r", "€", "-->") });
    const name = fc.string({ minLength: 1 }).map((x) => snapshotName("t", x));
    fc.assert(
      fc.property(fc.dictionary(name, text), (table) => {
        const snapshots = new Map(Object.entries(table));
        const read = parseSnapshots(renderSnapshots(snapshots, "a.lm"), "f");
        expect(read).toEqual({ ok: true, value: snapshots });
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it.each([
    ["", 1, "`<!-- Lumen snapshots"],
    ["# Notes\n", 1, "`<!-- Lumen snapshots"],
    [`${HEAD}\ntext\n`, 3, "`## ` and a name"],
    [`${HEAD}\n## a\n\`\`\`text\n\`\`\`\n`, 4, "an empty line and a block"],
    [`${HEAD}\n## a\n\n\`\`\`js\n1\n\`\`\`\n`, 4, "an empty line and a block"],
    [`${HEAD}\n## a\n\n\`\`\`text\n1\n`, 5, "the end of the block"],
    [`${HEAD}\n## a\n\n\`\`\`text\n1\n\`\`\`\n\n## a\n\n\`\`\`text\n1\n\`\`\`\n`, 9, "is new"],
  ])("is refused: %j", (text, line, expected) => {
    const read = parseSnapshots(text, "f");
    expect(read).toMatchObject({ ok: false, error: { code: "E_MALFORMED", subject: "f" } });
    const message = read.ok ? "" : read.error.message;
    expect(message).toContain(`line ${line} of 'f': expected `);
    expect(message).toContain(expected);
  });

  it("of another version is refused with the versions that are known", () => {
    expect(parseSnapshots(HEAD.replace("format 1", "format 2"), "f")).toMatchObject({
      ok: false,
      error: { code: "E_UNSUPPORTED_VERSION", found: "2", supported: ["1"], format: "snapshots" },
    });
  });
});

describe("a session", () => {
  const stored = new Map([
    ["a", "1"],
    ["b", "2\n3"],
    ["c", "4"],
  ]);

  it("compares, and says where a text differs", () => {
    const session = new SnapshotSession(stored, false);
    expect(session.compare("a", "1")).toBeNull();
    expect(session.compare("b", "2\n4")).toBe("'b' differs: in line 2 expected 3, found 4");
    expect(session.compare("d", "5")).toContain("there is no snapshot 'd' yet");
    expect(session.changes(true)).toMatchObject({ written: [], obsolete: ["c"] });
    expect(session.changes(false).obsolete).toEqual([]);
  });

  it("refuses two values of one name, also while it stores", () => {
    const session = new SnapshotSession(stored, true);
    expect(session.compare("a", "9")).toBeNull();
    expect(session.compare("a", "9")).toBeNull();
    expect(session.compare("a", "8")).toBe("'a' has two values in one run: expected 9, found 8");
  });

  it("keeps what was not asked for unless every test ran", () => {
    const session = new SnapshotSession(stored, true);
    session.compare("a", "9");
    session.compare("c", "4");
    expect(session.changes(false)).toEqual({
      written: ["a"],
      obsolete: [],
      next: new Map([
        ["b", "2\n3"],
        ["a", "9"],
        ["c", "4"],
      ]),
    });
    expect([...session.changes(true).next.keys()]).toEqual(["a", "c"]);
  });
});
