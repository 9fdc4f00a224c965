// Codecs of what machines hold besides values (formats 30): references to things and cells, places
// in code, contexts, exits, waits, requests.

import { type Fault, type FaultFrame, TRAPS, type TrapCode } from "@lumen/core/diagnostic";
import type { Value } from "@lumen/core/value";
import type { LinkedCell } from "../link/program.ts";
import {
  type Arrival,
  type Context,
  type Exit,
  type FaultExit,
  type FirstCall,
  type Frame,
  type ResultCheck,
  Scope,
  type Waiting,
  type Watched,
} from "../machine/fiber.ts";
import type { GeneratorState } from "../machine/generator.ts";
import type { Request } from "../machine/requests.ts";
import { Channel, Nursery, type Sent, Task, type TaskEnd } from "../machine/tasks.ts";
import { CancelTrap, Trap } from "../trap.ts";
import {
  always,
  bool,
  type Codec,
  count,
  integer,
  list,
  mapped,
  option,
  record,
  text,
  union,
} from "./codec.ts";
import { kindOf, type ThingKind } from "./thing-kinds.ts";

export const value: Codec<Value> = {
  write: (out, part) => out.value(part),
  read: (input) => input.value(),
  bytesMin: 1,
};

export const values: Codec<readonly Value[]> = list(value);

/** A reference to a thing of one kind. */
export function thing<T extends object>(kind: ThingKind): Codec<T> {
  return {
    write: (out, part) => out.thing(kind, part),
    read: (input) => input.thing(kind) as T,
    bytesMin: 1,
  };
}

/** A cell, by its number in the table. */
export const cell: Codec<LinkedCell> = {
  write: (out, part) => out.cell(part),
  read: (input) => input.cell(),
  bytesMin: 1,
};

/** The cell of a frame: the places behind it are in its code. */
export const ownCell: Codec<LinkedCell> = {
  write: (out, part) => {
    out.enter(part);
    out.cell(part);
  },
  read: (input) => input.enter(input.cell()),
  bytesMin: 1,
};

/** A place in the code of the frame at hand. */
export const place: Codec<number> = {
  write: (out, part) => out.place(part),
  read: (input) => input.place(),
  bytesMin: 2,
};

const span: Codec<NonNullable<FaultFrame["span"]>> = record({ start: count, end: count });

const faultFrame: Codec<FaultFrame> = record({ module: text, cell: text, span: option(span) });

const trapCode: Codec<TrapCode> = {
  write: (out, part) => out.wire.string(part),
  read: (input) => {
    const at = input.wire.offset;
    const code = input.wire.string();
    return isTrapCode(code) ? code : input.fail(`there is no fault '${code}'`, at);
  },
  bytesMin: 1,
};

function isTrapCode(code: string): code is TrapCode {
  return Object.hasOwn(TRAPS, code);
}

export const fault: Codec<Fault> = record({
  code: trapCode,
  message: text,
  stack: list(faultFrame),
});

export const faultExit: Codec<FaultExit> = record({
  kind: always("fault" as const),
  fault,
  cancelled: bool,
});

const exit: Codec<Exit> = union<Exit>({
  return: record({ kind: always("return" as const), value }),
  leave: record({ kind: always("leave" as const), count, arm: option(place) }),
  end: record({ kind: always("end" as const), value }),
  abandon: record({ kind: always("abandon" as const) }),
  fault: faultExit,
});

export const frames: Codec<readonly Frame[]> = list(thing<Frame>("frame"));

const context: Codec<Context> = union<Context>({
  handle: record({ kind: always("handle" as const), at: place }),
  arm: record({
    kind: always("arm" as const),
    at: place,
    args: values,
    continuation: option(frames),
  }),
  nursery: record({
    kind: always("nursery" as const),
    nursery: thing<Nursery>("nursery"),
    left: bool,
  }),
  exit: record({ kind: always("exit" as const), exit }),
});

/** Deferred blocks, which frames of one activation share. */
const defers: Codec<number[]> = {
  write: (out, part) => {
    out.adopt(part);
    out.thing("places", part);
  },
  read: (input) => input.thing("places") as number[],
  bytesMin: 1,
};

const scopeFields = record<Scope>({
  defers,
  contexts: mapped<readonly Context[], Context[]>(list(context), {
    to: (part) => part,
    from: (part) => [...part],
  }),
  resumed: bool,
  saved: option(record({ from: count, values })),
  boundary: bool,
  generator: option(thing<GeneratorState>("generator")),
});

export const scope: Codec<Scope> = mapped<Scope, Scope>(scopeFields, {
  to: (part) => part,
  from: (part) => Object.assign(new Scope(part.defers, part.contexts), part),
});

export const resultCheck: Codec<ResultCheck> = record({ cell, type: integer });

/** A task, a nursery or a channel. */
const watched: Codec<Watched> = {
  write: (out, part) => out.thing(kindOf(part), part),
  read: (input) => {
    const at = input.wire.offset;
    const found = input.heapObject();
    const isOne = found instanceof Task || found instanceof Nursery || found instanceof Channel;
    return isOne ? found : input.fail("nobody waits for this", at);
  },
  bytesMin: 1,
};

export const waiting: Codec<Waiting> = union<Waiting>({
  answer: record({
    kind: always("answer" as const),
    id: count,
    recur: option(thing("recur")),
    resultCheck: option(resultCheck),
    result: option(record({ value })),
  }),
  change: record({ kind: always("change" as const), watched: list(watched) }),
  channel: record({ kind: always("channel" as const), channel: thing<Channel>("channel") }),
});

export const firstCall: Codec<FirstCall> = record({ cell, args: values, captures: values });

const arrival: Codec<Arrival> = record({ value, check: option(resultCheck) });

interface StoredTrap {
  readonly code: TrapCode;
  readonly message: string;
  readonly inner: readonly FaultFrame[];
  readonly isCancel: boolean;
}

const trap: Codec<Trap> = mapped<StoredTrap, Trap>(
  record({ code: trapCode, message: text, inner: list(faultFrame), isCancel: bool }),
  {
    to: (part) => ({
      code: part.code,
      message: part.message,
      inner: part.inner,
      isCancel: part instanceof CancelTrap,
    }),
    from: ({ code, message, inner, isCancel }) =>
      isCancel ? new CancelTrap() : new Trap(code, message, inner),
  },
);

/** What a fiber finds when it goes on. */
export const event: Codec<Trap | Arrival> = {
  write: (out, part) => {
    out.wire.bool(part instanceof Trap);
    if (part instanceof Trap) trap.write(out, part);
    else arrival.write(out, part);
  },
  read: (input) => (input.wire.bool() ? trap.read(input) : arrival.read(input)),
  bytesMin: 2,
};

export const sent: Codec<Sent> = record({ value, order: count });

export const taskEnd: Codec<TaskEnd> = union<TaskEnd>({
  completed: record({ kind: always("completed" as const), value, order: count }),
  failed: record({ kind: always("failed" as const), fault, cancelled: bool, order: count }),
});

const asked = { id: count, task: count, at: faultFrame };

export const request: Codec<Request> = union<Request>({
  door: record({
    kind: always("door" as const),
    ...asked,
    effect: text,
    operation: text,
    args: values,
  }),
  tool: record({ kind: always("tool" as const), ...asked, tool: text, input: value }),
  tile: record({
    kind: always("tile" as const),
    ...asked,
    module: text,
    name: text,
    args: values,
    recur: option(record({ bound: count, iteration: count })),
  }),
});
