// Constants made to be large: bounds of what the compiler computes and puts into a program
// (language 14), at the bound and one past it.

import { compileProgram } from "@lumen/compiler";
import { evaluateComptime } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";

const options = { project: "large", version: "0.1.0", comptime: evaluateComptime };

/** Code and message of what a compilation reports. */
function reportsOf(text: string): readonly string[] {
  const source = { name: "main", path: "main.lm", text: `@feature "comptime"\n${text}` };
  const compiled = compileProgram(source, { resolve: () => null }, options);
  return compiled.diagnostics.map((d) => `${d.code} ${d.message}`);
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

/** Units of a text whose wire form is 1 MiB: its length takes three bytes. */
const LONGEST = 2 ** 20 - 3;

const excess = (bytes: number): string =>
  `E0500 constant is too large: ${bytes} bytes, at most 1048576 bytes`;

describe("the value of a block", () => {
  const block = (units: number): string =>
    `cell main() -> Int = length(comptime { repeat("x", ${units}) })\n`;

  it("has up to 1 MiB", () => {
    expect(reportsOf(block(LONGEST))).toEqual([]);
    expect(reportsOf(block(LONGEST + 1))).toEqual([excess(2 ** 20 + 1)]);
  });

  it("is made within 64 MiB", () => {
    const text = "cell main() -> Int = length(comptime { range(0, 50000000) })\n";
    expect(reportsOf(text)).toEqual(["E0500 comptime expression fails: memory limit exceeded"]);
  });

  it("and those of the others of the program have up to 4 MiB", () => {
    const all = (count: number): string =>
      `${lines(count, (i) => `const A${i} = repeat("${i}", ${LONGEST})`)}\ncell main() -> Int = 1\n`;
    expect(reportsOf(all(4))).toEqual([]);
    expect(reportsOf(all(5))).toEqual([
      "E0500 constants of the program are too large: 5242880 bytes, at most 4194304 bytes",
    ]);
  });
});

describe("constants that double each other", () => {
  it("are refused where one passes the bound, and only there", () => {
    const text = lines(40, (i) =>
      i === 0 ? 'const A0 = "aa"' : `const A${i} = A${i - 1} + A${i - 1}`,
    );
    expect(reportsOf(`${text}\ncell main() -> Int = length(A39)\n`)).toEqual([excess(2 ** 21)]);
  });

  it("are refused in interpolations too", () => {
    const text = lines(40, (i) =>
      i === 0 ? 'const A0 = "aa"' : `const A${i} = "{A${i - 1}}{A${i - 1}}"`,
    );
    expect(reportsOf(`${text}\ncell main() -> Int = length(A39)\n`)).toEqual([excess(2 ** 21)]);
  });
});
