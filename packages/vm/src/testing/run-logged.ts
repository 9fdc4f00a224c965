// Runs programs whose requests `Log.log` are kept, in the order in which the machine makes them.

import { required } from "@lumen/core/result";
import { displayNested, type Value } from "@lumen/core/value";
import { createMachine, type MachineOptions } from "../machine/machine.ts";
import type { Request } from "../machine/requests.ts";
import { textOf } from "./build-program.ts";
import { sketch } from "./sketch.ts";

/** Cells of every program run here: `log(v)` and `fail(text)`. */
const PRELUDE = `
cell log(a0) {log}
  request a1, 'Log', 'log', [a0]
  return a1
cell fail(s0) {}
  fault 10, s0
`;

/** What was logged, each as its display form, and how the run ended, in one line. */
export function runLogged(text: string, more: Partial<MachineOptions> = {}): string {
  const program = sketch(text + PRELUDE);
  const entry = { module: "m", name: "main" };
  const machine = createMachine(program, {
    entry,
    args: [],
    tiles: "inline",
    door: true,
    ...more,
  });
  const log: string[] = [];
  for (;;) {
    const state = machine.run();
    if (state.kind !== "suspended") return [...log, `=> ${textOf(state)}`].join(" ");
    const request = required(state.requests[0], "a suspended machine asks");
    machine.answer(request.id, { ok: true, value: answerOf(request, log) });
  }
}

/** `Log.log` answers null, any other operation its name. */
function answerOf(request: Request, log: string[]): Value {
  if (request.kind !== "door") return "tool";
  const { effect, operation, args } = request;
  if (effect !== "Log") return `${effect}.${operation}`;
  log.push(...args.map(displayNested));
  return null;
}
