// The examples, through the command: each checks without a word, prints what it states and records
// nothing. Those that state nothing need providers, which the tests do not have.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentPrograms } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { lumen, namesIn, project, ROOT } from "./testing/lumen.ts";

const NEED_PROVIDERS: readonly string[] = ["agent.lm.md"];

const names = readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".lm.md"));

describe.each(names)("examples/%s", (name) => {
  const text = readFileSync(join(ROOT, "examples", name), "utf8");
  const folder = project({ [name]: text });
  const stated = documentPrograms(name, text)[0]?.outputs[0]?.text ?? null;

  it("checks without errors and warnings", async () => {
    const ran = await lumen(folder, "check", name);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
  });

  it("states its output, unless it needs providers", () => {
    expect(stated === null).toBe(NEED_PROVIDERS.includes(name));
  });

  if (stated !== null) {
    it("prints what it states", async () => {
      const ran = await lumen(folder, "run", name);
      expect(ran).toMatchObject({ status: 0, stderr: "", stdout: stated });
      expect(namesIn(folder)).toEqual([name]);
    });
  }
});
