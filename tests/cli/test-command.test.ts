// Language 17.6: `lumen test` finds tests, runs each alone, and says what failed and where.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fencedBlocks } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { jsonLines, lumen, project, type Ran, ROOT } from "./testing/lumen.ts";

const SUMS = `cell add(a: Int, b: Int) -> Int = a + b

cell never() -> Int = 0

@test(name: "adds two numbers")
cell adds()
  assert_eq(add(1, 2), 3)
end

cell test_with_defaults(n: Int = 2 + 1, m: String = "x") -> Bool
  n == 3 and m == "x"
end

cell test_of(n: Int) -> Bool = n == 1
`;

const FAILING = `cell test_raises()
  print("before")
  eprintln("and after")
  assert_eq(1 + 1, 3)
end

cell test_false() -> Bool = false

cell test_err() -> result[Int, String] = err("no")

cell test_exit()
  exit(0)
end

@test(skip)
cell later()
  halt("never")
end
`;

describe("lumen test", () => {
  it("runs what is marked or named as a test", async () => {
    const folder = project({ "sums.lm": SUMS, "notes.md": "no Lumen", "other.lm": "cell f() = 1" });
    const { status, stdout, stderr } = await lumen(folder, "test", "--verbose");
    expect(stderr).toBe("");
    expect(stdout).toBe(
      "ok   sums.lm  2 tests\n  passed  adds two numbers\n  passed  test_with_defaults\n" +
        "\n2 passed in 1 document\n",
    );
    expect(status).toBe(0);
  });

  it("says what failed, where, and what it had printed", async () => {
    const folder = project({ "failing.lm": FAILING });
    const { status, stdout } = await lumen(folder, "test");
    expect(stdout).toBe(
      [
        "FAIL failing.lm  5 tests",
        "  failed  test_raises  failing.lm:1",
        "    [E_TRAP_ASSERT] runtime error: assert_eq failed: expected 3, found 2",
        "    at test_raises (failing.lm:4:3)",
        "       assert_eq(1 + 1, 3)",
        "    it printed",
        "    | before",
        "    | and after",
        "  failed  test_false  failing.lm:7",
        "    it returned false",
        "  failed  test_err  failing.lm:9",
        "    it returned err(no)",
        "  failed  test_exit  failing.lm:11",
        "    it called exit(0)",
        "",
        "4 failed, 0 passed, 1 skipped in 1 document",
        "",
      ].join("\n"),
    );
    expect(status).toBe(1);
  });

  it("chooses by name or cell", async () => {
    const folder = project({ "sums.lm": SUMS });
    const count = async (text: string): Promise<unknown> => {
      const { stdout } = await lumen(folder, "test", "--filter", text, "--format", "json");
      return jsonLines(stdout).at(-1);
    };
    expect(await count("two numbers")).toMatchObject({ passed: 1 });
    expect(await count("adds")).toMatchObject({ passed: 1 });
    expect(await count("test_")).toMatchObject({ passed: 1 });
    expect(await count("nothing")).toMatchObject({ passed: 0, failed: 0 });
    const none = await lumen(folder, "test", "--filter", "nothing");
    expect(none.stderr).toContain("no test has 'nothing' in its name");
    expect(none.status).toBe(1);
  });

  it("has its own clock and random numbers for each test, the same in every run", async () => {
    const text = `cell test_a()
  let before = timestamp_ms()
  await sleep(86400000)
  assert(timestamp_ms() - before >= 86400000)
  print(timestamp_ms(), random_int(0, 1000000))
  assert(false)
end
`;
    const folder = project({ "a.lm": text + text.replace("test_a", "test_b") });
    const printed = async (): Promise<readonly string[]> => {
      const { stdout } = await lumen(folder, "test");
      return stdout.split("\n").filter((line) => line.startsWith("    | "));
    };
    const first = await printed();
    expect(first).toHaveLength(2);
    expect(first[0]).toBe(first[1]);
    expect(await printed()).toEqual(first);
  });

  it("ends a test that computes for ever, and one that waits for ever", async () => {
    const loops = "cell test_loops()\n  loop\n    1\n  end\nend\n";
    const waits = 'cell test_waits()\n  tcp_listen("127.0.0.1:0")\nend\n';
    const folder = project({ "a.lm": `${loops}\n${waits}` });
    const { stdout } = await lumen(folder, "test", "--fuel", "100000", "--timeout", "1");
    expect(stdout).toContain("[E_TRAP_FUEL] fuel exhausted");
    expect(stdout).toContain("nothing outside answered within 1 s");
    expect(stdout).toContain("2 failed");
  });

  it("lists the cells that no test calls, of all documents together", async () => {
    const folder = project({
      "lumen.toml": '[package]\nname = "@a/b"\nversion = "0.1.0"\n',
      "main.lm": SUMS,
      "part.lm": "import main: never\n\ncell test_never() -> Bool = never() == 0\n",
      "rest.lm": "cell unused() = 1\n\ncell test_rest() = true\n",
    });
    const { stdout } = await lumen(folder, "test", "--coverage");
    expect(stdout).toContain("coverage  2 of 4 cells called, 50.0 %");
    expect(stdout).toContain("  not called  main.lm:14 test_of\n");
    expect(stdout).toContain("  not called  rest.lm:1 unused\n");
  });

  it("refuses what it cannot run", async () => {
    const folder = project({ "a.lm": "cell f() = 1\n", "bad.lm": 'cell test_x() -> Int = "no"\n' });
    const broken = await lumen(folder, "test");
    expect(broken.stderr).toContain("error[E0200]");
    expect(broken.status).toBe(1);
    const none = await lumen(folder, "test", "--filter", "x", "nowhere");
    expect(none.stderr).toContain("there is no file or folder");
    const empty = await lumen(project({ "a.lm": "cell f() = 1\n" }), "test");
    expect(empty.stderr).toContain("there are no tests");
    expect(empty.status).toBe(1);
    expect((await lumen(folder, "test", "--jobs", "0")).status).toBe(2);
    expect((await lumen(folder, "test", "--timeout", "1.5")).status).toBe(2);
  });

  it("writes a report in JUnit's form", async () => {
    const text = 'cell test_it()\n  print("a <b> & \\u{1}")\n  assert(false, "1 < \\"2\\"")\nend\n';
    const folder = project({ "a.lm": text });
    await lumen(folder, "test", "--junit", "out/report.xml");
    const xml = readFileSync(join(folder, "out/report.xml"), "utf8").replace(
      /time="[\d.]+"/g,
      'time=""',
    );
    expect(xml).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        '  <testsuite name="a.lm" tests="1" failures="1" errors="0" skipped="0" time="">',
        '    <testcase name="test_it" classname="a.lm" file="a.lm" line="1" time="">',
        '      <failure message="runtime error: 1 &lt; &quot;2&quot;" type="E_TRAP_ASSERT">' +
          "runtime error: 1 &lt; &quot;2&quot;",
        "at test_it (a.lm:3:3)</failure>",
        "      <system-out>a &lt;b&gt; &amp; \u{FFFD}",
        "</system-out>",
        "    </testcase>",
        "  </testsuite>",
        "</testsuites>",
        "",
      ].join("\n"),
    );
  });
});

const SNAPSHOTS = `cell test_value()
  assert_snapshot("a map", {k: [1, 2], t: "text"})
end

@snapshot
cell twice(n: Int) -> Int = n * 2
`;

describe("snapshots", () => {
  it("are stored with --update only, compared, and dropped when nobody asks", async () => {
    const folder = project({ "a.lm": SNAPSHOTS });
    const file = join(folder, "__snapshots__/a.lm.snap.md");
    const first = await lumen(folder, "test");
    expect(first.stdout).toContain("there is no snapshot 'test_value: a map' yet");
    expect(existsSync(file)).toBe(false);
    const stored = await lumen(folder, "test", "--update");
    expect(stored).toMatchObject({ status: 0, stderr: "" });
    expect(stored.stdout).toContain("2 snapshots stored");
    expect(readFileSync(file, "utf8")).toContain('{"k": [1, 2], "t": "text"}');
    expect((await lumen(folder, "test")).status).toBe(0);

    writeFileSync(join(folder, "a.lm"), SNAPSHOTS.replace("[1, 2]", "[1, 3]"));
    const changed = await lumen(folder, "test");
    expect(changed.stdout).toContain("assert_snapshot failed: 'test_value: a map' differs");
    writeFileSync(join(folder, "a.lm"), SNAPSHOTS.replace("n * 2", "n + n"));
    expect((await lumen(folder, "test")).stdout).toContain("failed  twice (code)");

    writeFileSync(join(folder, "a.lm"), SNAPSHOTS.replace("@snapshot\n", ""));
    expect((await lumen(folder, "test")).stdout).toContain("  obsolete  twice (code)\n");
    await lumen(folder, "test", "--update");
    expect(readFileSync(file, "utf8")).not.toContain("twice");
  });

  it("of a file that is none are refused, and stay", async () => {
    const folder = project({ "a.lm": SNAPSHOTS, "__snapshots__/a.lm.snap.md": "mine\n" });
    const { status, stderr } = await lumen(folder, "test", "--update");
    expect(status).toBe(1);
    expect(stderr).toContain("error[E_MALFORMED]: line 1 of");
    expect(readFileSync(join(folder, "__snapshots__/a.lm.snap.md"), "utf8")).toBe("mine\n");
  });

  it("are not there in a run", async () => {
    const folder = project({ "a.lm": `${SNAPSHOTS}\ncell main()\n  test_value()\nend\n` });
    const { status, stderr } = await lumen(folder, "run", "a.lm");
    expect(status).toBe(1);
    expect(stderr).toContain("snapshots are compared by `lumen test`");
  });
});

describe("threads", () => {
  it("give what one after the other gives", async () => {
    const folder = project({
      "a.lm": SUMS,
      "b.lm": FAILING,
      "c.lm": SNAPSHOTS,
      "d.lm": "cell test_x( = 1\n",
    });
    const bundle = (...words: readonly string[]): Promise<Ran> =>
      new Promise((done, failed) => {
        const child = spawn(process.execPath, [join(ROOT, "dist/lumen.js"), "test", ...words], {
          cwd: folder,
        });
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (data) => {
          stdout += data;
        });
        child.stderr.on("data", (data) => {
          stderr += data;
        });
        child.on("error", failed);
        child.on("close", (status) => done({ status: status ?? -1, stdout, stderr }));
      });
    const [one, several] = [await bundle("--jobs", "1"), await bundle("--jobs", "3")];
    expect(several).toEqual(one);
    expect(one.status).toBe(1);
    expect(one.stderr).toContain("d.lm:1");
    expect(one.stdout).toContain("6 failed, 2 passed, 1 skipped in 3 documents");
  });
});

describe("docs/testing.md", () => {
  it("has tests that pass", async () => {
    const blocks = fencedBlocks(readFileSync(join(ROOT, "docs/testing.md"), "utf8"));
    const code = blocks.filter(({ info }) => info === "lumen").map(({ text }) => text);
    expect(code).toHaveLength(2);
    const folder = project({ "prices.lm": code.join("\n") });
    expect((await lumen(folder, "test", "--update")).status).toBe(0);
    const { stdout } = await lumen(folder, "test", "--filter", "total");
    expect(stdout).toContain("1 passed in 1 document");
  });
});
