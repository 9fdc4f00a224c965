// `--allow-unstable`, `--deny-unstable` and `[package] stability` (language 20), from the command.

import { expect, it } from "vitest";
import { document, lumen, project } from "./testing/lumen.ts";

const GADT = document("enum E[T]\n  A(Int) -> E[Int]\nend\n\ncell main() -> Int = 1 // 1");
const BITS = document("cell main() -> Int = 3 & 1");

function manifest(more: string): string {
  return `[package]\nname = "m"\nversion = "0.1.0"\n${more}`;
}

it("allows experimental features on request", async () => {
  const folder = project({ "main.lm.md": GADT, "lumen.toml": manifest("") });
  expect(await lumen(folder, "check")).toMatchObject({ status: 1 });
  expect(await lumen(folder, "check", "--allow-unstable")).toMatchObject({ status: 0 });
});

it("denies unstable features by flag and by manifest", async () => {
  const open = project({ "main.lm.md": BITS, "lumen.toml": manifest("") });
  expect(await lumen(open, "run", "--no-trace")).toMatchObject({ status: 0, stdout: "1\n" });
  const denied = await lumen(open, "check", "--deny-unstable");
  expect(denied).toMatchObject({ status: 1 });
  expect(denied.stderr).toContain("E0126");
  const stable = project({ "main.lm.md": BITS, "lumen.toml": manifest('stability = "stable"\n') });
  expect(await lumen(stable, "check")).toMatchObject({ status: 1 });
});

it("refuses manifests with an unknown stability or edition", async () => {
  for (const line of ['stability = "solid"\n', 'edition = "2020"\n']) {
    const folder = project({ "main.lm.md": BITS, "lumen.toml": manifest(line) });
    const ran = await lumen(folder, "check");
    expect(ran.status).not.toBe(0);
    expect(ran.stderr).toContain("E_PROJECT");
  }
});
