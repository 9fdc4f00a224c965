// Builds the code of one cell: registers, labels, instructions with their spans.

import type { Span } from "@lumen/core/diagnostic";
import {
  type Callee,
  type Cell,
  type CellDebug,
  type Constant,
  type Instruction,
  NO_FALL_THROUGH,
  type OpcodeName,
  type TypeIndex,
} from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import type { HirCell, HirConst, HirEmbedded, HirExpr, LocalId, LoopId } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import { assignedIn, someExpr } from "../hir/visit.ts";
import type { TypeTable } from "./type-table.ts";

/** A register of the cell under construction. */
export type Register = number;

/** A place in the code that may not be known yet. */
export interface Label {
  target: number | null;
  /** An instruction refers to it. */
  isUsed: boolean;
}

/** Where `break` and `continue` of a loop go, and where the loop's value is kept. */
export interface LoopTargets {
  readonly exit: Label;
  readonly next: Label;
  readonly value: Register | null;
  readonly valueType: Type;
  /** Contexts open around the loop: a jump out of it leaves those opened since. */
  readonly contexts: number;
}

/** The registers of an arm's activation; `to` is known when the arm is lowered. */
export interface ArmRange {
  readonly from: number;
  readonly to: Label;
  /** Type of the value that the handle gives, and `resume` with it. */
  readonly gives: Type;
}

/** The recursive rule; see recursion.ts. */
export interface Rules {
  readonly lowerTo: (b: CellBuilder, e: HirExpr, dest: Register) => void;
  readonly lowerEffect: (b: CellBuilder, e: HirExpr) => void;
}

/** The tables of the module that cells share. */
export interface ModuleTables {
  readonly name: string;
  readonly types: TypeTable;
  readonly constants: Constant[];
  readonly constantKeys: Map<string, number>;
  readonly callees: Callee[];
  readonly calleeKeys: Map<string, number>;
  /** Cells of this module by name. */
  readonly cellIndex: ReadonlyMap<string, number>;
  /** Every cell of the program, for its result type and kind. */
  readonly lookup: (ref: CellRef) => HirCell;
  readonly rules: Rules;
}

type Operand = number | readonly number[] | Label | readonly Label[];

interface Pending {
  readonly op: OpcodeName;
  readonly operands: readonly Operand[];
  readonly span: Span;
}

/** The state of building one cell. */
export interface CellBuilder {
  readonly tables: ModuleTables;
  readonly cell: HirCell;
  readonly registers: TypeIndex[];
  readonly registerTypes: Type[];
  readonly code: Pending[];
  readonly localRegisters: Map<LocalId, Register>;
  readonly loops: Map<LoopId, LoopTargets>;
  /** Arms of handlers around the code being built, innermost last. */
  readonly arms: ArmRange[];
  /** Number of handle, arm and nursery contexts around the code being built. */
  contexts: number;
  /** Whether control can get to the next instruction; what it cannot get to is left out. */
  isReachable: boolean;
  /** A cell with `defer` never gives its frame away. */
  readonly defers: boolean;
  /** Variables that arms of handlers assign, and with them any call that performs. */
  readonly assignedInArms: ReadonlySet<LocalId>;
}

/** A builder whose parameters and captures have their registers. */
export function makeBuilder(tables: ModuleTables, cell: HirCell): CellBuilder {
  const b: CellBuilder = {
    tables,
    cell,
    registers: [],
    registerTypes: [],
    code: [],
    localRegisters: new Map(),
    loops: new Map(),
    arms: [],
    contexts: 0,
    isReachable: true,
    defers: someExpr(cell.body, (e) => e.kind === "defer"),
    assignedInArms: assignedInArms(cell.body),
  };
  for (const param of cell.params) registerOf(b, param.local);
  for (const capture of cell.captures) registerOf(b, capture);
  return b;
}

function assignedInArms(body: HirExpr): ReadonlySet<LocalId> {
  const assigned = new Set<LocalId>();
  someExpr(body, (e) => {
    if (e.kind === "handle")
      for (const arm of e.arms) for (const local of assignedIn(arm.body)) assigned.add(local);
    return false;
  });
  return assigned;
}

/** A new register of a type. */
export function newRegister(b: CellBuilder, type: Type): Register {
  b.registers.push(b.tables.types.indexOf(type));
  b.registerTypes.push(type);
  return b.registers.length - 1;
}

/** The register of a local; made when first asked for. */
export function registerOf(b: CellBuilder, local: LocalId): Register {
  const known = b.localRegisters.get(local);
  if (known !== undefined) return known;
  const register = newRegister(b, required(b.cell.locals[local], "the local exists").type);
  b.localRegisters.set(local, register);
  return register;
}

/** The declared type of a register. */
export function registerType(b: CellBuilder, register: Register): Type {
  return required(b.registerTypes[register], "the register exists");
}

/**
 * Appends an instruction, unless control never gets there: behind a `halt` operands would have the
 * type of a value that never arrives.
 */
export function emit(
  b: CellBuilder,
  span: Span,
  op: OpcodeName,
  ...operands: readonly Operand[]
): void {
  if (!b.isReachable) return;
  b.code.push({ op, operands, span });
  for (const operand of operands) {
    if (typeof operand === "number") continue;
    for (const part of "target" in operand ? [operand] : operand)
      if (typeof part !== "number") part.isUsed = true;
  }
  if (NO_FALL_THROUGH.has(op)) b.isReachable = false;
}

/** A label to be placed later. */
export function newLabel(): Label {
  return { target: null, isUsed: false };
}

/** Puts a label at the next instruction. What goes back to it stands behind it. */
export function place(b: CellBuilder, label: Label): void {
  assert(label.target === null, "a label is placed once");
  label.target = b.code.length;
  if (label.isUsed) b.isReachable = true;
}

/** Index of a constant in the module's pool. */
export function constantIndex(b: CellBuilder, value: HirEmbedded): number {
  const { constants, constantKeys } = b.tables;
  const key =
    value.kind === "value"
      ? `value ${b.tables.types.indexOf(value.type)} ${[...value.bytes].join(",")}`
      : constantKey(value);
  const known = constantKeys.get(key);
  if (known !== undefined) return known;
  constants.push(
    value.kind === "value" ? { ...value, type: b.tables.types.indexOf(value.type) } : value,
  );
  constantKeys.set(key, constants.length - 1);
  return constants.length - 1;
}

/** Index of a string constant. */
export function stringIndex(b: CellBuilder, value: string): number {
  return constantIndex(b, { kind: "string", value });
}

function constantKey(value: HirConst): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "bytes":
      return `bytes ${[...value.value].join(",")}`;
    case "float":
      return `float ${Object.is(value.value, -0) ? "-0" : String(value.value)}`;
    default:
      return `${value.kind} ${String(value.value)}`;
  }
}

/** Index of a callee in the module's table. */
export function calleeIndex(b: CellBuilder, ref: CellRef): number {
  const { callees, calleeKeys, cellIndex, name } = b.tables;
  const key = `${ref.module}#${ref.name}`;
  const known = calleeKeys.get(key);
  if (known !== undefined) return known;
  const local = ref.module === name ? cellIndex.get(ref.name) : undefined;
  callees.push(
    local === undefined
      ? { kind: "extern", module: ref.module, name: ref.name }
      : { kind: "local", cell: local },
  );
  calleeKeys.set(key, callees.length - 1);
  return callees.length - 1;
}

const KINDS = {
  cell: "cell",
  lambda: "lambda",
  tile: "tile",
  sequence: "sequence",
  hidden: "hidden",
  generator: "generator",
} as const;

/** The finished cell with its debug information; labels become instruction indices. */
export function finishCell(b: CellBuilder): { readonly cell: Cell; readonly debug: CellDebug } {
  const { cell } = b;
  const resolve = (operand: Operand): number | readonly number[] => {
    if (typeof operand === "number") return operand;
    if ("target" in operand) return required(operand.target, "every label is placed");
    return operand.map((o) =>
      typeof o === "number" ? o : required(o.target, "every label is placed"),
    );
  };
  const code = b.code.map((p): Instruction => ({ op: p.op, operands: p.operands.map(resolve) }));
  const locals = [...b.localRegisters]
    .flatMap(([local, register]) => {
      const name = cell.locals[local]?.name;
      return name === null || name === undefined ? [] : [{ register, name }];
    })
    .sort((x, y) => x.register - y.register);
  return {
    cell: {
      name: cell.name,
      kind: KINDS[cell.kind],
      paramCount: cell.params.length,
      captureCount: cell.captures.length,
      registers: b.registers,
      result: b.tables.types.indexOf(cell.result),
      row: cell.row,
      code,
    },
    debug: {
      spans: b.code.map((p) => p.span),
      paramNames: cell.params.map((p) => p.name),
      locals,
    },
  };
}
