// What a program of effect-programs.ts does, by JavaScript's own generators: a continuation is a
// generator object, deferred blocks are a `finally`, returns, breaks and faults are exceptions.

import { assert } from "@lumen/core/result";
import type { Arm, Statement } from "./effect-programs.ts";

/** A performed operation and its argument. */
interface Performed {
  readonly op: 0 | 1;
  readonly n: number;
}

type Code = Generator<Performed, number, number>;

class Return {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

class Break {}

class Fault {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** One call of a cell. */
interface Activation {
  acc: number;
  readonly defers: (Statement & { kind: "defer" })[];
  readonly log: number[];
}

/** Statements in an activation; `inLoop`: a loop of the same cell stands around them. */
interface Place {
  readonly own: Activation;
  readonly inLoop: boolean;
}

/** The log of a program and how it ends, as `runLogged` writes them. */
export function referenceRun(main: readonly Statement[]): string {
  const log: number[] = [];
  const code = cell(main, log);
  const end = (): string => {
    try {
      let step = code.next(0);
      while (step.done !== true) step = code.next(5);
      return String(step.value);
    } catch (error) {
      if (error instanceof Fault) return `E_TRAP_OTHER ${error.text}`;
      throw error;
    }
  };
  const text = end();
  return [...log, `=> ${text}`].join(" ");
}

function* cell(statements: readonly Statement[], log: number[]): Code {
  const own: Activation = { acc: 0, defers: [], log };
  let failed: Fault | null = null;
  try {
    try {
      yield* body({ own, inLoop: false }, statements);
      return own.acc;
    } catch (error) {
      if (error instanceof Return) return error.value;
      if (error instanceof Fault) failed = error;
      throw error;
    }
  } finally {
    for (let next = own.defers.pop(); next !== undefined; next = own.defers.pop()) {
      log.push(100 * next.n, own.acc);
      if (next.fails) failed ??= new Fault("deferred");
    }
    // biome-ignore lint/correctness/noUnsafeFinally: an error on the way out takes its place.
    if (failed !== null) throw failed;
  }
}

function* body(place: Place, statements: readonly Statement[]): Code {
  for (const statement of statements) yield* execute(place, statement);
  return place.own.acc;
}

function* execute(place: Place, s: Statement): Generator<Performed, void, number> {
  const { own } = place;
  switch (s.kind) {
    case "log":
      own.log.push(s.n);
      return;
    case "show":
      own.log.push(own.acc);
      return;
    case "add":
      own.acc += s.n;
      return;
    case "perform": {
      const answer = yield { op: s.op, n: s.n };
      own.acc += answer;
      return;
    }
    case "call": {
      const value = yield* cell(s.body, own.log);
      own.acc += value;
      return;
    }
    case "defer":
      own.defers.push(s);
      return;
    case "loop":
      yield* loop(own, s.body);
      return;
    case "break":
      if (place.inLoop) throw new Break();
      return;
    case "return":
      throw new Return(own.acc);
    case "fault":
      throw new Fault("fault");
    case "handle": {
      const value = yield* handled(place, s.arms, body(place, s.block), 0);
      own.acc += value;
    }
  }
}

function* loop(
  own: Activation,
  statements: readonly Statement[],
): Generator<Performed, void, number> {
  try {
    for (let i = 0; i < 2; i += 1) yield* body({ own, inLoop: true }, statements);
  } catch (error) {
    if (!(error instanceof Break)) throw error;
  }
}

/** Runs the block on with `input` until it ends, its operations handled. */
function* handled(place: Place, arms: readonly Arm[], block: Code, input: number): Code {
  for (let step = block.next(input); ; ) {
    if (step.done === true) return step.value;
    const { op, n } = step.value;
    const arm = arms.find((candidate) => candidate.op === op);
    if (arm !== undefined) return yield* armOf(place, arms, block, arm, n);
    const answer = yield step.value;
    step = block.next(answer);
  }
}

function* armOf(place: Place, arms: readonly Arm[], block: Code, arm: Arm, n: number): Code {
  let resumed = false;
  try {
    yield* body(place, arm.before);
    if (arm.end === "none") return n;
    resumed = true;
    const value = yield* handled(place, arms, block, n);
    if (arm.end === "tail") return value;
    yield* body(place, arm.after);
    return value + n;
  } finally {
    // Deferred blocks of the frames that nobody resumes; they perform nothing.
    if (!resumed) assert(block.return(0).done === true, "the block is left");
  }
}
