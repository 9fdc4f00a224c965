// Random programs with handlers, deferred blocks and every way out, as LIR text and, next to it, as
// JavaScript generators: two accounts of language 10.3 and 14 that have nothing in common.

import * as fc from "fast-check";

/** A statement. Every cell has a number `acc`, which its blocks and arms share. */
export type Statement =
  | { readonly kind: "log"; readonly n: number }
  | { readonly kind: "show" }
  | { readonly kind: "add"; readonly n: number }
  | { readonly kind: "perform"; readonly op: 0 | 1; readonly n: number }
  | { readonly kind: "call"; readonly body: readonly Statement[] }
  | { readonly kind: "defer"; readonly n: number; readonly fails: boolean }
  | { readonly kind: "loop"; readonly body: readonly Statement[] }
  | { readonly kind: "break" }
  | { readonly kind: "return" }
  | { readonly kind: "fault" }
  | {
      readonly kind: "handle";
      readonly block: readonly Statement[];
      readonly arms: readonly Arm[];
    };

/** `end`: what the arm does after `before`; `tail` and `after` resume. */
export interface Arm {
  readonly op: 0 | 1;
  readonly before: readonly Statement[];
  readonly end: "tail" | "after" | "none";
  readonly after: readonly Statement[];
}

const { body: bodies } = fc.letrec<{ body: Statement[]; statement: Statement; arm: Arm }>((tie) => {
  const n = fc.integer({ min: 1, max: 9 });
  const op = fc.constantFrom<0 | 1>(0, 1);
  const body = tie("body");
  return {
    body: fc.array(tie("statement"), { maxLength: 4, depthIdentifier: "d" }),
    arm: fc.record({
      op,
      before: body,
      end: fc.constantFrom<Arm["end"]>("tail", "after", "none"),
      after: body,
    }),
    statement: fc.oneof(
      { depthIdentifier: "d", depthSize: "small", maxDepth: 5 },
      fc.oneof(
        fc.record({ kind: fc.constant("log" as const), n }),
        fc.record({ kind: fc.constant("show" as const) }),
        fc.record({ kind: fc.constant("add" as const), n }),
        fc.record({ kind: fc.constant("perform" as const), op, n }),
        fc.record({ kind: fc.constant("perform" as const), op, n }),
        fc.record({ kind: fc.constant("defer" as const), n, fails: fc.nat(9).map((x) => x === 0) }),
        fc.record({ kind: fc.constantFrom("break" as const, "return" as const) }),
        fc.constant<Statement>({ kind: "fault" }),
      ),
      fc.record({ kind: fc.constant("call" as const), body }),
      fc.record({ kind: fc.constant("loop" as const), body }),
      fc.record({
        kind: fc.constant("handle" as const),
        block: body,
        arms: fc.uniqueArray(tie("arm"), { minLength: 1, maxLength: 2, selector: (a) => a.op }),
      }),
      fc.record({
        kind: fc.constant("handle" as const),
        block: body,
        arms: fc.uniqueArray(tie("arm"), { minLength: 1, maxLength: 2, selector: (a) => a.op }),
      }),
    ),
  };
});

/** Bodies of `main`. */
export const effectPrograms: fc.Arbitrary<Statement[]> = bodies;

/** The text of a program for `sketch`. Operations without a handler give 5. */
export function textOfProgram(main: readonly Statement[]): string {
  const cells: string[] = [];
  const writer: Writer = { cells, labels: 0, lines: [], loops: [], contexts: 0, deferred: [] };
  writeCell(writer, "main", main);
  const operations = [0, 1].map((i) => `cell op${i}(a0) {}\n  return 5\n`);
  return [...cells, ...operations].join("\n");
}

interface Writer {
  readonly cells: string[];
  labels: number;
  lines: string[];
  /** Contexts around each loop that is open. */
  loops: { readonly exit: string; readonly contexts: number }[];
  contexts: number;
  /** Deferred blocks of the cell. */
  deferred: string[];
}

function writeCell(outer: Writer, name: string, body: readonly Statement[]): void {
  const at = outer.cells.push("") - 1;
  const writer: Writer = { ...outer, lines: [], loops: [], contexts: 0, deferred: [] };
  writer.lines.push("const a0, 0");
  writeBody(writer, body);
  writer.lines.push("return a0", ...writer.deferred);
  outer.labels = writer.labels;
  outer.cells[at] = `cell ${name}() {e, log}\n  ${writer.lines.join("\n  ")}\n`;
}

function writeBody(w: Writer, body: readonly Statement[]): void {
  for (const statement of body) writeStatement(w, statement);
}

function fresh(w: Writer): number {
  w.labels += 1;
  return w.labels;
}

function writeStatement(w: Writer, s: Statement): void {
  const n = fresh(w);
  const value = `a${100 + n}`;
  switch (s.kind) {
    case "log":
      w.lines.push(`call a1, log, [${s.n}]`);
      return;
    case "show":
      w.lines.push("call a1, log, [a0]");
      return;
    case "add":
      w.lines.push(`arith a0, 0, a0, ${s.n}`);
      return;
    case "perform":
      w.lines.push(`perform ${value}, 'E', 'op${s.op}', op${s.op}, [${s.n}]`);
      w.lines.push(`arith a0, 0, a0, ${value}`);
      return;
    case "call":
      writeCell(w, `cell${n}`, s.body);
      w.lines.push(`call ${value}, cell${n}, []`, `arith a0, 0, a0, ${value}`);
      return;
    case "defer":
      w.lines.push(`defer ->d${n}`);
      w.deferred.push(`d${n}:`, `call a1, log, [${100 * s.n}]`, "call a1, log, [a0]");
      if (s.fails) w.deferred.push("call a1, fail, ['deferred']");
      w.deferred.push("defer_end");
      return;
    case "loop":
      writeLoop(w, s.body, n);
      return;
    case "break":
      writeBreak(w);
      return;
    case "return":
      w.lines.push("jump_always", `return a0`, `next${n}:`);
      w.lines[w.lines.indexOf("jump_always")] = `jump_unless b${n}, ->next${n}`;
      w.lines.splice(w.lines.length - 3, 0, `const b${n}, true`);
      return;
    case "fault":
      w.lines.push("call a1, fail, ['fault']");
      return;
    case "handle":
      writeHandle(w, s.block, s.arms, n);
  }
}

function writeLoop(w: Writer, body: readonly Statement[], n: number): void {
  const count = `i${100 + n}`;
  w.lines.push(`const ${count}, 0`, `loop${n}:`, `lt_int b${n}, ${count}, 2`);
  w.lines.push(`jump_unless b${n}, ->exit${n}`, `add_int ${count}, ${count}, 1`);
  w.loops.push({ exit: `exit${n}`, contexts: w.contexts });
  writeBody(w, body);
  w.loops.pop();
  w.lines.push(`jump ->loop${n}`, `exit${n}:`);
}

/** Outside of loops nothing. */
function writeBreak(w: Writer): void {
  const loop = w.loops.at(-1);
  if (loop === undefined) return;
  const n = fresh(w);
  w.lines.push(`const b${n}, true`, `jump_unless b${n}, ->next${n}`);
  const left = w.contexts - loop.contexts;
  if (left > 0) w.lines.push(`scope_leave ${left}`);
  w.lines.push(`jump ->${loop.exit}`, `next${n}:`);
}

function writeHandle(
  w: Writer,
  block: readonly Statement[],
  arms: readonly Arm[],
  n: number,
): void {
  const value = `a${100 + n}`;
  const names = arms.map((arm) => `'E.op${arm.op}'`).join(", ");
  const targets = arms.map((arm) => `->arm${n}x${arm.op}`).join(", ");
  w.lines.push(`handle ${value}, [${names}], [${targets}, ->after${n}]`);
  w.contexts += 1;
  writeBody(w, block);
  w.lines.push("handle_end a0");
  for (const arm of arms) writeArm(w, arm, `arm${n}x${arm.op}`);
  w.contexts -= 1;
  w.lines.push(`after${n}:`, `arith a0, 0, a0, ${value}`);
}

function writeArm(w: Writer, arm: Arm, label: string): void {
  const n = fresh(w);
  const [given, result] = [`a${2000 + n}`, `a${3000 + n}`];
  w.lines.push(`${label}:`, `arm_arg ${given}, 0`);
  writeBody(w, arm.before);
  if (arm.end === "none") {
    w.lines.push(`handle_end ${given}`);
    return;
  }
  w.lines.push(`resume ${result}, ${given}, ${given}, ${given}+`);
  if (arm.end === "after") {
    writeBody(w, arm.after);
    w.lines.push(`arith ${result}, 0, ${result}, ${given}`);
  }
  w.lines.push(`handle_end ${result}`);
}
