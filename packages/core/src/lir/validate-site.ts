// One instruction under validation: its operands as types, and the questions that its rule asks.
// The rules themselves stand in validate-rules.ts.

import { required } from "../result/result.ts";
import { operandLetters } from "./canonical.ts";
import type { Cell, CellKind, Constant, Instruction, LirModule } from "./module.ts";
import type { LirType, TypeIndex } from "./types.ts";
import type { CellContexts, StaticContext } from "./validate-contexts.ts";
import type { ScalarKind, TypeRelations } from "./validate-relations.ts";

/** What a call needs to know of a callee; types are indices of the site's relations. */
export interface Signature {
  readonly name: string;
  readonly kind: CellKind;
  readonly params: readonly TypeIndex[];
  readonly captures: readonly TypeIndex[];
  readonly result: TypeIndex;
  readonly row: readonly string[];
}

/** What the instructions of a cell are checked against. `offset` is added to the module's types. */
export interface CellContext {
  readonly module: LirModule;
  readonly cell: Cell;
  readonly relations: TypeRelations;
  readonly offset: number;
  /** Null for a callee that is not looked at now: extern, before linking. */
  readonly signatureOf: (callee: number) => Signature | null;
  /** Contexts by instruction. */
  readonly contexts: CellContexts;
}

/** An instruction with its context; operands are numbered from 0 as in its format. */
export interface Site {
  readonly context: CellContext;
  readonly instruction: Instruction;
  /** The innermost context that the instruction stands in. */
  readonly place: StaticContext | null;
}

/** The operand, which is a number. */
export function numberAt(site: Site, operand: number): number {
  const found = site.instruction.operands[operand];
  return typeof found === "number" ? found : -1;
}

/** The operand, which is a list. */
export function listAt(site: Site, operand: number): readonly number[] {
  const found = site.instruction.operands[operand];
  return found === undefined || typeof found === "number" ? [] : found;
}

/** Type of a register. */
export function registerType({ context }: Site, register: number): TypeIndex {
  return required(context.cell.registers[register], "the register exists") + context.offset;
}

/** Type of the register that an operand names. */
export function typeAt(site: Site, operand: number): TypeIndex {
  return registerType(site, numberAt(site, operand));
}

/** Types of the registers that a list operand names. */
export function typesAt(site: Site, operand: number): readonly TypeIndex[] {
  return listAt(site, operand).map((register) => registerType(site, register));
}

/** The type behind an index. */
export function shapeOf({ context }: Site, type: TypeIndex): LirType {
  return required(context.relations.types[type], "the type exists");
}

/** The constant that an operand names. */
export function constantAt(site: Site, operand: number): Constant {
  const constant = site.context.module.constants[numberAt(site, operand)];
  return required(constant, "the constant exists");
}

/** Null when an operand names a string constant. */
export function stringConstant(site: Site, operand: number): string | null {
  return constantAt(site, operand).kind === "string" ? null : "the constant is not a string";
}

/** What a type is called in messages. */
export function typeText(site: Site, type: TypeIndex, depth = 0): string {
  const shape = shapeOf(site, type);
  if (depth > 3) return "…";
  const inner = (part: TypeIndex): string => typeText(site, part, depth + 1);
  switch (shape.kind) {
    case "list":
    case "set":
    case "option":
      return `${shape.kind}[${inner(shape.item)}]`;
    case "map":
      return `map[${inner(shape.key)}, ${inner(shape.value)}]`;
    case "tuple":
      return `(${shape.items.map(inner).join(", ")})`;
    case "result":
      return `result[${inner(shape.ok)}, ${inner(shape.error)}]`;
    case "fn": {
      const row = shape.row.length === 0 ? "" : ` / {${shape.row.join(", ")}}`;
      return `fn(${shape.params.map(inner).join(", ")}) -> ${inner(shape.result)}${row}`;
    }
    case "union":
      return shape.members.map(inner).join(" | ");
    case "record":
    case "enum":
      return shape.name;
    case "opaque":
      return `${shape.name}[${shape.args.map(inner).join(", ")}]`;
    default:
      return shape.kind;
  }
}

/** Null when a value of `from` may stand where `to` is wanted. */
export function flows(site: Site, from: TypeIndex, to: TypeIndex, what: string): string | null {
  if (site.context.relations.isSubtype(from, to)) return null;
  return `${what} has type ${typeText(site, from)}, expected ${typeText(site, to)}`;
}

/** Null when a result of a type without parts may be written to the register of operand 0. */
export function yields(site: Site, kind: ScalarKind): string | null {
  const target = typeAt(site, 0);
  if (site.context.relations.holds(kind, target)) return null;
  return `the result has type ${kind}, the register has ${typeText(site, target)}`;
}

/** Null when the register of an operand has exactly this kind of type. */
export function isKind(site: Site, operand: number, kind: LirType["kind"]): string | null {
  const type = typeAt(site, operand);
  if (shapeOf(site, type).kind === kind) return null;
  return `operand ${operand + 1} has type ${typeText(site, type)}, expected ${kind}`;
}

/** The first problem, or null. Later questions may rely on the answers of earlier ones. */
export function firstOf(...checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const text = check();
    if (text !== null) return text;
  }
  return null;
}

/** Registers of operands whose letter is `r`, in order. */
export function readOperands(site: Site): readonly number[] {
  return operandLetters(site.instruction.op).flatMap((letter, i) => (letter === "r" ? [i] : []));
}
