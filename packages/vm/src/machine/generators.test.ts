// Generators (language 14, lir.md 6.4): on demand, single-pass, performing on the consumer's stack.

import { describe, expect, it } from "vitest";
import { runLogged as run } from "../testing/run-logged.ts";

/** Yields 1 … n and logs what it does. */
const COUNT = `
cell count(i0) generator {log}
  const i1, 0
loop:
  lt_int b0, i1, i0
  jump_unless b0, ->end
  add_int i1, i1, 1
  call a9, log, ['make']
  yield i1
  jump ->loop
end:
  call a9, log, ['end']
  return null
`;

const ONE = `
cell one() generator {}
  yield 1
  return null
`;

describe("a generator", () => {
  it("runs on demand, between the steps of its consumer", () => {
    const text = `cell main() {log}
      call a0, count, [2]
      call a9, log, [a0]
      iter_new a1, a0
    next:
      iter_next a2, a1, ->end
      call a9, log, [a2]
      jump ->next
    end:
      iter_next a2, a1, ->over
    over:
      return a0`;
    const log = '<generator> "make" 1 "make" 2 "end" => <generator>';
    expect(run(text + COUNT)).toBe(log);
  });

  it("is its own iterator, and single-pass", () => {
    const text = `cell main() {log}
      call a0, count, [3]
      iter_next a1, a0, ->end
      iter_new a2, a0
      iter_new a3, a0
      iter_next a4, a2, ->end
      iter_next a5, a3, ->end
      list_new l0, [a1, a4, a5]
      return l0
    end:
      return 'end'`;
    expect(run(text + COUNT)).toBe('"make" "make" "make" => [1, 2, 3]');
  });

  it("is made by closures, tail calls and tasks too", () => {
    const text = (make: string): string => `cell main() {async, log}
      ${make}
      iter_next a1, a0, ->end
      return a1
    end:
      return 'nothing'
    cell tail() {log}
      tail_call count, [1]`;
    expect(run(text("closure f0, tail, []\n call_closure a0, f0, []") + COUNT)).toBe('"make" => 1');
    expect(run(text("closure f0, one, []\n call_closure a0, f0, []") + COUNT + ONE)).toBe("=> 1");
    expect(run(text("call a0, tail, []") + COUNT)).toBe('"make" => 1');
    expect(run(text("closure f0, tail, []\n spawn a2, f0, []\n await a0, a2") + COUNT)).toBe(
      '"make" => 1',
    );
  });

  it("performs on the stack of its consumer", () => {
    const text = `cell main() {ask}
      call a0, asking, []
      handle a1, ['Ask.ask'], [->arm, ->after]
      iter_next a2, a0, ->end
      iter_next a3, a0, ->end
      list_new l0, [a2, a3]
      handle_end l0
    arm:
      resume a4, 'answer', 0, 0
      list_new l1, ['arm', a4]
      handle_end l1
    after:
      return a1
    end:
      handle_end 'end'
    cell asking() generator {ask}
      perform a0, 'Ask', 'ask', ask, []
      yield a0
      perform a0, 'Ask', 'ask', ask, []
      yield a0
      return null
    cell ask() {ask}
      request a0, 'Ask', 'ask', []
      return a0`;
    expect(run(text)).toBe('=> ["arm", ["arm", ["answer", "answer"]]]');
  });

  it("may yield inside a handle of its own, resumed and all", () => {
    const text = `cell main() {log}
      call a0, handling, []
      list_new l0, []
    next:
      iter_next a1, a0, ->end
      list_append l0, l0, a1
      jump ->next
    end:
      return l0
    cell handling() generator {log}
      handle a0, ['Ask.ask'], [->arm, ->after]
      yield 'before'
      perform a1, 'Ask', 'ask', ask, []
      yield a1
      handle_end 'value'
    arm:
      yield 'arm'
      resume a2, 'resumed', 0, 0
      yield a2
      list_new l0, [a2]
      handle_end l0
    after:
      yield a0
      return 1
    cell ask() {ask}
      request a0, 'Ask', 'ask', []
      return a0`;
    expect(run(text)).toBe('=> ["before", "arm", "resumed", "value", ["value"]]');
  });

  it("ends with its deferred blocks at return and fault, and is then empty", () => {
    const text = (end: string): string => `cell main() {async, log}
      closure f0, body, []
      spawn a0, f0, []
      call_builtin a1, outcome$, [a0]
      return a1
    cell body() {log}
      call a0, deferring, []
      iter_next a1, a0, ->end
      iter_next a1, a0, ->end
      return 'two'
    end:
      iter_next a1, a0, ->over
    over:
      return 'over'
    cell deferring() generator {log}
      defer ->deferred
      yield 1
      ${end}
    deferred:
      call a9, log, ['deferred']
      defer_end`;
    expect(run(text("return 1"))).toBe('"deferred" => ok("over")');
    expect(run(text("fault 10, 'runtime error: f'"))).toBe('"deferred" => err("runtime error: f")');
  });

  it("cannot ask itself for an item", () => {
    const text = `cell main() {}
      call_builtin a0, instance$, ['Box']
      call a1, selfish, [a0]
      call_builtin a9, instance_set$, [a0, 'g', a1]
      iter_next a2, a1, ->end
    end:
      return 1
    cell selfish(a0) generator {}
      call_builtin a1, instance_get$, [a0, 'g']
      iter_next a2, a1, ->end
    end:
      return 1`;
    expect(run(text)).toBe("=> E_TRAP_OTHER runtime error: generator is already running");
  });

  it("is over when the consumer that it performs to gives it up", () => {
    const text = `cell main() {ask, log}
      call a0, asking, []
      handle a1, ['Ask.ask'], [->arm, ->after]
      iter_next a2, a0, ->end
      handle_end a2
    arm:
      handle_end 'given up'
    after:
      iter_next a3, a0, ->over
      return a3
    over:
      return a1
    end:
      handle_end 'end'
    cell asking() generator {ask, log}
      defer ->deferred
      perform a0, 'Ask', 'ask', ask, []
      yield a0
      return null
    deferred:
      call a9, log, ['deferred']
      defer_end
    cell ask() {ask}
      request a0, 'Ask', 'ask', []
      return a0`;
    expect(run(text)).toBe('"deferred" => "given up"');
  });
});
