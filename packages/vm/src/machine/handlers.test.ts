// Handlers (language 10.3, lir.md 6.2): which arm runs, what a resume gives, how blocks and arms
// are left. All programs are valid LIR.

import { describe, expect, it } from "vitest";
import { runMain, textOf } from "../testing/build-program.ts";
import { runLogged } from "../testing/run-logged.ts";
import { sketch } from "../testing/sketch.ts";

/** Cells that perform, and the operations where nobody handles them. */
const COMMON = `
cell ask(a0) {ask}
  request a1, 'Ask', 'ask', [a0]
  return a1
cell tell(a0) {ask}
  request a1, 'Ask', 'tell', [a0]
  return a1
cell asks(a0) {ask}
  perform a1, 'Ask', 'ask', ask, [a0]
  return a1
cell tells(a0) {ask}
  perform a1, 'Ask', 'tell', tell, [a0]
  return a1
cell deep(i0) {ask}
  eq_int b0, i0, 0
  jump_if b0, ->bottom
  sub_int i1, i0, 1
  call a0, deep, [i1]
  arith a0, 0, a0, 1
  return a0
bottom:
  call a0, asks, ['deep']
  return a0
cell each(l0, g0) {ask}
  list_new l1, []
  iter_new a0, l0
next:
  iter_next a1, a0, ->end
  call_closure a2, g0, [a1]
  list_append l1, l1, a2
  jump ->next
end:
  return l1
`;

const run = (main: string): string => runLogged(main + COMMON);

/** The body of a handle of `Ask.ask` with this block and arm; its value is what main returns. */
const handling = (block: string, arm: string): string => `cell main() {log}
    handle a0, ['Ask.ask'], [->arm, ->after]
    ${block}
  arm:
    ${arm}
  after:
    list_new l9, ['after', a0]
    return l9`;

describe("arms", () => {
  it("give the value of each perform by resuming", () => {
    const text = handling(
      `call a1, asks, ['name']
      perform a2, 'Ask', 'ask', ask, ['city']
      list_new l0, [a1, a2]
      handle_end l0`,
      `arm_arg a3, 0
      list_new l1, [a3]
      resume a4, l1, 0, 0
      handle_end a4`,
    );
    expect(run(text)).toBe('=> ["after", [["name"], ["city"]]]');
  });

  it("give the value of the handle when they do not resume", () => {
    const text = handling("call a1, deep, [20]\n handle_end a1", "handle_end 'given up'");
    expect(run(text)).toBe('=> ["after", "given up"]');
  });

  it("go on after a resume, with the final value of the block", () => {
    const text = handling(
      "call a1, deep, [20]\n list_new l0, [a1]\n handle_end l0",
      "resume a2, 1, 0, 0\n list_new l1, ['arm', a2]\n handle_end l1",
    );
    expect(run(text)).toBe('=> ["after", ["arm", [21]]]');
  });

  it("keep their registers while another activation of the arm runs", () => {
    const text = `cell main() {}
      handle a0, ['Ask.ask'], [->arm, ->after]
      call a1, asks, [1]
      call a1, asks, [10]
      call a1, asks, [100]
      handle_end a1
    arm:
      arm_arg a9, 0
      resume a8, a9, FROM, TO
      arith a8, 0, a8, a9
      handle_end a8
    after:
      return a0`;
    // Registers in the order of their first use: a0, i1, a1, i10, i100, a9.
    const [kept, lost] = [text.replace("FROM, TO", "5, 6"), text.replace("FROM, TO", "0, 0")];
    expect(run(kept)).toBe("=> 211");
    expect(run(lost)).toBe("=> 400");
  });

  it("are chosen by operation", () => {
    const text = `cell main() {}
      handle a0, ['Ask.ask', 'Ask.tell'], [->ask, ->tell, ->after]
      call a1, tells, ['t']
      call a2, asks, [a1]
      list_new l0, [a1, a2]
      handle_end l0
    ask:
      resume a3, 'asked', 0, 0
      handle_end a3
    tell:
      arm_arg a4, 0
      list_new l1, [a4]
      resume a3, l1, 0, 0
      handle_end a3
    after:
      return a0`;
    expect(run(text)).toBe('=> [["t"], "asked"]');
  });

  it("are passed over where the handle has none for the operation", () => {
    const text = `cell main() {}
      handle a0, ['Ask.tell'], [->tell, ->end]
      handle a1, ['Ask.ask'], [->ask, ->after]
      call a2, tells, [1]
      call a2, asks, [a2]
      handle_end a2
    ask:
      arm_arg a3, 0
      resume a4, a3, 0, 0
      list_new l0, ['ask', a4]
      handle_end l0
    after:
      handle_end a1
    tell:
      resume a5, 2, 0, 0
      list_new l1, ['tell', a5]
      handle_end l1
    end:
      return a0`;
    expect(run(text)).toBe('=> ["tell", ["ask", 2]]');
  });

  it("are not in force in themselves: a perform there goes further out", () => {
    const text = `cell main() {}
      handle a0, ['Ask.ask'], [->outer, ->end]
      handle a1, ['Ask.ask'], [->inner, ->after]
      call a2, asks, ['q']
      handle_end a2
    inner:
      arm_arg a3, 0
      list_new l0, ['inner', a3]
      call a4, asks, [l0]
      resume a5, a4, 0, 0
      handle_end a5
    after:
      handle_end a1
    outer:
      arm_arg a6, 0
      list_new l1, ['outer', a6]
      resume a7, l1, 0, 0
      handle_end a7
    end:
      return a0`;
    expect(run(text)).toBe('=> ["outer", ["inner", "q"]]');
  });

  it("are in force again after a resume: handlers are deep", () => {
    const text = handling(
      `const i0, 0
    loop:
      lt_int b0, i0, 3
      jump_unless b0, ->done
      call a1, asks, [i0]
      call a9, log, [a1]
      add_int i0, i0, 1
      jump ->loop
    done:
      handle_end 'done'`,
      "arm_arg a2, 0\n list_new l0, [a2]\n resume a3, l0, 0, 0\n handle_end a3",
    );
    expect(run(text)).toBe('[0] [1] [2] => ["after", "done"]');
  });

  it("are found from inside a function that another cell calls", () => {
    const text = handling(
      `closure g0, asks, []
      list_new l0, [1, 2, 3]
      call a1, each, [l0, g0]
      handle_end a1`,
      "arm_arg a2, 0\n arith a2, 2, a2, 10\n resume a3, a2, 0, 0\n handle_end a3",
    );
    expect(run(text)).toBe('=> ["after", [10, 20, 30]]');
  });

  it("may resume inside a handle of their own, which the block then runs in", () => {
    const text = handling(
      "call a1, asks, [1]\n call a1, tells, [a1]\n handle_end a1",
      `handle a2, ['Ask.tell'], [->tell, ->told]
      resume a3, 5, 0, 0
      list_new l0, ['inside', a3]
      handle_end l0
    tell:
      arm_arg a4, 0
      arith a4, 0, a4, 100
      resume a5, a4, 0, 0
      list_new l1, ['told', a5]
      handle_end l1
    told:
      handle_end a2`,
    );
    expect(run(text)).toBe('=> ["after", ["told", ["inside", 105]]]');
  });

  it("may be resumed from the block of another handle inside the arm", () => {
    // The inner block is itself resumed when it resumes the outer arm, further down.
    const text = handling(
      "call a1, asks, ['q']\n list_new l0, [a1]\n handle_end l0",
      `handle a2, ['Ask.ask', 'Ask.tell'], [->never, ->tell, ->told]
      call a3, tells, [1]
      resume a4, a3, 0, 0
      list_new l1, ['inner', a4]
      handle_end l1
    never:
      handle_end 'never'
    tell:
      resume a5, 7, 0, 0
      list_new l2, ['tell', a5]
      handle_end l2
    told:
      handle_end a2`,
    );
    expect(run(text)).toBe('=> ["after", ["tell", ["inner", [7]]]]');
  });

  it("cannot resume twice", () => {
    const text = handling(
      "call a1, asks, [1]\n handle_end a1",
      "resume a2, 1, 0, 0\n resume a3, 2, 0, 0\n handle_end a3",
    );
    expect(run(text)).toBe("=> E_TRAP_OTHER runtime error: continuation already resumed");
  });

  it("fault on an argument of another type, and on a resume with one", () => {
    const argument = "arm_arg i7, 0\n handle_end i7";
    const text = handling("call a1, asks, ['x']\n handle_end a1", argument);
    const fault = "=> E_TRAP_TYPE type error at runtime: expected Int, got String";
    expect(run(text)).toBe(fault);
    const ints = `cell ints() {ask}
      perform i0, 'Ask', 'ask', int, []
      return i0
    cell int() -> i {}
      const i0, 0
      return i0`;
    const arm = "resume a2, 'x', 0, 0\n handle_end a2";
    const block = handling("call a1, ints, []\n handle_end a1", arm);
    expect(run(`${block}\n${ints}`)).toBe(fault);
  });
});

describe("operations that nobody handles", () => {
  it("call the cell that the perform names", () => {
    const text = "cell main() {ask}\n call a0, asks, [1]\n return a0";
    expect(run(text)).toBe('=> "Ask.ask"');
  });

  it("ask the door in an arm too", () => {
    const text = handling(
      "call a1, asks, [1]\n handle_end a1",
      "perform a2, 'Ask', 'ask', ask, [2]\n resume a3, a2, 0, 0\n handle_end a3",
    ).replace("{log}", "{ask, log}");
    expect(run(text)).toBe('=> ["after", "Ask.ask"]');
  });

  it("fault where there is no door", () => {
    const program = sketch(`cell main() {ask}\n call a0, asks, [1]\n return a0\n${COMMON}`);
    expect(textOf(runMain(program).state)).toBe(
      "E_TRAP_OTHER runtime error: unhandled effect: Ask.ask",
    );
  });

  it("fault without a door for tools too", () => {
    const text = "cell main() {llm}\n call_tool a0, 'llm.chat', a1\n return a0";
    expect(textOf(runMain(sketch(text)).state)).toBe(
      "E_TRAP_OTHER tool call error: no provider for 'llm.chat'",
    );
    expect(runLogged(text)).toBe('=> "tool"');
  });
});

describe("leaving", () => {
  /** `inner` returns from its block or arm; main shows that only `inner` was left. */
  const returning = (block: string, arm: string): string => `cell main() {}
      call a0, inner, []
      list_new l0, ['main', a0]
      return l0
    cell inner() {}
      handle a0, ['Ask.ask'], [->arm, ->after]
      ${block}
    arm:
      ${arm}
    after:
      return 'after'`;

  it("returns from a block", () => {
    expect(run(returning("return 'block'", "handle_end 1"))).toBe('=> ["main", "block"]');
  });

  it("returns from a block that was resumed, its arm waiting", () => {
    const block = "call a1, asks, [1]\n call a1, asks, [2]\n return 'resumed'";
    const arm = "resume a2, 1, 0, 0\n call a3, fail, ['the arm went on']\n handle_end a3";
    expect(run(returning(block, arm))).toBe('=> ["main", "resumed"]');
  });

  it("returns from an arm, before and after a resume", () => {
    const block = "call a1, deep, [9]\n handle_end a1";
    expect(run(returning(block, "return 'arm'"))).toBe('=> ["main", "arm"]');
    expect(run(returning(block, "resume a2, 1, 0, 0\n return a2"))).toBe('=> ["main", 10]');
  });

  /** A loop of three rounds around a handle; the log says which rounds went how far. */
  const looping = (block: string, arm: string): string => `cell main() {log}
      const i0, 0
    loop:
      add_int i0, i0, 1
      le_int b0, i0, 3
      jump_unless b0, ->end
      handle a0, ['Ask.ask'], [->arm, ->after]
      ${block}
    arm:
      ${arm}
    after:
      call a9, log, ['after']
      jump ->loop
    end:
      return i0`;

  it("breaks and continues out of a block", () => {
    expect(run(looping("scope_leave 1\n jump ->loop", "handle_end 1"))).toBe("=> 4");
    expect(run(looping("scope_leave 1\n jump ->end", "handle_end 1"))).toBe("=> 1");
  });

  it("breaks and continues out of a block that was resumed twice", () => {
    const block = "call a1, asks, [1]\n call a1, asks, [2]\n call a9, log, [a1]\n scope_leave 1";
    const arm = "arm_arg a2, 0\n resume a3, a2, 0, 0\n call a9, log, ['never']\n handle_end a3";
    expect(run(looping(`${block}\n jump ->loop`, arm))).toBe("2 2 2 => 4");
    expect(run(looping(`${block}\n jump ->end`, arm))).toBe("2 => 1");
  });

  it("breaks and continues out of an arm, before and after a resume", () => {
    const block = "call a1, asks, [i0]\n handle_end a1";
    const early = "scope_leave 1\n jump ->loop";
    const late = "resume a3, 8, 0, 0\n call a9, log, [a3]\n scope_leave 1\n jump ->end";
    expect(run(looping(block, early))).toBe("=> 4");
    expect(run(looping(block, late))).toBe("8 => 1");
  });

  it("leaves two handles at once, both resumed", () => {
    const text = looping(
      `handle a4, ['Ask.tell'], [->tell, ->told]
      call a5, tells, [1]
      call a5, asks, [2]
      scope_leave 2
      jump ->loop
    tell:
      resume a6, 1, 0, 0
      call a9, log, ['never']
      handle_end a6
    told:
      handle_end a4`,
      "resume a3, 1, 0, 0\n call a9, log, ['never']\n handle_end a3",
    );
    expect(run(text)).toBe("=> 4");
  });
});

describe("depth", () => {
  const LOOP = (arm: string): string => `cell main() {}
      handle a0, ['Ask.ask'], [->arm, ->after]
      call a1, count, [10000]
      handle_end a1
    arm:
      ${arm}
    after:
      return a0
    cell count(i0) {ask}
      const i1, 0
    loop:
      lt_int b0, i1, i0
      jump_unless b0, ->end
      call i1, next, [i1]
      jump ->loop
    end:
      return i1
    cell next(i0) -> i {ask}
      perform i1, 'Ask', 'ask', id, [i0]
      return i1
    cell id(i0) -> i {}
      return i0`;
  const NEXT = "arm_arg a2, 0\n arith a2, 0, a2, 1\n";

  it("does not grow with performs that are resumed in tail position", () => {
    const memoryBytes = 20_000;
    const direct = LOOP(`${NEXT} resume a3, a2, 0, 0\n handle_end a3`);
    expect(runLogged(direct, { memoryBytes })).toBe("=> 10000");
    const onTheWay = `${NEXT} resume a3, a2, 0, 0\n move a4, a3\n jump ->over\n over:\n handle_end a4`;
    expect(runLogged(LOOP(onTheWay), { memoryBytes })).toBe("=> 10000");
  });

  it("is limited like that of calls where arms wait", () => {
    const waiting = LOOP(`${NEXT} resume a3, a2, 0, 0\n list_new l0, [a3]\n handle_end l0`);
    expect(runLogged(waiting)).toBe("=> E_TRAP_STACK stack overflow: call depth exceeded 4096");
  });

  it("allows recursion through handlers", () => {
    const text = `cell main() {}
      call a0, down, [100]
      return a0
    cell down(i0) {}
      eq_int b0, i0, 0
      jump_if b0, ->bottom
      handle a0, ['Ask.ask'], [->arm, ->after]
      sub_int i1, i0, 1
      call a1, down, [i1]
      call a2, asks, [a1]
      handle_end a2
    arm:
      arm_arg a3, 0
      arith a3, 0, a3, i0
      resume a4, a3, 0, 0
      handle_end a4
    after:
      return a0
    bottom:
      return 0`;
    expect(run(text)).toBe("=> 5050");
  });
});
