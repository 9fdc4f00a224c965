// Which rv32im work one LIR instruction stands for (spec/formats.md 21.2, "guests that are not
// rv32im"). Stated estimates: a guest keeps registers in memory as two 32-bit words each.

import type { OpcodeName } from "../lir/opcodes.ts";

/** Kinds of work that a model prices. */
export type LirOperation =
  | "step"
  | "i64_add"
  | "i64_compare"
  | "i64_logic"
  | "i64_shift"
  | "i64_mul"
  | "i64_div"
  | "load64"
  | "store64"
  | "float"
  | "call";

/** The work of one opcode. */
export interface LirWork {
  readonly operations: readonly LirOperation[];
  /** Bytes allocated whatever the operands are. */
  readonly bytes: number;
  /** Bytes allocated, and a load and a store, for every item of the operand list. */
  readonly bytesPerItem: number;
}

const HEADER_BYTES = 8;
const ITEM_BYTES = 8;
const BINARY = ["load64", "load64", "store64"] as const;
const UNARY = ["load64", "store64"] as const;

function work(...operations: readonly LirOperation[]): LirWork {
  return { operations, bytes: 0, bytesPerItem: 0 };
}

function allocating(...operations: readonly LirOperation[]): LirWork {
  return { operations, bytes: HEADER_BYTES, bytesPerItem: ITEM_BYTES };
}

/** One row per opcode; a new opcode does not compile until it has a row. */
export const LIR_WORK: { readonly [O in OpcodeName]: LirWork } = {
  const: work("load64", "store64"),
  move: work("load64", "store64"),
  widen: work("load64", "store64"),
  cast: work(...UNARY, "i64_compare"),
  is_null: work(...UNARY, "i64_compare"),
  type_test: work(...UNARY, "i64_compare"),
  conforms: work(...UNARY, "i64_compare"),
  add_int: work(...BINARY, "i64_add"),
  sub_int: work(...BINARY, "i64_add"),
  mul_int: work(...BINARY, "i64_mul"),
  div_int: work(...BINARY, "i64_div"),
  quot_int: work(...BINARY, "i64_div"),
  rem_int: work(...BINARY, "i64_div"),
  // A 64-bit exponentiation squares and multiplies a few times; six of each is the model value.
  pow_int: work(...BINARY, ...Array<LirOperation>(12).fill("i64_mul")),
  neg_int: work(...UNARY, "i64_add"),
  and_int: work(...BINARY, "i64_logic"),
  or_int: work(...BINARY, "i64_logic"),
  xor_int: work(...BINARY, "i64_logic"),
  not_int: work(...UNARY, "i64_logic"),
  shl_int: work(...BINARY, "i64_shift"),
  shr_int: work(...BINARY, "i64_shift"),
  int_to_float: work(...UNARY, "float"),
  add_float: work(...BINARY, "float"),
  sub_float: work(...BINARY, "float"),
  mul_float: work(...BINARY, "float"),
  div_float: work(...BINARY, "float"),
  quot_float: work(...BINARY, "float", "float"),
  rem_float: work(...BINARY, "float", "float"),
  pow_float: work(...BINARY, ...Array<LirOperation>(12).fill("float")),
  neg_float: work(...UNARY, "i64_logic"),
  arith: work(...BINARY, "i64_compare", "i64_compare", "i64_add"),
  negate: work(...UNARY, "i64_compare", "i64_add"),
  invert: work(...UNARY, "i64_compare", "i64_logic"),
  eq_int: work(...BINARY, "i64_compare"),
  lt_int: work(...BINARY, "i64_compare"),
  le_int: work(...BINARY, "i64_compare"),
  eq_float: work(...BINARY, "float"),
  lt_float: work(...BINARY, "float"),
  le_float: work(...BINARY, "float"),
  eq_string: work(...BINARY, "call", "i64_compare"),
  lt_string: work(...BINARY, "call", "i64_compare"),
  le_string: work(...BINARY, "call", "i64_compare"),
  eq: work(...BINARY, "call", "i64_compare"),
  lt: work(...BINARY, "call", "i64_compare"),
  le: work(...BINARY, "call", "i64_compare"),
  compare: work(...BINARY, "call", "i64_compare"),
  contains: work(...BINARY, "call", "i64_compare"),
  not: work(...UNARY, "step"),
  truthy: work(...UNARY, "i64_compare"),
  jump: work("step"),
  jump_if: work("load64", "step"),
  jump_unless: work("load64", "step"),
  switch: work("load64", "i64_compare", "step"),
  return: work("load64", "store64", "step"),
  fault: work("step"),
  call: work("call"),
  tail_call: work("call"),
  call_closure: work("call", "load64"),
  // The work of a builtin is the cost of its own row, charged by the caller of this table.
  call_builtin: work("call"),
  call_recur: work("call", "i64_compare"),
  closure: allocating("store64"),
  concat: allocating("call"),
  display: allocating("load64", "call"),
  format: allocating("load64", "call"),
  list_new: allocating("store64"),
  list_get: work(...BINARY, "i64_compare", "load64"),
  list_append: { operations: [...BINARY, "i64_add"], bytes: ITEM_BYTES, bytesPerItem: 0 },
  list_concat: allocating(...BINARY, "call"),
  list_length: work(...UNARY),
  list_range: allocating(...BINARY, "call"),
  index: work(...BINARY, "call", "i64_compare"),
  slice: allocating(...BINARY, "call"),
  tuple_new: allocating("store64"),
  tuple_get: work(...UNARY, "load64"),
  map_new: allocating("store64", "call"),
  map_get: work(...BINARY, "call", "i64_compare"),
  set_new: allocating("store64", "call"),
  record_new: allocating("store64"),
  field_get: work(...UNARY, "load64"),
  field: work(...UNARY, "call", "load64"),
  variant_new: allocating("store64", "store64"),
  variant_tag: work(...UNARY),
  payload_get: work(...UNARY, "load64"),
  payload: work(...UNARY, "call", "load64"),
  place_set: allocating(...BINARY, "call"),
  iter_new: allocating("load64", "store64"),
  iter_entries: allocating("load64", "store64"),
  iter_next: work("load64", "i64_compare", "load64", "store64"),
  perform: work("call", "call"),
  handle: allocating("store64"),
  arm_arg: work(...UNARY),
  handle_end: work(...UNARY, "step"),
  resume: work("call", "load64", "store64"),
  // No guest asks the door: what these four cost is the cost of leaving the guest.
  request: work("call"),
  call_tool: work("call"),
  spawn: allocating("call"),
  await: work("call", "i64_compare"),
  scope_leave: work("step"),
  yield: work(...UNARY, "call"),
  defer: allocating("store64"),
  defer_end: work("step"),
  nursery: allocating("store64"),
  nursery_end: work("call", "i64_compare"),
};
