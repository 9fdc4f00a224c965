// Built-in migrations, and the choice of a path in a made-up registry.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { schemaHash } from "../cfs/read.ts";
import { toHex } from "../hash/index.ts";
import { ok } from "../result/result.ts";
import { findPath, type MigrationStep, migrate } from "./migrate.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const linear = worked.schema_hash[0].cfs;
const control = worked.control.cfs;
const to = (target: string) => ({ format: "cfs", target, tool: "0.1.0", subject: "d" }) as const;
const manifest = { tile_id: "a", backend: "native", method_id: "00", elf_size: 0, later: 1 };
const toManifest = { format: "tile-manifest", target: "1.0", tool: "0.1.0", subject: "d" } as const;

describe("cfs", () => {
  it("goes from 1.0 to 1.1 and back", () => {
    const up = migrate(linear, to("1.1"));
    if (!up.ok) throw new Error(up.error.message);
    const step = { from: "1.0", to: "1.1", tool: "0.1.0" };
    expect(up.value.document).toEqual({ ...linear, version: "1.1", history: [step] });
    expect(linear.version).toBe("1.0");
    const down = migrate(up.value.document, to("1.0"));
    if (!down.ok) throw new Error(down.error.message);
    const back = { from: "1.1", to: "1.0", tool: "0.1.0" };
    expect(down.value.document).toEqual({ ...linear, history: [step, back] });
  });

  it("names the first item that needs 1.1", () => {
    expect(migrate(control, to("1.0"))).toMatchObject({
      error: {
        code: "E_NOT_EXPRESSIBLE",
        subject: "d",
        path: "/sequences/0/items/0",
        details: { sequence: "main", item: control.sequences[0].items[0].item_id },
      },
    });
  });

  it("states the hash of what it has become, if it stated one", () => {
    const stated = { ...linear, schema_hash: worked.schema_hash[0].schema_hash };
    const up = migrate(stated, to("1.1"));
    if (!up.ok) throw new Error(up.error.message);
    const { document } = up.value;
    expect(document.schema_hash).toBe(toHex(schemaHash(document)));
    expect(document.schema_hash).not.toBe(stated.schema_hash);
  });

  it("is left alone when it has the version", () => {
    expect(migrate(linear, to("1.0"))).toEqual({
      ok: true,
      value: { document: linear, steps: [] },
    });
  });

  it("is refused when the result cannot be read", () => {
    const broken = { ...linear, tiles: [] };
    expect(migrate(broken, to("1.1"))).toMatchObject({ error: { code: "E_UNKNOWN_CALLEE" } });
    const fraction = { ...linear, later: 1.5 };
    expect(migrate(fraction, to("1.1"))).toMatchObject({ error: { code: "E_MALFORMED" } });
  });

  it.each([
    [[], ""],
    [null, ""],
    [{}, "/version"],
    [{ version: 1 }, "/version"],
    [{ ...linear, history: {} }, "/history"],
  ])("is refused when it is malformed: %#", (document, path) => {
    expect(migrate(document, to("1.1"))).toMatchObject({
      error: { code: "E_MALFORMED", path, format: "cfs", subject: "d" },
    });
  });

  it.each([
    ["3.0", linear, "1.0"],
    ["1.0", { ...linear, version: "2.0" }, "2.0"],
    ["1.00", linear, "1.0"],
  ])("has no way to %s from version of %#", (target, document, from) => {
    expect(migrate(document, to(target))).toMatchObject({
      error: { code: "E_NO_MIGRATION", details: { from, to: target, known: ["1.0", "1.1"] } },
    });
  });
});

describe("tile manifests", () => {
  it("without a version get one, and an encoding, and keep the rest", () => {
    const migrated = migrate(manifest, toManifest);
    if (!migrated.ok) throw new Error(migrated.error.message);
    expect(migrated.value.document).toEqual({
      ...manifest,
      format_version: "1.0",
      encoding: "postcard",
      history: [{ from: "none", to: "1.0", tool: "0.1.0" }],
    });
  });

  it("that cannot be read are refused", () => {
    expect(migrate({ ...manifest, elf_size: "x" }, toManifest)).toMatchObject({
      error: { code: "E_MALFORMED", path: "/elf_size" },
    });
    expect(migrate({ ...manifest, encoding: "other" }, toManifest)).toMatchObject({
      error: { code: "E_UNSUPPORTED_VERSION", format: "tile-io" },
    });
  });
});

describe("the path", () => {
  const step = (from: string, target: string, lossless = true): MigrationStep => ({
    ...{ format: "window", from, to: target, lossless },
    apply: (document) => ok({ ...document, format_version: target }),
    validate: () => ok(null),
  });
  const chosen = (registry: readonly MigrationStep[], from = "1", target = "9"): string | null => {
    const path = findPath(registry, { format: "window", from, to: target });
    return path?.map((found) => found.to).join(" ") ?? null;
  };

  it("is the shortest", () => {
    expect(chosen([step("1", "2"), step("2", "9"), step("1", "9", false)])).toBe("9");
    expect(chosen([step("1", "2"), step("2", "3"), step("3", "9"), step("2", "9")])).toBe("2 9");
  });

  it("prefers one without loss, then the order of version strings", () => {
    const both = [step("1", "2", false), step("2", "9"), step("1", "3"), step("3", "9")];
    expect(chosen(both)).toBe("3 9");
    const lossless = [step("1", "3"), step("3", "9"), step("1", "10"), step("10", "9")];
    expect(chosen(lossless)).toBe("10 9");
  });

  it("compares whole paths: equal loss is decided by versions", () => {
    const registry = [
      ...[step("1", "2", false), step("2", "9"), step("1", "3"), step("3", "9", false)],
    ];
    expect(chosen(registry)).toBe("2 9");
  });

  it("does not run in circles and does not mix formats", () => {
    expect(chosen([step("1", "2"), step("2", "1")])).toBeNull();
    const other: MigrationStep = { ...step("1", "9"), format: "dispute" };
    expect(chosen([other])).toBeNull();
    expect(chosen([], "9", "9")).toBe("");
  });

  it("is run step by step and told in the history", () => {
    const registry = [step("1", "2"), step("2", "9")];
    const request = { format: "window", target: "9", tool: "1.2.3", subject: "w" } as const;
    const migrated = migrate({ format_version: "1", history: [{ old: true }] }, request, registry);
    expect(migrated).toMatchObject({
      ok: true,
      value: {
        document: {
          format_version: "9",
          history: [
            { old: true },
            { from: "1", to: "2", tool: "1.2.3" },
            { from: "2", to: "9", tool: "1.2.3" },
          ],
        },
      },
    });
  });
});
