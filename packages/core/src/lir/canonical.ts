// Canonical order of a module's tables (lir.md 1): first use, walking the cells. Also the way a
// slice is put together from the cells of several modules (lir.md 9).

import { required } from "../result/result.ts";
import { mapParts } from "./map-parts.ts";
import type { Callee, Cell, CellDebug, Constant, Instruction, LirModule } from "./module.ts";
import { OPCODE_NAMES, OPCODES } from "./opcodes.ts";
import { classifyTypes, type TypeClasses } from "./type-classes.ts";
import type { LirType, TypeIndex } from "./types.ts";

const LETTERS: Readonly<Record<Instruction["op"], readonly string[]>> = lettersByOpcode();

function lettersByOpcode(): Readonly<Record<Instruction["op"], readonly string[]>> {
  const rows = OPCODE_NAMES.map((op) => [op, OPCODES[op].format.split(" ").filter(Boolean)]);
  return Object.fromEntries(rows);
}

/** A cell and the module whose tables its operands refer to. */
export interface CellSource {
  readonly module: LirModule;
  readonly cell: Cell;
  readonly debug: CellDebug | null;
}

/** The operand letters of an opcode, in order. */
export function operandLetters(op: Instruction["op"]): readonly string[] {
  return LETTERS[op];
}

/** The module with its tables in canonical order and without what no cell reaches. */
export function canonicalModule(module: LirModule): LirModule {
  const sources = module.cells.map(
    (cell, i): CellSource => ({
      module,
      cell,
      debug: module.debug?.cells[i] ?? null,
    }),
  );
  return assembleModule(module.name, sources, module.debug?.path ?? null, (_, callee) => callee);
}

/**
 * Builds a module from cells. `calleeOf` says what a callee of the source module is in the new one;
 * `path` null leaves debug information out.
 */
export function assembleModule(
  name: string,
  sources: readonly CellSource[],
  path: string | null,
  calleeOf: (module: LirModule, callee: Callee) => Callee,
): LirModule {
  const tables = new Tables(sources.map((s) => s.module));
  const cells = sources.map(({ module, cell }): Cell => {
    const registers = cell.registers.map((t) => tables.type(module, t));
    const result = tables.type(module, cell.result);
    const code = cell.code.map((i) => remap(tables, module, i, calleeOf));
    return { ...cell, registers, result, code };
  });
  const debugCells = sources.flatMap((s) => (s.debug === null ? [] : [s.debug]));
  const debug = path === null ? null : { path, cells: debugCells };
  const { types, constants, callees } = tables;
  return { name, types, constants, callees, cells, debug };
}

function remap(
  tables: Tables,
  module: LirModule,
  instruction: Instruction,
  calleeOf: (module: LirModule, callee: Callee) => Callee,
): Instruction {
  const letters = operandLetters(instruction.op);
  const operands = instruction.operands.map((operand, i): number | readonly number[] => {
    if (typeof operand !== "number") return remapList(tables, module, letters[i] ?? "", operand);
    switch (letters[i]) {
      case "k":
        return tables.constant(module, operand);
      case "t":
        return tables.type(module, operand);
      case "c":
        return tables.callee(
          calleeOf(module, required(module.callees[operand], "the callee exists")),
        );
      default:
        return operand;
    }
  });
  return { op: instruction.op, operands };
}

function remapList(
  tables: Tables,
  module: LirModule,
  letter: string,
  operand: readonly number[],
): readonly number[] {
  if (letter === "p") return tables.path(module, operand);
  return letter === "K" ? operand.map((k) => tables.constant(module, k)) : operand;
}

/**
 * Tables under construction. Entries are shared when they mean the same, whatever module they come
 * from.
 */
class Tables {
  readonly types: LirType[] = [];
  readonly constants: Constant[] = [];
  readonly callees: Callee[] = [];
  private readonly typeIndices = new Map<number, TypeIndex>();
  private readonly constantKeys = new Map<string, number>();
  private readonly calleeKeys = new Map<string, number>();
  private readonly classOf: TypeClasses;

  constructor(modules: readonly LirModule[]) {
    this.classOf = classifyTypes(modules);
  }

  /** Enters a type with its parts, before them and in order. Chains of records may be long. */
  type(module: LirModule, index: TypeIndex): TypeIndex {
    const present = this.typeIndices.get(this.classOf(module, index));
    if (present !== undefined) return present;
    const entered: TypeIndex[] = [];
    const open = [index];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const key = this.classOf(module, next);
      if (this.typeIndices.has(key)) continue;
      this.typeIndices.set(key, this.types.length);
      const type = required(module.types[next], "the type exists");
      this.types.push(type);
      entered.push(next);
      const parts: TypeIndex[] = [];
      mapParts(type, (part) => {
        parts.push(part);
        return part;
      });
      for (const part of parts.reverse()) open.push(part);
    }
    const placeOf = (part: TypeIndex): TypeIndex =>
      required(this.typeIndices.get(this.classOf(module, part)), "the type is entered");
    for (const one of entered) {
      const at = placeOf(one);
      this.types[at] = mapParts(required(this.types[at], "the type is entered"), placeOf);
    }
    return placeOf(index);
  }

  constant(module: LirModule, index: number): number {
    const constant = required(module.constants[index], "the constant exists");
    const own: Constant =
      constant.kind === "value"
        ? { ...constant, type: this.type(module, constant.type) }
        : constant;
    return enter(this.constants, this.constantKeys, constantKey(own), own);
  }

  callee(callee: Callee): number {
    const key = callee.kind === "local" ? `${callee.cell}` : `${callee.module}#${callee.name}`;
    return enter(this.callees, this.calleeKeys, key, callee);
  }

  path(module: LirModule, path: readonly number[]): readonly number[] {
    return path.map((part, i) =>
      i % 2 === 1 && path[i - 1] === 3 ? this.constant(module, part) : part,
    );
  }
}

function enter<T>(table: T[], keys: Map<string, number>, key: string, entry: T): number {
  const present = keys.get(key);
  if (present !== undefined) return present;
  table.push(entry);
  keys.set(key, table.length - 1);
  return table.length - 1;
}

function constantKey(constant: Constant): string {
  switch (constant.kind) {
    case "null":
      return "null";
    case "float":
      return `float ${Object.is(constant.value, -0) ? "-0" : String(constant.value)}`;
    case "bytes":
      return `bytes ${constant.value.join(",")}`;
    case "value":
      return `value ${constant.type} ${constant.bytes.join(",")}`;
    default:
      return `${constant.kind} ${String(constant.value)}`;
  }
}
