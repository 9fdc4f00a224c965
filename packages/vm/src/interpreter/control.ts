// The instructions that change frames, by opcode number: what the dispatch loop hands over to.

import { OPCODES, type OpcodeName } from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import { MACHINE_BUILTINS_BY_NUMBER } from "../builtins/tasks.ts";
import { CALL_DOOR, CALL_MACHINE } from "../link/compile-cell.ts";
import { defer, deferEnd, yieldItem } from "./blocks.ts";
import { gather, registersFor } from "./calls.ts";
import { deliver, pushFrame } from "./enter.ts";
import {
  armArg,
  type ControlOperation,
  callDoor,
  callTool,
  handle,
  handleEnd,
  perform,
  request,
  resume,
  scopeLeave,
} from "./handlers.ts";
import { awaitValue, endNursery, openNursery, spawn } from "./tasks.ts";

/** Words: w, callee, count, arguments, bound. */
const callRecur: ControlOperation = (core, fiber, frame) => {
  const { words, registers, pc } = frame;
  const callee = frame.cell.module.callees[words[pc + 3] ?? -1];
  const cell = required(callee, "the callee is linked");
  const args = gather(words, pc + 4, registers);
  const bound = required(words[pc + 5 + args.length], "a call of a recur tile has a bound");
  const recur = { cell, bound, iteration: 0 };
  if (core.suspendTiles) {
    core.requestTile(fiber, { cell, args, recur, resultCheck: null });
    return false;
  }
  pushFrame(core, fiber, cell, registersFor(cell, args)).recur = recur;
  return true;
};

/** A builtin that needs the fiber. Words: w, builtin, count, arguments. */
const callMachine: ControlOperation = (core, fiber, frame) => {
  const { words, registers, pc } = frame;
  const builtin = MACHINE_BUILTINS_BY_NUMBER.get(words[pc + 3] ?? -1);
  assert(builtin !== undefined, "every builtin of the machine has an implementation");
  const value = builtin(core, fiber, gather(words, pc + 4, registers));
  return value !== undefined && deliver(fiber, value);
};

/** Control instructions by name. */
const OPERATIONS: Readonly<Partial<Record<OpcodeName, ControlOperation>>> = {
  call_recur: callRecur,
  perform,
  handle,
  arm_arg: armArg,
  handle_end: handleEnd,
  resume,
  request,
  call_tool: callTool,
  scope_leave: scopeLeave,
  yield: yieldItem,
  defer,
  defer_end: deferEnd,
  spawn,
  await: awaitValue,
  nursery: openNursery,
  nursery_end: endNursery,
};

/** Control instructions by opcode number; a Map, since the numbers are far apart. */
export const CONTROL_OPERATIONS: ReadonlyMap<number, ControlOperation> = new Map([
  ...Object.entries(OPERATIONS).map(([name, operation]): [number, ControlOperation] => [
    OPCODES[name as OpcodeName].number,
    operation,
  ]),
  [CALL_DOOR, callDoor],
  [CALL_MACHINE, callMachine],
]);
