// Writing the textual form of LIR (lir.md 10), for people and tests; text-assemble.ts reads it.
// Debug information is not part of it.

import { builtinByNumber } from "../builtins/builtins.ts";
import { toHex } from "../hash/index.ts";
import { displayFloat } from "../value/index.ts";
import { operandLetters } from "./canonical.ts";
import type { Callee, Cell, Constant, Instruction, LirModule } from "./module.ts";
import type { LirType } from "./types.ts";

/** The text of a module; `assemble` gives the same module back, without debug information. */
export function disassemble(module: LirModule): string {
  const table = (name: string, entries: readonly string[]): readonly string[] =>
    entries.length === 0 ? [] : [name, ...entries.map((text, i) => `  ${i} ${text}`)];
  const lines = [
    `module ${nameText(module.name)}`,
    ...table("types", module.types.map(typeText)),
    ...table("constants", module.constants.map(constantText)),
    ...table("callees", module.callees.map(calleeText)),
    ...module.cells.flatMap(cellLines),
  ];
  return `${lines.join("\n")}\n`;
}

/** A name as it is where it reads back as one word, else a JSON string. */
function nameText(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}\p{N}_$]+)*$/u.test(name) ? name : JSON.stringify(name);
}

function rowText(row: readonly string[]): string {
  return `{${row.map(nameText).join(", ")}}`;
}

function typeText(type: LirType): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return `${type.kind} ${type.item}`;
    case "map":
      return `map ${type.key} ${type.value}`;
    case "result":
      return `result ${type.ok} ${type.error}`;
    case "tuple":
      return ["tuple", ...type.items].join(" ");
    case "union":
      return ["union", ...type.members].join(" ");
    case "opaque":
      return ["opaque", nameText(type.name), ...type.args].join(" ");
    case "fn":
      return `fn (${type.params.join(", ")}) -> ${type.result} ${rowText(type.row)}`;
    case "record": {
      const fields = type.fields.map((f) => `${nameText(f.name)}: ${f.type}`);
      return `record ${nameText(type.name)} { ${fields.join(", ")} }`;
    }
    case "enum":
      return `enum ${nameText(type.name)} { ${type.variants.map(variantText).join(", ")} }`;
    default:
      return type.kind;
  }
}

function variantText({ name, payload }: (LirType & { kind: "enum" })["variants"][number]): string {
  if (payload.length === 0) return nameText(name);
  const parts = payload.map(({ label, type }) =>
    label === null ? `${type}` : `${nameText(label)}: ${type}`,
  );
  return `${nameText(name)}(${parts.join(", ")})`;
}

function constantText(constant: Constant): string {
  switch (constant.kind) {
    case "null":
      return "null";
    case "float":
      return `float ${displayFloat(constant.value)}`;
    case "string":
      return `string ${JSON.stringify(constant.value)}`;
    case "bytes":
      return `bytes ${hexText(constant.value)}`;
    case "value":
      return `value ${constant.type} ${hexText(constant.bytes)}`;
    default:
      return `${constant.kind} ${constant.value}`;
  }
}

/** Hex digits; an empty sequence is an empty string, so that something stands there. */
function hexText(bytes: Uint8Array): string {
  return bytes.length === 0 ? '""' : toHex(bytes);
}

function calleeText(callee: Callee): string {
  return callee.kind === "local"
    ? `local ${callee.cell}`
    : `extern ${nameText(callee.module)} ${nameText(callee.name)}`;
}

function cellLines(cell: Cell): readonly string[] {
  const { name, kind, paramCount, captureCount, registers, result, row, code } = cell;
  const head =
    `cell ${nameText(name)} kind ${kind} params ${paramCount} captures ${captureCount} ` +
    `result ${result} row ${rowText(row)}`;
  const width = String(code.length - 1).length;
  return [
    head,
    `  ${["registers", ...registers].join(" ")}`,
    ...code.map((at, i) => `  ${String(i).padStart(width)}  ${instructionText(at)}`),
    "end",
  ];
}

/** The letter of the items of a list operand. */
const LIST_ITEMS: ReadonlyMap<string, string> = new Map([
  ["J", "j"],
  ["K", "k"],
]);

/** One instruction, `add_int r2, r0, r1`. */
export function instructionText({ op, operands }: Instruction): string {
  const letters = operandLetters(op);
  const texts = operands.map((operand, i) => operandText(letters[i] ?? "", operand));
  return texts.length === 0 ? op : `${op} ${texts.join(", ")}`;
}

function operandText(letter: string, operand: number | readonly number[]): string {
  if (typeof operand !== "number") {
    if (letter === "p") return pathText(operand);
    const item = LIST_ITEMS.get(letter) ?? "r";
    return `[${operand.map((n) => operandText(item, n)).join(", ")}]`;
  }
  switch (letter) {
    case "w":
    case "r":
      return `r${operand}`;
    case "k":
    case "t":
    case "c":
      return `${letter}${operand}`;
    case "j":
      return `->${operand}`;
    case "b": {
      const name = builtinByNumber(operand);
      return name === undefined ? `@${operand}` : `@${name}`;
    }
    default:
      return `${operand}`;
  }
}

/** `.[r1]` index, `.#2` field, `.%1` component, `.k3` named; a lone `.` is the empty path. */
function pathText(path: readonly number[]): string {
  let text = "";
  for (let i = 0; i < path.length; i += 2) {
    const operand = path[i + 1] ?? 0;
    text += [`.[r${operand}]`, `.#${operand}`, `.%${operand}`, `.k${operand}`][path[i] ?? 0] ?? "";
  }
  return text === "" ? "." : text;
}
