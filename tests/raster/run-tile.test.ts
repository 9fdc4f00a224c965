// One tile or sequence at a time (formats 5, 11.3, 25): JSON input and output for every type, wire
// bytes, backends, proofs that nobody makes, and every way in which input is refused.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  document,
  jsonLines,
  lumen,
  lumenWith,
  namesIn,
  project,
  type Ran,
} from "../cli/testing/lumen.ts";

/** One tile for each type, which gives back what it gets. */
const TYPES: readonly (readonly [string, string])[] = [
  ["int", "Int"],
  ["float", "Float"],
  ["flag", "Bool"],
  ["text", "String"],
  ["data", "Bytes"],
  ["maybe", "Int?"],
  ["items", "list[Int]"],
  ["pair", "(Int, String)"],
  ["names", "map[String, Int]"],
  ["numbers", "map[Int, Bool]"],
  ["members", "set[Int]"],
  ["point", "Point"],
  ["shape", "Shape"],
  ["any_json", "Json"],
];

const CODE = `
record Point
  x: Int
  y: Int = 7
  label: String?
end

enum Shape
  Dot
  Circle(radius: Float)
  Box(width: Int, height: Int)
end

${TYPES.map(([name, type]) => `@tile(iter)\ncell ${name}(v: ${type}) -> ${type} = v`).join("\n\n")}

@tile(iter)
cell add(a: Int, b: Int) -> Int = a + b

@tile(iter)
cell nothing() -> Int = 1

@tile(iter)
cell half(n: Int) -> result[Int, String]
  if n % 2 == 1
    return err("odd")
  end
  return ok(n / 2)
end

@tile(recur, max_iterations: 5)
cell down(n: Int) -> (Bool, Int) = (n <= 1, n - 1)

@sequence
cell main(n: Int) -> Int
  let h = half(n)
  return add(h, 1)
end

@sequence
cell counted(n: Int) -> Int
  let (_, last) = down!(n)
  return last
end
`;

let folder = "";

beforeAll(() => {
  folder = project({
    "main.lm.md": document(CODE),
    "lumen.toml": '[package]\nname = "types"\nversion = "0.1.0"\n',
    "three.json": "3",
  });
});

const tile = (id: string, ...words: readonly string[]): Promise<Ran> =>
  lumen(folder, "run-tile", "--tile", id, ...words);

it.each([
  ["run-tile", "half", "--tile half"],
  ["run-sequence", "counted", "--sequence counted"],
])("%s says how %s is named", async (command, name, hint) => {
  const ran = await lumen(folder, command, name, "--input", "4");
  expect(ran.status).toBe(1);
  expect(ran.stderr).toContain(`: ${hint}\n`);
  const file = await lumen(folder, command, `${name}.lm`, "--input", "4");
  expect(file.stderr).not.toContain("help:");
});

describe("JSON in and out (5)", () => {
  it.each([
    ["int", "-9223372036854775808", '"-9223372036854775808"'],
    ["int", '"42"', "42"],
    ["int", "9007199254740993", '"9007199254740993"'],
    ["float", "1.5e3", "1500"],
    ["float", '"-0"', '"-0"'],
    ["float", '"NaN"', '"NaN"'],
    ["flag", "true", "true"],
    ["text", '"a\\u00e9\\ud83d\\ude00"', '"aé😀"'],
    ["data", '{"$base64":"AP8="}', '{"$hex":"00ff"}'],
    ["data", "[0,255]", '{"$hex":"00ff"}'],
    ["maybe", "null", "null"],
    ["maybe", '{"$some":3}', "3"],
    ["items", "[3,1,2]", "[3,1,2]"],
    ["pair", '[1,"a"]', '[1,"a"]'],
    ["names", '{"b":2,"a":1}', '{"a":1,"b":2}'],
    ["numbers", '{"2":true}', "[[2,true]]"],
    ["members", "[3,1]", "[1,3]"],
    ["point", '{"x":1}', '{"x":1,"y":7,"label":null}'],
    ["shape", '"Dot"', '"Dot"'],
    ["shape", '{"Circle":2}', '{"Circle":2}'],
    ["shape", '{"Box":[1,2]}', '{"Box":[1,2]}'],
    ["any_json", '{"a":[1,null]}', '{"a":[1,null]}'],
  ])("%s takes %s and gives %s", async (id, input, output) => {
    const ran = await tile(id, "--input", input);
    expect(ran).toEqual({ status: 0, stdout: `${output}\n`, stderr: "" });
    const bytes = (await tile(id, "--input", input, "--output-bytes")).stdout.trim();
    const again = await tile(id, "--input-bytes", bytes);
    expect(again.stdout).toBe(`${output}\n`);
  });

  it("takes several parameters as a list or by name, none as nothing", async () => {
    expect(await tile("add", "--input", "[2,40]")).toMatchObject({ stdout: "42\n" });
    expect(await tile("add", "--input", '{"b":40,"a":2}')).toMatchObject({ stdout: "42\n" });
    expect(await tile("add", "--input-bytes", "0450", "--output-bytes")).toMatchObject({
      stdout: "54\n",
    });
    expect(await tile("nothing")).toMatchObject({ stdout: "1\n" });
    expect(await tile("nothing", "--input", "null")).toMatchObject({ stdout: "1\n" });
    expect(await tile("nothing", "--input-bytes", "")).toMatchObject({ stdout: "1\n" });
  });

  it("reads a file and standard input", async () => {
    expect(await tile("int", "--input", "@three.json")).toMatchObject({ stdout: "3\n" });
    const words = ["run-tile", "--tile", "int", "--input", "-"];
    const ran = await lumenWith({ stdin: () => " 7\n" }, folder, ...words);
    expect(ran).toMatchObject({ status: 0, stdout: "7\n" });
  });
});

describe("input that is refused", () => {
  it.each([
    ["no JSON", "int", ["--input", "{"], "E_INPUT_JSON"],
    ["a repeated key", "point", ["--input", '{"x":1,"x":2}'], "E_INPUT_JSON"],
    ["another type", "int", ["--input", "1.0"], "E_INPUT_TYPE"],
    ["beyond the range", "int", ["--input", "9223372036854775808"], "E_INPUT_TYPE"],
    ["an unknown field", "point", ["--input", '{"x":1,"z":2}'], "E_INPUT_TYPE"],
    ["a missing field", "point", ["--input", "{}"], "E_INPUT_TYPE"],
    ["an unknown variant", "shape", ["--input", '"Line"'], "E_INPUT_TYPE"],
    ["members twice", "members", ["--input", "[1,1]"], "E_INPUT_TYPE"],
    ["too few of several", "add", ["--input", "[1]"], "E_INPUT_TYPE"],
    ["nothing for a parameter", "int", [], "E_INPUT_TYPE"],
    ["something for no parameter", "nothing", ["--input", "1"], "E_INPUT_TYPE"],
    ["a lone surrogate", "text", ["--input", '"\\ud800"'], "E_INPUT_TYPE"],
    ["no hexadecimal", "int", ["--input-bytes", "zz"], "E_DECODE"],
    ["too few bytes", "add", ["--input-bytes", "04"], "E_DECODE"],
    ["bytes that are left", "int", ["--input-bytes", "0404"], "E_DECODE"],
    ["a file that is not there", "int", ["--input", "@none.json"], "E_IO"],
  ])("%s", async (_, id, words, code) => {
    const text = await tile(id, ...words);
    expect(text).toMatchObject({ status: 1, stdout: "" });
    expect(text.stderr).toContain(`error[${code}]`);
    const json = await tile(id, ...words, "--format", "json");
    expect(json).toMatchObject({ status: 1, stderr: "" });
    expect(jsonLines(json.stdout)).toMatchObject([{ type: "error", code }]);
  });

  it("says where in the value and what was expected", async () => {
    const ran = await tile("point", "--input", '{"x":"a"}');
    expect(ran.stderr).toContain("$.x: expected i64");
  });

  it("names tiles that there are", async () => {
    const unknown = await tile("hafl", "--input", "1");
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain("E_TILE_NOT_FOUND");
    expect(unknown.stderr).toContain("did you mean 'half'?");
    const unnamed = await lumen(folder, "run-tile", "--input", "1");
    expect(unnamed.status).toBe(2);
    expect(unnamed.stderr).toContain("Name one with --tile: ");
  });
});

describe("a tile that fails", () => {
  it("ends with 1 and its error value", async () => {
    const text = await tile("half", "--input", "3");
    expect(text).toMatchObject({ status: 1, stdout: "" });
    expect(text.stderr).toContain("error[E_TILE_FAILED]: tile half failed: odd");
    const json = await tile("half", "--input", "3", "--format", "json");
    expect(jsonLines(json.stdout)).toMatchObject([
      { code: "E_TILE_FAILED", domain: "verifiable", error: { $hex: "036f6464" }, tileId: "half" },
    ]);
  });

  it("names the line of a trap", async () => {
    const ran = await tile("add", "--input", '["9223372036854775807",1]');
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("E_TRAP_OVERFLOW");
    expect(ran.stderr).toMatch(/main\.lm\.md:\d+:\d+/);
  });
});

describe.each(["native", "isolate", "zkvm-sim"])("on %s", (backend) => {
  it("gives output, method id and cycles", async () => {
    const ran = await tile("add", "--input", "[2,40]", "--backend", backend, "--format", "json");
    const [report] = jsonLines(ran.stdout);
    expect(report).toMatchObject({
      type: "tile",
      tile_id: "add",
      output: 42,
      output_bytes: "54",
      backend,
      method_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      cycles: expect.any(Number),
      proof_cycles: backend === "zkvm-sim" ? 65_536 : null,
      receipt: null,
    });
  });

  it.each(["--prove", "--verify"])("refuses %s, since it proves nothing", async (flag) => {
    const words = ["--input", "4", "--backend", backend, flag];
    for (const command of ["run-tile", "run-sequence"]) {
      const which = command === "run-tile" ? ["--tile", "half"] : [];
      const ran = await lumen(folder, command, ...which, ...words);
      expect(ran).toMatchObject({ status: 1, stdout: "" });
      expect(ran.stderr).toContain("E_BACKEND_UNSUPPORTED");
    }
  });

  it("runs a sequence, and ends where it fails", async () => {
    const run = (...words: readonly string[]): Promise<Ran> =>
      lumen(folder, "run-sequence", ...words, "--backend", backend);
    expect(await run("--input", "8")).toEqual({ status: 0, stdout: "5\n", stderr: "" });
    expect(await run("--input", "8", "--output-bytes")).toMatchObject({ stdout: "0a\n" });
    expect(await run("--input", "3")).toMatchObject({ status: 1 });
    const counted = await run("--sequence", "counted", "--input", "4");
    expect(counted).toMatchObject({ status: 0, stdout: "0\n" });
    const beyond = await run("--sequence", "counted", "--input", "9");
    expect(beyond.status).toBe(1);
    expect(beyond.stderr).toContain("E_RECUR_LIMIT");
  });
});

describe("a sequence that cannot be run", () => {
  it.each([
    ["an unknown entry", ["--sequence", "mian", "--input", "1"], "E_NO_ENTRY"],
    ["no input", [], "E_INPUT_TYPE"],
    ["bytes that are left", ["--input-bytes", "0800"], "E_DECODE"],
    ["an unknown back end", ["--input", "2", "--backend", "wasm"], "E_BACKEND_UNSUPPORTED"],
  ])("%s", async (_, words, code) => {
    const ran = await lumen(folder, "run-sequence", ...words, "--format", "json");
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    expect(jsonLines(ran.stdout)).toMatchObject([{ type: "error", code }]);
  });

  it("writes nothing, whatever it is given", () => {
    expect(namesIn(join(folder, "target"))).toEqual([]);
  });
});

describe("list", () => {
  it("says what tiles declare", async () => {
    const place = project({
      "main.lm.md": document(
        [
          "@tile(recur, estimated_cycles: 9, max_memory: 4096, max_iterations: 3)",
          "cell down(n: Int) -> (Bool, Int) = (n <= 1, n - 1)",
          "",
          "@tile(iter)",
          "cell same(n: Int) -> Int = n",
        ].join("\n"),
      ),
    });
    const listed = await lumen(place, "list", "--format", "json");
    expect(jsonLines(listed.stdout)).toMatchObject([
      {
        tiles: [
          { id: "down", kind: "recur", estimatedCycles: 9, maxMemory: 4096, maxIterations: 3 },
          { id: "same", estimatedCycles: null, maxMemory: null, maxIterations: null },
        ],
      },
    ]);
  });
});

describe("preview", () => {
  it("counts cycles of each tile beside what was expected", async () => {
    const ran = await lumen(folder, "preview", "--sequence", "counted", "--input", "4");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("Preview on zkvm-sim, model rv32im-1\n");
    expect(ran.stdout).toMatch(/down +4 +\d[\d,]* +\d[\d,]* +262,144 +4 +(>= )?\d+ +static\n/);
    const json = await lumen(folder, "preview", "--input", "8", "--format", "json");
    expect(jsonLines(json.stdout)).toMatchObject([
      { type: "preview", tiles: [{ tile_id: "add", executions: 1 }, { tile_id: "half" }] },
    ]);
  });

  it("expects what was measured in the newest trace of the same code", async () => {
    const place = project({
      "main.lm.md": document(
        "@tile(iter, estimated_cycles: 9)\ncell inc(n: Int) -> Int = n + 1\n@sequence\ncell main(n: Int) -> Int = inc(n)",
      ),
      "lumen.toml": '[package]\nname = "m"\nversion = "0.1.0"\n',
    });
    const words = ["preview", "--input", "1", "--format", "json"];
    const of = async (): Promise<unknown> => jsonLines((await lumen(place, ...words)).stdout)[0];
    expect(await of()).toMatchObject({ tiles: [{ estimate: { cycles: 9, source: "declared" } }] });
    await lumen(place, "run", "--input", "1", "--backend", "zkvm-sim");
    const after = await of();
    expect(after).toMatchObject({ tiles: [{ estimate: { source: "measured" } }] });
    const [first] = (after as { readonly tiles: readonly Record<string, unknown>[] }).tiles;
    expect(first?.estimate).toMatchObject({ cycles: first?.cycles });
    writeFileSync(join(place, "lumen.toml"), '[package]\nname = "m"\nversion = "0.2.0"\n');
    expect(await of()).toMatchObject({ tiles: [{ estimate: { source: "measured" } }] });
  });

  it("refuses an unknown model with those that there are", async () => {
    const ran = await lumen(folder, "preview", "--input", "1", "--model", "gpu");
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("rv32im-1");
  });
});
