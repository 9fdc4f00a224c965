// The state of extracting one sequence, and the questions that all its parts ask.

import type { ItemDocument, OutputDocument } from "@lumen/core/cfs";
import type { Span } from "@lumen/core/diagnostic";
import type { TypeDescriptor } from "@lumen/core/value";
import type { HirCell, HirExpr, LocalId } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import { someExpr } from "../hir/visit.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { describeType } from "../tiles/descriptor.ts";
import type { Operand, Place } from "./operand.ts";

/** What extraction needs to know of the program. */
export interface ExtractHost {
  readonly scope: ModuleScope;
  /** The tile or sequence that a cell is, or null. */
  readonly unitOf: (ref: CellRef) => "tile" | "sequence" | null;
  readonly cellOf: (ref: CellRef) => HirCell;
}

/** One block under construction. */
export interface Block {
  readonly items: ItemDocument[];
  readonly place: Place;
}

/** The recursive rules of extraction: operands hold blocks, blocks hold operands. */
export interface Rules {
  readonly operand: (
    x: Extraction,
    block: Block,
    e: HirExpr,
    name: string | null,
  ) => Operand | null;
  readonly statements: (x: Extraction, block: Block, body: HirExpr) => HirExpr | null;
  readonly body: (
    x: Extraction,
    block: Block,
    body: HirExpr,
    result: Type,
  ) => OutputDocument | null;
}

/** The state of extracting one sequence. */
export interface Extraction {
  readonly host: ExtractHost;
  readonly cell: HirCell;
  readonly lifted: HirCell[];
  readonly values: Map<LocalId, Operand>;
  readonly counters: { branches: number; loops: number };
  failed: boolean;
  readonly rules: Rules;
}

/**
 * The operand that an expression is, after the items that it needs; null where something was
 * reported.
 */
export function operandOf(
  x: Extraction,
  block: Block,
  e: HirExpr,
  name: string | null = null,
): Operand | null {
  return x.rules.operand(x, block, e, name);
}

/** Executes the statements of a body into items and yields its final value expression. */
export function runStatements(x: Extraction, block: Block, body: HirExpr): HirExpr | null {
  return x.rules.statements(x, block, body);
}

/** Reports and marks the extraction as failed. */
export function refuse(
  x: Extraction,
  code: "E0806" | "E0809" | "E0810",
  span: Span,
  message: string,
  help?: string,
): void {
  x.failed = true;
  report(x.host.scope, code, span, message, help === undefined ? {} : { help });
}

/** The descriptor of a type; E0806 where there is none with so many levels around it. */
export function descriptorOf(
  x: Extraction,
  type: Type,
  span: Span,
  levelsAround = 0,
): TypeDescriptor {
  const described = describeType(type, levelsAround);
  if (described.ok) return described.value;
  refuse(
    x,
    "E0806",
    span,
    `a value of sequence '${x.cell.name}' cannot be serialised: ${described.error.reason}`,
  );
  return "unit";
}

/** A call of a tile or sequence, directly or as the one expression of a conversion. */
export function isUnitCall(x: Extraction, e: HirExpr): boolean {
  if (e.kind === "tileResult" || e.kind === "callRecur") return true;
  if (e.kind === "call") return x.host.unitOf(e.callee) !== null || isFold(x, e);
  return false;
}

/** True when the expression calls a tile or sequence somewhere inside. */
export function containsUnit(x: Extraction, e: HirExpr): boolean {
  return someExpr(
    e,
    (part) => isUnitCall(x, part) || (part.kind === "closure" && lambdaCallsUnit(x, part.cell)),
  );
}

/** True when a lambda calls a tile or sequence. */
export function lambdaCallsUnit(x: Extraction, ref: CellRef): boolean {
  const cell = x.host.cellOf(ref);
  return cell.kind === "lambda" && someExpr(cell.body, (part) => isUnitCall(x, part));
}

/** `reduce(list, fn(acc, x) => step(acc, x), init)` with a tile or sequence as step. */
export function isFold(x: Extraction, e: HirExpr & { kind: "call" }): boolean {
  if (e.callee.module !== "std.prelude" || e.callee.name !== "reduce") return false;
  const lambda = unconverted(e.args[1]);
  return lambda?.kind === "closure" && lambdaCallsUnit(x, lambda.cell);
}

/** The expression below conversions. */
export function unconverted(e: HirExpr | undefined): HirExpr | undefined {
  return e?.kind === "convert" ? unconverted(e.value) : e;
}

/** Appends an item and yields its whole value. */
export function addItem(block: Block, item: ItemDocument, outputs: number): Operand {
  block.items.push(item);
  return {
    kind: "item",
    depth: block.place.depth,
    index: block.items.length - 1,
    output: null,
    outputs,
  };
}

const KIND_WORDS: Readonly<Partial<Record<HirExpr["kind"], string>>> = {
  while: "`while`",
  loop: "`loop`",
  return: "early `return`",
  break: "`break`",
  continue: "`continue`",
  propagate: "`?`",
  tryElse: "`try`",
  closure: "lambda",
  fault: "`halt`",
};

/** What an expression is, in words. */
export function describeKind(e: HirExpr): string {
  return KIND_WORDS[e.kind] ?? "statement that is no call, let, branch or loop";
}
