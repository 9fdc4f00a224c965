// The values that frames hold, those of suspended continuations included.

import type { Value } from "@lumen/core/value";
import type { Context, Exit, Frame } from "./fiber.ts";

/** Lists of values, one or more a frame. Registers that frames share are listed once each frame. */
export function* valuesOfFrames(frames: readonly Frame[]): Iterable<readonly Value[]> {
  const pending = [...frames];
  for (let frame = pending.pop(); frame !== undefined; frame = pending.pop()) {
    if (frame.scope === null || !frame.scope.resumed) yield frame.registers;
    if (frame.scope === null) continue;
    yield frame.scope.defers;
    if (frame.scope.saved !== null) yield frame.scope.saved.values;
    for (const context of frame.scope.contexts) {
      if (context.kind === "arm") pending.push(...(context.continuation ?? []));
      yield valuesOfContext(context);
    }
  }
}

function valuesOfContext(context: Context): readonly Value[] {
  if (context.kind === "arm") return context.args;
  return context.kind === "exit" ? valuesOfExit(context.exit) : [];
}

function valuesOfExit(exit: Exit): readonly Value[] {
  return exit.kind === "return" || exit.kind === "end" ? [exit.value] : [];
}
