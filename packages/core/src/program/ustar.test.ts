// The container: every deviation from the one rule is refused.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, utf8Encode } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { type ArchiveFile, pathFault, readUstar, writeUstar } from "./ustar.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

function archive(...files: readonly ArchiveFile[]): Uint8Array {
  const bytes = writeUstar(files);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

const one = archive({ path: "a.txt", content: utf8Encode("hello") });

/** The header with other bytes at an offset, and a checksum that fits unless told otherwise. */
function changed(offset: number, values: readonly number[], fit = true): Uint8Array {
  const bytes = one.slice();
  bytes.set(values, offset);
  if (!fit) return bytes;
  bytes.fill(0x20, 148, 156);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.set(utf8Encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return bytes;
}

const ascii = (text: string): readonly number[] => [...utf8Encode(text)];

describe("archives", () => {
  it("of no file are two zero blocks", () => {
    expect(archive()).toEqual(new Uint8Array(1024));
    expect(readUstar(archive(), "b")).toEqual({ ok: true, value: [] });
  });

  it("have the header that the rule gives", () => {
    expect(one.length).toBe(2048);
    const text = String.fromCharCode(...one.subarray(0, 512));
    expect(text.slice(0, 101)).toBe(`a.txt${"\0".repeat(95)}0`);
    expect(text.slice(100, 148)).toBe(
      "0000644\x000000000\x000000000\x0000000000005\x0000000000000\0",
    );
    expect(text.slice(154, 158)).toBe("\0 0\0");
    expect(text.slice(257, 265)).toBe("ustar\x0000");
    expect(text.slice(329, 345)).toBe("0000000\x000000000\0");
    expect(changed(0, ascii("a.txt"))).toEqual(one);
  });

  it("give back any files", () => {
    const part = fc.stringMatching(/^[a-zä€_-]{1,60}$/);
    const file = fc.record({
      path: fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
      content: fc.uint8Array({ maxLength: 1200 }),
    });
    const property = fc.property(fc.array(file, { maxLength: 4 }), (files) => {
      const kept = files.filter(({ path }) => pathFault(path) === null);
      expect(readUstar(archive(...kept), "b")).toEqual({ ok: true, value: kept });
    });
    fc.assert(property, { seed: 102, numRuns: 60 });
  });

  it("read the worked container", () => {
    const bytes = required(fromHex(worked.program_bundle.file), "vectors are hex");
    const files = readUstar(bytes, "b");
    expect(files.ok && files.value.map((file) => file.path)).toEqual([
      ...["index.json", ...Object.keys(worked.program_bundle.files).sort()],
    ]);
  });
});

describe("long paths", () => {
  const long = (name: number, prefix: number): string =>
    `${"p".repeat(prefix)}/${"n".repeat(name)}`;

  it.each([
    ["a name of 100 bytes", "n".repeat(100)],
    ["the largest name and prefix", long(100, 155)],
    ["a slash at the first place that fits", `a/${"b".repeat(60)}/${"c".repeat(60)}`],
    ["a name that ends exactly at a slash", `${"a".repeat(4)}/${"b".repeat(99)}`],
  ])("of %s are kept", (_what, path) => {
    const bytes = archive({ path, content: utf8Encode("x") });
    expect(readUstar(bytes, "b")).toMatchObject({ ok: true, value: [{ path }] });
  });

  it("are split at the first slash that leaves at most 100 bytes", () => {
    const bytes = archive({
      path: `a/${"b".repeat(60)}/${"c".repeat(60)}`,
      content: utf8Encode(""),
    });
    expect(String.fromCharCode(...bytes.subarray(345, 345 + 62))).toBe(`a/${"b".repeat(60)}`);
    const early = archive({ path: `aaa/bbb/${"c".repeat(95)}`, content: utf8Encode("") });
    expect(String.fromCharCode(...early.subarray(345, 349))).toBe("aaa\0");
  });

  it.each([
    ["a name of 101 bytes", "n".repeat(101)],
    ["a prefix of 156 bytes", long(100, 156)],
    ["a last part of 101 bytes", long(101, 3)],
  ])("of %s are refused", (_what, path) => {
    expect(pathFault(path)).toBe("it is too long");
    expect(writeUstar([{ path, content: new Uint8Array(0) }]).ok).toBe(false);
  });
});

describe("paths", () => {
  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "..",
    "a/../b",
    "./a",
    "a/.",
    "a\\b",
    "a\nb",
    "a\u007f",
    "a\u0085",
    "C:/a",
    ".git/config",
    "a/.GIT/hooks/x",
    "c:",
    "a\0b",
    "\ud800",
  ])("such as %j are refused", (path) => {
    expect(pathFault(path)).not.toBeNull();
    expect(writeUstar([{ path, content: new Uint8Array(0) }])).toMatchObject({
      error: { code: "E_MALFORMED" },
    });
  });

  it.each([
    [["a", "b", "a"]],
    [["a", "a/b"]],
    [["a/b/c", "a/b"]],
  ])("such as %j are refused together", (paths) => {
    const content = new Uint8Array(0);
    const bytes = archive(...paths.map((path) => ({ path, content })));
    expect(readUstar(bytes, "b")).toMatchObject({ error: { code: "E_ARTIFACT_CORRUPT" } });
  });

  it.each(["a", "a/b.c", "ä/€", "..a", "a..b/...", "1:b"])("such as %j are kept", (path) => {
    expect(pathFault(path)).toBeNull();
  });
});

describe("deviations", () => {
  it.each([
    ["mode", 0, changed(100, ascii("0000755"))],
    ["uid", 0, changed(108, ascii("0001750"))],
    ["gid", 0, changed(116, ascii("0001750"))],
    ["mtime", 0, changed(136, ascii("00000000001"))],
    ["a size without zero digits", 0, changed(124, ascii("5\0"))],
    ["a size with blanks", 0, changed(124, ascii("          5"))],
    ["a size with another end", 0, changed(135, ascii(" "))],
    ["a size that is not octal", 0, changed(124, ascii("00000000008"))],
    ["another size", 512 + 4, changed(124, ascii("00000000004"))],
    ["a size beyond the file", 0, changed(124, ascii("77777777777"))],
    ["a checksum that does not fit", 0, changed(148, ascii("000000"), false)],
    ["a checksum written another way", 0, changed(154, ascii(" \0"), false)],
    ["typeflag zero byte", 0, changed(156, [0])],
    ["a directory", 0, changed(156, ascii("5"))],
    ["a symbolic link", 0, changed(156, ascii("2"))],
    ["a link name", 0, changed(157, ascii("x"))],
    ["GNU magic", 0, changed(257, ascii("ustar  \0"))],
    ["no magic", 0, changed(257, [0, 0, 0, 0, 0, 0, 0, 0])],
    ["a user name", 0, changed(265, ascii("root"))],
    ["a group name", 0, changed(297, ascii("root"))],
    ["a device number", 0, changed(329, ascii("0000001"))],
    ["a minor device number", 0, changed(337, ascii("0000001"))],
    ["a prefix without need", 0, changed(345, ascii("dir"))],
    ["bytes behind the prefix", 0, changed(500, [1])],
    ["bytes behind the name", 0, changed(6, ascii("x"))],
    ["no name", 0, changed(0, [0, 0, 0, 0, 0])],
    ["a path that goes up", 0, changed(0, ascii("../ab"))],
    ["a name that is no UTF-8", 0, changed(0, [0xff])],
    ["padding that is not zero", 512 + 5, changed(512 + 5, [1], false)],
    ["one zero block at the end", 1024, one.subarray(0, 1536)],
    ["no end mark", 1024, one.subarray(0, 1024)],
    ["a third zero block", 1024, Uint8Array.of(...one, ...new Uint8Array(512))],
    ["a byte after the end", 1024, Uint8Array.of(...one, 0)],
    ["a cut in the middle of a header", 0, one.subarray(0, 300)],
    ["nothing at all", 0, one.subarray(0, 0)],
  ])("%s is refused", (_what, offset, bytes) => {
    expect(readUstar(bytes, "b")).toMatchObject({
      ok: false,
      error: { code: "E_ARTIFACT_CORRUPT", subject: "b", offset },
    });
  });

  it("any changed byte outside the content is refused", () => {
    for (let offset = 0; offset < one.length; offset += 1) {
      if (offset >= 512 && offset < 517) continue;
      const bytes = one.slice();
      bytes[offset] = (bytes[offset] ?? 0) ^ 0x01;
      expect([offset, readUstar(bytes, "b").ok]).toEqual([offset, false]);
    }
  });
});
