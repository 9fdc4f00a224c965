// Deferred blocks and other things on the way out of frames (language 14, lir.md 6.3): which run,
// in which order, and which error counts.

import { describe, expect, it } from "vitest";
import { runLogged as run } from "../testing/run-logged.ts";

const ASKS = `
cell ask() {ask}
  request a1, 'Ask', 'ask', []
  return a1
cell asks() {ask}
  perform a1, 'Ask', 'ask', ask, []
  return a1
`;

/** A cell that defers logging a name, then runs `body`. */
const deferring = (name: string, body: string, row = "ask, log"): string => `
cell ${name}() {${row}}
  defer ->deferred
  ${body}
deferred:
  call a9, log, ['${name}']
  defer_end`;

describe("deferred blocks", () => {
  it("run in reverse when the cell returns, once per registration", () => {
    const text = `cell main() {log}
      call a0, inner, []
      call a9, log, [a0]
      return a0
    cell inner() {log}
      const i0, 0
    loop:
      lt_int b0, i0, 3
      jump_unless b0, ->end
      defer ->deferred
      add_int i0, i0, 1
      jump ->loop
    end:
      defer ->last
      return 'result'
    deferred:
      call a9, log, [i0]
      add_int i0, i0, 10
      defer_end
    last:
      call a9, log, ['last']
      defer_end`;
    expect(run(text)).toBe('"last" 3 13 23 "result" => "result"');
  });

  it("cannot change the result, which is computed before", () => {
    const text = `cell main() {}
      list_new l0, [1]
      defer ->deferred
      return l0
    deferred:
      list_append l0, l0, 2
      defer_end`;
    expect(run(text)).toBe("=> [1]");
  });

  it("run at a fault, innermost cell first, and the fault goes on", () => {
    const body = "call a0, inner, []\n return a0";
    const inner = deferring("inner", "call a0, fail, ['runtime error: x']\n return a0");
    const text = deferring("main", body) + inner;
    expect(run(text)).toBe('"inner" "main" => E_TRAP_OTHER runtime error: x');
  });

  it("all run when one of them faults: the first error counts", () => {
    const text = (end: string): string => `cell main() {log}
      defer ->first
      defer ->second
      defer ->third
      ${end}
    first:
      call a9, log, ['first']
      defer_end
    second:
      call a9, fail, ['runtime error: second']
      defer_end
    third:
      call a9, log, ['third']
      call a9, fail, ['runtime error: third']
      defer_end`;
    expect(run(text("return 1"))).toBe('"third" "first" => E_TRAP_OTHER runtime error: third');
    const body = text("call a9, fail, ['runtime error: body']\n return 1");
    expect(run(body)).toBe('"third" "first" => E_TRAP_OTHER runtime error: body');
  });

  it("run when fuel is used up only as far as it goes", () => {
    const text = deferring("main", "loop:\n jump ->loop", "log");
    expect(run(text, { fuel: 1000 })).toBe("=> E_TRAP_FUEL fuel exhausted");
  });

  it("may call, handle and return from what they call", () => {
    const text = `cell main() {log}
      defer ->deferred
      return 'result'
    deferred:
      handle a0, ['Ask.ask'], [->arm, ->after]
      call a1, asks, []
      list_new l0, ['block', a1]
      handle_end l0
    arm:
      resume a2, 1, 0, 0
      list_new l1, ['arm', a2]
      handle_end l1
    after:
      call a9, log, [a0]
      call a9, inner, []
      defer_end
    ${deferring("inner", "return 1", "log")}`;
    expect(run(text + ASKS)).toBe('["arm", ["block", 1]] "inner" => "result"');
  });
});

describe("a continuation that is not resumed", () => {
  const handling = (arm: string): string => `cell main() {ask, log}
      handle a0, ['Ask.ask'], [->arm, ->after]
      call a1, outer, []
      handle_end a1
    arm:
      call a9, log, ['arm']
      ${arm}
    after:
      call a9, log, ['after']
      return a0
    ${deferring("outer", "call a0, inner, []\n return a0")}
    ${deferring("inner", "call a0, asks, []\n return a0")}
    ${ASKS}`;

  it("has its deferred blocks run, innermost first, before the handle has its value", () => {
    const log = '"arm" "inner" "outer" "after" => "value"';
    expect(run(handling("handle_end 'value'"))).toBe(log);
  });

  it("is left by return, break and fault in the arm as well", () => {
    expect(run(handling("return 'returned'"))).toBe('"arm" "inner" "outer" => "returned"');
    const broken = handling("scope_leave 1\n const a0, 'broken'\n jump ->after");
    expect(run(broken)).toBe('"arm" "inner" "outer" "after" => "broken"');
    const fault = "call a8, fail, ['runtime error: f']\n handle_end a8";
    expect(run(handling(fault))).toBe('"arm" "inner" "outer" => E_TRAP_OTHER runtime error: f');
  });

  it("is not left again when it was resumed", () => {
    const resumed = "resume a2, 5, 0, 0\n handle_end a2";
    expect(run(handling(resumed))).toBe('"arm" "inner" "outer" "after" => 5');
    const twice = "resume a2, 5, 0, 0\n call a9, log, [a2]\n return 'r'";
    expect(run(handling(twice))).toBe('"arm" "inner" "outer" 5 => "r"');
  });

  it("performs to outer handlers in its deferred blocks: its own handle is over", () => {
    const text = `cell main() {log}
      handle a0, ['Ask.ask'], [->outer, ->end]
      handle a1, ['Ask.ask'], [->inner, ->after]
      call a2, asking, []
      handle_end a2
    inner:
      call a9, log, ['inner']
      handle_end 'inner'
    after:
      handle_end a1
    outer:
      call a9, log, ['outer']
      resume a3, 7, 0, 0
      list_new l0, ['outer', a3]
      handle_end l0
    end:
      return a0
    cell asking() {ask, log}
      defer ->deferred
      call a0, asks, []
      return a0
    deferred:
      call a0, asks, []
      call a9, log, [a0]
      defer_end`;
    expect(run(text + ASKS)).toBe('"inner" "outer" 7 => ["outer", "inner"]');
  });

  it("may be abandoned while it is on its way out, which ends both", () => {
    // The deferred block of a frame that returns performs; the arm does not resume.
    const text = `cell main() {log}
      handle a0, ['Ask.ask'], [->arm, ->after]
      call a1, asking, []
      call a9, log, ['never']
      handle_end a1
    arm:
      call a9, log, ['arm']
      handle_end 'given up'
    after:
      return a0
    cell asking() {ask, log}
      defer ->first
      defer ->second
      return 'result'
    first:
      call a9, log, ['first']
      defer_end
    second:
      call a0, asks, []
      call a9, log, ['never']
      defer_end`;
    expect(run(text + ASKS)).toBe('"arm" "first" => "given up"');
    const failing = text.replace(
      "return 'result'",
      "call a5, fail, ['runtime error: f']\n return 1",
    );
    expect(run(failing + ASKS)).toBe('"arm" "first" => E_TRAP_OTHER runtime error: f');
  });

  it("keeps deferred blocks of the activation that goes on", () => {
    const text = `cell main() {log}
      defer ->first
      handle a0, ['Ask.ask'], [->arm, ->after]
      defer ->second
      call a1, asks, []
      handle_end a1
    arm:
      defer ->third
      call a9, log, ['arm']
      handle_end 'value'
    after:
      call a9, log, ['after']
      return a0
    first:
      call a9, log, ['first']
      defer_end
    second:
      call a9, log, ['second']
      defer_end
    third:
      call a9, log, ['third']
      defer_end`;
    const log = '"arm" "after" "third" "second" "first" => "value"';
    expect(run(text + ASKS)).toBe(log);
    const resumed = text.replace("handle_end 'value'", "resume a2, 5, 0, 0\n handle_end a2");
    expect(run(resumed + ASKS)).toBe('"arm" "after" "third" "second" "first" => 5');
    const returned = text.replace("handle_end 'value'", "resume a2, 5, 0, 0\n return a2");
    expect(run(returned + ASKS)).toBe('"arm" "third" "second" "first" => 5');
  });
});
