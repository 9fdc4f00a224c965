// `lumen repl`: sessions from a pipe with their output, what lasts between inputs, what does not
// end a session, and what does.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { complete, openHistory, ReplSession, typedProgram } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";
import { document, lumenWith, type Ran, temporaryFolder } from "./testing/lumen.ts";

const folder = temporaryFolder();

/** A session of these lines, from a pipe. */
function repl(lines: string, ...words: readonly string[]): Promise<Ran> {
  return lumenWith({ stdin: () => lines.replace(/^\n/, "") }, folder, "repl", ...words);
}

/** A session that writes nothing to standard error: its output. */
async function output(lines: string): Promise<string> {
  const ran = await repl(lines);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return ran.stdout;
}

describe("a session", () => {
  it("shows values as they stand in others, and nothing for null", async () => {
    expect(await output('1 + 2\n"a"\n[1, 2]\nprint("p")\nnull\nlet x = 1\n')).toBe(
      '3\n"a"\n[1, 2]\np\n',
    );
  });

  it("takes inputs over several lines, as the parser says where they end", async () => {
    const lines = `
cell twice(n: Int) -> Int
  n * 2
end
twice(
  4
)
let text = """
  a
  b"""
length(text)
if twice(1) == 2
  print("two")
else
  print("other")
end
match 3
  3 -> "three"
  _ -> "other"
end
`;
    expect(await output(lines)).toBe('8\n3\ntwo\n"three"\n');
  });

  it("keeps variables of every kind: they are the values themselves", async () => {
    const lines = `
memory Notes
end
let notes = Notes()
notes.append("a")
let n = 1
let add = fn(x: Int) => x + n
n = 10
add(1)
notes.append(add)
notes.version()
notes.recent(1)[0](5)
let (a, [b, ...rest]) = (1, [2, 3, 4])
rest
let g = fn() => notes.version()
notes.append(1)
g()
`;
    expect(await output(lines)).toBe("2\n2\n6\n[3, 4]\n3\n");
  });

  it("lets declarations take the place of others of their name", async () => {
    const lines = `
cell f() -> Int = 1
cell g() -> Int = f() + 1
g()
cell f() -> Int = 10
g()
const LIMIT = 3
LIMIT
const LIMIT = 4
LIMIT
`;
    expect(await output(lines)).toBe("2\n11\n3\n4\n");
  });

  it("imports, and lets a cell be called main", async () => {
    writeFileSync(join(folder, "shop.lm"), "pub cell price() -> Int = 7\n");
    const lines = "import shop: price\nprice()\ncell main() -> Int = price() + 1\nmain() + 1\n";
    expect(await output(lines)).toBe("7\n9\n");
  });

  it("takes the value of a type that was declared anew as Any, and says so", async () => {
    const ran = await repl(`
record P
  a: Int
end
let p = P(a: 1)
record P
  b: Int
end
p.a
p.a
`);
    expect(ran.stdout).toBe("1\n1\n");
    expect(ran.stderr).toBe(
      "note: 'p' is of type Any now: what it was is declared anew, or gone\n",
    );
  });

  it("shows loops only where they make values", async () => {
    expect(await output("for i in 0..2\n  print(i)\nend\nfor i in 0..2\n  i\nend\n")).toBe(
      "0\n1\n[0, 1]\n",
    );
  });
});

describe("what goes wrong", () => {
  it("is shown at its place in the input, and does not end the session", async () => {
    const ran = await repl("let x = 1\nlet y = x +* 2\nnope\n1 / 0\nx\n");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe("1\n");
    expect(ran.stderr).toContain("--> input-2.lm:1:12\n");
    expect(ran.stderr).toContain("error[E0201]: undefined variable 'nope'");
    expect(ran.stderr).toContain(" --> input-3.lm:1:1\n");
    expect(ran.stderr).toMatch(/error\[E_TRAP_DIV_ZERO\].*\n {2}at main \(input-4\.lm:1:1\)\n/);
  });

  it("is located in cells of earlier inputs", async () => {
    const ran = await repl("cell at(i: Int) -> Int = [1][i]\n\nat(0)\nat(1)\n");
    expect(ran.stdout).toBe("1\n");
    expect(ran.stderr).toContain(
      "  at main (input-3.lm:1:1)\n     at(1)\n  at at (input-1.lm:1:26)\n",
    );
  });

  it("leaves declarations and variables as they were", async () => {
    const ran = await repl(`
cell f() -> Int = 1
let x = 1
cell f() -> Int = "text"
f()
x = [x, 2][5]
x
`);
    expect(ran.stdout).toBe("1\n1\n");
    expect(ran.stderr.match(/^error/gm)).toHaveLength(2);
  });

  it("ends a strict session with status 1", async () => {
    expect(await repl("1\nnope\n2\n", "--strict")).toMatchObject({ status: 1, stdout: "1\n" });
    expect(await repl(":nope\n2\n", "--strict")).toMatchObject({ status: 1, stdout: "" });
    expect(await repl("1\n2\n", "--strict")).toMatchObject({ status: 0, stdout: "1\n2\n" });
  });

  it("is an unfinished input at the end", async () => {
    const ran = await repl("cell f()\n  1");
    expect(ran.stderr).toContain("error[E0013]: expected `end` for `cell`");
  });

  it("may be asked for: exit ends the session with its status", async () => {
    expect(await repl("exit(3)\n1\n")).toMatchObject({ status: 3, stdout: "" });
  });
});

describe("commands", () => {
  it("tell types and effects without running anything", async () => {
    const lines = `
let x = [1]
:type x
:type fn(n: Int) => n + 0.5
:type print("not printed")
:effects x[0] + timestamp_ms()
:effects x[0]
cell say() -> Null = print("s")
:effects
`;
    expect(await output(lines)).toBe("list[Int]\nfn(Int) -> Float\nNull\ntime\npure\nsay: emit\n");
  });

  it("show the code of cells and expressions", async () => {
    const ran = await output("cell f(n: Int) -> Int = n + 1\n:lir f\nlet x = 2\n:lir x * 3\n");
    expect(ran).toMatch(
      /^cell f kind cell params 1 .*\n(.*\n)*.*add_int.*\n(.*\n)*end\ncell \S+ kind lambda/,
    );
    expect(ran).toContain("mul_int");
  });

  it("list variables, and forget everything", async () => {
    const ran = await repl('let x = 1\nlet s = "a"\n:vars\n:reset\n:vars\nx\n');
    expect(ran.stdout).toBe("x: Int\ns: String\n");
    expect(ran.stderr).toContain("undefined variable 'x'");
  });

  it("load documents and sources", async () => {
    writeFileSync(join(folder, "doc.lm.md"), document("cell six() -> Int = 6\nlet seven = 7"));
    expect(await output(":load doc.lm.md\nsix() * seven\n")).toBe("42\n");
    const given = await repl("six()\n", "doc.lm.md");
    expect(given.stdout).toBe("6\n");
    writeFileSync(join(folder, "bad.lm"), "let x =\n");
    const bad = await repl(":load bad.lm\n");
    expect(bad.stderr).toContain("--> bad.lm:");
  });

  it.each([
    [":nope", "there is no command ':nope'"],
    [":type", ":type needs an expression"],
    [":type let x = 1", "expected one expression"],
    [":lir", ":lir needs the name of a cell, or an expression"],
    [":load", "there is no file ''"],
    [":load gone.lm", "there is no file 'gone.lm'"],
  ])("%s is refused", async (line, message) => {
    expect((await repl(`${line}\n`)).stderr).toContain(`error: ${message}`);
  });

  it("are listed by :help, and :quit ends", async () => {
    const ran = await output(":help\n:quit\n1\n");
    for (const name of ["type", "effects", "lir", "vars", "load", "reset", "help", "quit"])
      expect(ran).toMatch(new RegExp(`^ {2}:${name} `, "m"));
    expect(ran).not.toMatch(/^1$/m);
  });
});

describe("a session in a program", () => {
  const session = (deterministic = true): ReplSession =>
    new ReplSession({
      project: typedProgram(folder),
      console: {
        stdout: () => {},
        stderr: () => {},
        readLine: () => "",
        readRest: () => "",
      },
      deterministic,
      allowUnstable: false,
      denyUnstable: false,
    });

  it.each([
    ["computes", "let n = 0\nwhile true\n  n += 1\nend"],
    ["waits", "let (tx, rx) = channel[Int]()\nawait sleep(100000000)"],
  ])("can be interrupted while it %s, and goes on", async (_, text) => {
    // With a clock that goes by itself: where it is told the time, a sleep is over at once.
    const own = session(false);
    await own.evaluate("let x = 1");
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const answer = await own.evaluate(text, { interrupt: abort.signal });
    expect(answer.outcome).toEqual({ kind: "interrupted" });
    expect((await own.evaluate("x + 1")).outcome).toEqual({ kind: "value", shown: "2" });
  });

  it("asks everything that was asked before a long computation", async () => {
    const lines = `
cell busy() -> Int
  let n = 0
  while n < 1000000
    n += 1
  end
  print("second")
  n
end
let first = spawn(fn() => print("first"))
let long = spawn(busy)
await long
`;
    expect(await output(lines)).toBe("first\nsecond\n1000000\n");
  });

  it("completes names, members and modules", async () => {
    const own = session();
    await own.evaluate(
      "record Point\n  left: Int\n  lower: Int\nend\nlet point = Point(left: 1, lower: 2)",
    );
    await own.evaluate("cell pointed() -> Int = 1\nenum Way\n  North\n  South\nend");
    expect(complete(own, "print(poi").words).toEqual(["point", "pointed"]);
    expect(complete(own, "x + point.l")).toEqual({
      word: "point.l",
      words: ["point.left", "point.lower"],
    });
    expect(complete(own, "Way.").words).toEqual(["Way.North", "Way.South"]);
    expect(complete(own, "to_st").words).toContain("to_string");
    expect(complete(own, "repl_").words).toEqual([]);
    expect(complete(own, "1 + ").words).toEqual([]);
  });
});

describe("the history", () => {
  it("keeps the newest lines, and sessions add to it", () => {
    const path = join(temporaryFolder(), "deep/history");
    const first = openHistory(path);
    if (!first.ok) throw new Error(first.error.message);
    expect(first.value.lines).toEqual([]);
    for (const line of ["let x = 1", "", "x".repeat(5000), "x"]) first.value.add(line);
    expect(readFileSync(path, "utf8")).toBe("let x = 1\nx\n");
    writeFileSync(path, `${Array.from({ length: 1200 }, (_, i) => `line ${i}`).join("\n")}\n`);
    const second = openHistory(path);
    expect(second.ok && second.value.lines.length).toBe(1000);
    expect(readFileSync(path, "utf8").split("\n")[0]).toBe("line 200");
  });

  it("is written by a session that somebody types, not by one from a pipe", async () => {
    const path = join(folder, "typed-history");
    const typed = ["1 + 1", "f(", "", null];
    const editor = (): { next: () => Promise<string | null>; close: () => void } => ({
      next: async () => typed.shift() ?? null,
      close: () => {},
    });
    const words = ["repl", "--history", path] as const;
    const ran = await lumenWith({ typed: true, editor }, folder, ...words);
    expect(ran.stdout).toBe(":help lists the commands, Ctrl-D ends\n2\n");
    expect(readFileSync(path, "utf8")).toBe("1 + 1\nf(\n");
    await lumenWith({ stdin: () => "3\n" }, folder, ...words);
    expect(readFileSync(path, "utf8")).toBe("1 + 1\nf(\n");
  });
});
