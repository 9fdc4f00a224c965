// Every check of tidy fails where it should, and passes the nearest thing that is allowed.

import { describe, expect, it } from "vitest";
import type { Exception } from "./tidy/exceptions.ts";
import {
  clausesOf,
  clausesWithoutFixture,
  codesWithoutFixture,
  runChecks,
} from "./tidy/run-checks.ts";

const HEADER = "// What lives here.\n";
const PACKAGES: readonly (readonly [string, string])[] = [
  ["core", '{"exports":{"./value":{"lumen-src":"./src/value/index.ts"}}}'],
  ["vm", '{"exports":{".":{"lumen-src":"./src/index.ts"}}}'],
  ["testkit", '{"exports":{".":{"lumen-src":"./src/index.ts"}}}'],
];

/** Findings of a repository that holds these files, each with a header. */
function findingsIn(
  files: Readonly<Record<string, string>>,
  exceptions: readonly Exception[] = [],
): readonly string[] {
  const table = new Map<string, string>([
    ...PACKAGES.map(([name, text]): [string, string] => [`packages/${name}/package.json`, text]),
    ...Object.entries(files).map(([path, text]): [string, string] => [path, HEADER + text]),
  ]);
  return runChecks(table, exceptions).map((f) => `${f.check} ${f.path}:${f.line}`);
}

describe("import table", () => {
  it("refuses an arrow that the table does not have", () => {
    const text = 'import { x } from "@lumen/vm";\n';
    expect(findingsIn({ "packages/raster/src/a.ts": text })).toEqual([
      "imports packages/raster/src/a.ts:2",
    ]);
    expect(findingsIn({ "packages/raster/src/backends/a.ts": text })).toEqual([]);
  });

  it("refuses type imports, multi-line imports and re-exports alike", () => {
    const text = 'import type { X } from "@lumen/vm";\nexport {\n  y,\n} from "@lumen/vm";\n';
    expect(findingsIn({ "packages/core/src/value/a.ts": text })).toEqual([
      "imports packages/core/src/value/a.ts:2",
      "imports packages/core/src/value/a.ts:3",
    ]);
  });

  it("keeps raster/verify inside its folder and the trusted parts of core", () => {
    const findings = findingsIn({
      "packages/raster/src/verify/a.ts": [
        'import type { V } from "@lumen/core/value";',
        'import type { L } from "@lumen/core/lir";',
        'import { b } from "./b.ts";',
        'import { c } from "../recorder.ts";',
      ].join("\n"),
    });
    expect(findings).toEqual([
      "imports packages/raster/src/verify/a.ts:3",
      "imports packages/raster/src/verify/a.ts:5",
    ]);
  });

  it("allows testkit and vitest in tests only", () => {
    const text = 'import { x } from "@lumen/testkit";\nimport { it } from "vitest";\n';
    expect(findingsIn({ "packages/vm/src/a.test.ts": text })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": text })).toEqual([
      "imports packages/vm/src/a.ts:2",
      "imports packages/vm/src/a.ts:3",
    ]);
  });

  it("refuses node modules where the code must run in a browser", () => {
    const text = 'import { readFileSync } from "node:fs";\n';
    expect(findingsIn({ "packages/vm/src/a.ts": text })).toHaveLength(1);
    expect(findingsIn({ "packages/runtime/src/a.ts": text })).toEqual([]);
  });

  it("refuses npm packages that the table does not name", () => {
    const text = 'import { x } from "@noble/hashes/blake3.js";\n';
    expect(findingsIn({ "packages/core/src/hash/a.ts": text })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": text })).toHaveLength(1);
  });

  it("refuses deep imports and ways out of the package", () => {
    const deep = 'import type { V } from "@lumen/core/src/value/value.ts";\n';
    const relative = 'import { x } from "../../core/src/value/value.ts";\n';
    expect(findingsIn({ "packages/vm/src/a.ts": deep })).toHaveLength(1);
    expect(findingsIn({ "packages/vm/src/a.ts": relative })).toHaveLength(1);
    expect(
      findingsIn({ "packages/vm/src/a.ts": 'import type { V } from "@lumen/core/value";\n' }),
    ).toEqual([]);
  });

  it("sees no import in a string or a comment", () => {
    const text = 'const a = `import { x } from "@lumen/vm"`;\n// import { x } from "@lumen/vm";\n';
    expect(findingsIn({ "packages/core/src/value/a.ts": text })).toEqual([]);
  });
});

describe("order of core's parts", () => {
  it("refuses a later part, also as a type", () => {
    const later = 'import type { M } from "../lir/module.ts";\n';
    const earlier = 'import type { V } from "../value/value.ts";\n';
    expect(findingsIn({ "packages/core/src/encoding/a.ts": later })).toEqual([
      "core-order packages/core/src/encoding/a.ts:2",
    ]);
    expect(findingsIn({ "packages/core/src/encoding/a.ts": earlier })).toEqual([]);
  });

  it("refuses a part that the order does not know", () => {
    expect(findingsIn({ "packages/core/src/other/a.ts": "" })).toEqual([
      "core-order packages/core/src/other/a.ts:1",
    ]);
  });
});

describe("cycles", () => {
  it("reports files that import each other at run time, once", () => {
    const findings = findingsIn({
      "packages/vm/src/a.ts": 'import { b } from "./b.ts";\n',
      "packages/vm/src/b.ts": 'import { c } from "./c.ts";\n',
      "packages/vm/src/c.ts": 'import { a } from "./a.ts";\n',
    });
    expect(findings).toEqual(["cycles packages/vm/src/a.ts:1"]);
  });

  it("does not count imports of types", () => {
    const findings = findingsIn({
      "packages/vm/src/a.ts": 'import { b } from "./b.ts";\n',
      "packages/vm/src/b.ts": 'import { type A, type C } from "./a.ts";\n',
    });
    expect(findings).toEqual([]);
  });
});

describe("sizes", () => {
  it("refuses a file of 601 lines", () => {
    const text = (lines: number): string => "x();\n".repeat(lines - 1);
    expect(findingsIn({ "packages/vm/src/a.ts": text(600) })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": text(601) })).toEqual([
      "file-length packages/vm/src/a.ts:1",
    ]);
  });

  it("refuses a function of 71 lines in each of its forms", () => {
    const body = (count: number): string => "  x();\n".repeat(count);
    const forms: readonly (readonly [string, string])[] = [
      ["export function f(a: A): B {\n", "}\n"],
      ["export const f = (a: A): B => {\n", "};\n"],
    ];
    for (const [open, close] of forms) {
      expect(findingsIn({ "packages/vm/src/a.ts": open + body(68) + close })).toEqual([]);
      expect(findingsIn({ "packages/vm/src/a.ts": open + body(69) + close })).toEqual([
        "function-length packages/vm/src/a.ts:2",
      ]);
    }
  });

  it("counts the parameters that stand on lines of their own, and methods", () => {
    const split = `function f({\n  a,\n}: A): B {\n${"  x();\n".repeat(67)}}\n`;
    const method = `class A {\n  m(\n    a: A,\n  ): B {\n${"    x();\n".repeat(67)}  }\n}\n`;
    expect(findingsIn({ "packages/vm/src/a.ts": split })).toHaveLength(1);
    expect(findingsIn({ "packages/vm/src/a.ts": method })).toHaveLength(1);
  });

  it("takes the callback of describe in a test for a folder", () => {
    const text = `describe("x", () => {\n${"  x();\n".repeat(80)}});\n`;
    expect(findingsIn({ "packages/vm/src/a.test.ts": text })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": text })).toHaveLength(1);
  });

  it("refuses a line of 101 characters", () => {
    const line = (length: number): string => `// ${"x".repeat(length - 3)}\n`;
    expect(findingsIn({ "packages/vm/src/a.ts": line(100) })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": line(101) })).toEqual([
      "line-length packages/vm/src/a.ts:2",
    ]);
  });
});

describe("names and habits", () => {
  it("wants a comment on the first line", () => {
    const table = new Map([["packages/vm/src/a.ts", "export const a = 1;\n"]]);
    expect(runChecks(table, []).map((f) => f.check)).toEqual(["header"]);
  });

  it("refuses junk drawers", () => {
    expect(findingsIn({ "packages/vm/src/utils.ts": "" })).toHaveLength(1);
    expect(findingsIn({ "packages/vm/src/text-helpers.ts": "" })).toHaveLength(1);
    expect(findingsIn({ "packages/vm/src/miscellany.ts": "" })).toEqual([]);
  });

  it("refuses enum, namespace, default export and export star", () => {
    const texts = [
      "enum A {}",
      "export namespace B {}",
      "export default 1;",
      'export * from "./b";',
    ];
    for (const text of texts)
      expect(findingsIn({ "packages/vm/src/a.ts": `${text}\n` })).toEqual([
        "banned-names packages/vm/src/a.ts:2",
      ]);
    expect(findingsIn({ "packages/vm/src/a.ts": "case enum_: f(enumOf);\n" })).toEqual([]);
  });

  it("refuses notes to oneself without an issue number", () => {
    const note = ["TO", "DO"].join("");
    expect(findingsIn({ "packages/vm/src/a.ts": `x(); // ${note} later\n` })).toHaveLength(1);
    expect(findingsIn({ "packages/vm/src/a.ts": `x(); // ${note}(#12): later\n` })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": `const a = "${note}";\n` })).toEqual([]);
  });

  it("refuses clock, random, environment and locale where results are functions of input", () => {
    const calls = ["Date.now()", "Math.random()", "process.env.X", "a.localeCompare(b)"];
    for (const call of [...calls, "a.toLocaleString()", "new Date()"]) {
      expect(findingsIn({ "packages/compiler/src/a.ts": `x(${call});\n` })).toEqual([
        "hidden-inputs packages/compiler/src/a.ts:2",
      ]);
      expect(findingsIn({ "packages/runtime/src/a.ts": `x(${call});\n` })).toEqual([]);
    }
    expect(findingsIn({ "packages/compiler/src/a.ts": 'x("Date.now");\n' })).toEqual([]);
  });

  it("keeps index.ts for entry points", () => {
    expect(findingsIn({ "packages/vm/src/index.ts": "" })).toEqual([]);
    expect(findingsIn({ "packages/vm/src/link/index.ts": "" })).toEqual([
      "index-files packages/vm/src/link/index.ts:1",
    ]);
  });
});

describe("exceptions", () => {
  const exception: Exception = {
    check: "function-length",
    path: "packages/vm/src/a.ts",
    name: "f",
    reason: "dispatch loop",
  };

  it("let a finding pass, but no other", () => {
    const long = (name: string): string => `function ${name}() {\n${"  x();\n".repeat(80)}}\n`;
    expect(findingsIn({ "packages/vm/src/a.ts": long("f") }, [exception])).toEqual([]);
    expect(findingsIn({ "packages/vm/src/a.ts": long("f") + long("g") }, [exception])).toEqual([
      "function-length packages/vm/src/a.ts:84",
    ]);
  });

  it("are reported when nothing needs them", () => {
    expect(findingsIn({ "packages/vm/src/a.ts": "x();\n" }, [exception])).toEqual([
      "exceptions packages/vm/src/a.ts:1",
    ]);
  });
});

describe("fixture coverage", () => {
  it("lists codes that no fixture names", () => {
    expect(codesWithoutFixture(["E0001", "E0002"], ["E0002 1:1-1:2 text"])).toEqual(["E0001"]);
  });

  it("reads the clauses of the specification", () => {
    const specification = [
      "## 3. Grammar",
      "1. a rule",
      "2. another",
      "## 9. Types",
      "### 9.1 Forms",
      "1. no rule here",
      "## 11. Tools",
      "**11.2 Grants.** text",
      "## 14. Generators",
      "## 16. Builtins",
      "### 16.1 Core",
      "## 22. Decisions",
    ];
    expect(clausesOf(specification.join("\n"))).toEqual([
      "3",
      "3, rule 1",
      "3, rule 2",
      "9.1",
      "11.2",
      "14",
    ]);
  });

  it("lists clauses that no text names", () => {
    const clauses = ["3, rule 1", "3, rule 10", "9.1", "9.2", "11.2", "14"];
    const texts = [
      "Language 3, rule 1: as stated.",
      "Clause 9.2 and 11.2.",
      "language 141, 9 of 14",
    ];
    expect(clausesWithoutFixture(clauses, texts)).toEqual(["3, rule 10", "9.1", "14"]);
  });
});
