// The instructions that change frames, by opcode number: what the dispatch loop hands over to.

import { OPCODES, type OpcodeName } from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import { share, type Value } from "@lumen/core/value";
import { MACHINE_BUILTINS_BY_NUMBER } from "../builtins/tasks.ts";
import { CALL_DOOR, CALL_MACHINE, codeOf } from "../link/compile-cell.ts";
import { frameBytes } from "../memory.ts";
import { defer, deferEnd, yieldItem } from "./blocks.ts";
import { calledClosure, gather, registersFor, resultCheckOf } from "./calls.ts";
import { deliver, enterAgain, enterCell, pushFrame } from "./enter.ts";
import { enterHot, LEFT, REFUSED, tailHot } from "./fast-calls.ts";
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

/** Words: w, function, count, arguments. */
const callClosure: ControlOperation = (core, fiber, frame) => {
  const { words, registers, pc } = frame;
  const callee = registers[words[pc + 3] as number] as Value;
  const call = calledClosure(callee, gather(words, pc + 4, registers));
  const resultCheck = resultCheckOf(frame.cell, words[pc + 2] as number, call.cell);
  return enterHot(core, fiber, { ...call, resultCheck });
};

/** Words: callee, repeats, count, arguments. */
const tailCall: ControlOperation = (core, fiber, frame) => {
  const { words, registers, pc } = frame;
  const cell = required(frame.cell.module.callees[words[pc + 2] ?? -1], "the callee is linked");
  const args = gather(words, pc + 4, registers);
  if (cell.isSpecial && (core.suspendTiles || !cell.isTile)) {
    assert(frame.recur === null, "a run of a recur tile calls no other tile outside");
    fiber.frames.pop();
    return enterCell(core, fiber, { cell, args, captures: [], resultCheck: frame.resultCheck });
  }
  // The registers of this frame die, so that an argument stays writable in place.
  if (words[pc + 3] === 1) for (const arg of args) share(arg);
  const outcome = tailHot(core, fiber, cell, args);
  if (outcome !== REFUSED) return outcome === LEFT || deliver(fiber, outcome);
  core.memory.budgetBytes += frameBytes(registers.length);
  core.memory.charge(frameBytes(cell.lir.registers.length));
  const next = codeOf(cell).blank.slice();
  for (let i = 0; i < args.length; i += 1) next[i] = args[i] as Value;
  enterAgain(frame, cell, next);
  return true;
};

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
  call_closure: callClosure,
  tail_call: tailCall,
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

/** Control instructions by opcode number; null for all others. */
export const CONTROL_OPERATIONS: readonly (ControlOperation | null)[] = byNumber();

function byNumber(): (ControlOperation | null)[] {
  const table: (ControlOperation | null)[] = [];
  const enter = (number: number, operation: ControlOperation): void => {
    while (table.length <= number) table.push(null);
    table[number] = operation;
  };
  for (const [name, operation] of Object.entries(OPERATIONS))
    enter(OPCODES[name as OpcodeName].number, operation);
  enter(CALL_DOOR, callDoor);
  enter(CALL_MACHINE, callMachine);
  return table;
}
