// Validation of a module's tables (lir.md 8, clauses 1, 2, 7): ranges, limits, nesting, canonical
// order, no entry twice, constants that decode. Recursion stays within the nesting limit.

import { decodeValue } from "../encoding/index.ts";
import { operandLetters } from "./canonical.ts";
import type { Cell, Constant, LirModule } from "./module.ts";
import type { LirType, TypeIndex } from "./types.ts";
import { partsOf, typeClasses } from "./validate-relations.ts";
import { wireTypeOf } from "./wire-type.ts";

/** The limits of lir.md 7. */
export const LIR_LIMITS = {
  registersPerCell: 65_536,
  instructionsPerCell: 1_048_576,
  entriesPerTable: 65_536,
  typeNesting: 1024,
} as const;

/** A constant's type with more nodes than this, written out, is refused. */
const CONSTANT_TYPE_NODES_MAX = 65_536;

/** What is wrong, and in which cell and instruction; null where it concerns the module. */
export interface Problem {
  readonly cell: number | null;
  readonly instruction: number | null;
  readonly text: string;
}

/** A problem of the module, or of a place in it. */
export function problem(
  text: string,
  at: { readonly cell?: number; readonly instruction?: number } = {},
): Problem {
  return { cell: at.cell ?? null, instruction: at.instruction ?? null, text };
}

/** The first thing wrong with sizes and types of the tables; run before anything else. */
export function checkTables(module: LirModule): Problem | null {
  const tables = ["types", "constants", "callees", "cells"] as const;
  for (const table of tables) {
    const max = LIR_LIMITS.entriesPerTable;
    if (module[table].length > max) return problem(`more than ${max} ${table}`);
  }
  return checkTypes(module) ?? checkNesting(module.types) ?? checkEntries(module);
}

function checkTypes(module: LirModule): Problem | null {
  for (const [i, type] of module.types.entries()) {
    const missing = partsOf(type).find((part) => module.types[part] === undefined);
    if (missing !== undefined) return problem(`type ${i} refers to type ${missing}`);
    if (type.kind === "fn" && !isAscending(type.row))
      return problem(`the row of type ${i} is not ascending`);
  }
  return null;
}

/** True for ascending order without repetition, compared by UTF-16 units. */
export function isAscending(row: readonly string[]): boolean {
  return row.every((effect, i) => i === 0 || (row[i - 1] ?? "") < effect);
}

/**
 * A record or enum inside itself does not nest further; any other type inside itself is refused.
 * `depths`: types done; `open`: types on the way from the top.
 */
function checkNesting(types: readonly LirType[]): Problem | null {
  const max = LIR_LIMITS.typeNesting;
  const depths = new Map<TypeIndex, number>();
  const open = new Set<TypeIndex>();
  const tooDeep = `types are nested deeper than ${max}`;
  const depthOf = (index: TypeIndex, above: number): number | string => {
    const known = depths.get(index);
    if (known !== undefined) return above + known > max ? tooDeep : known;
    if (above >= max) return tooDeep;
    const type = types[index];
    if (type === undefined) return 0;
    open.add(index);
    let deepest = 0;
    for (const part of partsOf(type)) {
      if (open.has(part)) continue;
      const found = depthOf(part, above + 1);
      if (typeof found === "string") return found;
      deepest = Math.max(deepest, found);
    }
    open.delete(index);
    depths.set(index, deepest + 1);
    return deepest + 1;
  };
  for (const index of types.keys()) {
    const found = depthOf(index, 0);
    if (typeof found === "string") return problem(found);
  }
  return checkSelfReference(types);
}

/** Without its records and enums the type table has no cycle. */
function checkSelfReference(types: readonly LirType[]): Problem | null {
  const done = new Set<TypeIndex>();
  const open = new Set<TypeIndex>();
  const isCyclic = (index: TypeIndex): boolean => {
    const type = types[index];
    if (type === undefined || type.kind === "record" || type.kind === "enum") return false;
    if (open.has(index)) return true;
    if (done.has(index)) return false;
    open.add(index);
    const cyclic = partsOf(type).some(isCyclic);
    open.delete(index);
    done.add(index);
    return cyclic;
  };
  const at = [...types.keys()].find(isCyclic);
  return at === undefined ? null : problem(`type ${at} contains itself without a record or enum`);
}

function checkEntries(module: LirModule): Problem | null {
  const classes = typeClasses(module.types);
  const duplicate = firstDuplicate(classes.map(String));
  if (duplicate !== null) return problem(`type ${duplicate} stands in the table twice`);
  for (const [i, constant] of module.constants.entries()) {
    const text = checkConstant(module, constant);
    if (text !== null) return problem(`constant ${i} ${text}`);
  }
  const constant = firstDuplicate(module.constants.map(constantKey));
  if (constant !== null) return problem(`constant ${constant} stands in the table twice`);
  for (const [i, callee] of module.callees.entries()) {
    if (callee.kind === "local" && module.cells[callee.cell] === undefined)
      return problem(`callee ${i} is cell ${callee.cell}, which does not exist`);
    if (callee.kind === "extern" && callee.module === module.name)
      return problem(`callee ${i} names a cell of this module as extern`);
  }
  const callee = firstDuplicate(
    module.callees.map((c) => (c.kind === "local" ? `${c.cell}` : `${c.module}#${c.name}`)),
  );
  return callee === null ? null : problem(`callee ${callee} stands in the table twice`);
}

function firstDuplicate(keys: readonly string[]): number | null {
  const seen = new Set<string>();
  for (const [i, key] of keys.entries()) {
    if (seen.has(key)) return i;
    seen.add(key);
  }
  return null;
}

function constantKey(constant: Constant): string {
  switch (constant.kind) {
    case "null":
      return "null";
    case "float":
      return `float ${Object.is(constant.value, -0) ? "-0" : String(constant.value)}`;
    case "bytes":
      return `bytes ${constant.value.join()}`;
    case "value":
      return `value ${constant.type} ${constant.bytes.join()}`;
    default:
      return `${constant.kind} ${String(constant.value)}`;
  }
}

function checkConstant(module: LirModule, constant: Constant): string | null {
  if (constant.kind !== "value") return null;
  if (module.types[constant.type] === undefined) return `has type ${constant.type}`;
  if (!isSmall(module.types, constant.type)) return "has a type that is too large";
  const type = wireTypeOf(module, constant.type);
  if (type === null) return "has a type without a wire form";
  const decoded = decodeValue(type, constant.bytes);
  return decoded.ok ? null : `does not decode: ${decoded.error.message}`;
}

/** Counts the nodes of a type as `wireTypeOf` writes it out, up to the limit. */
function isSmall(types: readonly LirType[], index: TypeIndex): boolean {
  let nodes = 0;
  const visit = (at: TypeIndex, open: readonly TypeIndex[]): boolean => {
    const type = types[at];
    if (type === undefined || open.includes(at)) return true;
    nodes += 1;
    const named = type.kind === "record" || type.kind === "enum";
    const inside = named ? [...open, at] : open;
    return nodes <= CONSTANT_TYPE_NODES_MAX && partsOf(type).every((part) => visit(part, inside));
  };
  return visit(index, []);
}

/** Tables whose entries were met, with the next number each must give out. */
interface Walk {
  readonly module: LirModule;
  readonly next: { types: number; constants: number; callees: number };
}

/** Entries are numbered by first use, and every entry is used. Indices must be in range. */
export function checkCanonicalOrder(module: LirModule): Problem | null {
  const walk: Walk = { module, next: { types: 0, constants: 0, callees: 0 } };
  for (const [cell, { registers, result, code }] of module.cells.entries()) {
    for (const type of [...registers, result])
      if (!meetType(walk, type)) return problem(`type ${type} is out of order`, { cell });
    for (const [instruction, { op, operands }] of code.entries()) {
      const letters = operandLetters(op);
      for (const [i, operand] of operands.entries()) {
        if (meetOperand(walk, letters[i] ?? "", operand)) continue;
        return problem(`operand ${i + 1} is out of canonical order`, { cell, instruction });
      }
    }
  }
  for (const table of ["types", "constants", "callees"] as const)
    if (walk.next[table] < module[table].length)
      return problem(`entry ${walk.next[table]} of ${table} is not reached`);
  return null;
}

function meetOperand(walk: Walk, letter: string, operand: number | readonly number[]): boolean {
  if (typeof operand !== "number") {
    if (letter === "K") return operand.every((part) => meetConstant(walk, part));
    if (letter !== "p") return true;
    return operand.every((part, i) =>
      i % 2 === 1 && operand[i - 1] === 3 ? meetConstant(walk, part) : true,
    );
  }
  switch (letter) {
    case "k":
      return meetConstant(walk, operand);
    case "t":
      return meetType(walk, operand);
    case "c":
      return meet(walk, "callees", operand);
    default:
      return true;
  }
}

function meet(walk: Walk, table: keyof Walk["next"], index: number): boolean {
  if (index === walk.next[table]) walk.next[table] += 1;
  return index < walk.next[table];
}

function meetConstant(walk: Walk, index: number): boolean {
  const constant = walk.module.constants[index];
  if (index < walk.next.constants) return true;
  if (constant?.kind === "value" && !meetType(walk, constant.type)) return false;
  return meet(walk, "constants", index);
}

/** Depth first; an explicit stack, since records make the way through the table long. */
function meetType(walk: Walk, index: TypeIndex): boolean {
  const stack = [index];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at < walk.next.types) continue;
    const type = walk.module.types[at];
    if (type === undefined || !meet(walk, "types", at)) return false;
    stack.push(...[...partsOf(type)].reverse());
  }
  return true;
}

function isGenerator(type: LirType | undefined): boolean {
  return type?.kind === "opaque" && type.name === "Generator" && type.args.length === 1;
}

/** Clause 2, and the limits and indices of one cell apart from its code. */
export function checkCellHeader(module: LirModule, cell: Cell): string | null {
  const { registers, paramCount, captureCount, result, row, code, kind } = cell;
  if (registers.length > LIR_LIMITS.registersPerCell)
    return `has more than ${LIR_LIMITS.registersPerCell} registers`;
  if (code.length > LIR_LIMITS.instructionsPerCell)
    return `has more than ${LIR_LIMITS.instructionsPerCell} instructions`;
  const missing = [...registers, result].find((t) => module.types[t] === undefined);
  if (missing !== undefined) return `uses type ${missing}, which does not exist`;
  if (paramCount + captureCount > registers.length)
    return "has fewer registers than parameters and captures";
  if (!isAscending(row)) return "has a row that is not ascending";
  if (kind === "tile" && row.length > 0) return "is a tile with effects";
  if (kind === "generator" && !isGenerator(module.types[result]))
    return "is a generator with another result type";
  return null;
}
