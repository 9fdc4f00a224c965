// Validation of LIR (lir.md 8): a module alone, then the links between the modules of a program.
// What passes can run on any machine without further checks; what does not is E_LIR_INVALID.

import { type Failure, failure } from "../diagnostic/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { decodeModule } from "./codec.ts";
import { mapParts } from "./map-parts.ts";
import type { Callee, Cell, LirModule } from "./module.ts";
import type { LirType } from "./types.ts";
import { contextsOf } from "./validate-contexts.ts";
import { checkAssignment } from "./validate-flow.ts";
import { checkCode } from "./validate-operands.ts";
import { relationsOf, type TypeRelations } from "./validate-relations.ts";
import { RULES } from "./validate-rules.ts";
import type { CellContext, Signature } from "./validate-site.ts";
import {
  checkCanonicalOrder,
  checkCellHeader,
  checkTables,
  type Problem,
  problem,
} from "./validate-tables.ts";

/**
 * Checks a module by all clauses of lir.md 8 that need no other module. `E_LIR_INVALID` with the
 * cell and the instruction in `details`.
 */
export function validateModule(module: LirModule): Result<null, Failure> {
  const found =
    checkTables(module) ??
    checkCells(module) ??
    checkCanonicalOrder(module) ??
    checkTypes(module) ??
    checkDebug(module);
  return found === null ? ok(null) : err(failureOf(module, found));
}

/** Reads a module file and validates it: the way in for bytes from outside. */
export function readModule(bytes: Uint8Array, subject: string): Result<LirModule, Failure> {
  const decoded = decodeModule(bytes, subject);
  if (!decoded.ok) return decoded;
  const valid = validateModule(decoded.value);
  return valid.ok ? decoded : valid;
}

/** Checks the modules of a program, each alone and their calls of each other (clause 5). */
export function validateProgram(modules: readonly LirModule[]): Result<null, Failure> {
  const names = new Set<string>();
  for (const module of modules) {
    const valid = validateModule(module);
    if (!valid.ok) return valid;
    if (names.has(module.name))
      return err(failureOf(module, problem(`two modules are named '${module.name}'`)));
    names.add(module.name);
  }
  return checkLinks(modules);
}

function failureOf(module: LirModule, { cell, instruction, text }: Problem): Failure {
  const found = cell === null ? undefined : module.cells[cell];
  const op = instruction === null ? undefined : found?.code[instruction]?.op;
  const where =
    (found === undefined ? "" : ` in cell '${found.name}'`) +
    (instruction === null ? "" : `, instruction ${instruction}`) +
    (op === undefined ? "" : ` (${op})`);
  return failure("E_LIR_INVALID", "load", `invalid LIR module '${module.name}'${where}: ${text}`, {
    subject: module.name,
    ...(found === undefined ? {} : { details: { cell: found.name, instruction } }),
  });
}

function checkCells(module: LirModule): Problem | null {
  const names = new Set<string>();
  for (const [index, cell] of module.cells.entries()) {
    if (names.has(cell.name)) return problem("the name stands twice", { cell: index });
    names.add(cell.name);
    const header = checkCellHeader(module, cell);
    if (header !== null) return problem(header, { cell: index });
    const code = checkCode(module, cell);
    if (code !== null) return { cell: index, ...code };
  }
  return null;
}

function checkTypes(module: LirModule): Problem | null {
  const relations = relationsOf(module.types);
  for (const [index, cell] of module.cells.entries()) {
    const signatureOf = (callee: number): Signature | null => {
      const named = module.callees[callee];
      const target = named?.kind === "local" ? module.cells[named.cell] : undefined;
      return target === undefined ? null : signature(target, 0);
    };
    const found = contextsOf(cell);
    if (found.kind === "problem")
      return problem(found.text, { cell: index, instruction: found.instruction });
    const { contexts } = found;
    const context: CellContext = { module, cell, relations, offset: 0, signatureOf, contexts };
    const wrong = checkInstructions(context, index) ?? checkFlow(context, index);
    if (wrong !== null) return wrong;
  }
  return null;
}

function checkInstructions(context: CellContext, cell: number): Problem | null {
  for (const [index, instruction] of context.cell.code.entries()) {
    const place = context.contexts[index] ?? null;
    const text = RULES[instruction.op]({ context, instruction, place });
    if (text !== null) return problem(text, { cell, instruction: index });
  }
  return null;
}

function checkFlow({ cell, relations }: CellContext, index: number): Problem | null {
  const includesNull = cell.registers.map((type) => relations.holds("null", type));
  const found = checkAssignment(cell, (register) => includesNull[register] ?? false);
  if (found === null) return null;
  const { instruction, register } = found;
  return problem(`register ${register} may be read before it is written`, {
    cell: index,
    instruction,
  });
}

function signature(cell: Cell, offset: number): Signature {
  const { name, kind, paramCount, captureCount, registers, result, row } = cell;
  const types = registers.slice(0, paramCount + captureCount).map((type) => type + offset);
  const params = types.slice(0, paramCount);
  return { name, kind, params, captures: types.slice(paramCount), result: result + offset, row };
}

function checkDebug({ debug, cells }: LirModule): Problem | null {
  if (debug === null) return null;
  if (debug.cells.length !== cells.length)
    return problem("debug information has not one entry per cell");
  const at = cells.findIndex((cell, i) => debug.cells[i]?.spans.length !== cell.code.length);
  return at < 0
    ? null
    : problem("debug information has not one span per instruction", { cell: at });
}

/** The extern calls, with the type tables of all modules put one after another. */
function checkLinks(modules: readonly LirModule[]): Result<null, Failure> {
  const { relations, offsets } = joinTypes(modules);
  const byName = new Map(modules.map((m, i): [string, number] => [m.name, i]));
  const findCell = (callee: Callee): Signature | null => {
    const at = callee.kind === "extern" ? byName.get(callee.module) : undefined;
    if (callee.kind !== "extern" || at === undefined) return null;
    const target = modules[at]?.cells.find((cell) => cell.name === callee.name);
    return target === undefined ? null : signature(target, offsets[at] ?? 0);
  };
  for (const [i, module] of modules.entries()) {
    const targets = module.callees.map(findCell);
    const missing = module.callees.find((c, at) => c.kind === "extern" && targets[at] === null);
    if (missing?.kind === "extern") {
      const text = `module '${missing.module}' has no cell '${missing.name}'`;
      return err(failureOf(module, problem(text)));
    }
    const signatureOf = (callee: number): Signature | null => targets[callee] ?? null;
    for (const [index, cell] of module.cells.entries()) {
      const offset = offsets[i] ?? 0;
      const opened = contextsOf(cell);
      const contexts = opened.kind === "contexts" ? opened.contexts : [];
      const context = { module, cell, relations, offset, signatureOf, contexts };
      const found = checkInstructions(context, index);
      if (found !== null) return err(failureOf(module, found));
    }
  }
  return ok(null);
}

function joinTypes(modules: readonly LirModule[]): {
  readonly relations: TypeRelations;
  readonly offsets: readonly number[];
} {
  const types: LirType[] = [];
  const offsets = modules.map((module) => {
    const offset = types.length;
    for (const type of module.types) types.push(mapParts(type, (part) => part + offset));
    return offset;
  });
  return { relations: relationsOf(types), offsets };
}
