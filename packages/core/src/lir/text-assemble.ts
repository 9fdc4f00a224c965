// Reading of the textual form of LIR (lir.md 10). Form only: `validateModule` says what is valid.

import { BUILTINS, builtinByName } from "../builtins/builtins.ts";
import { type Failure, failure } from "../diagnostic/index.ts";
import { fromHex } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { operandLetters } from "./canonical.ts";
import {
  type Callee,
  CELL_KINDS,
  type Cell,
  type Constant,
  type Instruction,
  type LirModule,
} from "./module.ts";
import { OPCODE_NAMES } from "./opcodes.ts";
import { AssembleError, Cursor } from "./text-tokens.ts";
import type { LirComponent, LirField, LirType, LirVariant } from "./types.ts";

/** Reads the text of one module; `E_LIR_INVALID` names the line where the form breaks. */
export function assemble(text: string): Result<LirModule, Failure> {
  try {
    return ok(readModule(new Cursor(text)));
  } catch (error) {
    if (!(error instanceof AssembleError)) throw error;
    const message = `invalid LIR text at line ${error.line}: ${error.message}`;
    return err(failure("E_LIR_INVALID", "load", message, { details: { line: error.line } }));
  }
}

function readModule(c: Cursor): LirModule {
  c.expect("module");
  const name = c.name();
  endLine(c);
  const types = readTable(c, "types", () => readType(c));
  const constants = readTable(c, "constants", () => readConstant(c));
  const callees = readTable(c, "callees", () => readCallee(c));
  const cells: Cell[] = [];
  while (c.peek() !== "") cells.push(readCell(c));
  return { name, types, constants, callees, cells, debug: null };
}

function endLine(c: Cursor): void {
  if (c.peek() !== "") c.expect("\n");
}

/** A table may be missing when it is empty. Its entries are numbered from 0. */
function readTable<T>(c: Cursor, name: string, entry: () => T): readonly T[] {
  const entries: T[] = [];
  if (!c.accept(name)) return entries;
  endLine(c);
  while (/^\d/.test(c.peek())) {
    if (c.number() !== entries.length) c.fail(`expected entry ${entries.length}`, -1);
    entries.push(entry());
    endLine(c);
  }
  return entries;
}

function readType(c: Cursor): LirType {
  const kind = c.next();
  switch (kind) {
    case "any":
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "json":
      return { kind };
    case "list":
    case "set":
    case "option":
      return { kind, item: c.number() };
    case "map":
      return { kind, key: c.number(), value: c.number() };
    case "result":
      return { kind, ok: c.number(), error: c.number() };
    case "tuple":
      return { kind, items: c.rest(() => c.number()) };
    case "union":
      return { kind, members: c.rest(() => c.number()) };
    case "opaque":
      return { kind, name: c.name(), args: c.rest(() => c.number()) };
    case "fn":
      return readFunctionType(c);
    case "record":
      return { kind, name: c.name(), fields: braces(c, () => readField(c)) };
    case "enum":
      return { kind, name: c.name(), variants: braces(c, () => readVariant(c)) };
    default:
      return c.fail(`unknown type '${kind}'`, -1);
  }
}

function braces<T>(c: Cursor, item: () => T): readonly T[] {
  c.expect("{");
  return c.list("}", item);
}

function readFunctionType(c: Cursor): LirType {
  c.expect("(");
  const params = c.list(")", () => c.number());
  c.expect("->");
  const result = c.number();
  return { kind: "fn", params, result, row: braces(c, () => c.name()) };
}

function readField(c: Cursor): LirField {
  const name = c.name();
  c.expect(":");
  return { name, type: c.number() };
}

function readVariant(c: Cursor): LirVariant {
  const name = c.name();
  return { name, payload: c.accept("(") ? c.list(")", () => readComponent(c)) : [] };
}

/** `0`, or `label: 0`; a label of digits only stands in quotes. */
function readComponent(c: Cursor): LirComponent {
  if (/^\d+$/.test(c.peek())) return { label: null, type: c.number() };
  const label = c.name();
  c.expect(":");
  return { label, type: c.number() };
}

function readConstant(c: Cursor): Constant {
  const kind = c.next();
  switch (kind) {
    case "null":
      return { kind };
    case "bool": {
      const value = c.next();
      if (value !== "true" && value !== "false") c.fail("expected true or false", -1);
      return { kind, value: value === "true" };
    }
    case "int": {
      const digits = c.next();
      if (!/^-?\d{1,19}$/.test(digits)) c.fail("expected an Int", -1);
      return { kind, value: BigInt(digits) };
    }
    case "float":
      return { kind, value: readFloat(c) };
    case "string":
      return { kind, value: c.string() };
    case "bytes":
      return { kind, value: readHex(c) };
    case "value":
      return { kind, type: c.number(), bytes: readHex(c) };
    default:
      return c.fail(`unknown constant '${kind}'`, -1);
  }
}

const FLOAT_WORDS: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
]);

function readFloat(c: Cursor): number {
  const text = c.next();
  const word = FLOAT_WORDS.get(text);
  if (word !== undefined) return word;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : c.fail("expected a Float", -1);
}

function readHex(c: Cursor): Uint8Array {
  const text = c.next();
  return fromHex(text === '""' ? "" : text) ?? c.fail("expected hex digits", -1);
}

function readCallee(c: Cursor): Callee {
  const kind = c.next();
  if (kind === "local") return { kind, cell: c.number() };
  if (kind === "extern") return { kind, module: c.name(), name: c.name() };
  return c.fail(`unknown callee '${kind}'`, -1);
}

function readCell(c: Cursor): Cell {
  c.expect("cell");
  const name = c.name();
  c.expect("kind");
  const word = c.next();
  const kind = CELL_KINDS.find((k) => k === word) ?? c.fail(`unknown kind '${word}'`, -1);
  c.expect("params");
  const paramCount = c.number();
  c.expect("captures");
  const captureCount = c.number();
  c.expect("result");
  const result = c.number();
  c.expect("row");
  const row = braces(c, () => c.name());
  c.expect("\n");
  c.expect("registers");
  const registers = c.rest(() => c.number());
  c.expect("\n");
  const code: Instruction[] = [];
  while (!c.accept("end")) {
    if (c.number() !== code.length) c.fail(`expected instruction ${code.length}`, -1);
    code.push(readInstruction(c));
    c.expect("\n");
  }
  endLine(c);
  return { name, kind, paramCount, captureCount, registers, result, row, code };
}

function readInstruction(c: Cursor): Instruction {
  const word = c.next();
  const op = OPCODE_NAMES.find((name) => name === word) ?? c.fail(`unknown opcode '${word}'`, -1);
  const operands = operandLetters(op).map((letter, i) => {
    if (i > 0) c.expect(",");
    return readOperand(c, letter);
  });
  return { op, operands };
}

function readOperand(c: Cursor, letter: string): number | readonly number[] {
  switch (letter) {
    case "R":
      c.expect("[");
      return c.list("]", () => c.number("r"));
    case "K":
      c.expect("[");
      return c.list("]", () => c.number("k"));
    case "J":
      c.expect("[");
      return c.list("]", () => readTarget(c));
    case "p":
      return readPath(c);
    case "j":
      return readTarget(c);
    case "b":
      return readBuiltin(c);
    case "w":
    case "r":
      return c.number("r");
    case "i":
      return c.number();
    default:
      return c.number(letter);
  }
}

function readTarget(c: Cursor): number {
  c.expect("->");
  return c.number();
}

function readBuiltin(c: Cursor): number {
  c.expect("@");
  const word = c.next();
  if (/^\d+$/.test(word)) return Number(word);
  const name = builtinByName(word);
  return name === undefined || name !== word
    ? c.fail(`unknown builtin '${word}'`, -1)
    : BUILTINS[name].number;
}

const PATH_KINDS: ReadonlyMap<string, number> = new Map([
  ["#", 1],
  ["%", 2],
  ["k", 3],
]);

function readPath(c: Cursor): readonly number[] {
  const path: number[] = [];
  if (c.accept(".")) return path;
  for (;;) {
    const [, letter, digits] = /^\.([#%k])(\d+)$/.exec(c.peek()) ?? [];
    const kind = PATH_KINDS.get(letter ?? "");
    if (c.accept(".[")) {
      path.push(0, c.number("r"));
      c.expect("]");
    } else if (kind !== undefined) {
      c.next();
      path.push(kind, Number(digits));
    } else return path.length > 0 ? path : c.fail("expected a path");
  }
}
