// The type rule of every opcode (lir.md 8, clauses 4 and 5), as a flat table. A rule says what is
// wrong with an instruction, or null. Operands are in range and have the form that the letters ask.

import type { OpcodeName } from "./opcodes.ts";
import type { LirType } from "./types.ts";
import {
  checkBuiltinCall,
  checkCall,
  checkClosure,
  checkClosureCall,
  checkRecurCall,
  checkTailCall,
} from "./validate-calls.ts";
import {
  checkIterEntries,
  checkIterNew,
  checkIterNext,
  checkListAppend,
  checkListConcat,
  checkListGet,
  checkListNew,
  checkListRange,
  checkMapGet,
  checkMapNew,
  checkPlaceSet,
  checkSetNew,
  checkSlice,
  checkTupleGet,
  checkTupleNew,
} from "./validate-containers.ts";
import {
  checkAwait,
  checkCallTool,
  checkHandle,
  checkHandleEnd,
  checkNursery,
  checkPerform,
  checkRequest,
  checkResume,
  checkSpawn,
  checkYield,
} from "./validate-control.ts";
import {
  checkFieldGet,
  checkPayloadGet,
  checkRecordNew,
  checkVariantNew,
  checkVariantTag,
} from "./validate-named.ts";
import type { ScalarKind } from "./validate-relations.ts";
import {
  constantAt,
  firstOf,
  flows,
  isKind,
  readOperands,
  type Site,
  stringConstant,
  typeAt,
  typesAt,
  typeText,
  yields,
} from "./validate-site.ts";

/** Says what is wrong with an instruction, or null. */
export type Rule = (site: Site) => string | null;

/** Every register operand has one kind; the result has another. */
function all(read: LirType["kind"], written: ScalarKind): Rule {
  return (site) =>
    firstOf(...readOperands(site).map((operand) => () => isKind(site, operand, read)), () =>
      isKind(site, 0, written),
    );
}

/** Operands of any type; the result has this kind. */
function dynamic(written: ScalarKind): Rule {
  return (site) => yields(site, written);
}

/** Operand `at` is a string constant; the result has any type that the run gives. */
function named(at: number): Rule {
  return (site) =>
    firstOf(
      () => stringConstant(site, at),
      () => yields(site, "any"),
    );
}

function checkConst(site: Site): string | null {
  const constant = constantAt(site, 1);
  if (constant.kind !== "value") return yields(site, constant.kind);
  const type = constant.type + site.context.offset;
  return flows(site, type, typeAt(site, 0), "the constant");
}

function checkMove(site: Site): string | null {
  const [to, from] = [typeAt(site, 0), typeAt(site, 1)];
  if (site.context.relations.isSame(to, from)) return null;
  return `move from ${typeText(site, from)} to ${typeText(site, to)} changes the type`;
}

function checkWiden(site: Site): string | null {
  return flows(site, typeAt(site, 1), typeAt(site, 0), "the operand");
}

function checkCast(site: Site): string | null {
  const { instruction, context } = site;
  const type = Number(instruction.operands[2]) + context.offset;
  return flows(site, type, typeAt(site, 0), "the result");
}

function checkReturn(site: Site): string | null {
  const { cell, offset } = site.context;
  // A generator's result is made by its call; what its code returns nobody sees.
  if (cell.kind === "generator") return null;
  return flows(site, typeAt(site, 0), cell.result + offset, "the result");
}

function checkConcat(site: Site): string | null {
  const strange = typesAt(site, 1).find((t) => site.context.relations.types[t]?.kind !== "string");
  if (strange !== undefined) return `concat of a ${typeText(site, strange)}`;
  return isKind(site, 0, "string");
}

const INT: Rule = all("int", "int");
const FLOAT: Rule = all("float", "float");
const ANY: Rule = dynamic("any");
const BOOL: Rule = dynamic("bool");

/** The rule of every opcode. */
export const RULES: Readonly<Record<OpcodeName, Rule>> = {
  const: checkConst,
  move: checkMove,
  widen: checkWiden,
  cast: checkCast,
  is_null: BOOL,
  type_test: BOOL,
  conforms: BOOL,
  add_int: INT,
  sub_int: INT,
  mul_int: INT,
  div_int: INT,
  quot_int: INT,
  rem_int: INT,
  pow_int: INT,
  neg_int: INT,
  and_int: INT,
  or_int: INT,
  xor_int: INT,
  not_int: INT,
  shl_int: INT,
  shr_int: INT,
  int_to_float: all("int", "float"),
  add_float: FLOAT,
  sub_float: FLOAT,
  mul_float: FLOAT,
  div_float: FLOAT,
  quot_float: FLOAT,
  rem_float: FLOAT,
  pow_float: FLOAT,
  neg_float: FLOAT,
  arith: ANY,
  negate: ANY,
  invert: ANY,
  eq_int: all("int", "bool"),
  lt_int: all("int", "bool"),
  le_int: all("int", "bool"),
  eq_float: all("float", "bool"),
  lt_float: all("float", "bool"),
  le_float: all("float", "bool"),
  eq_string: all("string", "bool"),
  lt_string: all("string", "bool"),
  le_string: all("string", "bool"),
  eq: BOOL,
  lt: BOOL,
  le: BOOL,
  compare: dynamic("int"),
  contains: BOOL,
  not: all("bool", "bool"),
  truthy: BOOL,
  jump: () => null,
  jump_if: (site) => isKind(site, 0, "bool"),
  jump_unless: (site) => isKind(site, 0, "bool"),
  switch: (site) => isKind(site, 0, "int"),
  return: checkReturn,
  fault: (site) => isKind(site, 1, "string"),
  call: checkCall,
  tail_call: checkTailCall,
  call_closure: checkClosureCall,
  call_builtin: checkBuiltinCall,
  call_recur: checkRecurCall,
  closure: checkClosure,
  concat: checkConcat,
  display: dynamic("string"),
  format: (site) =>
    firstOf(
      () => stringConstant(site, 2),
      () => yields(site, "string"),
    ),
  list_new: checkListNew,
  list_get: checkListGet,
  list_append: checkListAppend,
  list_concat: checkListConcat,
  list_length: (site) =>
    firstOf(
      () => isKind(site, 1, "list"),
      () => isKind(site, 0, "int"),
    ),
  list_range: checkListRange,
  index: ANY,
  slice: checkSlice,
  tuple_new: checkTupleNew,
  tuple_get: checkTupleGet,
  map_new: checkMapNew,
  map_get: checkMapGet,
  set_new: checkSetNew,
  record_new: checkRecordNew,
  field_get: checkFieldGet,
  field: named(2),
  variant_new: checkVariantNew,
  variant_tag: checkVariantTag,
  payload_get: checkPayloadGet,
  payload: named(2),
  place_set: checkPlaceSet,
  iter_new: checkIterNew,
  iter_entries: checkIterEntries,
  iter_next: checkIterNext,
  perform: checkPerform,
  handle: checkHandle,
  arm_arg: () => null,
  handle_end: checkHandleEnd,
  resume: checkResume,
  request: checkRequest,
  call_tool: checkCallTool,
  scope_leave: () => null,
  yield: checkYield,
  defer: () => null,
  defer_end: () => null,
  spawn: checkSpawn,
  await: checkAwait,
  nursery: checkNursery,
  nursery_end: () => null,
};
