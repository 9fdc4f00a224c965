// The table of features in the specification (language 20) is the table of the compiler.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FEATURES, type FeatureRow } from "@lumen/compiler";
import { expect, it } from "vitest";

it("the specification lists every feature with its maturity", () => {
  const spec = readFileSync(join(import.meta.dirname, "../../spec/language.md"), "utf8");
  const stated = [...spec.matchAll(/^\| `(\w+)` \| ([UX]) \| (.*) \|$/gm)].map((m) => m.slice(1));
  const rows = Object.entries<FeatureRow>(FEATURES).map(([name, row]) => {
    const mark = row.maturity === "unstable" ? "U" : "X";
    return [name, mark, row.covers.replaceAll("|", "\\|")];
  });
  expect(stated).toEqual(rows);
});
