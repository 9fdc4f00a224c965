// Every fixture below tests/fixtures holds. UPDATE_FIXTURES=1 writes what comes out instead: read
// the difference like code before keeping it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { judgeFixture, readFixture, runFixture, withExpectations } from "@lumen/testkit";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "fixtures");
const isUpdate = process.env.UPDATE_FIXTURES === "1";

const areas = readdirSync(root).sort();

describe.each(areas)("%s", (area) => {
  const files = readdirSync(join(root, area))
    .filter((name) => name.endsWith(".md"))
    .sort();

  it.each(files)("%s", async (name) => {
    const file = join(root, area, name);
    const text = readFileSync(file, "utf8");
    const fixture = readFixture(`${area}/${name}`, text);
    if (!fixture.ok) throw new Error(fixture.error.message);
    const actual = await runFixture(fixture.value);
    if (isUpdate) writeFileSync(file, withExpectations(text, actual));
    else expect(judgeFixture(fixture.value, actual)).toEqual([]);
  });
});
