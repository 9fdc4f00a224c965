// Writes whole programs for tests as text with names: labels, inline constants, cells by name. What
// comes out has passed validation, so that tests hold the machine to what the compiler may emit.
//
//   cell main(a0) {async}        `cell f(a0 | a1) lambda -> i {}`: capture, kind, result (else a)
//     call a1, double, [5]       constants may stand for registers; cells and builtins by name
//     list_new l0, [a0, 'x']     registers: any, bool, int, string, list, f fn(), g fn(any)
//     jump ->end
//   end:
//     return a0

import { BUILTINS, builtinByName } from "@lumen/core/builtins";
import {
  type Callee,
  CELL_KINDS,
  type Cell,
  type Constant,
  canonicalModule,
  type Instruction,
  type LirModule,
  type LirType,
  OPCODE_NAMES,
  type OpcodeName,
  operandLetters,
  validateProgram,
} from "@lumen/core/lir";
import { assert, required } from "@lumen/core/result";
import { linkProgram } from "../link/link-program.ts";
import type { LinkedProgram } from "../link/program.ts";

const TYPES: readonly LirType[] = [
  { kind: "any" },
  { kind: "bool" },
  { kind: "int" },
  { kind: "string" },
  { kind: "fn", params: [], result: 0, row: ["*"] },
  { kind: "fn", params: [0], result: 0, row: ["*"] },
  { kind: "list", item: 0 },
  { kind: "opaque", name: "Generator", args: [0] },
];
const TYPE_OF: Readonly<Record<string, number>> = { a: 0, b: 1, i: 2, s: 3, f: 4, g: 5, l: 6 };
const GENERATOR = 7;

/** The program of a text, validated and linked; its one module is `m`. */
export function sketch(text: string): LinkedProgram {
  const module = sketchModule(text);
  const valid = validateProgram([module]);
  assert(valid.ok, valid.ok ? "the program is valid" : valid.error.message);
  const linked = linkProgram([module]);
  assert(linked.ok, "the program links");
  return linked.value;
}

/** The module of a text, valid or not. */
export function sketchModule(text: string): LirModule {
  const parts = text
    .split(/^(?= *cell )/m)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const tables: Tables = { constants: [], names: parts.map((part) => headOf(part).name) };
  const cells = parts.map((part) => cellOf(tables, part));
  return canonicalModule({
    name: "m",
    types: TYPES,
    constants: tables.constants,
    callees: tables.names.map((_, cell): Callee => ({ kind: "local", cell })),
    cells,
    debug: null,
  });
}

interface Tables {
  readonly constants: Constant[];
  readonly names: readonly string[];
}

function headOf(part: string): {
  readonly name: string;
  readonly params: readonly string[];
  readonly captures: readonly string[];
  readonly kind: Cell["kind"];
  readonly row: readonly string[];
  readonly result: number;
} {
  const head = /^cell (\S+?)\(([^|)]*)(?:\|([^)]*))?\) *(\w*) *(?:-> (\w) *)?\{(.*?)\}/.exec(part);
  assert(head !== null, `a cell has a head: ${part.split("\n")[0]}`);
  const names = (list: string | undefined): readonly string[] => list?.match(/[\w$]+/g) ?? [];
  const kind = CELL_KINDS.find((name) => name === head[4]) ?? "cell";
  const [params, captures, row] = [head[2], head[3], head[6]].map(names);
  const result = kind === "generator" ? GENERATOR : required(TYPE_OF[head[5] ?? "a"], "a result");
  return {
    name: head[1] ?? "",
    params: params ?? [],
    captures: captures ?? [],
    kind,
    row: row ?? [],
    result,
  };
}

function cellOf(tables: Tables, part: string): Cell {
  const { name, params, captures, kind, row, result } = headOf(part);
  const writer: Writer = {
    tables,
    registers: [...params, ...captures],
    labels: new Map(),
    code: [],
  };
  for (const whole of part.split("\n").slice(1)) {
    const line = whole.replace(/;.*/, "").trim();
    if (line.endsWith(":")) writer.labels.set(line.slice(0, -1), writer.code.length);
    else if (line !== "") writeInstruction(writer, line);
  }
  const code = writer.code.map(({ op, operands }): Instruction => {
    const numbers = operands.map((operand) =>
      typeof operand === "object" ? operand.map((n) => target(writer, n)) : target(writer, operand),
    );
    return { op, operands: numbers };
  });
  return {
    name,
    kind,
    paramCount: params.length,
    captureCount: captures.length,
    registers: writer.registers.map((r) => required(TYPE_OF[r.charAt(0)], "a register has a type")),
    result,
    row,
    code,
  };
}

/** A number, or a label. */
type Operand = number | string;

interface Writer {
  readonly tables: Tables;
  readonly registers: string[];
  readonly labels: Map<string, number>;
  readonly code: { readonly op: OpcodeName; readonly operands: readonly (Operand | Operand[])[] }[];
}

function target({ labels }: Writer, operand: Operand): number {
  if (typeof operand === "number") return operand;
  return required(labels.get(operand), `a label is called ${operand}`);
}

function writeInstruction(writer: Writer, line: string): void {
  const [, word = "", rest = ""] = /^(\w+)\s*(.*)$/.exec(line) ?? [];
  const op = OPCODE_NAMES.find((candidate) => candidate === word);
  assert(op !== undefined, `an opcode: ${line}`);
  const texts = rest.match(/\[[^\]]*\]|'[^']*'|[^,\s]+/g) ?? [];
  const operands = operandLetters(op).map((letter, i): Operand | Operand[] => {
    const operand = required(texts[i], `operand ${i} of ${line}`);
    if (!operand.startsWith("[")) return operandOf(writer, letter, operand);
    const items = operand.slice(1, -1).match(/'[^']*'|[^,\s]+/g) ?? [];
    return items.map((item) => operandOf(writer, letter.toLowerCase(), item));
  });
  writer.code.push({ op, operands });
}

function operandOf(writer: Writer, letter: string, text: string): Operand {
  const { tables } = writer;
  switch (letter) {
    case "w":
      return registerOf(writer, text);
    case "r":
      return /^[a-z]\d+$/.test(text) ? registerOf(writer, text) : literal(writer, text);
    case "k":
      tables.constants.push(constantOf(text));
      return tables.constants.length - 1;
    case "c":
      assert(tables.names.includes(text), `a cell is called ${text}`);
      return tables.names.indexOf(text);
    case "j":
      return text.replace("->", "");
    case "b":
      return BUILTINS[required(builtinByName(text), `a builtin is called ${text}`)].number;
    default:
      // Ranges of registers: `a3` is the number of the register, `a3+` the one after it.
      if (!/^[a-z]\d+\+?$/.test(text)) return Number(text);
      return Number(registerOf(writer, text.replace("+", ""))) + (text.endsWith("+") ? 1 : 0);
  }
}

function registerOf({ registers }: Writer, name: string): number {
  if (!registers.includes(name)) registers.push(name);
  return registers.indexOf(name);
}

/** A constant where a register is read: it is written to a register of its own first. */
function literal(writer: Writer, text: string): number {
  const kind = constantOf(text).kind;
  const register = registerOf(writer, `${kind === "null" ? "a" : kind.charAt(0)}=${text}`);
  writer.code.push({ op: "const", operands: [register, operandOf(writer, "k", text)] });
  return register;
}

function constantOf(text: string): Constant {
  if (text === "null") return { kind: "null" };
  if (text === "true" || text === "false") return { kind: "bool", value: text === "true" };
  if (text.startsWith("'")) return { kind: "string", value: text.slice(1, -1) };
  return { kind: "int", value: BigInt(text) };
}
