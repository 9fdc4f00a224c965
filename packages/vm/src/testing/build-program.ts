// Builds small programs for tests from lists of instructions, and runs them. Register types are
// indices into one fixed type table, most often `any`: the machine trusts its registers.

import { BUILTINS, type BuiltinName } from "@lumen/core/builtins";
import type { Callee, Cell, Constant, LirModule, LirType, OpcodeName } from "@lumen/core/lir";
import { assert } from "@lumen/core/result";
import {
  displayNested,
  Float,
  type List,
  type MapValue,
  makeList,
  mapFromEntries,
  type SetValue,
  setFromItems,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { linkProgram } from "../link/link-program.ts";
import type { LinkedProgram } from "../link/program.ts";
import { createMachine, type MachineOptions, type MachineState } from "../machine/machine.ts";

/** The type table of every module built here. */
export const TYPES: readonly LirType[] = [
  { kind: "any" },
  { kind: "null" },
  { kind: "bool" },
  { kind: "int" },
  { kind: "float" },
  { kind: "string" },
  { kind: "list", item: 0 },
  { kind: "list", item: 4 },
  {
    kind: "record",
    name: "Point",
    fields: [
      { name: "x", type: 3 },
      { name: "y", type: 4 },
    ],
  },
  {
    kind: "enum",
    name: "Shape",
    variants: [
      { name: "Dot", payload: [] },
      {
        name: "Box",
        payload: [
          { label: "w", type: 3 },
          { label: "h", type: 3 },
        ],
      },
    ],
  },
  { kind: "result", ok: 0, error: 0 },
  { kind: "option", item: 3 },
  { kind: "union", members: [3, 5] },
  { kind: "map", key: 5, value: 4 },
  { kind: "tuple", items: [3, 4] },
  { kind: "set", item: 3 },
  { kind: "fn", params: [3], result: 3, row: [] },
  { kind: "json" },
  { kind: "bytes" },
];

/** Indices into {@link TYPES}. */
export const T: Readonly<Record<string, number>> = {
  any: 0,
  null: 1,
  bool: 2,
  int: 3,
  float: 4,
  string: 5,
  list: 6,
  floats: 7,
  point: 8,
  shape: 9,
  result: 10,
  optionInt: 11,
  intOrString: 12,
  map: 13,
  pair: 14,
  set: 15,
  fn: 16,
  json: 17,
  bytes: 18,
};

/** One instruction: opcode and operands. */
export type Line = readonly [OpcodeName, ...(number | readonly number[])[]];

/** A cell of a test program. Registers beyond those named are `any`. */
export interface CellSketch {
  readonly name?: string;
  readonly kind?: Cell["kind"];
  readonly params?: number;
  readonly captures?: number;
  readonly registers?: readonly number[];
  readonly result?: number;
  readonly code: readonly Line[];
}

const REGISTERS = 12;

/** Links one module `m`; callee i is cell i. The first cell is `main` unless it has a name. */
export function programOf(
  cells: readonly CellSketch[],
  constants: readonly Constant[] = [],
): LinkedProgram {
  const linked = linkProgram([moduleOf(cells, constants)]);
  assert(linked.ok, "the test program links");
  return linked.value;
}

/** The module that {@link programOf} links. */
export function moduleOf(
  cells: readonly CellSketch[],
  constants: readonly Constant[] = [],
): LirModule {
  return {
    name: "m",
    types: TYPES,
    constants,
    callees: cells.map((_, cell): Callee => ({ kind: "local", cell })),
    cells: cells.map(cellOf),
    debug: {
      path: "m.lm.md",
      cells: cells.map((cell) => ({
        spans: cell.code.map((_, i) => ({ start: 10 * i, end: 10 * i + 5 })),
        paramNames: [],
        locals: [],
      })),
    },
  };
}

function cellOf(sketch: CellSketch, index: number): Cell {
  const given = sketch.registers ?? [];
  return {
    name: sketch.name ?? (index === 0 ? "main" : `cell${index}`),
    kind: sketch.kind ?? "cell",
    paramCount: sketch.params ?? 0,
    captureCount: sketch.captures ?? 0,
    registers: Array.from({ length: REGISTERS }, (_, i) => given[i] ?? 0),
    result: sketch.result ?? 0,
    row: [],
    code: sketch.code.map(([op, ...operands]) => ({ op, operands })),
  };
}

/** Runs `main` of a program without suspending tiles. */
export function runMain(
  program: LinkedProgram,
  args: readonly Value[] = [],
  more: Partial<MachineOptions> = {},
): { readonly state: MachineState; readonly cycles: number } {
  const entry = { module: "m", name: "main" };
  const machine = createMachine(program, { entry, args, tiles: "inline", door: false, ...more });
  return { state: machine.run(), cycles: machine.cycles };
}

/** The nested display form of a result, or `CODE message` of a fault. */
export function textOf(state: MachineState): string {
  if (state.kind === "finished") return displayNested(state.value);
  return state.kind === "faulted" ? `${state.fault.code} ${state.fault.message}` : "suspended";
}

/**
 * What one instruction makes of its arguments: `operands` follow `w`; numbers below the count of
 * arguments are registers of arguments.
 */
export function evaluate(
  op: OpcodeName,
  args: readonly Value[],
  options: {
    readonly operands?: readonly (number | readonly number[])[];
    readonly target?: number;
    readonly constants?: readonly Constant[];
  } = {},
): string {
  const target = args.length;
  const operands = options.operands ?? args.map((_, i) => i);
  const registers = [...args.map(() => 0), options.target ?? 0];
  const code: Line[] = [
    [op, target, ...operands],
    ["return", target],
  ];
  const program = programOf([{ params: args.length, registers, code }], options.constants);
  return textOf(runMain(program, args).state);
}

/** What a builtin makes of its arguments. */
export function callBuiltin(name: BuiltinName, args: readonly Value[], target = 0): string {
  const operands = [BUILTINS[name].number, args.map((_, i) => i)];
  return evaluate("call_builtin", args, { operands, target });
}

/** A Float. */
export const f = (value: number): Float => new Float(value);
/** A list. */
export const l = (...items: Value[]): List => makeList(items);
/** A tuple. */
export const t = (...items: Value[]): Tuple => new Tuple(items);
/** A set. */
export const s = (...items: Value[]): SetValue => setFromItems(items);
/** A map of pairs. */
export const m = (...pairs: (readonly [Value, Value])[]): MapValue =>
  mapFromEntries(pairs.map(([key, value]) => ({ key, value })));
