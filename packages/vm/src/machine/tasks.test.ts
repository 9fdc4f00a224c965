// Tasks, nurseries and channels (language 13, lir.md 6.5): order, errors, cancellation, deadlock.

import { displayNested } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { textOf } from "../testing/build-program.ts";
import { runLogged as run } from "../testing/run-logged.ts";
import { sketch } from "../testing/sketch.ts";
import { createMachine, type Machine } from "./machine.ts";

/** `work(n)` logs and gives n; `broken` fails; `never` waits for what does not come. */
const COMMON = `
cell work(a0) {log}
  call a1, log, [a0]
  return a0
cell one() {log}
  call a0, work, [1]
  return a0
cell two() {log}
  call a0, work, [2]
  return a0
cell broken() {log}
  call a0, work, ['broken']
  fault 10, 'runtime error: b'
cell never() {async, log}
  defer ->deferred
  call_builtin a0, channel$, [0]
  index a1, a0, 1
  call_builtin a2, chan_recv$, [a1]
  return a2
deferred:
  call a9, log, ['never']
  defer_end
`;

const main = (body: string): string => `cell main() {async, log}\n${body}\n${COMMON}`;

describe("futures", () => {
  it("run when the running task waits, in the order of spawning", () => {
    const text = main(`closure f0, one, []
      closure f1, two, []
      spawn a0, f0, []
      spawn a1, f1, []
      call_builtin b0, settled$, [a1]
      list_new l0, [a0, 'x', a1, b0]
      list_new l1, [l0]
      await a2, l1
      list_new l2, [a2, a0]
      return l2`);
    expect(run(text)).toBe('1 2 => [[[1, "x", 2, false]], <future:1:completed>]');
  });

  it("take arguments", () => {
    const text = main(`closure g0, next, []
      spawn a0, g0, [5]
      await a1, a0
      return a1
    cell next(a0) {}
      arith a1, 0, a0, 1
      return a1`);
    expect(run(text)).toBe("=> 6");
  });

  it("are awaited in every shape, and fail in order of position", () => {
    const text = (order: string): string =>
      main(`closure f0, one, []
      closure f1, broken, []
      spawn a0, f0, []
      spawn a1, f1, []
      tuple_new a2, [${order}]
      await a3, a2
      return a3`)
        .replace("tuple_new a2", "list_new l2")
        .replace("await a3, a2", "await a3, l2");
    const failed = "E_TRAP_OTHER runtime error: await failed for future 2: runtime error: b";
    expect(run(text("a0, a1"))).toBe(`1 "broken" => ${failed}`);
    expect(run(text("a1, a0"))).toBe(`1 "broken" => ${failed}`);
  });

  it("give their outcome without a fault, and the first that ended", () => {
    const text = main(`closure f0, one, []
      closure f1, broken, []
      spawn a0, f0, []
      spawn a1, f1, []
      list_new l0, [a0, a1, a0]
      call_builtin i0, await_any$, [l0]
      call_builtin a2, outcome$, [a0]
      call_builtin a3, outcome$, [a1]
      call_builtin i1, await_any$, [l0]
      call_builtin i2, future_id$, [a1]
      list_new l1, [i0, i1, a2, a3, i2, a1]
      return l1`);
    expect(run(text)).toBe(
      '1 "broken" => [0, 0, ok(1), err("runtime error: b"), 2, <future:2:error>]',
    );
  });

  it("have a stack of their own: 4096 calls deep each", () => {
    const text = main(`closure f0, dive, []
      spawn a0, f0, []
      await a1, a0
      return a1
    cell dive() {}
      call a0, down, [4094]
      return a0
    cell down(i0) {}
      eq_int b0, i0, 0
      jump_if b0, ->end
      sub_int i1, i0, 1
      call a0, down, [i1]
      return a0
    end:
      return 'deep'`);
    expect(run(text)).toBe('=> "deep"');
  });

  it("see no handlers of who spawned them", () => {
    const text = `cell main() {ask, async}
      handle a0, ['Ask.ask'], [->arm, ->after]
      closure f0, asks, []
      spawn a1, f0, []
      await a2, a1
      handle_end a2
    arm:
      handle_end 'handled'
    after:
      return a0
    cell asks() {ask}
      perform a0, 'Ask', 'ask', ask, []
      return a0
    cell ask() {ask}
      request a0, 'Ask', 'ask', []
      return a0`;
    expect(run(text)).toBe('=> "Ask.ask"');
  });

  it("are dropped when the entry ends", () => {
    const text = main("closure f0, one, []\n spawn a0, f0, []\n return 'end'");
    expect(run(text)).toBe('=> "end"');
  });
});

describe("deadlock", () => {
  const WAITING = `call_builtin a0, channel$, [0]
    index a1, a0, 1
    call_builtin a2, chan_recv$, [a1]
    return a2`;

  it("is a fault of the entry, whose deferred blocks run", () => {
    const text = main(
      `defer ->deferred\n ${WAITING}\n deferred:\n call a9, log, ['d']\n defer_end`,
    );
    expect(run(text)).toBe('"d" => E_TRAP_OTHER runtime error: deadlock: every task waits');
  });

  it("is final where a deferred block waits for ever", () => {
    const text = main(`closure f0, never, []
      spawn a0, f0, []
      defer ->deferred
      await a1, a0
      return a1
    deferred:
      await a1, a0
      defer_end`);
    expect(run(text)).toBe("=> E_TRAP_OTHER runtime error: deadlock: every task waits");
  });
});

describe("nurseries", () => {
  const nursery = (body: string): string => main(`nursery a0\n ${body}`);
  const SPAWN = (cell: string, register: string): string =>
    `closure f0, ${cell}, []\n call_builtin ${register}, nursery_spawn$, [a0, f0]`;

  it("wait for their tasks", () => {
    const text = nursery(`${SPAWN("one", "a1")}\n ${SPAWN("two", "a2")}
      call a9, log, ['body']
      nursery_end
      list_new l0, [a1, a2]
      return l0`);
    expect(run(text)).toBe('"body" 1 2 => [<future:1:completed>, <future:2:completed>]');
  });

  it("raise the first error again, the other tasks cancelled", () => {
    const text = nursery(`${SPAWN("never", "a1")}\n ${SPAWN("broken", "a2")}
      nursery_end
      return 'end'`);
    expect(run(text)).toBe('"broken" "never" => E_TRAP_OTHER runtime error: b');
  });

  it("cancel when they are left by return, break and fault", () => {
    const spawned = `${SPAWN("never", "a1")}\n call a9, log, ['body']`;
    expect(run(nursery(`${spawned}\n return 'r'`))).toBe('"body" "never" => "r"');
    const left = `${spawned}\n scope_leave 1\n call a9, log, ['out']\n return 'b'`;
    expect(run(nursery(left))).toBe('"body" "never" "out" => "b"');
    const fault = `${spawned}\n fault 10, 'runtime error: f'`;
    expect(run(nursery(fault))).toBe('"body" "never" => E_TRAP_OTHER runtime error: f');
  });

  it("let an error of a task that came first win over that of the block", () => {
    const text = nursery(`${SPAWN("broken", "a1")}\n await a2, a1\n return a2`);
    expect(run(text)).toBe('"broken" => E_TRAP_OTHER runtime error: b');
  });

  it("cancel on demand, without an error, and start nothing afterwards", () => {
    const text = nursery(`${SPAWN("never", "a1")}
      call a9, log, ['body']
      call_builtin a3, nursery_cancel$, [a0]
      ${SPAWN("one", "a2")}
      nursery_end
      list_new l0, [a1, a2]
      return l0`);
    expect(run(text)).toBe('"body" "never" => [<future:1:error>, <future:2:error>]');
    const late = nursery(`nursery_end\n ${SPAWN("one", "a1")}\n return a1`);
    expect(run(late)).toBe("=> E_TRAP_OTHER runtime error: nursery has ended");
  });

  it("nest", () => {
    const text = nursery(`${SPAWN("one", "a1")}
      nursery a4
      closure f1, two, []
      call_builtin a5, nursery_spawn$, [a4, f1]
      nursery_end
      call a9, log, ['inner ended']
      nursery_end
      return 'end'`);
    expect(run(text)).toBe('1 2 "inner ended" => "end"');
  });
});

describe("cancellation", () => {
  it("takes effect where the task waits, or at its next wait", () => {
    const text = main(`closure f0, never, []
      closure f1, loops, []
      spawn a0, f0, []
      spawn a1, f1, []
      call a9, log, ['main']
      call_builtin a2, cancel$, [a0]
      call_builtin a2, cancel$, [a1]
      call_builtin a3, outcome$, [a0]
      call_builtin a4, outcome$, [a1]
      list_new l0, [a3, a4]
      return l0
    cell loops() {async, log}
      call_builtin b0, cancelled, []
      call a9, log, [b0]
      call_builtin b0, cancelled, []
      call a9, log, [b0]
      await a1, 1
      call a9, log, ['unreached']
      return 1`);
    const stopped = 'err("runtime error: task cancelled")';
    const result = run(text);
    expect(result).toContain('"never"');
    expect(result).not.toContain("unreached");
    expect(result.endsWith(`=> [${stopped}, ${stopped}]`)).toBe(true);
  });

  it("keeps a task that has not begun from beginning", () => {
    const text = main(`closure f0, one, []
      spawn a0, f0, []
      call_builtin a1, cancel$, [a0]
      call_builtin a1, cancel$, [a0]
      call_builtin a2, outcome$, [a0]
      return a2`);
    expect(run(text)).toBe('=> err("runtime error: task cancelled")');
  });

  it("happens once: deferred blocks may wait", () => {
    const text = main(`closure f0, task, []
      spawn a0, f0, []
      call a9, log, ['main']
      call_builtin a1, cancel$, [a0]
      call_builtin a2, outcome$, [a0]
      return a2
    cell task() {async, log}
      defer ->deferred
      call_builtin a0, channel$, [0]
      index a1, a0, 1
      call_builtin a2, chan_recv$, [a1]
      return 1
    deferred:
      closure f0, one, []
      spawn a3, f0, []
      await a4, a3
      call a9, log, ['waited']
      defer_end`);
    expect(run(text)).toBe('"main" 1 "waited" => err("runtime error: task cancelled")');
  });

  it("stops a task that waits for an answer, which then goes nowhere", () => {
    const text = main(`closure f0, asks, []
      spawn a0, f0, []
      call a9, log, ['main']
      call_builtin a1, cancel$, [a0]
      call_builtin a2, outcome$, [a0]
      return a2
    cell asks() {log}
      request a0, 'Log', 'slow', []
      call a9, log, ['unreached']
      return 1`);
    const machine = machineOf(text);
    expect(requests(machine)).toEqual(['0 log("main")', "1 slow()"]);
    machine.answer(0, { ok: true, value: null });
    expect(textOf(machine.run())).toBe('err("runtime error: task cancelled")');
  });
});

function machineOf(text: string): Machine {
  const program = sketch(
    `${text}\ncell log(a0) {log}\n request a1, 'Log', 'log', [a0]\n return a1`,
  );
  const entry = { module: "m", name: "main" };
  return createMachine(program, { entry, args: [], tiles: "inline", door: true });
}

function requests(machine: Machine): string[] {
  const state = machine.run();
  if (state.kind !== "suspended") return [textOf(state)];
  return state.requests.map((r) => {
    const args = r.kind === "tool" ? [] : r.args.map(displayNested);
    return r.kind === "door" ? `${r.id} ${r.operation}(${args.join(", ")})` : `${r.id} ${r.kind}`;
  });
}

describe("answers", () => {
  it("let the fibers go on in the order in which they arrive", () => {
    const text = main(`closure g0, work, []
      spawn a0, g0, ['a']
      spawn a1, g0, ['b']
      list_new l0, [a0, a1]
      call_builtin i0, await_any$, [l0]
      return i0`);
    const machine = machineOf(text);
    expect(requests(machine)).toEqual(['0 log("a")', '1 log("b")']);
    machine.answer(1, { ok: true, value: null });
    expect(requests(machine)).toEqual(["1"]);
  });
});

describe("channels", () => {
  const MAKE = (capacity: number): string => `call_builtin a0, channel$, [${capacity}]
    index a1, a0, 0
    index a2, a0, 1`;
  /** Sends 1, 2, 3 and closes, logging before and after each. */
  const SENDER = `
  cell sender(a0) {async, log}
    const i0, 0
  loop:
    add_int i0, i0, 1
    lt_int b0, i0, 4
    jump_unless b0, ->end
    call_builtin a1, chan_send$, [a0, i0]
    call a9, log, [i0]
    jump ->loop
  end:
    call_builtin a1, chan_close$, [a0]
    return 'sent'`;
  const RECEIVE = (capacity: number): string =>
    main(`${MAKE(capacity)}
      closure g0, sender, []
      spawn a3, g0, [a1]
      call a9, log, ['main']
      list_new l0, []
      iter_new a4, a2
    next:
      iter_next a5, a4, ->end
      list_append l0, l0, a5
      jump ->next
    end:
      call_builtin a6, chan_recv$, [a2]
      list_new l1, [l0, a6, a1, a2]
      return l1
    ${SENDER}`);

  it("deliver in order until they are closed, whatever their capacity", () => {
    const end = "=> [[1, 2, 3], null, <sender>, <receiver>]";
    for (const capacity of [-1, 0, 1, 2]) {
      const result = run(RECEIVE(capacity));
      expect(result.endsWith(end)).toBe(true);
      expect(result).toContain("1 2 3");
    }
  });

  it("make senders wait when they are full: none before anybody receives in a rendezvous", () => {
    const text = (capacity: number): string =>
      main(`${MAKE(capacity)}
      closure g0, sender, []
      spawn a3, g0, [a1]
      call a9, log, ['main']
      call_builtin i1, chan_len$, [a2]
      return i1
    ${SENDER}`).replace("call a9, log, [i0]", "await a5, 1");
    expect(run(text(0))).toBe('"main" => 0');
    expect(run(text(2))).toBe('"main" => 2');
    expect(run(text(-1))).toBe('"main" => 3');
  });

  it("send and receive without waiting, where that is possible", () => {
    const text = main(`${MAKE(1)}
      call_builtin a3, chan_try_recv$, [a2]
      call_builtin b0, chan_try_send$, [a1, 5]
      call_builtin b1, chan_try_send$, [a1, 6]
      call_builtin i1, chan_len$, [a2]
      call_builtin a4, chan_try_recv$, [a2]
      list_new l0, [a3, b0, b1, i1, a4]
      return l0`);
    expect(run(text)).toBe("=> [null, true, false, 1, 5]");
  });

  it("refuse to send after close, also what waited for room", () => {
    const text = main(`${MAKE(0)}
      closure g0, sender, []
      spawn a3, g0, [a1]
      call a9, log, ['main']
      call_builtin a4, chan_close$, [a1]
      call_builtin a5, outcome$, [a3]
      call a9, log, [a5]
      call_builtin a6, chan_send$, [a1, 1]
      return a6
    ${SENDER}`);
    const error = "runtime error: send on closed channel";
    expect(run(text)).toBe(`"main" err("${error}") => E_TRAP_OTHER ${error}`);
  });

  it("serve receivers in the order in which they came", () => {
    const text = main(`${MAKE(-1)}
      closure g0, receiver, []
      spawn a3, g0, [a2]
      spawn a4, g0, [a2]
      call a9, log, ['main']
      call_builtin a5, chan_send$, [a1, 'first']
      call_builtin a5, chan_send$, [a1, 'second']
      list_new l0, [a3, a4]
      await a6, l0
      return a6
    cell receiver(a0) {async}
      call_builtin a1, chan_recv$, [a0]
      return a1`);
    expect(run(text)).toBe('"main" => ["first", "second"]');
  });

  it("can be waited for together with futures: what was there first", () => {
    const text = main(`${MAKE(-1)}
      closure f0, one, []
      spawn a3, f0, []
      list_new l0, [a3, a2]
      call_builtin b0, chan_try_send$, [a1, 'x']
      call_builtin i0, await_any$, [l0]
      await a4, a3
      call_builtin i1, await_any$, [l0]
      call_builtin a5, chan_recv$, [a2]
      call_builtin i2, await_any$, [l0]
      list_new l1, [i0, i1, i2]
      return l1`);
    expect(run(text)).toBe("1 => [1, 1, 0]");
  });

  it("refuse other values", () => {
    const text = main("call_builtin a0, chan_recv$, [5]\n return a0");
    expect(run(text)).toBe(
      "=> E_TRAP_TYPE type error at runtime: recv: expected Receiver, got Int",
    );
    const any = main("list_new l0, []\n call_builtin a0, await_any$, [l0]\n return a0");
    expect(run(any)).toBe("=> E_TRAP_OTHER runtime error: there is nothing to wait for");
  });
});

describe("memory", () => {
  const endless = (before: string, step: string, end: string): string =>
    main(`${before}\n loop:\n ${step}\n jump ->loop\n ${end}`);
  const limit = { memoryBytes: 60_000 };

  it.each([
    ["tasks", "closure f0, one, []", "spawn a0, f0, []", ""],
    ["deferred blocks", "", "defer ->deferred", "deferred:\n defer_end"],
    [
      "values in a channel",
      "call_builtin a0, channel$, [-1]\n index a1, a0, 0",
      "call_builtin a2, chan_send$, [a1, 'text']",
      "",
    ],
  ])("counts %s", (_, before, step, end) => {
    const result = run(endless(before, step, end), limit);
    expect(result).toBe("=> E_TRAP_MEMORY memory limit exceeded");
  });
});
