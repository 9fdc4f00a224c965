// Hostile programs (language 15.6): whatever a program does, it ends with its own fault and a
// documented status, and the process that runs it stays below a gigabyte. The built command runs
// them as children, whose memory is what the system says it was.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { project, ROOT } from "./cli/testing/lumen.ts";

const BUNDLE = join(ROOT, "dist/lumen.js");
const MEBIBYTES_MAX = 1000;

// Each of them takes a processor, and up to a gigabyte.
vi.setConfig({ maxConcurrency: 2 });

/** Tells the peak of the process on descriptor 3 when it ends. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
`)}`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly mebibytes: number;
}

/** Runs the built command on a program. */
async function runBuilt(code: string, ...words: readonly string[]): Promise<Ended> {
  const folder = project({ "main.lm": code });
  const [command = "run", ...rest] = words;
  const line = ["--import", WATCH, BUNDLE, command, "main.lm", "--no-cache", ...rest];
  const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, line, { cwd: folder, stdio: [...stdio] });
  const texts = [1, 2, 3].map((descriptor) => textOf(child.stdio[descriptor]));
  const status = await new Promise<number | null>((done) => child.on("close", done));
  const [stdout = "", stderr = "", peak = ""] = await Promise.all(texts);
  return { status, stdout, stderr, mebibytes: Number(peak) / 1024 };
}

async function textOf(stream: unknown): Promise<string> {
  let text = "";
  if (typeof stream === "object" && stream !== null && Symbol.asyncIterator in stream)
    for await (const piece of stream as AsyncIterable<Buffer>) text += piece.toString("utf8");
  return text;
}

/** The body of `main`, which never returns, after what it needs. */
const main = (body: string, before = ""): string =>
  `${before}\ncell main() -> Any\n${body}\n  return null\nend\n`;

const endless = (first: string, step: string, before = ""): string =>
  main(`  ${first}\n  let mut i = 0\n  loop\n    i = i + 1\n    ${step}\n  end`, before);

const nested = (levels: number, part: string, use: string): string =>
  main(`  let mut x: Any = [1]\n  for i in range(0, ${levels})\n    x = ${part}\n  end\n  ${use}`);

const EFFECT = `effect E
  cell op(n: Int) -> Int
end
cell body(n: Int) -> Int / {E}
  return perform E.op(n) + body(n + 1)
end
`;

const GENERATOR = `cell g() -> yield String
  let mut i = 1000000
  loop
    i = i + 1
    yield repeat("x", i)
  end
end
`;

const BOMB = `cell bomb() -> Int / {async}
  let a = spawn(bomb)
  let b = spawn(bomb)
  return await a + await b
end
`;

const MEMORY: readonly (readonly [string, string])[] = [
  ["a list that doubles", endless("let mut x = [1]", "x = x ++ x")],
  ["a list that grows", endless("let mut x: list[Int] = []", "x = append(x, i)")],
  ["a text that doubles", endless('let mut x = "ab"', "x = x + x")],
  ["Bytes that double", endless('let mut x = b"00"', "x = x ++ x")],
  ["a map that grows", endless("let mut x: map[Int, Int] = {}", "x[i] = i")],
  ["many small lists", endless("let mut x: list[list[Int]] = []", "x = append(x, [i])")],
  ["lists in lists", endless("let mut x: Any = 1", "x = [x]")],
  ["a text by repeat", main('  print(repeat("x", 1000000000))')],
  ["a huge range", main("  print(length(range(0, 1000000000000)))")],
  ["windows of a list", main("  print(length(window(range(0, 20000), 10000)))")],
  ["an unbounded channel", endless("let (tx, rx) = channel()", "tx.send(i)")],
  ["tasks that spawn tasks", main("  print(await spawn(bomb))", BOMB)],
  ["deferred blocks", endless("let x = 1", "defer\n      let y = 1\n    end")],
  ["a generator that never ends", main("  print(length(to_list(g())))", GENERATOR)],
  ["a document of many parts", main('  print(parse_json("[" + repeat("1,", 30000000) + "1]"))')],
  ["a value printed that is written out large", nested(60, "[x, x]", 'print("{x}")')],
  [
    "a value compared that is written out large",
    nested(
      60,
      "[x, x]",
      "print(x == [x])\n  let y = [x]\n  print(y == [clone(x)])\n  print([[x], 1] < [[x], 2])",
    ),
  ],
  [
    "a key that is written out large",
    nested(60, "[x, x]", "let m: map[Any, Int] = {(x): 1}\n  print(m)"),
  ],
];

const STACK: readonly (readonly [string, string])[] = [
  ["recursion", "cell f(n: Int) -> Int = f(n + 1) + 1\ncell main() -> Int = f(0)\n"],
  [
    "a handler that performs for ever",
    main("  print(handle\n    body(0)\n  with\n    E.op(n) =>\n      resume(n)\n  end)", EFFECT),
  ],
  ["a deep value printed", nested(300_000, "[x]", "print(x)")],
  ["a deep value compared", nested(300_000, "[x]", "print(x == [clone(x)])\n  print([x] == [x])")],
  ["a deep value as a key", nested(300_000, "[x]", "let m: map[Any, Int] = {(x): 1}\n  print(m)")],
];

describe.concurrent("a hostile program", () => {
  it.each(MEMORY)("%s: memory limit exceeded", async (_, code) => {
    const ended = await runBuilt(code);
    expect(ended.stderr).toContain("error[E_TRAP_MEMORY]: memory limit exceeded");
    expect(ended.status).toBe(1);
    expect(ended.mebibytes).toBeLessThan(MEBIBYTES_MAX);
  });

  it.each(STACK)("%s: stack overflow", async (_, code) => {
    const ended = await runBuilt(code);
    expect(ended.stderr).toContain("error[E_TRAP_STACK]: ");
    expect(ended.status).toBe(1);
    expect(ended.mebibytes).toBeLessThan(MEBIBYTES_MAX);
  });

  it("loops for ever: fuel exhausted", async () => {
    const code = "cell test_loop()\n  loop\n    let x = 1\n  end\nend\n";
    const ended = await runBuilt(code, "test", "--fuel", "10000000");
    expect(ended.stdout + ended.stderr).toContain("fuel exhausted");
    expect(ended.status).toBe(1);
    expect(ended.mebibytes).toBeLessThan(MEBIBYTES_MAX);
  });

  it("matches for ever: too many steps", async () => {
    const pattern = 'r"(x?x?x?x?x?x?x?x?x?x?){100}y"';
    const ended = await runBuilt(main(`  print(matches(repeat("x", 1000000), ${pattern}))`));
    expect(ended.stderr).toContain("regular expression takes more than 134217728 steps");
    expect(ended.status).toBe(1);
    expect(ended.mebibytes).toBeLessThan(MEBIBYTES_MAX);
  });
});
