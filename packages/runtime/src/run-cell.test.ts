// Runs whose tasks ask at the same time: what enters when, what is recorded, and that a replay
// gives the same run, whatever the order in which its answers would arrive.

import { valueDigest } from "@lumen/core/encoding";
import { assemble } from "@lumen/core/lir";
import { ok } from "@lumen/core/result";
import { displayNested, type Value } from "@lumen/core/value";
import { linkProgram } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import {
  type CellOutcome,
  type CellRunOptions,
  type DoorAnswer,
  type Journal,
  type JournalRequest,
  type Layer,
  makeHost,
  policyLayer,
  recordingLayer,
  replayJournal,
  runCell,
} from "./index.ts";

/** Three tasks read a file each; the value lists what they give in the order of their ends. */
const THREE = `module m
types
  0 any
  1 fn (0) -> 0 {"*"}
  2 list 0
constants
  0 string "a"
  1 string "b"
  2 string "c"
  3 int 0
  4 int 1
  5 int 2
callees
  0 local 1
cell main kind cell params 0 captures 0 result 0 row {async, fs}
  registers 1 0 0 0 2 0 0 0
   0  closure r0, c0, []
   1  const r1, k0
   2  spawn r2, r0, [r1]
   3  const r1, k1
   4  spawn r3, r0, [r1]
   5  const r1, k2
   6  spawn r5, r0, [r1]
   7  list_new r4, [r2, r3, r5]
   8  call_builtin r6, @await_any$, [r4]
   9  call_builtin r7, @outcome$, [r2]
  10  call_builtin r1, @outcome$, [r3]
  11  list_new r4, [r6, r7, r1]
  12  return r4
end
cell read kind cell params 1 captures 0 result 0 row {fs}
  registers 0 0
  0  call_builtin r1, @read_file, [r0]
  1  return r1
end
`;

async function run(
  text: string,
  layers: readonly Layer[],
  files: (name: string) => Promise<DoorAnswer>,
  more: Partial<CellRunOptions> = {},
): Promise<string> {
  const module = assemble(text);
  const program = module.ok ? linkProgram([module.value]) : module;
  if (!program.ok) throw new Error(program.error.message);
  const host = makeHost(layers, { "fs.read_file": (args) => files(String(args[0])) });
  const entry = { module: "m", name: "main" };
  const options = { program: program.value, entry, args: [], host, runTile: null, ...more };
  return textOf(await runCell(options));
}

function textOf(outcome: CellOutcome): string {
  if (outcome.kind === "finished") return displayNested(outcome.value);
  if (outcome.kind === "exited") return `exit ${outcome.status}`;
  return outcome.kind === "faulted" ? outcome.fault.message : outcome.failure.message;
}

/** Files whose contents come after as many turns as the name says, by default none. */
function slowly(turns: Readonly<Record<string, number>>): (name: string) => Promise<DoorAnswer> {
  return async (name) => {
    for (let i = 0; i < (turns[name] ?? 0); i += 1) await new Promise((r) => setImmediate(r));
    const value: Value = `content of ${name}`;
    return { ok: true, value };
  };
}

function recorder(): { readonly layer: Layer; readonly journal: () => Journal } {
  const requests: JournalRequest[] = [];
  const answers: Journal["answers"][number][] = [];
  const layer = recordingLayer({
    open: (request) => requests.push(request) - 1,
    close: (handle, answer) => {
      answers.push({ request: Number(handle), answer });
      return ok(null);
    },
  });
  const journal = (): Journal => ({
    requests: requests.map(({ effect, operation, args }) => ({
      effect,
      operation,
      argsDigest: valueDigest(args),
    })),
    answers: [...answers],
  });
  return { layer, journal };
}

const A = 'ok("content of a")';
const B = 'ok("content of b")';

describe("a run with several requests at once", () => {
  it.each([
    [{ a: 1, b: 5, c: 9 }, 0, [0, 1]],
    [{ a: 5, b: 1, c: 9 }, 1, [1, 0]],
    [{ a: 9, b: 5, c: 1 }, 2, [2, 1, 0]],
    [{}, 0, [0, 1]],
  ])("records what enters, in the order in which it does: %j", async (turns, first, order) => {
    const { layer, journal } = recorder();
    expect(await run(THREE, [layer], slowly(turns))).toBe(`[${first}, ${A}, ${B}]`);
    expect(journal().requests).toHaveLength(3);
    expect(journal().answers.map((answer) => answer.request)).toEqual(order);
    const replay = replayJournal(journal());
    const again = recorder();
    const asked = run(THREE, [again.layer, replay.layer], slowly({}), { waiting: replay.waiting });
    expect(await asked).toBe(`[${first}, ${A}, ${B}]`);
    expect(again.journal()).toEqual(journal());
  });

  it("lets what the policy refuses enter before anything that is recorded", async () => {
    const refused = "policy violation for 'fs.read_file': [capabilities] does not list filesystem";
    const text = await run(THREE, [policyLayer([]), recorder().layer], slowly({}));
    expect(text).toContain(refused);
    const replay = replayJournal({ requests: [], answers: [] });
    const more = { waiting: replay.waiting };
    expect(await run(THREE, [policyLayer([]), replay.layer], slowly({}), more)).toBe(text);
  });

  it("stops a replay that waits for an answer which the recording does not have", async () => {
    const { layer, journal } = recorder();
    await run(THREE, [layer], slowly({}));
    const { requests, answers } = journal();
    const replay = replayJournal({ requests, answers: answers.slice(0, 1) });
    const text = await run(THREE, [replay.layer], slowly({}), { waiting: replay.waiting });
    expect(text).toBe("the program waits for an answer, the trace has no more than 1");
  });
});
