// Operations that are calls into the rest of the package anyway. Each computes the value of `w`.
//
// Casts: link and validation have made sure that every operand is there and of its kind.

import { OPCODES, type OpcodeName } from "@lumen/core/lir";
import { assert } from "@lumen/core/result";
import {
  compareStrings,
  compareValues,
  displayValue,
  emptyMap,
  emptySet,
  equalValues,
  Float,
  floatList,
  isShared,
  type List,
  type MapValue,
  makeList,
  makeRecord,
  makeVariant,
  mapSet,
  RESULT_SHAPE,
  setAdd,
  share,
  Tuple,
  truthy,
  typeName,
  type Value,
} from "@lumen/core/value";
import { arith, invert, lessThan, negate } from "../arithmetic/dynamic.ts";
import { powFloat, quotFloat, remFloat } from "../arithmetic/float.ts";
import {
  andInt,
  divInt,
  type Int,
  negInt,
  notInt,
  orInt,
  powInt,
  quotInt,
  remInt,
  shlInt,
  shrInt,
  xorInt,
} from "../arithmetic/int.ts";
import { fieldAny, indexAny, mapAt, payloadAny, sliceAny } from "../containers/access.ts";
import { entryIterator, iteratorOver } from "../containers/iterators.ts";
import { keyOf } from "../containers/keys.ts";
import { concatLists, rangeCount, rangeList } from "../containers/lists.ts";
import { membership } from "../containers/membership.ts";
import { type PlaceStep, setPlace } from "../containers/place-set.ts";
import { setInPlace } from "../containers/place-words.ts";
import { makeClosure } from "../link/closure-cell.ts";
import { SHARED, TAKEN } from "../link/compile-cell.ts";
import type { LinkedModule } from "../link/program.ts";
import type { Memory } from "../machine/allocation.ts";
import { builtBytes, listBytes } from "../memory.ts";
import { formatValue, parseFormatSpec } from "../text/format-spec.ts";
import { joinTexts } from "../text/text-size.ts";
import { typeTrap } from "../trap.ts";
import { castValue, conformsTo } from "../types/cast.ts";
import { isFloatList } from "../types/shapes.ts";
import { testType } from "../types/type-test.ts";
import { gather, gatherGiven, readGiven } from "./calls.ts";

/** The instruction at `pc` of `words`: operands from word 3 on, the result goes to word 2. */
export type SlowOperation = (
  words: Int32Array,
  pc: number,
  registers: readonly Value[],
  module: LinkedModule,
  memory: Memory,
) => Value;

function word(words: Int32Array, at: number): number {
  return words[at] as number;
}

function read(words: Int32Array, at: number, registers: readonly Value[]): Value {
  return registers[words[at] as number] as Value;
}

/** An operation of two Ints. */
function onInts(operate: (a: Int, b: Int) => Value): SlowOperation {
  return (words, pc, registers) =>
    operate(read(words, pc + 3, registers) as Int, read(words, pc + 4, registers) as Int);
}

/** On 32-bit values JavaScript's operators are exact. */
function isInt32(value: Int): value is number {
  return typeof value === "number" && value === ~~value;
}

/** An operation of two Floats. */
function onFloats(operate: (a: number, b: number) => number): SlowOperation {
  return (words, pc, registers) => {
    const a = read(words, pc + 3, registers) as Float;
    const b = read(words, pc + 4, registers) as Float;
    return new Float(operate(a.value, b.value));
  };
}

/** An operation of two Strings. */
function onTexts(operate: (a: string, b: string) => Value): SlowOperation {
  return (words, pc, registers) =>
    operate(read(words, pc + 3, registers) as string, read(words, pc + 4, registers) as string);
}

/** An operation of one value. */
function onOne(operate: (a: Value) => Value): SlowOperation {
  return (words, pc, registers) => operate(read(words, pc + 3, registers));
}

/** An operation of two values. */
function onTwo(operate: (a: Value, b: Value) => Value): SlowOperation {
  return (words, pc, registers) =>
    operate(read(words, pc + 3, registers), read(words, pc + 4, registers));
}

/** An operation of a value and the name in a constant. */
function onNamed(operate: (a: Value, name: string) => Value): SlowOperation {
  return (words, pc, registers, module) =>
    operate(read(words, pc + 3, registers), module.constants[word(words, pc + 4)] as string);
}

/** The operation's result, charged to the machine. */
function charged(operation: SlowOperation): SlowOperation {
  return (words, pc, registers, module, memory) => {
    const value = operation(words, pc, registers, module, memory);
    memory.charge(builtBytes(value));
    return value;
  };
}

/** An operation of one value that counts what it makes. */
function onOneWith(operate: (a: Value, memory: Memory) => Value): SlowOperation {
  return (words, pc, registers, _module, memory) => operate(read(words, pc + 3, registers), memory);
}

/** The operands R; those that others hold, too, are shared from now on. */
function parts(words: Int32Array, at: number, registers: readonly Value[]): Value[] {
  const gathered = gatherGiven(words, at, registers);
  // What grew has room to grow on, which a container that is kept must not have.
  return gathered.slice();
}

const formatOperation: SlowOperation = (words, pc, registers, module) => {
  const constant = word(words, pc + 4);
  let spec = module.formats.get(constant);
  if (spec === undefined) {
    const text = module.constants[constant] as string;
    spec = parseFormatSpec(text) ?? undefined;
    if (spec === undefined) throw typeTrap(`invalid format spec '${text}'`);
    module.formats.set(constant, spec);
  }
  return formatValue(read(words, pc + 3, registers), spec);
};

const listRange: SlowOperation = (words, pc, registers, _module, memory) => {
  const start = read(words, pc + 3, registers) as Int;
  const step = read(words, pc + 5, registers) as Int;
  const inclusive = word(words, pc + 6) === 1;
  const count = rangeCount(start, read(words, pc + 4, registers) as Int, step, inclusive);
  memory.charge(listBytes(count));
  return rangeList(start, step, count);
};

const mapNew: SlowOperation = (words, pc, registers) => {
  const map = emptyMap();
  const flat = parts(words, pc + 3, registers);
  for (let i = 0; i < flat.length; i += 2) {
    const key = flat[i] as Value;
    mapSet(map, key, flat[i + 1] as Value, keyOf(key));
  }
  return map;
};

const setNew: SlowOperation = (words, pc, registers) => {
  const set = emptySet();
  for (const item of parts(words, pc + 3, registers)) setAdd(set, item, keyOf(item));
  return set;
};

/** Words: w, type of w, R. */
const recordNew: SlowOperation = (words, pc, registers, module) => {
  const shape = module.cast.shapes[word(words, pc + 3)] ?? null;
  assert(shape !== null && "fields" in shape, "record_new writes a record");
  return makeRecord(shape, parts(words, pc + 4, registers));
};

/** Words: w, type of w, R. */
const listNew: SlowOperation = (words, pc, registers, module) => {
  const items = parts(words, pc + 4, registers);
  return isFloatList(module.lir, word(words, pc + 3)) ? floatList(items) : makeList(items);
};

/** Words: w, type of w, tag, R. */
const variantNew: SlowOperation = (words, pc, registers, module) => {
  const shape = module.cast.shapes[word(words, pc + 3)] ?? RESULT_SHAPE;
  assert("variants" in shape, "variant_new writes an enum or a result");
  return makeVariant(shape, word(words, pc + 4), parts(words, pc + 5, registers));
};

/** Words: w, a, pairs of the path, b. */
const placeSet: SlowOperation = (words, pc, registers, module, memory) => {
  const count = word(words, pc + 4);
  // Shared first: the part may be the very value that it becomes a part of.
  const part = readGiven(words, pc + 5 + 2 * count, registers);
  const whole = read(words, pc + 3, registers);
  const isOwn = word(words, pc + 2) === word(words, pc + 3);
  if (isOwn && setInPlace(words, pc, registers, part, memory)) return whole;
  const path: PlaceStep[] = [];
  for (let at = pc + 5; path.length < count; at += 2) {
    const operand = word(words, at + 1);
    if (word(words, at) === 0) path.push({ kind: "index", index: registers[operand] as Value });
    else if (word(words, at) !== 3) path.push({ kind: "part", at: operand });
    else path.push({ kind: "named", name: module.constants[operand] as string });
  }
  if (!isOwn) share(whole);
  return setPlace(whole, path, part, memory);
};

const contains = onTwo((element, container) => {
  const found = membership(element, container);
  if (found !== undefined) return found;
  throw typeTrap(`cannot test whether ${typeName(element)} is in ${typeName(container)}`);
});

/** The cast value may be the same object, which two registers then refer to. */
const cast: SlowOperation = (words, pc, registers, module, memory) => {
  const value = readGiven(words, pc + 3, registers);
  const converted = castValue(value, module.cast, word(words, pc + 4));
  if (converted !== value) memory.charge(builtBytes(converted));
  return converted;
};

/** Words: w, map, key, what becomes of the value. */
const mapGetOperation: SlowOperation = (words, pc, registers) => {
  const map = read(words, pc + 3, registers) as MapValue;
  const value = mapAt(map, read(words, pc + 4, registers));
  const how = word(words, pc + 5);
  return how === SHARED || (how === TAKEN && isShared(map)) ? share(value) : value;
};

const OPERATIONS: Readonly<Partial<Record<OpcodeName, SlowOperation>>> = {
  cast,
  type_test: (words, pc, registers, module) =>
    testType(read(words, pc + 3, registers), module.lir.types, word(words, pc + 4)),
  conforms: (words, pc, registers, module) =>
    conformsTo(read(words, pc + 3, registers), module.cast, word(words, pc + 4)),
  div_int: onInts(divInt),
  quot_int: onInts(quotInt),
  rem_int: onInts(remInt),
  pow_int: onInts(powInt),
  neg_int: (words, pc, registers) => negInt(read(words, pc + 3, registers) as Int),
  and_int: onInts((a, b) => (isInt32(a) && isInt32(b) ? a & b : andInt(a, b))),
  or_int: onInts((a, b) => (isInt32(a) && isInt32(b) ? a | b : orInt(a, b))),
  xor_int: onInts((a, b) => (isInt32(a) && isInt32(b) ? a ^ b : xorInt(a, b))),
  not_int: (words, pc, registers) => notInt(read(words, pc + 3, registers) as Int),
  shl_int: onInts(shlInt),
  shr_int: onInts(shrInt),
  quot_float: onFloats(quotFloat),
  rem_float: onFloats(remFloat),
  pow_float: onFloats(powFloat),
  arith: (words, pc, registers, _module, memory) => {
    const a = read(words, pc + 4, registers);
    return arith(word(words, pc + 3), a, read(words, pc + 5, registers), memory);
  },
  neg_float: onOne((a) => new Float(-(a as Float).value)),
  negate: onOne(negate),
  invert: onOne(invert),
  lt_string: onTexts((a, b) => compareStrings(a, b) < 0),
  le_string: onTexts((a, b) => compareStrings(a, b) <= 0),
  truthy: onOne(truthy),
  eq: onTwo(equalValues),
  lt: onTwo((a, b) => lessThan(a, b, false)),
  le: onTwo((a, b) => lessThan(a, b, true)),
  compare: onTwo((a, b) => Math.sign(compareValues(a, b))),
  contains,
  closure: charged((words, pc, registers, module) => {
    const callee = module.callees[word(words, pc + 3)];
    assert(callee !== undefined, "the callee is linked");
    return makeClosure(callee, parts(words, pc + 4, registers));
  }),
  concat: charged((words, pc, registers) =>
    joinTexts(gather(words, pc + 3, registers) as string[], ""),
  ),
  display: charged(onOne(displayValue)),
  format: charged(formatOperation),
  list_new: charged(listNew),
  list_concat: (words, pc, registers, _module, memory) => {
    const a = read(words, pc + 3, registers) as List;
    return concatLists(a, read(words, pc + 4, registers) as List, memory);
  },
  list_range: listRange,
  index: onTwo(indexAny),
  slice: (words, pc, registers, _module, memory) => {
    const [start, end] = [read(words, pc + 4, registers), read(words, pc + 5, registers)];
    return sliceAny(read(words, pc + 3, registers), { start, end }, memory);
  },
  tuple_new: charged((words, pc, registers) => new Tuple(parts(words, pc + 3, registers))),
  map_new: charged(mapNew),
  map_get: mapGetOperation,
  set_new: charged(setNew),
  record_new: charged(recordNew),
  field: onNamed(fieldAny),
  variant_new: charged(variantNew),
  payload: onNamed(payloadAny),
  place_set: placeSet,
  iter_new: onOneWith(iteratorOver),
  iter_entries: onOneWith(entryIterator),
};

/** The operations by opcode number; null for those that are done by the interpreter's loop only. */
export const SLOW_OPERATIONS: readonly (SlowOperation | null)[] = byNumber();

function byNumber(): (SlowOperation | null)[] {
  const table: (SlowOperation | null)[] = [];
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const { number } = OPCODES[name as OpcodeName];
    while (table.length <= number) table.push(null);
    table[number] = operation;
  }
  return table;
}
