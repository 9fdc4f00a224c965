// Travelling in the time of a recorded run: stops of cells and sequences, versions of processes
// (formats 13.4, 25), and what is said where they cannot be shown.

import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  ledger,
  lumen,
  lumenWith,
  onlyTrace,
  project,
  type Ran,
} from "../cli/testing/lumen.ts";
import { flipped, forge, open } from "./testing/forge.ts";

const CODE = `
memory Notes
end

cell work(n: Int) -> Int
  let name = "worker {n}"
  print(name)
  n * 2
end

cell main(n: Int) -> Int
  let notes = Notes()
  let f = spawn(work, n)
  print("begin")
  let mut sum = 0
  for i in [10, 20]
    sum += i
    notes.append(sum)
    print(sum)
  end
  sum + await f
end
`;

const MANIFEST = '[package]\nname = "travel"\nversion = "1.0.0"\n';

let folder = "";

beforeAll(async () => {
  folder = project({ "lumen.toml": MANIFEST, "main.lm.md": document(CODE) });
  const ran = await lumen(folder, "run", "--input", "3");
  expect(ran.stdout).toBe("begin\nworker 3\n10\n30\n36\n");
});

function step(...words: readonly string[]): Promise<Ran> {
  return lumen(folder, "trace", "step", ...words);
}

describe("trace step", () => {
  it("leaves out a variable whose list was given away and changed in place", async () => {
    const code = `
cell grow(xs: list[Int]) -> list[Int]
  let more = append(xs, 9)
  print(len(more))
  more
end

cell main() -> Int
  let first = [1, 2]
  let kept = [3]
  let second = grow(first)
  print(len(second))
  len(second) + len(kept)
end
`;
    const moving = project({ "lumen.toml": MANIFEST, "main.lm.md": document(code) });
    expect((await lumen(moving, "run")).stdout).toBe("3\n3\n4\n");
    const inside = await lumen(moving, "trace", "step", "--at", "0");
    expect(inside.stdout).toContain("more = [1, 2, 9]");
    expect(inside.stdout).toContain("kept = [3]");
    expect(inside.stdout).not.toMatch(/(xs|first) = /);
    const behind = await lumen(moving, "trace", "step", "--at", "1");
    expect(behind.stdout).toContain("second = [1, 2, 9]");
    expect(behind.stdout).not.toContain("first =");
  });

  it("shows tasks, calls, variables and what is waited for", async () => {
    const { stdout } = await step("--at", "2");
    expect(stdout).toMatch(/^stop 2 of 4\nwaits /);
    expect(stdout).toMatch(
      / 2: emit\.print\(.*10.*\)\n {2}at main \(main\.lm\.md:\d+:5\)\n {5}print\(sum\)/,
    );
    expect(stdout).toMatch(/entry {2}main, waits for request 2/);
    for (const variable of ["n = 3", "f = <future:1:completed>", "sum = 10", "i = 10"])
      expect(stdout).toContain(`       ${variable}\n`);
    expect(stdout).not.toContain("task 1");
  });

  it("shows a variable from where it has its value", async () => {
    const { stdout } = await step("--at", "0");
    expect(stdout).toMatch(/task 1 {2}work, waits for request 1\n/);
    expect(stdout).toContain('       name = "worker 3"\n');
    expect(stdout).not.toContain("sum =");
  });

  it("counts back from the end, or from a stop, and not before the beginning", async () => {
    expect((await step()).stdout).toBe("stop 4 of 4: the run finished with 36\n");
    expect((await step("--back", "1")).stdout).toBe((await step("--at", "3")).stdout);
    expect((await step("--at", "3", "--back", "2")).stdout).toBe((await step("--at", "1")).stdout);
    expect((await step("--back", "99")).stdout).toBe((await step("--at", "0")).stdout);
  });

  it("is JSON with the same content", async () => {
    const stop = JSON.parse((await step("--at", "1", "--format", "json")).stdout);
    expect(stop).toMatchObject({
      kind: "cell",
      step: 1,
      steps: 4,
      ended: null,
      pending: [{ task: 1, what: "emit.print" }, { task: 0 }],
    });
    const [entry] = stop.tasks;
    expect(entry.frames[0].place.at.text).toBe("print(sum)");
  });

  it.each([
    [["--at", "5"], 2, "the trace has no stop 5: its stops are 0 to 4"],
    [["--at", "x"], 2, "--at: expected a number, found 'x'"],
    [["--back", "-1"], 2, "--back: expected a number"],
    [["--graph", "dot"], 2, "trace step takes no --graph"],
  ])("%j is refused", async (words, status, message) => {
    expect(await step(...words)).toMatchObject({
      status,
      stderr: expect.stringContaining(message),
    });
  });

  it("goes on and back as somebody asks", async () => {
    const typed = ["", "", "b", "4", "?", "q"];
    const asked: string[] = [];
    const editor = (): { next: (prompt: string) => Promise<string | null>; close: () => void } => ({
      next: async (prompt) => {
        asked.push(prompt);
        return typed.shift() ?? null;
      },
      close: () => {},
    });
    const ran = await lumenWith({ typed: true, editor }, folder, "trace", "step");
    expect(asked).toEqual(["0/4> ", "1/4> ", "2/4> ", "1/4> ", "4/4> ", "4/4> "]);
    expect(
      ran.stdout
        .match(/^stop \d/gm)
        ?.map((s) => s.slice(5))
        .join(""),
    ).toBe("012144");
  });

  it("shows where a run was cut off: what it waited for last", async () => {
    const cut = project({ "lumen.toml": MANIFEST, "main.lm.md": document(CODE) });
    await lumen(cut, "run", "--input", "3");
    const path = onlyTrace(cut);
    const { events, offsets } = open(bytesOf(path));
    const last = events.findLastIndex((e) => e.kind === "EffectPerform");
    truncateSync(path, offsets[last + 1] ?? 0);
    const ran = await lumen(cut, "trace", "step");
    expect(ran.stdout).toMatch(/^stop 3 of 3\nwaits {2}request 3: emit\.print/);
  });

  it("needs values: a trace of digests has none", async () => {
    const bare = project({ "lumen.toml": MANIFEST, "main.lm.md": document(CODE) });
    await lumen(bare, "run", "--input", "3", "--trace-io", "digest");
    const ran = await lumen(bare, "trace", "step", "--at", "1");
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining("E_MISSING_VALUE") });
  });

  it("shows of a sequence the steps before and after", async () => {
    const sequence = ledger();
    await lumen(sequence, "run", "--input", "@input.json");
    const { stdout } = await lumen(sequence, "trace", "step", "--at", "3");
    expect(stdout).toMatch(/^stop 3 of 29\nafter step 2 {2}tile main__e0\n/);
    expect(stdout).toMatch(/\nnext step 3 {2}tile match_payments\n/);
    const first = await lumen(sequence, "trace", "step", "--at", "0");
    expect(first.stdout).toMatch(/^stop 0 of 29\nnext step 0 /);
    const last = await lumen(sequence, "trace", "step");
    expect(last.stdout).toMatch(/the end of the run\n$/);
    expect((await lumen(sequence, "trace", "step", "--at", "30")).status).toBe(2);
  });
});

describe("trace show --state", () => {
  const state = (process: string, ...words: readonly string[]): Promise<Ran> =>
    lumen(folder, "trace", "show", "--state", process, ...words);

  it("shows every version of a process by its number", async () => {
    const first = await state("Notes#1@1");
    expect(first.stdout).toMatch(
      /^Notes#1@1 of 2\n {2}move {8}memory\.append \[10\]\n {2}at main /,
    );
    expect(first.stdout).toContain("\n  entries = [10]\n");
    expect((await state("Notes@2")).stdout).toContain("\n  entries = [10, 30]\n");
    expect((await state("Notes")).stdout).toBe((await state("Notes#1@2")).stdout);
    expect((await state("Notes@0")).stdout).toBe("Notes#1@0 of 2\n  nothing has moved\n");
  });

  it("chains the digests of the versions", async () => {
    const json = async (n: number): Promise<{ move: { before: string; after: string } }> =>
      JSON.parse((await state(`Notes@${n}`, "--format", "json")).stdout);
    const [first, second] = [await json(1), await json(2)];
    expect(second.move.before).toBe(first.move.after);
    expect(second.move.after).not.toBe(first.move.after);
  });

  it.each([
    ["Notes@3", "Notes#1 has no version 3: its versions are 0 to 2"],
    ["Door", "no process 'Door': there are Notes#1"],
    ["@1", "--state: expected NAME#I@N, found '@1'"],
  ])("%s is refused", async (process, message) => {
    expect(await state(process)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it("refuses versions that the program does not give", async () => {
    const forged = forge(bytesOf(onlyTrace(folder)), (event) =>
      event.kind === "StateTransition" && event.sequenceNo === 2
        ? { ...event, after: flipped(event.after, 0) }
        : event,
    );
    const path = join(folder, "forged.rtrace");
    writeFileSync(path, forged);
    const ran = await lumen(folder, "trace", "show", path, "--state", "Notes@1");
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining("E_DIVERGENCE") });
  });
});
