// Canonical order of a module's tables (lir.md 1): first use, walking the cells. Also the way a
// slice is put together from the cells of several modules (lir.md 9).

import { required } from "../result/result.ts";
import type { Callee, Cell, CellDebug, Constant, Instruction, LirModule } from "./module.ts";
import { OPCODE_NAMES, OPCODES } from "./opcodes.ts";
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
  const tables = new Tables();
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
  private readonly typeKeys = new Map<string, TypeIndex>();
  private readonly constantKeys = new Map<string, number>();
  private readonly calleeKeys = new Map<string, number>();
  private readonly known = new Map<LirModule, Map<TypeIndex, string>>();

  type(module: LirModule, index: TypeIndex): TypeIndex {
    const key = this.typeKey(module, index);
    const present = this.typeKeys.get(key);
    if (present !== undefined) return present;
    const at = this.types.length;
    this.typeKeys.set(key, at);
    this.types.push({ kind: "any" });
    const type = required(module.types[index], "the type exists");
    this.types[at] = mapParts(type, (part) => this.type(module, part));
    return at;
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

  private typeKey(module: LirModule, index: TypeIndex): string {
    const cache = this.known.get(module) ?? new Map<TypeIndex, string>();
    this.known.set(module, cache);
    const cached = cache.get(index);
    if (cached !== undefined) return cached;
    const key = structuralKey(module, index, []);
    cache.set(index, key);
    return key;
  }
}

function enter<T>(table: T[], keys: Map<string, number>, key: string, entry: T): number {
  const present = keys.get(key);
  if (present !== undefined) return present;
  table.push(entry);
  keys.set(key, table.length - 1);
  return table.length - 1;
}

/** Text that is equal for equal types: a record or enum inside itself is named by its depth. */
function structuralKey(module: LirModule, index: TypeIndex, open: readonly TypeIndex[]): string {
  const depth = open.indexOf(index);
  if (depth >= 0) return `^${open.length - depth}`;
  const type = required(module.types[index], "the type exists");
  const inside = type.kind === "record" || type.kind === "enum" ? [...open, index] : open;
  const parts = new Map<TypeIndex, string>();
  mapParts(type, (part) => {
    parts.set(part, structuralKey(module, part, inside));
    return part;
  });
  const named = mapParts(type, (part) => part);
  return JSON.stringify(named, (name, value: unknown) =>
    typeof value === "number" && name !== "length" ? (parts.get(value) ?? value) : value,
  );
}

/** The same type with its parts replaced, depth first and left to right. */
export function mapParts(type: LirType, map: (part: TypeIndex) => TypeIndex): LirType {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return { kind: type.kind, item: map(type.item) };
    case "map": {
      const key = map(type.key);
      return { kind: "map", key, value: map(type.value) };
    }
    case "tuple":
      return { kind: "tuple", items: type.items.map(map) };
    case "result": {
      const okType = map(type.ok);
      return { kind: "result", ok: okType, error: map(type.error) };
    }
    case "record":
      return { ...type, fields: type.fields.map((f) => ({ name: f.name, type: map(f.type) })) };
    case "enum":
      return {
        ...type,
        variants: type.variants.map((v) => ({
          name: v.name,
          payload: v.payload.map((p) => ({ label: p.label, type: map(p.type) })),
        })),
      };
    case "fn": {
      const params = type.params.map(map);
      return { kind: "fn", params, result: map(type.result), row: type.row };
    }
    case "union":
      return { kind: "union", members: type.members.map(map) };
    case "opaque":
      return { ...type, args: type.args.map(map) };
    default:
      return type;
  }
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
