// Links LIR modules into a program: callees by name, constants as values, shapes of types.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeValue } from "@lumen/core/encoding";
import { type Callee, type Constant, type LirModule, wireTypeOf } from "@lumen/core/lir";
import { err, ok, type Result, required } from "@lumen/core/result";
import { type Closure, Float, intFromBigint, share, type Value } from "@lumen/core/value";
import { ShapeTable } from "../types/shapes.ts";
import { closureCell } from "./closure-cell.ts";
import { machinePrice } from "./compile-cell.ts";
import {
  cellKey,
  type InstructionPrices,
  type LinkedCell,
  type LinkedModule,
  type LinkedProgram,
} from "./program.ts";

/**
 * Links the modules of a program, which have passed LIR validation. `E_LIR_INVALID` for two modules
 * of one name, an extern callee that no module has, and a constant that does not decode.
 */
export function linkProgram(
  modules: readonly LirModule[],
  options: { readonly prices?: InstructionPrices } = {},
): Result<LinkedProgram, Failure> {
  const { prices = machinePrice } = options;
  const shapes = new ShapeTable();
  const cells = new Map<string, LinkedCell>();
  const linked: OpenModule[] = [];
  for (const module of modules) {
    if (linked.some((other) => other.name === module.name)) {
      return err(invalid(module, `two modules are named ${JSON.stringify(module.name)}`));
    }
    const opened = openModule(module, shapes, prices);
    if (!opened.ok) return opened;
    linked.push(opened.value);
    for (const cell of opened.value.cells) cells.set(cellKey(module.name, cell.name), cell);
  }
  for (const module of linked) {
    for (const callee of module.lir.callees) {
      const target = resolve(module, callee, cells);
      if (target === undefined) {
        return err(invalid(module.lir, `there is no cell ${calleeText(callee)}`));
      }
      module.callees.push(target);
    }
  }
  return ok({ cells });
}

/** A module while its callees are being resolved. */
interface OpenModule extends LinkedModule {
  readonly callees: LinkedCell[];
  readonly cells: LinkedCell[];
}

function openModule(
  lir: LirModule,
  shapes: ShapeTable,
  prices: InstructionPrices,
): Result<OpenModule, Failure> {
  const constants: Value[] = [];
  for (const constant of lir.constants) {
    const value = constantValue(lir, constant);
    if (!value.ok) return value;
    constants.push(share(value.value));
  }
  const moduleShapes = shapes.shapesOf(lir.types);
  const arityOf = (closure: Closure): number => closureCell(closure).paramCount;
  const module: OpenModule = {
    name: lir.name,
    lir,
    prices,
    cast: { types: lir.types, shapes: moduleShapes, arityOf },
    constants,
    callees: [],
    cells: [],
    formats: new Map(),
  };
  lir.cells.forEach((cell, index) => {
    module.cells.push({
      module,
      lir: cell,
      index,
      name: cell.name,
      isTile: cell.kind === "tile",
      isSpecial: cell.kind === "tile" || cell.kind === "generator",
      paramCount: cell.paramCount,
      code: null,
      isCalled: false,
      fast: undefined,
      limited: undefined,
      loops: new Map(),
      heat: 0,
    });
  });
  return ok(module);
}

function constantValue(module: LirModule, constant: Constant): Result<Value, Failure> {
  switch (constant.kind) {
    case "null":
      return ok(null);
    case "int":
      return ok(intFromBigint(constant.value));
    case "float":
      return ok(new Float(constant.value));
    case "value": {
      const type = wireTypeOf(module, constant.type);
      if (type === null) return err(invalid(module, "the type of a constant has no wire form"));
      const value = decodeValue(type, constant.bytes);
      return value.ok ? value : err(invalid(module, value.error.message));
    }
    default:
      return ok(constant.value);
  }
}

function resolve(
  module: LinkedModule,
  callee: Callee,
  cells: ReadonlyMap<string, LinkedCell>,
): LinkedCell | undefined {
  if (callee.kind === "local") return module.cells[callee.cell];
  return cells.get(cellKey(callee.module, callee.name));
}

function calleeText(callee: Callee): string {
  return callee.kind === "local" ? `${callee.cell}` : `${callee.module}.${callee.name}`;
}

function invalid(module: LirModule, text: string): Failure {
  return failure("E_LIR_INVALID", "load", `module ${JSON.stringify(module.name)}: ${text}`);
}

/** The cell of a program, which has it. */
export function cellOf(
  program: LinkedProgram,
  cell: { readonly module: string; readonly name: string },
): LinkedCell {
  const found = program.cells.get(cellKey(cell.module, cell.name));
  return required(found, `the program has the cell ${cell.module}.${cell.name}`);
}
