// The bytes of an LIR module (lir.md 5). Reading checks form only; `validate.ts` checks the rest.

import { type Failure, failure, unsupportedVersion } from "../diagnostic/index.ts";
import {
  decodeWith,
  encodeWith,
  type WireCodec,
  type WireReader,
  type WireWriter,
  wire,
} from "../encoding/index.ts";
import { concatBytes, utf8Encode } from "../hash/index.ts";
import { err, ok, type Result, required } from "../result/result.ts";
import { operandLetters } from "./canonical.ts";
import {
  type Callee,
  CELL_KINDS,
  type Cell,
  type CellDebug,
  type Constant,
  type Instruction,
  type LirModule,
  type ModuleDebug,
} from "./module.ts";
import { OPCODE_NAMES, OPCODES, type OpcodeName } from "./opcodes.ts";
import type { LirComponent, LirField, LirType, LirVariant } from "./types.ts";

const MAGIC = utf8Encode("LUMENLIR");
const HEADER_BYTES = 12;

const field = wire.record<LirField>({ name: wire.string, type: wire.u32 });
const component = wire.record<LirComponent>({ label: wire.option(wire.string), type: wire.u32 });
const variant = wire.record<LirVariant>({ name: wire.string, payload: wire.list(component) });
const indices = wire.list(wire.u32);

const lirType = wire.tagged<LirType>({
  any: wire.nothing,
  null: wire.nothing,
  bool: wire.nothing,
  int: wire.nothing,
  float: wire.nothing,
  string: wire.nothing,
  bytes: wire.nothing,
  json: wire.nothing,
  list: wire.record({ item: wire.u32 }),
  set: wire.record({ item: wire.u32 }),
  map: wire.record({ key: wire.u32, value: wire.u32 }),
  tuple: wire.record({ items: indices }),
  option: wire.record({ item: wire.u32 }),
  result: wire.record({ ok: wire.u32, error: wire.u32 }),
  record: wire.record({ name: wire.string, fields: wire.list(field) }),
  enum: wire.record({ name: wire.string, variants: wire.list(variant) }),
  fn: wire.record({ params: indices, result: wire.u32, row: wire.list(wire.string) }),
  union: wire.record({ members: indices }),
  opaque: wire.record({ name: wire.string, args: indices }),
});

const bigInt64: WireCodec<bigint> = {
  encode: (writer, value) => wire.i64.encode(writer, value),
  decode: (reader) => BigInt(wire.i64.decode(reader)),
  minBytes: 1,
};

const constant = wire.tagged<Constant>({
  null: wire.nothing,
  bool: wire.record({ value: wire.bool }),
  int: wire.record({ value: bigInt64 }),
  float: wire.record({ value: wire.f64 }),
  string: wire.record({ value: wire.string }),
  bytes: wire.record({ value: wire.bytes }),
  value: wire.record({ type: wire.u32, bytes: wire.bytes }),
});

const callee = wire.tagged<Callee>({
  local: wire.record({ cell: wire.u32 }),
  extern: wire.record({ module: wire.string, name: wire.string }),
});

const cellKind: WireCodec<Cell["kind"]> = {
  encode: (writer, value) => writer.u32(CELL_KINDS.indexOf(value)),
  decode: (reader) => {
    const start = reader.offset;
    return CELL_KINDS[reader.u32()] ?? reader.fail("bad-variant", start);
  },
  minBytes: 1,
};

/** How an operand stands in the bytes: one number, a list, or pairs by their count. */
type OperandForm = "one" | "list" | "pairs";

interface InstructionForm {
  readonly op: OpcodeName;
  readonly operands: readonly OperandForm[];
}

/** By opcode number. */
const forms: readonly (InstructionForm | undefined)[] = OPCODE_NAMES.reduce<
  (InstructionForm | undefined)[]
>((table, op) => {
  table[OPCODES[op].number] = { op, operands: operandLetters(op).map(formOf) };
  return table;
}, []);

function formOf(letter: string): OperandForm {
  if (letter === "p") return "pairs";
  return "RKJ".includes(letter) ? "list" : "one";
}

const instruction: WireCodec<Instruction> = {
  encode: (writer, { op, operands }) => {
    writer.u32(OPCODES[op].number);
    operandLetters(op).forEach((letter, i) => {
      writeOperand(writer, letter, required(operands[i], "every operand is there"));
    });
  },
  decode: (reader) => {
    const start = reader.offset;
    const form = forms[reader.u32()] ?? reader.fail("bad-variant", start);
    const operands: (number | readonly number[])[] = [];
    for (const operand of form.operands)
      operands.push(operand === "one" ? reader.u32() : readList(reader, operand));
    return { op: form.op, operands };
  },
  minBytes: 2,
};

function writeOperand(
  writer: WireWriter,
  letter: string,
  operand: number | readonly number[],
): void {
  if (typeof operand === "number") {
    writer.u32(operand);
    return;
  }
  writer.varint(letter === "p" ? operand.length / 2 : operand.length);
  for (const number of operand) writer.u32(number);
}

function readList(reader: WireReader, form: OperandForm): readonly number[] {
  const count = form === "pairs" ? 2 * reader.count(2) : reader.count(1);
  const numbers: number[] = [];
  for (let i = 0; i < count; i += 1) numbers.push(reader.u32());
  return numbers;
}

const cell = wire.record<Cell>({
  name: wire.string,
  kind: cellKind,
  paramCount: wire.u32,
  captureCount: wire.u32,
  registers: indices,
  result: wire.u32,
  row: wire.list(wire.string),
  code: wire.list(instruction),
});

const cellDebug = wire.record<CellDebug>({
  spans: wire.list(wire.record({ start: wire.u32, end: wire.u32 })),
  paramNames: wire.list(wire.string),
  locals: wire.list(wire.record({ register: wire.u32, name: wire.string })),
});

const moduleDebug = wire.record<ModuleDebug>({ path: wire.string, cells: wire.list(cellDebug) });

const lirModule = wire.record<LirModule>({
  name: wire.string,
  types: wire.list(lirType),
  constants: wire.list(constant),
  callees: wire.list(callee),
  cells: wire.list(cell),
  debug: wire.option(moduleDebug),
});

/** Files of modules that were read or written: modules do not change, and have one file each. */
const files = new WeakMap<LirModule, Uint8Array>();

/** The file of a module: magic, version 1.0, canonical encoding. Nobody writes to it. */
export function encodeModule(module: LirModule): Uint8Array {
  const known = files.get(module);
  if (known !== undefined) return known;
  const file = concatBytes(MAGIC, new Uint8Array([1, 0, 0, 0]), encodeWith(lirModule, module));
  files.set(module, file);
  return file;
}

/** Reads a module file; E_LIR_INVALID, or E_UNSUPPORTED_VERSION naming the version met. */
export function decodeModule(bytes: Uint8Array, subject: string): Result<LirModule, Failure> {
  const magic = bytes.length >= HEADER_BYTES && MAGIC.every((byte, i) => bytes[i] === byte);
  if (!magic) {
    return err(
      failure("E_LIR_INVALID", "load", "not an LIR module: the magic bytes are missing", {
        subject,
        offset: 0,
      }),
    );
  }
  const major = (bytes[8] ?? 0) | ((bytes[9] ?? 0) << 8);
  const minor = (bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8);
  if (major !== 1 || minor > 0) {
    return err(
      unsupportedVersion({
        format: "lir",
        found: `${major}.${minor}`,
        supported: ["1.0"],
        subject,
      }),
    );
  }
  const decoded = decodeWith(lirModule, bytes.subarray(HEADER_BYTES), { subject });
  if (decoded.ok) {
    files.set(decoded.value, bytes);
    return ok(decoded.value);
  }
  const offset = (decoded.error.offset ?? 0) + HEADER_BYTES;
  return err(
    failure(
      "E_LIR_INVALID",
      "load",
      `invalid LIR module at byte ${offset}: ${decoded.error.message}`,
      {
        subject,
        offset,
        cause: decoded.error,
      },
    ),
  );
}
