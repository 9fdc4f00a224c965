// `lumen explain`: pages of numbered and named codes, the list of all, and mistyped codes.

import { DIAGNOSTICS, FAILURES, TRAPS } from "@lumen/core/diagnostic";
import { describe, expect, it } from "vitest";
import { document, jsonLines, lumen, project } from "./testing/lumen.ts";

const folder = project({ "main.lm.md": document("cell main() -> Int = 1 + length(2, 3)") });
const CODES = [DIAGNOSTICS, FAILURES, TRAPS].flatMap((table) => Object.keys(table));

describe("explain", () => {
  it("prints the page of a numbered code without marks of Markdown", async () => {
    const ran = await lumen(folder, "explain", "e0121");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout.split("\n")[0]).toBe("E0121: import cycle");
    expect(ran.stdout).toContain("\nWhy\n");
    expect(ran.stdout).toContain("\n    import b: two\n");
    expect(ran.stdout).toContain("\n- E0122: unknown module\n");
    expect(ran.stdout).not.toMatch(/^#|^`{3}|\.md\)/m);
  });

  it("shows a fence that stands inside of a program", async () => {
    const ran = await lumen(folder, "explain", "E0007");
    expect(ran.stdout).toContain("\n    ```\n    what x is for\n");
  });

  it("makes a page for a named code, and leads to the numbered one", async () => {
    const ran = await lumen(folder, "explain", "E_FORWARD_REF");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toContain("\n- E0812: name used before its item\n");
    const { stdout } = await lumen(folder, "explain", "E_TRAP_INDEX");
    expect(stdout).toContain("running program");
    expect(stdout).toContain("Compare with `length(…)` first.");
  });

  it("gives the page as JSON, as it is written", async () => {
    const ran = await lumen(folder, "explain", "E0812", "--format", "json");
    expect(jsonLines(ran.stdout)).toMatchObject([
      {
        code: "E0812",
        title: "name used before its item",
        name: "E_FORWARD_REF",
        page: expect.stringContaining("```lumen fails=E0812\n"),
      },
    ]);
  });

  it("lists every code", async () => {
    const text = await lumen(folder, "explain");
    expect(text).toMatchObject({ status: 0, stderr: "" });
    const shown = [...text.stdout.matchAll(/^ {2}(E\w+)/gm)].map((m) => m[1]);
    expect(shown).toEqual(CODES);
    const json = await lumen(folder, "explain", "--format", "json");
    expect(jsonLines(json.stdout)).toMatchObject([{ codes: CODES.map((code) => ({ code })) }]);
  });

  it("suggests the nearest code", async () => {
    const ran = await lumen(folder, "explain", "E_DECOD");
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("did you mean 'E_DECODE'?");
    expect((await lumen(folder, "explain", "nothing")).stderr).not.toContain("did you mean");
  });

  it("is named at the end of a report", async () => {
    const ran = await lumen(folder, "check");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/\n1 error\nrun `lumen explain E0203` to know more\n$/);
  });
});
