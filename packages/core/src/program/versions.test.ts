// The version table and the fail-closed rule, row by row.
import { describe, expect, it } from "vitest";
import { checkProjectVersion, checkVersion, FORMATS, type FormatName } from "./versions.ts";

const NAMES = Object.keys(FORMATS) as FormatName[];

describe("the format table", () => {
  it("has the rows of 2.1", () => {
    const rows = NAMES.map((name) => [name, FORMATS[name].field, FORMATS[name].readable.join()]);
    expect(rows).toEqual([
      ["cfs", "version", "1.0,1.1"],
      ["tile-manifest", "format_version", "1.0"],
      ["project-manifest", "format_version", "1.0"],
      ["bundle", "format_version", "1.0"],
      ["trace", null, "1.0"],
      ["fingerprint", null, "1"],
      ["window", "format_version", "1.0"],
      ["dispute", "format_version", "1.0"],
      ["fraud-proof", "format_version", "1.0"],
      ["proof", "format_version", "1.0"],
      ["analysis-report", "format_version", "1.0"],
      ["policy", "format_version", "1.0"],
      ["snapshots", null, "1"],
      ["tile-io", "encoding", "postcard"],
    ]);
  });
});

describe.each(NAMES)("%s", (name) => {
  const { absent, field, readable } = FORMATS[name];

  it("is read in each of its versions and in no other spelling", () => {
    for (const version of readable) {
      expect(checkVersion(name, version)).toEqual({ ok: true, value: version });
      for (const found of [` ${version}`, `${version} `, `${version}0`, `0${version}`, ""]) {
        expect(checkVersion(name, found, "s")).toMatchObject({
          ok: false,
          error: {
            ...{ code: "E_UNSUPPORTED_VERSION", kind: "UnsupportedVersion", phase: "load" },
            ...{ format: name, found, supported: [...readable].sort(), subject: "s" },
          },
        });
      }
    }
  });

  it("is refused as malformed when the version is no string", () => {
    for (const found of [1, 1.5, null, true, ["1.0"], {}]) {
      expect(checkVersion(name, found, "s")).toMatchObject({
        error: { code: "E_MALFORMED", format: name, path: field === null ? "" : `/${field}` },
      });
    }
  });

  it("has its rule for a missing version", () => {
    const missing = checkVersion(name, undefined);
    if (absent === null) expect(missing).toMatchObject({ error: { code: "E_MALFORMED" } });
    else expect(missing).toEqual({ ok: true, value: "1.0" });
    const mayBeAbsent = name === "tile-manifest" || name === "project-manifest";
    expect(absent !== null).toBe(mayBeAbsent);
  });
});

describe("the refusal", () => {
  it("says what 2.2 says", () => {
    const refused = checkVersion("cfs", "2.0", "target/raster/cfs.json");
    expect(refused).toMatchObject({
      error: { message: 'unsupported cfs version "2.0" (supported: "1.0", "1.1")' },
    });
  });
});

describe("project versions", () => {
  it.each([
    ...["0.1.0", "1.0.0", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7"],
    ...[
      "1.0.0-x.7.z.92",
      "1.0.0+20130313144700",
      "1.0.0-beta+exp.sha.5114f85",
      "1.0.0--",
      "1.0.0-0a",
    ],
  ])("%s is one", (version) => {
    expect(checkProjectVersion(version)).toEqual({ ok: true, value: version });
  });

  it.each([
    ...["", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0+", "1.0.0.0", " 1.0.0"],
    ...["1.0.0\n", "1.0.0-a..b", "1.0.0-ä", "-1.0.0", `1.0.0-${"a".repeat(300)}`],
  ])("%j is none", (version) => {
    expect(checkProjectVersion(version, { path: "/version" })).toMatchObject({
      error: { code: "E_BAD_PROJECT_VERSION", path: "/version" },
    });
  });
});
