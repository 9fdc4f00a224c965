// The instructions that change frames, by opcode number: what the dispatch loop hands over to.

import { OPCODES, type OpcodeName } from "@lumen/core/lir";
import { defer, deferEnd, yieldItem } from "./blocks.ts";
import {
  armArg,
  type ControlOperation,
  callTool,
  handle,
  handleEnd,
  perform,
  request,
  resume,
  scopeLeave,
} from "./handlers.ts";
import { awaitValue, endNursery, openNursery, spawn } from "./tasks.ts";

/** Control instructions by name. */
const OPERATIONS: Readonly<Partial<Record<OpcodeName, ControlOperation>>> = {
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
export const CONTROL_OPERATIONS: ReadonlyMap<number, ControlOperation> = new Map(
  Object.entries(OPERATIONS).map(([name, operation]): [number, ControlOperation] => [
    OPCODES[name as OpcodeName].number,
    operation,
  ]),
);
