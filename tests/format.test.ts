// The Lumen documents of this repository have the layout that `lumen fmt` gives them.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { formatFiles } from "@lumen/toolchain";
import { expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

it("examples and standard library are formatted: lumen fmt examples stdlib", () => {
  const targets = [`${root}/examples`, `${root}/stdlib`];
  const report = formatFiles({ targets, write: false, base: root });
  if (!report.ok) throw new Error(report.error.failure.message);
  const { files } = report.value;
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => file.changed || file.diagnostics.length > 0)).toEqual([]);
});
