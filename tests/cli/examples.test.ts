// The examples: each checks without a word, and prints what stands below its heading "Output".
// Those without one need providers, which the tests do not have, and are only checked.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fencedBlocks } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { lumen, project, ROOT } from "./testing/lumen.ts";

/** `cells.test.ts` runs these two. */
const ELSEWHERE: readonly string[] = ["hello.lm.md", "tour.lm.md"];
const NEED_PROVIDERS: readonly string[] = ["agent.lm.md"];

const names = readdirSync(join(ROOT, "examples")).filter(
  (name) => name.endsWith(".lm.md") && !ELSEWHERE.includes(name),
);

function statedOutput(text: string): string | null {
  return fencedBlocks(text).find((block) => block.heading === "Output")?.text ?? null;
}

describe.each(names)("examples/%s", (name) => {
  const text = readFileSync(join(ROOT, "examples", name), "utf8");
  const folder = project({ [name]: text });
  const stated = statedOutput(text);

  it("checks without errors and warnings", async () => {
    const ran = await lumen(folder, "check", name);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
  });

  it("states its output, unless it needs providers", () => {
    expect(stated === null).toBe(NEED_PROVIDERS.includes(name));
  });

  if (stated !== null) {
    it("prints what it states", async () => {
      const ran = await lumen(folder, "run", name, "--no-trace");
      expect(ran).toMatchObject({ status: 0, stderr: "", stdout: stated });
    });
  }
});
